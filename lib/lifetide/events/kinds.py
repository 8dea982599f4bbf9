"""Every kind of source: what cleans its rows, the table that they go to, and which of several rows of a key wins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lifetide.events.cleaning import clean_order_lines
from lifetide.events.consents import clean_consents
from lifetide.events.customers import clean_customers
from lifetide.events.judging import House
from lifetide.events.links import clean_identities
from lifetide.events.products import clean_products
from lifetide.events.rates import clean_fx_rates
from lifetide.events.referrals import clean_referrals
from lifetide.events.spending import clean_acquisition_costs, clean_ad_results
from lifetide.events.surveys import clean_surveys
from lifetide.events.visitors import clean_events
from lifetide.tables import (
    ACQUISITION_COSTS,
    AD_RESULTS,
    CONSENTS,
    CUSTOMERS,
    FX_RATES,
    IDENTITIES,
    PRODUCTS,
    REFERRALS,
    SURVEYS,
    Table,
)  # fmt: skip
from lifetide.vocabulary import SourceKind

ORDER = "_commit_version"
"""Which delivery a row came with, where the source tells; the last one wins before anything else."""
EVENT_KINDS = (SourceKind.ORDER_LINES, SourceKind.EVENTS)
"""Kinds whose rows become events; the others are kept one row per key."""


@dataclass(frozen=True)
class Record:
    """A table of the shop's own data, one row per key.

    Of several rows of a key in one delivery the one that `highest` orders last wins, ties by the higher content
    hash. A later delivery wins over an earlier one, unless the table `settles`: then the rule holds across
    deliveries, and their order does not matter.
    """

    table: Table
    highest: tuple[str, ...] = field(default=())
    settles: bool = False


RECORDS: dict[SourceKind, Record] = {
    SourceKind.FX_RATES: Record(FX_RATES, ("rate",)),
    SourceKind.PRODUCTS: Record(PRODUCTS, ("published_at",)),
    SourceKind.CUSTOMERS: Record(CUSTOMERS, ("signed_up_at",)),
    SourceKind.CONSENTS: Record(CONSENTS, ("status",), settles=True),  # 'unsubscribed' is the higher word
    SourceKind.IDENTITIES: Record(
        IDENTITIES, ("valid_to", "customer_id"), settles=True
    ),  # a link that ended has ended
    SourceKind.SURVEYS: Record(SURVEYS, ("score",)),
    SourceKind.ACQUISITION_COSTS: Record(ACQUISITION_COSTS, ("cost",)),
    SourceKind.AD_RESULTS: Record(AD_RESULTS, ("cost", "impressions", "clicks")),
    SourceKind.REFERRALS: Record(REFERRALS, ("referred_at",)),
}
"""In the order in which they are read: rates first, since money needs them."""

HAVE_MONEY = (*EVENT_KINDS, SourceKind.ACQUISITION_COSTS, SourceKind.AD_RESULTS)
_PLAIN: dict[SourceKind, Callable[[DataFrame, House], DataFrame]] = {
    SourceKind.PRODUCTS: clean_products,
    SourceKind.CUSTOMERS: clean_customers,
    SourceKind.CONSENTS: clean_consents,
    SourceKind.IDENTITIES: clean_identities,
    SourceKind.SURVEYS: clean_surveys,
    SourceKind.REFERRALS: clean_referrals,
    SourceKind.FX_RATES: clean_fx_rates,
}
_WITH_RATES: dict[SourceKind, Callable[[DataFrame, House, DataFrame | None], DataFrame]] = {
    SourceKind.EVENTS: clean_events,
    SourceKind.ACQUISITION_COSTS: clean_acquisition_costs,
    SourceKind.AD_RESULTS: clean_ad_results,
}


def cleaned(mapped: DataFrame, kind: SourceKind, house: House, rates: DataFrame | None) -> DataFrame:
    """One row per mapped row, typed and judged as its kind wants it: `reasons` (empty = usable), `payload`."""
    if kind is SourceKind.ORDER_LINES:
        return clean_order_lines(
            mapped,
            timezone=house.timezone,
            currency=house.currency,
            today=house.today,
            policy=house.policy,
            rates=rates,
        )
    if kind in _WITH_RATES:
        return _WITH_RATES[kind](mapped, house, rates)
    return _PLAIN[kind](mapped, house)


def one_per_key(rows: DataFrame, record: Record) -> DataFrame:
    """One row per key of the record's table, by the record's rule; the table's columns alone."""
    names = record.table.column_names
    nulls = F.concat(*(F.when(F.col(name).isNull(), "0").otherwise("1") for name in names))
    last: list[Column] = [F.col(ORDER).desc_nulls_last()] if ORDER in rows.columns else []
    order = [*last, *(F.col(name).desc_nulls_last() for name in record.highest)]
    newest = Window.partitionBy(*record.table.key).orderBy(*order, F.xxhash64(nulls, *names).desc())
    return rows.withColumn("_rank", F.row_number().over(newest)).where(F.col("_rank") == 1).select(*names)


def fresh_records(chosen: DataFrame, known: DataFrame, record: Record) -> DataFrame:
    """The rows of `chosen` (one per key) that are new or differ from the known row, by the record's rule."""
    if not record.settles:
        return chosen.exceptAll(known)
    came = chosen.withColumn("_is_known", F.lit(False))
    both = came.unionByName(known.withColumn("_is_known", F.lit(True)))
    per_key = Window.partitionBy(*record.table.key)
    is_touched = F.bool_or(~F.col("_is_known")).over(per_key)
    touched = both.withColumn("_is_touched", is_touched).where(F.col("_is_touched"))
    return one_per_key(touched, record).exceptAll(known)
