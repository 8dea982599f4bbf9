"""The daily run: only touched orders, credits, days, items and people are worked out anew, by the flow's steps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lifetide import flow
from lifetide.customers.touched import ids_of, touched_cells, touched_people
from lifetide.orders.touched import credit_lines_of, sales_to_match, touched_credits, touched_orders
from lifetide.pipelines.base import Base, Touched
from lifetide.pipelines.dates import dates_of, events_on
from lifetide.pipelines.going_on import GoingOn
from lifetide.pipelines.publishing import Run
from lifetide.pipelines.slices import Renewed, renew, unchanged, within, without
from lifetide.storage import Staged
from lifetide.tables import (
    CREDIT_PARTS,
    CUSTOMER_DAYS,
    CUSTOMER_ITEMS,
    CUSTOMER_STATE,
    EVENTS,
    ORDERS,
    REFUND_MATCHES,
    SALE_LINES,
)
from lifetide.vocabulary import ORDER_EVENTS

_CELL = ("source_id", "local_date")


@dataclass(frozen=True)
class _Traded:
    """Lines, parts and orders renewed, and the cells (source_id × local date) that they touch."""

    lines: Renewed
    parts: Renewed
    orders: Renewed
    cells: DataFrame
    sold: DataFrame


def base_of_changes(run: Run, going: GoingOn, as_of: date) -> Base:
    """Orders to customer_state, where they may differ from the last current build."""
    policy = run.context.settings.policy
    traded = _traded(run, going, as_of)
    days, items = _days_and_items(run, going, traded, as_of)
    linked = run.aside("links", flow.links(going.shop, as_of, policy.identity))
    links, known_links = linked.rows, linked.rows if linked.count else None
    then = flow.links(replace(going.shop, identities=going.identities), going.as_of, policy.identity)
    people = run.aside("touched_people", touched_people(traded.cells, then, links)).rows
    ids = run.aside("touched_ids", ids_of(people, links)).rows
    their_days, their_items = within(days.whole, ids, ("source_id",)), within(items.whole, ids, ("source_id",))
    their_orders = within(traded.orders.whole, ids, ("source_id",))
    theirs = within(flow.purchases(their_days, known_links, policy), people, ("customer_id",))
    purchases = run.aside("purchase_days", theirs).rows
    found = flow.state(
        their_orders, their_days, their_items, purchases, known_links,
        shop=replace(going.shop, customers=None), known=going.known, policy=policy, as_of=as_of,
    )  # fmt: skip
    state = _state(run, going, within(found, people, ("customer_id",)), people, known_links, as_of)
    return Base(
        going.shop, going.known, known_links, traded.orders.whole, traded.lines.whole, days.whole,
        flow.purchases(days.whole, known_links, policy),
        state.whole, traded.sold, _gained(traded.orders), Touched(people, purchases),
    )  # fmt: skip


def _traded(run: Run, going: GoingOn, as_of: date) -> _Traded:
    policy = run.context.settings.policy
    sales, parts = run.store.read(SALE_LINES), run.store.read(CREDIT_PARTS)
    ids = run.aside("touched_orders", touched_orders(going.touched)).rows
    old_lines = run.aside("touched_lines", within(sales, ids, ("order_id",))).rows
    old_notes = within(parts, _as_notes(ids), ("credit_order_id",))
    told = _told(run, going, ids, old_lines, old_notes, as_of)
    lines = renew(run, SALE_LINES, old_lines, flow.sold(told, going.shop, going.known, policy.worth))
    new_lines = within(lines.whole, ids, ("order_id",))
    fresh_credits = run.aside("fresh_credits", flow.credit_lines(told))
    old_parts, new_parts, parts_ = _matched(run, going, ids, old_lines.unionByName(new_lines), lines, fresh_credits)
    both_parts = old_parts.unionByName(new_parts)
    again = run.aside("orders_again", ids.unionByName(both_parts.select("order_id")).distinct()).rows
    their_lines = within(lines.whole, again, ("order_id",))
    orders = flow.orders(their_lines, within(parts_.whole, again, ("order_id",)))
    renewed_orders = renew(run, ORDERS, within(run.store.read(ORDERS), again, ("order_id",)), orders)
    clicked = flow.clicks(going.touched) if going.known.clicks else None
    cells = run.aside("touched_days", touched_cells(their_lines.unionByName(old_lines), both_parts, clicked)).rows
    return _Traded(lines, parts_, renewed_orders, cells, _sold(told, old_lines, old_notes))


def _matched(
    run: Run, going: GoingOn, ids: DataFrame, touched_lines: DataFrame, lines: Renewed, fresh: Staged
) -> tuple[DataFrame, DataFrame, Renewed]:
    """Parts of the credits that are matched anew, as they were and as they are; with them the refund matches."""
    parts = run.store.read(CREDIT_PARTS)
    touched = run.aside("touched_credits", touched_credits(parts, ids, fresh.rows, touched_lines))
    if not touched.count and not fresh.count:
        nothing = parts.limit(0)
        return nothing, nothing, unchanged(run, CREDIT_PARTS)
    old = run.aside("touched_parts", within(parts, touched.rows, ("credit_event_id",))).rows
    of_others = without(old, _as_notes(ids), ("credit_order_id",))
    credits_ = run.aside("credits_to_match", credit_lines_of(of_others).unionByName(fresh.rows)).rows
    sales = run.aside("sales_to_match", sales_to_match(lines.whole, credits_)).rows
    worth = run.context.settings.policy.worth
    new = run.aside("fresh_parts", flow.matched(sales, credits_, going.shop, going.known, worth)).rows
    matches = within(run.store.read(REFUND_MATCHES), touched.rows, ("credit_event_id",))
    renew(run, REFUND_MATCHES, matches, flow.refund_matches(new))
    return old, new, renew(run, CREDIT_PARTS, old, new)


def _as_notes(ids: DataFrame) -> DataFrame:
    """The ids of touched orders and credit notes, as credits call theirs."""
    return ids.select(F.col("order_id").alias("credit_order_id"))


def _told(
    run: Run, going: GoingOn, ids: DataFrame, old_lines: DataFrame, old_notes: DataFrame, as_of: date
) -> DataFrame:
    """All events with the money of touched orders and notes, wherever dated."""
    is_order = F.col("event_type").isin(*ORDER_EVENTS)
    dates = dates_of(
        (going.touched.where(is_order), "event_date"), (old_lines, "event_date"), (old_notes, "credit_date")
    )
    found = within(events_on(run, "touched orders", dates, as_of).where(is_order), ids, ("order_id",))
    staged = run.aside("fresh_events", flow.order_events(found, has_clicks=going.known.clicks)).rows
    if not going.known.clicks:
        return staged
    # A visitor's order event that lines told of comes back where the last of them went; its date is not known.
    lost = run.aside("untold_orders", without(ids, staged, ("order_id",)))
    if not lost.count:
        return staged
    every = run.store.read(EVENTS).where(is_order & (F.col("event_date") <= F.lit(as_of)))
    hidden = flow.order_events(within(every, lost.rows, ("order_id",)), has_clicks=True)
    return staged.unionByName(run.aside("untold_events", hidden).rows)


def _sold(told: DataFrame, old_lines: DataFrame, old_notes: DataFrame) -> DataFrame:
    """What the events of touched orders say now, less what they said before."""
    return (
        told.select("amount")
        .unionByName(old_lines.select((-F.col("amount")).alias("amount")))
        .unionByName(old_notes.select("amount"))
    )


def _gained(orders: Renewed) -> DataFrame:
    """What orders gained since the last build."""
    changed = within(orders.kept, orders.changes, ("order_id",))
    fresh = orders.changes.where(~F.col("is_gone"))
    return fresh.select("net_revenue").unionByName(changed.select((-F.col("net_revenue")).alias("net_revenue")))


def _days_and_items(run: Run, going: GoingOn, traded: _Traded, as_of: date) -> tuple[Renewed, Renewed]:
    cells, known = traded.cells, going.known
    placed = cells.select("source_id", F.col("local_date").alias("order_date"))
    sold = cells.select(F.col("source_id").alias("order_source_id"), F.col("local_date").alias("event_date"))
    given = cells.select("source_id", F.col("local_date").alias("credit_date"))
    lines = run.aside("lines_of_days", within(traded.lines.whole, sold, ("order_source_id", "event_date"))).rows
    parts = within(traded.parts.whole, given, ("source_id", "credit_date"))
    clicked = _clicks(run, cells, as_of) if known.clicks else None
    trade = flow.Trade(lines, run.aside("parts_of_days", parts).rows, clicked)
    orders = traded.orders.whole
    days = flow.days(within(orders, placed, ("source_id", "order_date")), trade, known)
    items = flow.items(within(orders, lines, ("order_id",)), trade, going.shop, known)
    return (
        renew(run, CUSTOMER_DAYS, within(run.store.read(CUSTOMER_DAYS), cells, _CELL), within(days, cells, _CELL)),
        renew(run, CUSTOMER_ITEMS, within(run.store.read(CUSTOMER_ITEMS), cells, _CELL), within(items, cells, _CELL)),
    )


def _clicks(run: Run, cells: DataFrame, as_of: date) -> DataFrame:
    """Clicks of the touched source ids on the touched dates, and on the dates before them: visits look back."""
    day_before = cells.select(F.date_sub("local_date", 1).alias("local_date"))
    events = events_on(run, "clicks", dates_of((cells, "local_date"), (day_before, "local_date")), as_of)
    return run.aside("clicks_of_days", within(flow.clicks(events), cells, ("source_id",))).rows


def _state(run: Run, going: GoingOn, found: DataFrame, people: DataFrame, links: flow.Links, as_of: date) -> Renewed:
    """customer_state of the touched people, and of everyone who signed up and did nothing."""
    kept = run.store.read(CUSTOMER_STATE)
    is_silent = F.col("first_activity_date").isNull()
    others = without(kept, people, ("customer_id",))
    fresh = run.aside("fresh_state", found).rows
    everyone = flow.with_silent(others.where(~is_silent).unionByName(fresh), links, going.shop, going.known, as_of)
    before = within(kept, people, ("customer_id",)).unionByName(others.where(is_silent))
    silent = everyone.where(is_silent)
    return renew(run, CUSTOMER_STATE, before, fresh.unionByName(silent))
