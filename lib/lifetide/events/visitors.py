"""What visitors did: typed, and each event with every reason why it cannot be used."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.events.currencies import in_shop_currency, is_larger, rate_faults, with_rate
from lifetide.events.identity import VISITOR_CONTENT, content_hash, foreign_hash
from lifetide.events.instants import local_date
from lifetide.events.judging import (
    WIDE,
    Faults,
    House,
    as_given,
    bad_date,
    bad_texts,
    date_faults,
    is_given,
    text,
    when,
    with_reasons,
)  # fmt: skip
from lifetide.tables.model import MONEY, UNITS
from lifetide.vocabulary import CREDIT_EVENTS, ORDER_EVENTS, EventType, RejectReason

IDS = (
    "event_id", "customer_id", "anonymous_id", "session_id", "order_id", "product_id", "category", "channel",
    "campaign",
)  # fmt: skip


def clean_events(mapped: DataFrame, house: House, rates: DataFrame | None = None) -> DataFrame:
    """One row per mapped event: typed columns of `events`, `reasons` (empty = usable), the refused row's `payload`,
    and `content_hash` and `content_check`, taken before money in another currency is converted.

    Quantity and amount come out negative on refunds and cancellations; amount is null where unknown and on whatever
    is no order event: the price of a thing looked at is no money. Query and page are kept as they came.
    """
    updated = when(mapped, "updated_at", house)
    typed = (
        as_given(mapped)
        .withColumns(
            {
                **{name: text(name) for name in (*IDS, "query", "page")},
                **{name: F.col(name).try_cast(WIDE) for name in ("quantity", "amount")},
                "event_type": F.lower(text("event_type")),
                "event_at": when(mapped, "event_at", house),
                "updated_at": updated,
            }
        )
        .withColumn("event_date", local_date(F.col("event_at"), house.timezone))
        .withColumn("order_amount", F.when(_is_order(), F.col("amount")))
    )
    rated = with_rate(typed, rates, currency=house.currency, day="event_date")
    signed = _signed(with_reasons(rated, _faults(house)).drop("given"))
    hashed = signed.withColumns(
        {
            "content_hash": foreign_hash(content_hash(VISITOR_CONTENT)),
            "content_check": foreign_hash(content_hash(VISITOR_CONTENT, salt="check")),
        }
    )
    return hashed.withColumn("amount", in_shop_currency(F.col("exact_amount")))


def _faults(house: House) -> Faults:
    quantity, amount = F.col("quantity"), F.col("amount")
    is_sale = F.col("event_type") == str(EventType.ORDER_COMPLETED)
    is_unsigned = ~F.coalesce(F.col("event_type").isin(*CREDIT_EVENTS), F.lit(False))
    whole = F.round(F.abs(quantity), 3) == F.abs(quantity)
    nobody = F.col("customer_id").isNull() & F.col("anonymous_id").isNull()
    return [
        (RejectReason.MISSING_EVENT_TYPE, F.col("event_type").isNull()),
        (RejectReason.UNKNOWN_EVENT_TYPE, ~F.col("event_type").isin([str(known) for known in EventType])),
        *date_faults("event_at", "event_at", F.col("event_date"), house),
        (RejectReason.MISSING_VISITOR, nobody & ~F.coalesce(_is_order(), F.lit(False))),
        (RejectReason.BAD_QUANTITY, is_given("quantity") & quantity.isNull()),
        (RejectReason.BAD_QUANTITY, (F.abs(quantity) > house.policy.max_units) | ~whole),
        (RejectReason.BAD_QUANTITY, _is_order() & (quantity == 0)),
        (RejectReason.NEGATIVE_QUANTITY, is_unsigned & (quantity < 0)),
        (RejectReason.BAD_AMOUNT, is_given("amount") & amount.isNull()),
        (RejectReason.NEGATIVE_AMOUNT, is_sale & (amount < 0)),
        (RejectReason.AMOUNT_TOO_LARGE, is_larger(amount, house.policy.max_amount)),
        *rate_faults("event_date", "order_amount"),
        (RejectReason.BAD_UPDATED_AT, bad_date("updated_at", "updated_at")[1]),
        *bad_texts(IDS, house.policy),
    ]


def _is_order() -> Column:
    return F.col("event_type").isin(*ORDER_EVENTS)


def _signed(judged: DataFrame) -> DataFrame:
    """Signs and final types, money still in the event's own currency."""
    is_credit = F.col("event_type").isin(*CREDIT_EVENTS)
    sign = F.when(is_credit, -1).otherwise(1)

    def signed(name: str) -> Column:
        return sign * F.when(is_credit, F.abs(name)).otherwise(F.col(name))

    exact = signed("order_amount").try_cast(WIDE)
    visitor = F.concat(F.lit("anon:"), F.col("anonymous_id"))
    return judged.withColumns(
        {
            "exact_amount": exact,
            "amount": F.round(exact, 2).try_cast(MONEY),
            "quantity": signed("quantity").try_cast(UNITS),
            "source_id": F.coalesce("customer_id", visitor),
        }
    )
