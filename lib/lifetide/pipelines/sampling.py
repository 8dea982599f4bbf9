"""`lifetide sample`: a small warehouse of some customers, without personal data, for those who check definitions.

Whoever has one of the smallest hashes of customer_id is in it, so a larger sample holds a smaller one. Everything is
attributed to the person whose it is on the day of the snapshot: ids that were linked need no links any more.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pyspark.sql import Column, DataFrame, Row
from pyspark.sql import functions as F

from lifetide import flow
from lifetide.counting import count_where
from lifetide.customers.people import ANONYMOUS, resolved
from lifetide.errors import NotFound, UsageError
from lifetide.pipelines.audiences import snapshot_on
from lifetide.pipelines.context import Context
from lifetide.pipelines.publishing import Outcome, Run
from lifetide.pipelines.shop import shop_of
from lifetide.storage import rows
from lifetide.tables import (
    AUDIENCE_DEFINITIONS,
    AUDIENCE_EVALUATIONS,
    AUDIENCE_MEMBERS,
    CUSTOMER_DAYS,
    CUSTOMER_INTERESTS,
    CUSTOMER_PROFILES,
    EVENTS,
    LEARNED_PARAMETERS,
    LIFECYCLE_SPELLS,
    LTV_MODELS,
    ORDERS,
    SALE_LINES,
    Table,
)

MARK = "# A sample of a Lifetide warehouse."
SHORT = 20
"""Digits of a hash that stands for an id."""
TELLING = r"[\w.+-]+@[\w-]+(\.[\w-]+)+|[0-9][0-9 ()/+-]{5,}[0-9]"
"""E-mail addresses and long numbers in searches and pages."""


@dataclass(frozen=True)
class Sampled:
    """What was taken: known customers of how many, and all profiles, those of unknown visitors included."""

    outcome: Outcome
    customers: int
    of: int
    profiles: int


@dataclass(frozen=True)
class Masking:
    """Who is in the sample, and the secret under which ids become hashes."""

    chosen: DataFrame
    links: DataFrame
    secret: str

    def id(self, name: str) -> Column:
        """An id that names nobody; anonymous ones still say that they are."""
        is_anonymous = F.startswith(name, F.lit(ANONYMOUS))
        hashed = F.substring(F.sha2(F.concat(F.lit(self.secret), F.col(name)), 256), 1, SHORT)
        return F.when(is_anonymous, F.concat(F.lit(ANONYMOUS), hashed)).otherwise(hashed)

    def of_people(self, table: DataFrame) -> DataFrame:
        """The rows of chosen customers by `customer_id`, hashed."""
        kept = table.join(F.broadcast(self.chosen), "customer_id", "left_semi")
        return kept.withColumn("customer_id", self.id("customer_id"))

    def of_sources(self, table: DataFrame, source: str, day: str, context: Context) -> DataFrame:
        """The rows of chosen people by the id and the local date that they carry; the id becomes the person's."""
        policy = context.settings.policy.identity
        known = table.drop("customer_id").withColumns({"local_date": F.col(day), "_source": F.col(source)})
        owned = resolved(known.withColumn("source_id", F.col("_source")), self.links, policy)
        mine = self.of_people(owned.where(F.col("_source").isNotNull()))
        return mine.withColumns({source: F.col("customer_id"), "person": F.col("customer_id")})


def sample(context: Context, target: Context, *, customers: int, secret: str) -> Sampled:
    """Writes the sample of the current snapshot into the target's store. Raises NotFound where nothing is built."""
    day, profiles = snapshot_on(context, None)
    chosen, of = _chosen(profiles, customers)
    held = chosen.persist()
    try:
        outcome, counts = _taken(context, target, held, day, profiles, secret)
    finally:
        held.unpersist()
    return Sampled(outcome, counts["known"], of, counts["everyone"])


def _taken(
    context: Context, target: Context, chosen: DataFrame, day: date, profiles: DataFrame, secret: str
) -> tuple[Outcome, Row]:
    """Writes what is known of the chosen customers; `known` and `everyone` count their profiles."""
    shop = shop_of(context.store, context.settings)
    masking = Masking(chosen, flow.links(shop, day, context.settings.policy.identity), secret)
    with Run(target, "sample", as_of=day) as run:
        run.is_current = True
        taken = run.stage(CUSTOMER_PROFILES, masking.of_people(profiles), where=f"as_of = DATE'{day}'")
        known, everyone = count_where(~F.col("is_anonymous")).alias("known"), F.count("*").alias("everyone")
        counts = rows(taken.agg(known, everyone), at_most=1)[0]
        _behaviour(context, masking, run)
        _told(context, masking, run, day)
        return run.publish(), counts


