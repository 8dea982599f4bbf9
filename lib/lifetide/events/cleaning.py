"""Order lines: typed, signed, and each with every reason why it cannot be used."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.events.instants import instant, local_date
from lifetide.policy import IngestPolicy
from lifetide.tables.model import MONEY, UNIT_PRICE, UNITS
from lifetide.vocabulary import EventType, LineState, RejectReason

PERSONAL = ("source_id", "customer_id", "anonymous_id", "email", "phone", "first_name", "last_name", "zip", "city")
"""Columns whose content is masked in a rejected row's payload (law 10)."""

TEXTS = (
    "order_id",
    "line_id",
    "customer_id",
    "product_id",
    "category",
    "channel",
    "currency",
    "refunds_order_id",
)
GIVEN = ("quantity", "unit_price", "amount", "discount_amount", "ordered_at")
_WIDE = "decimal(38,9)"  # every step before the one rounding keeps nine decimals
_CONTROL = r"[\x00-\x1f\x7f\u0085\u2028\u2029\ufffd]"


def clean_order_lines(
    lines: DataFrame, *, timezone: str, currency: str, today: date, policy: IngestPolicy
) -> DataFrame:
    """One row per mapped order line: typed columns of `events`, `reasons` (empty = usable) and the refused
    row's `payload`.

    `amount` is what the source gives, else quantity × unit_price − discount, rounded half up once. Credit lines
    (state cancelled or refunded) come out negative whatever sign the source uses.
    """
    typed = _typed(lines.withColumn("given", F.struct(*lines.columns)), timezone)
    reasons = [F.when(condition, F.lit(str(reason))) for reason, condition in _faults(currency, today, policy)]
    judged = typed.withColumn("reasons", F.array_compact(F.array(*reasons)))
    kept = F.when(F.size("reasons") > 0, payload(judged, "given"))
    return _signed(judged.withColumn("payload", kept).drop("given"))


def payload(lines: DataFrame, row: str) -> Column:
    """The struct column `row` as JSON with personal fields masked; null fields are left out."""
    shown = [
        (
            F.when(F.col(row)[name].isNotNull(), F.lit("***"))
            if name in PERSONAL
            else F.col(row)[name].cast("string")
        ).alias(name)
        for name in lines.select(f"{row}.*").columns
    ]
    return F.to_json(F.struct(*shown))


def _typed(lines: DataFrame, timezone: str) -> DataFrame:
    types = dict(lines.dtypes)
    given = {f"{name}_given": F.col(name).isNotNull() for name in GIVEN}
    texts = {name: _text(name) for name in TEXTS}
    numbers = {name: F.col(name).try_cast(_WIDE) for name in ("quantity", "unit_price", "amount", "discount_amount")}
    at = instant(F.col("ordered_at"), types["ordered_at"], timezone)
    updated = instant(F.col("updated_at"), types["updated_at"], timezone)
    state = F.coalesce(F.lower(F.trim(F.col("state").cast("string"))), F.lit(str(LineState.COMPLETED)))
    return (
        lines.withColumns(given)
        .withColumns({**texts, **numbers, "event_at": at, "updated_at": updated, "state": state})
        .withColumn("event_date", local_date(F.col("event_at"), timezone))
        .withColumn("is_product", F.coalesce(F.col("is_product").try_cast("boolean"), F.lit(True)))
        .withColumn("is_credit", F.col("state").isin(str(LineState.CANCELLED), str(LineState.REFUNDED)))
        .withColumn("computed", _computed_amount())
    )


def _text(name: str) -> Column:
    trimmed = F.trim(F.col(name).cast("string"))
    return F.when(F.length(trimmed) > 0, trimmed)


def _computed_amount() -> Column:
    """Money of the line before signs; the product of quantity and price is exact, then rounded half up once."""
    discount = F.coalesce(F.abs(F.col("discount_amount")).try_cast(UNIT_PRICE), F.lit(0).cast(UNIT_PRICE))
    price = F.col("unit_price").try_cast(UNIT_PRICE)
    product = F.abs(F.col("quantity").try_cast(UNITS)) * F.when(F.col("is_credit"), F.abs(price)).otherwise(price)
    return F.when(F.col("amount_given"), F.col("amount")).otherwise(product - discount).try_cast(_WIDE)


