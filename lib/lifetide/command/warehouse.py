"""A shop's published tables, opened for reading: for notebooks and for programs of one's own."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lifetide.command.desk import new_run_id, utc_now
from lifetide.command.explaining import explanation_text
from lifetide.errors import NotFound
from lifetide.pipelines.context import Context
from lifetide.pipelines.explain import explain
from lifetide.pipelines.progress import Silent
from lifetide.session import default_places, spark_session
from lifetide.settings import Settings, read_settings
from lifetide.storage import DeltaStore, Store, rows
from lifetide.tables import CUSTOMER_PROFILES, TABLES


@dataclass(frozen=True)
class Warehouse:
    """Reads what runs had published when it was opened, so that two tables never come from two different runs."""

    settings: Settings
    session: SparkSession
    store: Store

    def table(self, name: str) -> DataFrame:
        """The published rows of a table; empty where nothing was published. Raises NotFound for an unknown name."""
        if name not in TABLES:
            raise NotFound(f"No table is named {name}; the tables are {', '.join(TABLES)}.")
        return self.store.read(TABLES[name])

    def newest_as_of(self) -> date:
        """The greatest as_of ever built. Raises NotFound before the first build."""
        snapshots = self.store.read(CUSTOMER_PROFILES).agg(F.max("as_of"))
        newest: date | None = rows(snapshots, at_most=1)[0][0]
        if newest is None:
            raise NotFound("Nothing is built yet: run `lifetide ingest` and `lifetide build` first.")
        return newest

    def context(self) -> Context:
        """What pipelines that only read get."""
        return Context(self.session, self.store, self.settings, utc_now, new_run_id(), (), Silent(), dry_run=True)

    def explain(self, customer_id: str, as_of: date | None = None) -> str:
        """What `lifetide explain CUSTOMER` says."""
        found = explain(self.context(), customer_id=customer_id, as_of=as_of or self.newest_as_of())
        return explanation_text(found, self.settings.shop.currency)


def open_warehouse(settings: str | Path) -> Warehouse:
    """The tables of the shop that a settings file describes; starts Spark where none is running."""
    read = read_settings(Path(settings))
    places = default_places(os.environ)
    session = spark_session(
        "lifetide notebook",
        cache=places.cache,
        java_home=places.java_home,
        search_path=places.search_path,
        on_platform=places.on_platform,
        master=read.spark.master,
        memory=read.spark.memory,
        options=read.spark.options,
    )
    store = DeltaStore(session, read.storage.root, read.storage.full_schema)
    store.versions()  # pinned from here on; a run that finishes later does not show
    return Warehouse(read, session, store)
