"""What a build has staged below the parameters, from all events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lifetide import flow
from lifetide.orders.lines import line_events, untold_events
from lifetide.orders.touched import sales_to_match
from lifetide.pipelines.publishing import Candidate, Run
from lifetide.pipelines.shop import known_of, shop_of
from lifetide.storage import conform, rows
from lifetide.tables import (
    CREDIT_PARTS,
    CUSTOMER_DAYS,
    CUSTOMER_ITEMS,
    CUSTOMER_STATE,
    ORDERS,
    REFUND_MATCHES,
    SALE_LINES,
    Table,
)


@dataclass(frozen=True)
class Touched:
    """The people who may differ from the last build (`customer_id`), and their purchase days, staged."""

    people: DataFrame
    purchases: DataFrame


@dataclass(frozen=True)
class Base:
    """Rows of everyone; `touched` = who may differ from the last build, None = everyone may.

    `sold` (amount) and `booked` (net_revenue) have the same sum when money adds up: the order events and the orders,
    or what both gained since the last build.
    """

    shop: flow.Shop
    known: flow.Known
    links: flow.Links
    orders: DataFrame
    lines: DataFrame
    days: DataFrame
    purchases: DataFrame
    state: DataFrame
    sold: DataFrame
    booked: DataFrame
    touched: Touched | None = None

    @cached_property
    def first_order_date(self) -> date | None:
        """The first net order of anybody; None without one."""
        first: date | None = rows(self.state.agg(F.min("first_order_date")), at_most=1)[0][0]
        return first


def base_of_all(run: Run, events: DataFrame, as_of: date, *, publish: bool, known: flow.Known | None = None) -> Base:
    """Orders to customer_state from all events up to as_of; candidates for publication only where told.

    `known` where the events are those of some people and the shop may send more; None = the events tell.
    """
    policy = run.context.settings.policy

    def stage(table: Table, frame: DataFrame) -> DataFrame:
        staged = run.aside(table.name, conform(frame, table))
        if publish:
            run.offer(Candidate(table, staged.rows, staged.count, "replace"))
        return staged.rows

    shop = shop_of(run.store, run.context.settings)
    known = known_of(events, shop, policy) if known is None else known
    told = flow.told(events, as_of, known)
    if known.clicks:
        told = line_events(events).unionByName(run.aside("untold_events", untold_events(events)).rows)
    sales = stage(SALE_LINES, flow.sold(told, shop, known, policy.worth))
    credits_ = run.aside("credit_lines", flow.credit_lines(told)).rows
    met = run.aside("sales_to_match", sales_to_match(sales, credits_)).rows
    parts = stage(CREDIT_PARTS, flow.matched(met, credits_, shop, known, policy.worth))
    traded = flow.Trade(sales, parts, flow.clicked(events, as_of, known))
    linked = run.aside("links", flow.links(shop, as_of, policy.identity))
    links = linked.rows if linked.count else None
    orders = stage(ORDERS, flow.orders(traded.sales, traded.parts))
    if publish:
        stage(REFUND_MATCHES, flow.refund_matches(traded.parts))
    days = stage(CUSTOMER_DAYS, flow.days(orders, traded, known))
    items = stage(CUSTOMER_ITEMS, flow.items(orders, traded, shop, known))
    purchases = run.aside("purchase_days", flow.purchases(days, links, policy)).rows
    state = flow.state(orders, days, items, purchases, links, shop=shop, known=known, policy=policy, as_of=as_of)
    staged_state = stage(CUSTOMER_STATE, state)
    return Base(shop, known, links, orders, sales, days, purchases, staged_state, told, orders)