def _chosen(profiles: DataFrame, customers: int) -> tuple[DataFrame, int]:
    """Customers up to the hash of the last one taken, unknown visitors with such hashes, and how many there are."""
    hashed = profiles.select("customer_id", "is_anonymous", F.xxhash64("customer_id").alias("place"))
    known = hashed.where(~F.col("is_anonymous"))
    of = rows(known.agg(F.count("*").alias("count")), at_most=1)[0]["count"]
    if not of:
        raise NotFound("The snapshot has no customers: there is nothing to take a sample of.")
    smallest = known.orderBy(F.col("place").asc(), F.col("customer_id").asc()).limit(customers)
    last = rows(smallest.agg(F.max("place").alias("last")), at_most=1)[0]["last"]
    taken = hashed if customers >= of else hashed.where(F.col("place") <= F.lit(last))
    return taken.select("customer_id"), of


def _behaviour(context: Context, masking: Masking, run: Run) -> None:
    """Orders, their lines, days, and what visitors did: all that rules about collections read."""
    store = context.store
    orders = masking.of_sources(store.read(ORDERS), "source_id", "order_date", context)
    _stage(run, ORDERS, _named(orders, masking, "order_id").withColumn("customer_id", _unless_anonymous()))
    lines = masking.of_sources(store.read(SALE_LINES), "order_source_id", "order_date", context)
    named = _named(lines, masking, "order_id", "event_id", "first_event_id")
    _stage(run, SALE_LINES, named.withColumn("order_customer_id", _unless_anonymous()))
    days = masking.of_sources(store.read(CUSTOMER_DAYS), "source_id", "local_date", context)
    sums = [F.sum(one.name).cast(one.type).alias(one.name) for one in CUSTOMER_DAYS.columns[2:]]
    _stage(run, CUSTOMER_DAYS, days.groupBy("source_id", "local_date").agg(*sums))
    events = masking.of_sources(store.read(EVENTS).where(F.col("state").isNull()), "source_id", "event_date", context)
    named = _named(events, masking, "event_id", "order_id", "refunds_order_id")
    told = {
        "customer_id": _unless_anonymous(),
        "content_hash": F.xxhash64("event_id"),
        **{name: F.lit(None).cast("string") for name in ("anonymous_id", "session_id")},
        **{name: F.regexp_replace(name, TELLING, "#") for name in ("query", "page")},
    }
    _stage(run, EVENTS, named.withColumns(told))


def _told(context: Context, masking: Masking, run: Run, day: date) -> None:
    """What was learned, reported and recorded."""
    store = context.store
    run.stage(LIFECYCLE_SPELLS, masking.of_people(store.read(LIFECYCLE_SPELLS)))
    for table in (LEARNED_PARAMETERS, LTV_MODELS):
        _copied(context, run, table, store.read(table))
    _copied(context, run, AUDIENCE_DEFINITIONS, store.read(AUDIENCE_DEFINITIONS))
    _copied(context, run, AUDIENCE_MEMBERS, masking.of_people(store.read(AUDIENCE_MEMBERS)))
    _copied(context, run, AUDIENCE_EVALUATIONS, store.read(AUDIENCE_EVALUATIONS))
    interests = store.read(CUSTOMER_INTERESTS).where(F.col("as_of") == F.lit(day))
    _copied(context, run, CUSTOMER_INTERESTS, masking.of_people(interests))


def _copied(context: Context, run: Run, table: Table, taken: DataFrame) -> None:
    """A table that is there; one that was never published stays unpublished."""
    if table.name in context.store.versions():
        run.stage(table, taken)


def _named(table: DataFrame, masking: Masking, *names: str) -> DataFrame:
    return table.withColumns({name: masking.id(name) for name in names})


def _stage(run: Run, table: Table, rows_: DataFrame) -> None:
    run.stage(table, rows_.select(*table.column_names))


def _unless_anonymous() -> Column:
    """The person, where it is known who that is."""
    return F.when(~F.startswith("person", F.lit(ANONYMOUS)), F.col("person"))


def prepare_sample(folder: Path, context: Context) -> Path:
    """Lays the sample's settings into a folder and returns their path.

    Raises UsageError where the folder holds something else.
    """
    path = folder / "settings.toml"
    is_sample = path.is_file() and path.read_text(encoding="utf-8").startswith(MARK)
    if folder.exists() and any(folder.iterdir()) and not is_sample:
        raise UsageError(f"{folder} is not empty and holds no sample; choose another folder with --to DIR.")
    folder.mkdir(parents=True, exist_ok=True)
    shop = context.settings.shop
    said = {"name": f"{shop.name} (a sample)", "timezone": shop.timezone, "currency": shop.currency}
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in said.items()]
    path.write_text(
        f"{MARK} Some customers of a published snapshot under other ids; nothing can be built from it.\n"
        "[shop]\n" + "\n".join(lines) + '\n\n[storage]\nroot = "warehouse"\n',
        encoding="utf-8",
    )
    return path
