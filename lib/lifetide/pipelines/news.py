"""What arrived since the ledger was last written and is dated before that: whose past memberships may differ now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide import flow
from lifetide.customers.touched import ids_of, touched_people
from lifetide.events.instants import local_date
from lifetide.pipelines.publishing import Run
from lifetide.pipelines.shop import shop_of
from lifetide.pipelines.slices import differing
from lifetide.storage import rows
from lifetide.tables import AUDIENCE_EVALUATIONS, CONSENTS, EVENTS, IDENTITIES, RUNS, SURVEYS, Table
from lifetide.vocabulary import ORDER_EVENTS

JOB = "audiences"
_DATED: tuple[tuple[Table, str, tuple[str, ...]], ...] = (
    (IDENTITIES, "source_id", ("valid_from", "valid_to")),
    (CONSENTS, "customer_id", ("changed_at",)),
    (SURVEYS, "customer_id", ("answered_at",)),
)
"""Tables besides events that say something dated of a person: the id, and the instants that a row speaks of.

What has no date of its own (an address, a product's category) changes no past membership.
"""
_BEGINNING = date(1970, 1, 1)


@dataclass(frozen=True)
class News:
    """`first` date that is told differently now, the `people` (customer_id) it is told of, and their source ids."""

    first: date
    people: DataFrame
    ids: DataFrame
    count: int


def last_versions(run: Run) -> dict[str, int] | None:
    """Versions of the tables that the last run that wrote the ledger read; None before the first."""
    evaluations = run.store.read(AUDIENCE_EVALUATIONS)
    wrote = rows(evaluations.agg(F.max_by("run_id", "evaluated_at")), at_most=1)[0][0]
    if wrote is None:
        return None
    found = rows(run.store.read(RUNS).where(F.col("run_id") == wrote).select("input_versions"), at_most=1)
    return dict(found[0][0] or {}) if found else None


def late_news(run: Run, last_day: date) -> News | None:
    """News dated up to last_day that the last run of the ledger did not know; None where there is none."""
    then = last_versions(run)
    if then is None:
        return None
    told = [*_late_events(run, then.get(EVENTS.name, -1), last_day), *_late_records(run, then, last_day)]
    if not told:
        return None
    staged = run.aside("late_news", reduce(DataFrame.unionByName, told).distinct())
    first = rows(staged.rows.agg(F.min("day")), at_most=1)[0][0]
    if first is None:
        return None
    shop, policy = shop_of(run.store, run.context.settings), run.context.settings.policy.identity
    now = flow.links(shop, last_day, policy)
    before = now
    if IDENTITIES.name in then and then[IDENTITIES.name] != run.input_versions.get(IDENTITIES.name):
        old = run.store.read(IDENTITIES, version=then[IDENTITIES.name])
        before = flow.links(
            flow.Shop(products=shop.products, identities=old, timezone=shop.timezone), last_day, policy
        )
    people = run.aside("late_people", touched_people(staged.rows, before, now))
    ids = ids_of(people.rows, now).unionByName(ids_of(people.rows, before)).distinct()
    return News(first, people.rows, run.aside("late_ids", ids).rows, people.count)


def _late_events(run: Run, since: int, last_day: date) -> list[DataFrame]:
    """Ids of events, and of the orders that the events speak of, that came, went or changed."""
    if run.input_versions.get(EVENTS.name, -1) <= since:
        return []
    feed = run.store.changes(EVENTS, since=since)
    if feed is None:
        run.outcome.notes.append(
            "the events' change feed does not reach back to the last run of the ledger: late events change no past "
            "membership; `lifetide audiences run --replay-from DATE` looks at everyone again"
        )
        return []
    kept = ("source_id", "order_id", "refunds_order_id", "event_type", F.col("event_date").alias("day"))
    late = run.aside("late_events", feed.where(F.col("event_date") <= F.lit(last_day)).select(*kept))
    if not late.count:
        return []
    of_orders = late.rows.where(F.col("event_type").isin(*ORDER_EVENTS))
    named = of_orders.select(F.coalesce("refunds_order_id", "order_id").alias("order_id"), "day")
    named = named.where(F.col("order_id").isNotNull()).groupBy("order_id").agg(F.min("day").alias("day"))
    owners = run.store.read(EVENTS).select("order_id", "source_id").join(named, "order_id").select("source_id", "day")
    known = late.rows.select("source_id", "day").unionByName(owners)
    return [known.where(F.col("source_id").isNotNull())]


def _late_records(run: Run, then: dict[str, int], last_day: date) -> list[DataFrame]:
    zone = run.context.settings.shop.timezone
    found = []
    for table, id_, instants in _DATED:
        now = run.input_versions.get(table.name)
        if now is None or now == then.get(table.name):
            continue
        fresh = run.store.read(table)
        known = run.store.read(table, version=then[table.name]) if table.name in then else fresh.limit(0)
        days = F.array(*(_day(instant, zone) for instant in instants))
        dated = differing(fresh, known).select(F.col(id_).alias("source_id"), F.explode(days).alias("day"))
        found.append(dated.where(F.col("day") <= F.lit(last_day)))
    return found


def _day(instant: str, zone: str) -> Column:
    """The local date of an instant; a link without a beginning holds from the beginning."""
    day: Column = local_date(F.col(instant), zone)
    return F.coalesce(day, F.lit(_BEGINNING)) if instant == "valid_from" else day
