"""What a build reads besides events, and what the shop sends at all."""

from __future__ import annotations

from dataclasses import fields

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide import flow
from lifetide.customers.behaviour import clicks
from lifetide.policy import Policy
from lifetide.settings import Settings
from lifetide.storage import Store, rows
from lifetide.tables import (
    ACQUISITION_COSTS,
    CONSENTS,
    CUSTOMERS,
    IDENTITIES,
    PRODUCTS,
    REFERRALS,
    SURVEYS,
    Table,
)
from lifetide.vocabulary import EventType

MASTER_DATA = (PRODUCTS, IDENTITIES, CUSTOMERS, CONSENTS, SURVEYS, ACQUISITION_COSTS, REFERRALS)
"""Tables that a build reads beside the events: a change of one of them is a reason to build."""


def shop_of(store: Store, settings: Settings) -> flow.Shop:
    """The published master data; None where nothing was ever published."""
    published = store.versions()

    def sent(table: Table) -> DataFrame | None:
        return store.read(table) if table.name in published else None

    return flow.Shop(
        products=store.read(PRODUCTS),
        identities=store.read(IDENTITIES),
        customers=sent(CUSTOMERS),
        consents=sent(CONSENTS),
        surveys=sent(SURVEYS),
        acquisition_costs=sent(ACQUISITION_COSTS),
        referrals=sent(REFERRALS),
        timezone=settings.shop.timezone,
    )


def known_of(events: DataFrame, shop: flow.Shop, policy: Policy, *, knew: frozenset[str] | None = None) -> flow.Known:
    """What the shop sends at all, from the first row that has it; statistics of the files skip the others.

    `knew`: what it sent before these events came (`names_of`); None = these are all events.
    """
    before = knew or frozenset()

    def is_any(rows_: DataFrame, condition: Column) -> bool:
        return bool(rows(rows_.where(condition).select(F.lit(1)).limit(1), at_most=1))

    sales = events.where(F.col("event_type") == str(EventType.ORDER_COMPLETED))
    rates = policy.worth.default_margin_rate is not None or bool(policy.worth.margin_rates)
    without_sales = knew is None and not is_any(sales, F.lit(True))
    return flow.Known(
        money="money" in before or is_any(sales, F.col("amount").isNotNull()) or without_sales,
        discounts="discounts" in before or is_any(events, F.col("discount_amount").isNotNull()),
        clicks="clicks" in before or is_any(clicks(events), F.lit(True)),
        margin=rates or is_any(shop.products, F.col("unit_cost").isNotNull()),
    )


def names_of(known: flow.Known) -> frozenset[str]:
    """The names of what is known, as `runs` keeps them."""
    return frozenset(field.name for field in fields(known) if getattr(known, field.name))
