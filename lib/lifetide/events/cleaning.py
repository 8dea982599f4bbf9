"""Order lines: typed, signed, and each with every reason why it cannot be used."""

from __future__ import annotations

from datetime import date

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.events.currencies import in_shop_currency, is_larger, rate_faults, with_rate
from lifetide.events.identity import content_hash, foreign_hash
from lifetide.events.instants import instant, local_date
from lifetide.events.judging import WIDE, Faults, House, as_given, bad_texts, far_dates, text, with_reasons
from lifetide.policy import IngestPolicy
from lifetide.tables.model import MONEY, UNIT_PRICE, UNITS
from lifetide.vocabulary import EventType, LineState, RejectReason

TEXTS = (
    "order_id",
    "line_id",
    "customer_id",
    "product_id",
    "category",
    "channel",
    "refunds_order_id",
)
GIVEN = ("quantity", "unit_price", "amount", "discount_amount", "ordered_at")


def clean_order_lines(
    lines: DataFrame,
    *,
    timezone: str,
    currency: str,
    today: date,
    policy: IngestPolicy,
    rates: DataFrame | None = None,
) -> DataFrame:
    """One row per mapped order line: typed columns of `events`, `reasons` (empty = usable), the refused row's
    `payload`, and `content_hash`, taken before money in another currency is converted by `rates` (daily_rates).

    `amount` is what the source gives, else quantity × unit_price − discount, rounded half up once, in shop currency.
    Credit lines (state cancelled or refunded) come out negative whatever sign the source uses.
    """
    house = House(timezone, currency, today, policy)
    typed = _typed(as_given(lines), timezone)
    rated = with_rate(typed, rates, currency=currency, day="event_date")
    signed = _signed(with_reasons(rated, _faults(house)).drop("given"))
    return _converted(signed.withColumn("content_hash", foreign_hash(content_hash())))


def _typed(lines: DataFrame, timezone: str) -> DataFrame:
    types = dict(lines.dtypes)
    given = {f"{name}_given": F.col(name).isNotNull() for name in GIVEN}
    texts = {name: text(name) for name in TEXTS}
    numbers = {name: F.col(name).try_cast(WIDE) for name in ("quantity", "unit_price", "amount", "discount_amount")}
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


def _computed_amount() -> Column:
    """Money of the line before signs; the product of quantity and price is exact, then rounded half up once."""
    discount = F.coalesce(F.abs(F.col("discount_amount")).try_cast(UNIT_PRICE), F.lit(0).cast(UNIT_PRICE))
    price = F.col("unit_price").try_cast(UNIT_PRICE)
    product = F.abs(F.col("quantity").try_cast(UNITS)) * F.when(F.col("is_credit"), F.abs(price)).otherwise(price)
    return F.when(F.col("amount_given"), F.col("amount")).otherwise(product - discount).try_cast(WIDE)


def _faults(house: House) -> Faults:
    """Every reason with its condition, in the order in which a person would look."""
    at, day, quantity, money = F.col("event_at"), F.col("event_date"), F.col("quantity"), F.col("computed")
    is_sale = ~F.col("is_credit")
    whole = F.round(F.abs(quantity), 3) == F.abs(quantity)
    policy, discount = house.policy, F.col("discount_amount")
    not_updated = F.col("given.updated_at").isNotNull() & F.col("updated_at").isNull()
    return [
        (RejectReason.MISSING_ORDER_ID, F.col("order_id").isNull()),
        (RejectReason.MISSING_ORDERED_AT, ~F.col("ordered_at_given")),
        (RejectReason.BAD_ORDERED_AT, F.col("ordered_at_given") & at.isNull()),
        *far_dates(day, house),
        (RejectReason.MISSING_QUANTITY, ~F.col("quantity_given")),
        (RejectReason.BAD_QUANTITY, F.col("quantity_given") & quantity.isNull()),
        (RejectReason.BAD_QUANTITY, (F.abs(quantity) > policy.max_units) | ~whole | (quantity == 0)),
        (RejectReason.NEGATIVE_QUANTITY, is_sale & (quantity < 0)),
        (RejectReason.MISSING_AMOUNT, ~F.col("amount_given") & ~F.col("unit_price_given")),
        (RejectReason.BAD_AMOUNT, F.col("amount_given") & F.col("amount").isNull()),
        (RejectReason.BAD_AMOUNT, F.col("unit_price_given") & F.col("unit_price").isNull()),
        (RejectReason.NEGATIVE_AMOUNT, is_sale & F.col("is_product") & (money < 0)),
        (RejectReason.AMOUNT_TOO_LARGE, is_larger(money, policy.max_amount)),
        (RejectReason.AMOUNT_TOO_LARGE, is_larger(F.col("unit_price"), policy.max_amount)),
        (RejectReason.BAD_DISCOUNT, F.col("discount_amount_given") & discount.isNull()),
        (RejectReason.BAD_DISCOUNT, is_larger(discount, policy.max_amount)),
        (RejectReason.UNKNOWN_STATE, ~F.col("state").isin([str(state) for state in LineState])),
        *rate_faults("event_date", "computed"),
        (RejectReason.BAD_UPDATED_AT, not_updated),
        *bad_texts(TEXTS, policy),
    ]


def _signed(judged: DataFrame) -> DataFrame:
    """Signs and final types, money still in the line's own currency; values of refused rows may come out null."""
    sign = F.when(F.col("is_credit"), -1).otherwise(1)
    magnitude = F.when(F.col("is_credit"), F.abs(F.col("computed"))).otherwise(F.col("computed"))
    price = F.when(F.col("is_credit"), F.abs(F.col("unit_price"))).otherwise(F.col("unit_price"))
    event_type = (
        F.when(F.col("state") == str(LineState.CANCELLED), str(EventType.ORDER_CANCELLED))
        .when(F.col("state") == str(LineState.REFUNDED), str(EventType.ORDER_REFUNDED))
        .otherwise(str(EventType.ORDER_COMPLETED))
    )
    exact = {"exact_amount": sign * magnitude, "exact_price": price, "exact_discount": F.abs("discount_amount")}
    return judged.withColumns({name: money.try_cast(WIDE) for name, money in exact.items()}).withColumns(
        {
            "event_type": event_type,
            "quantity": (sign * F.abs(F.col("quantity"))).try_cast(UNITS),
            "unit_price": price.try_cast(UNIT_PRICE),
            "amount": F.round("exact_amount", 2).try_cast(MONEY),
            "discount_amount": F.round("exact_discount", 2).try_cast(MONEY),
            "source_id": F.col("customer_id"),
        }
    )


def _converted(signed: DataFrame) -> DataFrame:
    """Money in shop currency, each of the line's three once from its exact value."""
    return signed.withColumns(
        {
            "amount": in_shop_currency(F.col("exact_amount")),
            "unit_price": in_shop_currency(F.col("exact_price"), UNIT_PRICE),
            "discount_amount": in_shop_currency(F.col("exact_discount")),
        }
    )
