"""How a row of any kind is judged: typed, with every reason why it cannot be used, personal fields masked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.events.instants import instant
from lifetide.policy import IngestPolicy
from lifetide.vocabulary import RejectReason

PERSONAL = (
    "source_id", "customer_id", "anonymous_id", "merged_customer_id", "referrer_id", "referred_id", "email", "phone",
    "first_name", "last_name", "zip", "city", "query", "page",
)  # fmt: skip
"""Columns whose content is masked in a rejected row's payload (law 10); people type themselves into searches."""

WIDE = "decimal(38,9)"
"""Numbers before their one rounding: every step keeps nine decimals."""
Faults = Sequence[tuple[RejectReason, Column]]
_CONTROL = r"[\x00-\x1f\x7f\u0085\u2028\u2029\ufffd]"


@dataclass(frozen=True)
class House:
    """Whose calendar, whose money, which day it is, and the shop's own limits."""

    timezone: str
    currency: str
    today: date
    policy: IngestPolicy


def judged(mapped: DataFrame, typed: Mapping[str, Column], faults: Callable[[], Faults], texts: Faults) -> DataFrame:
    """One row per mapped row: `typed` columns, `reasons` (empty = usable) and the refused row's `payload`.

    Faults and texts may name typed columns by their names and what the source gave as `given.<name>`.
    """
    whole = mapped.withColumn("given", _given(mapped)).withColumns(dict(typed))
    return with_reasons(whole, [*faults(), *texts]).drop("given")


def with_reasons(rows: DataFrame, faults: Faults) -> DataFrame:
    """`rows` with `reasons`, and `payload` (null where usable) made from the struct `given`."""
    reasons = [F.when(condition, F.lit(str(reason))) for reason, condition in faults]
    named = rows.withColumn("reasons", F.array_distinct(F.array_compact(F.array(*reasons))))
    return named.withColumn("payload", F.when(F.size("reasons") > 0, payload(named, "given")))


def as_given(mapped: DataFrame) -> DataFrame:
    """`mapped` with the struct `given`: each row as the mapping made it."""
    return mapped.withColumn("given", _given(mapped))


def _given(mapped: DataFrame) -> Column:
    return F.struct(*(name for name in mapped.columns if not name.startswith("_")))


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


def text(name: str) -> Column:
    """The column as text without surrounding blanks; null where nothing is left."""
    trimmed = F.trim(F.col(name).cast("string"))
    return F.when(F.length(trimmed) > 0, trimmed)


def bad_texts(names: Sequence[str], policy: IngestPolicy) -> Faults:
    """Control characters and over-long ids and names."""
    return [
        (RejectReason.BAD_CHARACTERS, _any(names, lambda one: one.rlike(_CONTROL))),
        (RejectReason.TEXT_TOO_LONG, _any(names, lambda one: F.length(one) > policy.max_text_length)),
    ]


def when(mapped: DataFrame, name: str, house: House) -> Column:
    """The instant that a mapped column names."""
    return instant(F.col(name), dict(mapped.dtypes)[name], house.timezone)


def is_given(name: str) -> Column:
    """True where the source gave something for the column."""
    return F.col(f"given.{name}").isNotNull()


def bad_date(name: str, typed: str) -> tuple[RejectReason, Column]:
    """What was given names no date."""
    return RejectReason.BAD_DATE, is_given(name) & F.col(typed).isNull()


def date_faults(name: str, typed: str, day: Column, house: House) -> Faults:
    """A date that must be there, neither after tomorrow nor before the shop's earliest."""
    return [
        (RejectReason.MISSING_DATE, ~is_given(name)),
        bad_date(name, typed),
        *far_dates(day, house),
    ]


def far_dates(day: Column, house: House) -> Faults:
    """Local dates after tomorrow, and before the shop's earliest."""
    return [
        (RejectReason.FUTURE_DATE, day > F.lit(house.today + timedelta(days=1))),
        (RejectReason.TOO_OLD_DATE, day < F.lit(house.policy.earliest_date).cast("date")),
    ]


def _any(names: Sequence[str], condition: Callable[[Column], Column]) -> Column:
    return F.exists(F.array(*(F.col(name) for name in names)), lambda one: F.coalesce(condition(one), F.lit(False)))
