"""A shop with sources of its own making in a temporary folder; ingests a minute apart."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lifetide.pipelines.ingest import ingest
from lifetide.pipelines.publishing import Outcome
from lifetide.tables import RUNS, Table
from pipelines.small_shop import SmallShop

HEAD = """
[shop]
timezone = "Europe/Berlin"
currency = "EUR"
[gates.severity]
"run_metrics.expect_column_max_to_be_between(rejected_share)" = "warning"
[storage]
root = "warehouse"
"""


@dataclass
class OwnSources:
    """`settings` is what stands in the file below HEAD."""

    session: SparkSession
    folder: Path
    settings: str
    today: date
    shop: SmallShop = field(init=False)

    def __post_init__(self) -> None:
        self.shop = SmallShop(self.session, self.folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.configure(self.settings)

    def configure(self, settings: str) -> None:
        (self.folder / "settings.toml").write_text(HEAD + settings, encoding="utf-8")

    def file(self, name: str, text: str) -> None:
        """Writes a file as a person types it: lines without the blanks around them and around |."""
        lines = (line.strip() for line in text.strip().splitlines())
        (self.folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")

    def ingest(self, batch: str) -> Outcome:
        return ingest(self.shop.context(), today=self.today, batch=batch)

    def read(self, table: Table) -> DataFrame:
        return self.shop.context().store.read(table)

    def cells(self, table: Table, *names: str, where: str = "true") -> list[tuple[str | None, ...]]:
        """The published rows as sorted texts."""
        chosen = self.read(table).where(where).select(*(F.col(name).cast("string") for name in names))
        return sorted((tuple(row) for row in chosen.collect()), key=str)

    def run_count(self) -> int:
        return self.read(RUNS).count()
