"""The tables that rules about behaviour read, as they stand at the end of a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lifetide import flow
from lifetide.audiences.elements import Happened, elements
from lifetide.audiences.figures import INTERESTS, STRETCHES, AnyFigure, earliest, kind_of
from lifetide.customers.people import resolved
from lifetide.errors import NotFound
from lifetide.pipelines.build import events_until, newest_build
from lifetide.pipelines.context import Context
from lifetide.pipelines.shop import known_of, shop_of
from lifetide.storage import rows
from lifetide.tables import (
    AUDIENCE_MEMBERS,
    CUSTOMER_DAYS,
    CUSTOMER_INTERESTS,
    EVENTS,
    ORDERS,
    SALE_LINES,
)


def elements_on(context: Context, figures: Sequence[AnyFigure], as_of: date) -> DataFrame | None:
    """One row per element that the figures look at, with the customer whose it is; None where they look at none.

    The current day reads the published tables; a past one works orders and days out from the events up to it.
    """
    kinds = {kind_of(figure) for figure in figures}
    shop = shop_of(context.store, context.settings)
    happened = happened_on(context, shop, as_of) if kinds - {STRETCHES, INTERESTS} else None
    return elements_of(context, happened, figures, as_of, shop)


def elements_of(
    context: Context, happened: Happened | None, figures: Sequence[AnyFigure], as_of: date, shop: flow.Shop
) -> DataFrame | None:
    """The same from tables that are at hand."""
    kinds = {kind_of(figure) for figure in figures}
    policy = context.settings.policy.identity
    since = {kind: earliest(figures, kind) for kind in kinds}
    made = None if happened is None else elements(happened, kinds, since, as_of)
    found = [] if made is None else [resolved(made, flow.links(shop, as_of, policy), policy).drop("source_id")]
    if STRETCHES in kinds:
        found.append(_stretches(context, as_of))
    if INTERESTS in kinds:
        found.append(_interests(context, as_of))
    if not found:
        return None
    union = found[0]
    for one in found[1:]:
        union = union.unionByName(one, allowMissingColumns=True)
    return union


def happened_on(context: Context, shop: flow.Shop, as_of: date) -> Happened:
    """Orders, their lines, days and events of everyone."""
    store, policy = context.store, context.settings.policy
    if as_of == newest_build(store):
        return Happened(*(store.read(table) for table in (ORDERS, SALE_LINES, CUSTOMER_DAYS, EVENTS)))
    events = events_until(store, as_of)
    known = known_of(events, shop, policy)
    told = flow.told(events, as_of, known)
    sales = flow.sold(told, shop, known, policy.worth)
    parts = flow.matched(sales, flow.credit_lines(told), shop, known, policy.worth)
    orders = flow.orders(sales, parts)
    days = flow.days(orders, flow.Trade(sales, parts, flow.clicked(events, as_of, known)), known)
    return Happened(orders, sales, days, events)


def _stretches(context: Context, as_of: date) -> DataFrame:
    """Stretches of membership that began before as_of, as they are believed now."""
    known = context.store.read(AUDIENCE_MEMBERS)
    believed = known.where(F.col("recorded_to").isNull() & (F.col("valid_from") < F.lit(as_of)))
    kept = believed.select("customer_id", "audience_key", "version", "valid_from", "valid_to")
    return kept.withColumn("kind", F.lit(STRETCHES))


def _interests(context: Context, as_of: date) -> DataFrame:
    """Scores of interest on the day. Raises NotFound where there are none: nobody would be interested in anything."""
    scored = context.store.read(CUSTOMER_INTERESTS).where(F.col("as_of") == F.lit(as_of))
    if not rows(scored.limit(1), at_most=1):
        raise NotFound(
            f"A rule asks interestedIn, but {CUSTOMER_INTERESTS.name} has no scores of {as_of}: no command of this "
            "release writes them. Take the rule out, or add scores of your own."
        )
    return scored.select("customer_id", "category", "score").withColumn("kind", F.lit(INTERESTS))
