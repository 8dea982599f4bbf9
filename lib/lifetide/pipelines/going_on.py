"""Whether a build may go on from the last one, or why it has to start from all events."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide import flow
from lifetide.pipelines.publishing import Run
from lifetide.pipelines.shop import known_of, names_of, shop_of
from lifetide.pipelines.slices import differing
from lifetide.storage import Store, rows
from lifetide.tables import CREDIT_PARTS, CUSTOMER_ITEMS, EVENTS, IDENTITIES, ORDERS, PRODUCTS, RUNS, SALE_LINES
from lifetide.vocabulary import ORDER_EVENTS, RunStatus

MOST_TOUCHED_SHARE = 1 / 3
"""Touched orders ÷ orders; above it, starting from all events costs less."""
_READ = (
    "event_id", "event_type", "event_date", "state", "source_id", "order_id", "amount", "discount_amount",
)  # fmt: skip
_OF_PRODUCTS = ("product_id", "category", "unit_cost")
_WITH_PRODUCTS = (SALE_LINES, CREDIT_PARTS, CUSTOMER_ITEMS)


@dataclass(frozen=True)
class GoingOn:
    """The last current build, and the events that came, went, changed or fell due since (before and after)."""

    as_of: date
    shop: flow.Shop
    known: flow.Known
    identities: DataFrame
    touched: DataFrame
    touched_count: int


def published_builds(store: Store) -> DataFrame:
    """One row per build that was published, as in `runs`."""
    return store.read(RUNS).where((F.col("job") == "build") & (F.col("status") == str(RunStatus.PUBLISHED)))


def last_current_build(run: Run) -> dict[str, object] | None:
    """as_of, fingerprint, knows and input_versions of the build that wrote the tables without an as_of."""
    current = published_builds(run.store).where("is_current")
    last = current.orderBy(F.col("finished_at").desc(), F.col("as_of").desc()).limit(1)
    found = rows(last.select("as_of", "fingerprint", "knows", "input_versions"), at_most=1)
    return found[0].asDict() if found else None


def known_by_last_build(run: Run) -> flow.Known:
    """What the shop sends at all, as the last current build found."""
    last = last_current_build(run)
    names = frozenset() if last is None else frozenset(last["knows"] or ())  # type: ignore[call-overload]
    return flow.Known(**{field.name: field.name in names for field in fields(flow.Known)})


def going_on(run: Run, as_of: date) -> GoingOn | str:
    """What is needed to go on from the last current build; else the reason why it cannot be."""
    last = last_current_build(run)
    published = run.store.versions()
    if last is None:
        return "it is the first build"
    if last["fingerprint"] != run.fingerprint:
        return "the policy or the release changed since the last one"
    if SALE_LINES.name not in published or CREDIT_PARTS.name not in published:
        return "the last one kept no lines to go on from"
    then: dict[str, int] = last["input_versions"] or {}  # type: ignore[assignment]
    before: date = last["as_of"]  # type: ignore[assignment]
    if _is_product_changed(run, then.get(PRODUCTS.name)):
        return "categories or costs of products changed"
    feed = run.store.changes(EVENTS, since=then.get(EVENTS.name, -1))
    if feed is None:
        return "the events' change feed does not reach back to the last one"
    return _touched(run, feed, before, as_of, then, frozenset(last["knows"] or ()))  # type: ignore[call-overload]


def _touched(
    run: Run, feed: DataFrame, before: date, as_of: date, then: dict[str, int], knew: frozenset[str]
) -> GoingOn | str:
    day = F.col("event_date")
    due = run.store.read(EVENTS).where((day > F.lit(before)) & (day <= F.lit(as_of)))
    whole = feed.where(day <= F.lit(before)).select(*_READ).unionByName(due.select(*_READ))
    staged = run.aside("touched_events", whole)
    shop = shop_of(run.store, run.context.settings)
    now = known_of(staged.rows, shop, run.context.settings.policy, knew=knew)
    if names_of(now) != knew:
        return f"what the shop sends changed: {', '.join(sorted(names_of(now) ^ knew))}"
    orders = run.store.read(ORDERS)
    touched = staged.rows.where(_is_order()).agg(F.count_distinct("order_id"))
    touched_count, order_count = rows(touched, at_most=1)[0][0], rows(orders.agg(F.count(F.lit(1))), at_most=1)[0][0]
    if touched_count > MOST_TOUCHED_SHARE * order_count:
        return f"{touched_count:,} of {order_count:,} orders are touched"
    old = then.get(IDENTITIES.name)
    identities = run.store.read(IDENTITIES, version=old) if old is not None else shop.identities.limit(0)
    return GoingOn(before, shop, now, identities, staged.rows, staged.count)


def _is_order() -> Column:
    return F.col("event_type").isin(*ORDER_EVENTS)


def _is_product_changed(run: Run, then: int | None) -> bool:
    """True where a product that was sold has another category or cost than the last build saw."""
    now = run.store.versions().get(PRODUCTS.name)
    if now == then:
        return False
    fresh = run.store.read(PRODUCTS).select(*_OF_PRODUCTS)
    known = fresh.limit(0) if then is None else run.store.read(PRODUCTS, version=then).select(*_OF_PRODUCTS)
    changed = differing(fresh, known).select("product_id").distinct()
    met = [run.store.read(table).join(changed, "product_id", "left_semi") for table in _WITH_PRODUCTS]
    return any(rows(one.select("product_id").limit(1), at_most=1) for one in met)