def _faults(currency: str, today: date, policy: IngestPolicy) -> list[tuple[RejectReason, Column]]:
    """Every reason with its condition, in the order in which a person would look."""
    at, day, quantity, money = F.col("event_at"), F.col("event_date"), F.col("quantity"), F.col("computed")
    is_sale = ~F.col("is_credit")
    whole = F.round(F.abs(quantity), 3) == F.abs(quantity)
    return [
        (RejectReason.MISSING_ORDER_ID, F.col("order_id").isNull()),
        (RejectReason.MISSING_ORDERED_AT, ~F.col("ordered_at_given")),
        (RejectReason.BAD_ORDERED_AT, F.col("ordered_at_given") & at.isNull()),
        (RejectReason.FUTURE_DATE, day > F.lit(today + timedelta(days=1))),
        (RejectReason.TOO_OLD_DATE, day < F.lit(policy.earliest_date).cast("date")),
        (RejectReason.MISSING_QUANTITY, ~F.col("quantity_given")),
        (RejectReason.BAD_QUANTITY, F.col("quantity_given") & quantity.isNull()),
        (RejectReason.BAD_QUANTITY, (F.abs(quantity) > policy.max_units) | ~whole | (quantity == 0)),
        (RejectReason.NEGATIVE_QUANTITY, is_sale & (quantity < 0)),
        (RejectReason.MISSING_AMOUNT, ~F.col("amount_given") & ~F.col("unit_price_given")),
        (RejectReason.BAD_AMOUNT, F.col("amount_given") & F.col("amount").isNull()),
        (RejectReason.BAD_AMOUNT, F.col("unit_price_given") & F.col("unit_price").isNull()),
        (RejectReason.NEGATIVE_AMOUNT, is_sale & F.col("is_product") & (money < 0)),
        (RejectReason.AMOUNT_TOO_LARGE, F.abs(money) > policy.max_amount),
        (RejectReason.AMOUNT_TOO_LARGE, F.abs(F.col("unit_price")) > policy.max_amount),
        (RejectReason.BAD_DISCOUNT, F.col("discount_amount_given") & F.col("discount_amount").isNull()),
        (RejectReason.BAD_DISCOUNT, F.abs(F.col("discount_amount")) > policy.max_amount),
        (RejectReason.UNKNOWN_STATE, ~F.col("state").isin([str(state) for state in LineState])),
        (RejectReason.UNKNOWN_CURRENCY, F.upper(F.col("currency")) != currency),
        (RejectReason.BAD_CHARACTERS, _any_text(lambda text: text.rlike(_CONTROL))),
        (RejectReason.TEXT_TOO_LONG, _any_text(lambda text: F.length(text) > policy.max_text_length)),
    ]


def _any_text(condition: Callable[[Column], Column]) -> Column:
    return F.exists(F.array(*(F.col(name) for name in TEXTS)), lambda text: F.coalesce(condition(text), F.lit(False)))


def _signed(judged: DataFrame) -> DataFrame:
    """Signs and final types; values of refused rows may come out null."""
    sign = F.when(F.col("is_credit"), -1).otherwise(1)
    magnitude = F.when(F.col("is_credit"), F.abs(F.col("computed"))).otherwise(F.col("computed"))
    event_type = (
        F.when(F.col("state") == str(LineState.CANCELLED), str(EventType.ORDER_CANCELLED))
        .when(F.col("state") == str(LineState.REFUNDED), str(EventType.ORDER_REFUNDED))
        .otherwise(str(EventType.ORDER_COMPLETED))
    )
    return judged.withColumns(
        {
            "event_type": event_type,
            "quantity": (sign * F.abs(F.col("quantity"))).try_cast(UNITS),
            "unit_price": F.when(F.col("is_credit"), F.abs(F.col("unit_price")))
            .otherwise(F.col("unit_price"))
            .try_cast(UNIT_PRICE),
            "amount": F.round(sign * magnitude, 2).try_cast(MONEY),
            "discount_amount": F.round(F.abs(F.col("discount_amount")), 2).try_cast(MONEY),
            "source_id": F.col("customer_id"),
            "reasons": F.array_distinct(F.col("reasons")),
        }
    )
