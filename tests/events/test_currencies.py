"""Three currencies, discounts, partial refunds and cancellations, to the cent as DuckDB has it from the raw rows."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import duckdb
import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from events.house import BERLIN, rows_of
from lifetide.events.cleaning import clean_order_lines
from lifetide.events.currencies import daily_rates
from lifetide.events.kinds import cleaned
from lifetide.storage import ddl
from lifetide.tables import FX_RATES
from lifetide.vocabulary import SourceKind

Row = tuple[Any, ...]
FIRST = date(2025, 1, 1)


def raw_lines(seed: int, count: int) -> list[Row]:
    """number, day, quantity, unit price, discount, currency, state."""
    chance = Random(seed)
    return [
        (
            number,
            FIRST + timedelta(days=chance.randrange(60)),
            Decimal(chance.choice(("1.000", "2.000", "3.000", "0.125", "17.000"))),
            Decimal(chance.randrange(2 * 10**5, 10**8)).scaleb(-4),  # above any discount
            chance.choice((None, Decimal("0.005"), Decimal("1.25"))),
            chance.choice(("EUR", "USD", "usd", "JPY", None)),
            chance.choice(("completed", "completed", "completed", "refunded", "cancelled")),
        )
        for number in range(count)
    ]


def raw_rates(seed: int) -> list[Row]:
    """currency, day, rate; with weekends, holidays and one gap of two weeks."""
    chance = Random(seed + 1)
    days = [FIRST + timedelta(days=day) for day in range(60) if day % 7 < 5 and not 20 <= day < 34]
    return [
        (currency, day, Decimal(chance.randrange(10**5, 2 * 10**8)).scaleb(-8))
        for currency in ("USD", "JPY")
        for day in days
    ]


TO_THE_CENT = """
    WITH known AS (
        SELECT l.*, upper(currency) AS code, r.rate, r.day AS rate_day
        FROM lines l ASOF LEFT JOIN rates r ON upper(l.currency) = r.code AND l.day >= r.day
    ), exact AS (
        SELECT number, CASE WHEN state = 'completed' THEN 1 ELSE -1 END AS sign,
            coalesce(code, 'EUR') <> 'EUR' AS is_foreign,
            (quantity * price - coalesce(discount, 0))::DECIMAL(20,7) AS money, price, discount,
            CASE WHEN rate_day >= day - 7 THEN rate END AS rate
        FROM known
    )
    SELECT number,
        CASE WHEN is_foreign THEN sign * round(abs(money) * rate, 2) ELSE sign * round(abs(money), 2) END,
        CASE WHEN is_foreign THEN round(price::DECIMAL(20,4) * rate, 6) ELSE price END,
        CASE WHEN is_foreign THEN round(discount::DECIMAL(20,4) * rate, 2) ELSE round(discount, 2) END,
        is_foreign AND rate IS NULL
    FROM exact ORDER BY number
"""


def duckdb_says(lines: list[Row], rates: list[Row]) -> list[Row]:
    with duckdb.connect() as database:
        database.execute(
            "CREATE TABLE lines (number INT, day DATE, quantity DECIMAL(8,3), price DECIMAL(9,4), "
            "discount DECIMAL(9,4), currency VARCHAR, state VARCHAR)"
        )
        database.execute("CREATE TABLE rates (code VARCHAR, day DATE, rate DECIMAL(18,8))")
        database.executemany("INSERT INTO lines VALUES (?, ?, ?, ?, ?, ?, ?)", lines)
        database.executemany("INSERT INTO rates VALUES (?, ?, ?)", rates)
        return database.execute(TO_THE_CENT).fetchall()


def spark_says(spark: SparkSession, lines: list[Row], rates: list[Row]) -> list[Row]:
    known = daily_rates(spark.createDataFrame(rates, ddl(FX_RATES)), max_age_days=7)
    schema = "number int, at date, q decimal(8,3), p decimal(9,4), d decimal(9,4), currency string, state string"
    raw = spark.createDataFrame(lines, schema).coalesce(2)
    absent = ("amount", "customer_id", "product_id", "category", "channel", "line_id", "updated_at", "is_product",
              "refunds_order_id")  # fmt: skip
    mapped = raw.select(
        "number", F.col("number").alias("order_id"), F.col("at").alias("ordered_at"), F.col("q").alias("quantity"),
        F.col("p").alias("unit_price"), F.col("d").alias("discount_amount"), "currency", "state",
        *(F.lit(None).cast("string").alias(name) for name in absent),
    )  # fmt: skip
    clean = clean_order_lines(
        mapped, timezone="Europe/Berlin", currency="EUR", today=date(2025, 4, 1), policy=BERLIN.policy, rates=known
    )
    is_missing = F.array_contains("reasons", "missing_fx_rate")
    assert clean.where(~is_missing & (F.size("reasons") > 0)).count() == 0
    columns = ("number", "amount", "unit_price", "discount_amount", is_missing)
    return [tuple(row) for row in clean.select(*columns).orderBy("number").collect()]


def compare(spark: SparkSession, seed: int, count: int) -> None:
    lines, rates = raw_lines(seed, count), raw_rates(seed)
    expected = duckdb_says(lines, rates)
    assert sum(row[4] for row in expected) > 0
    for ours, theirs in zip(spark_says(spark, lines, rates), expected, strict=True):
        assert ours[4] == theirs[4], ours
        assert ours[4] or ours[:4] == theirs[:4], (ours, theirs)


def test_every_line_is_what_duckdb_makes_of_it(spark: SparkSession) -> None:
    compare(spark, seed=1, count=400)


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(2, 12))
def test_every_line_of_many_more_is(spark: SparkSession, seed: int) -> None:
    compare(spark, seed, count=5_000)


def test_a_rate_holds_until_the_next_one_for_seven_days_at_most(spark: SparkSession) -> None:
    rates = spark.createDataFrame(
        [("USD", date(2025, 1, 1), Decimal(1)), ("USD", date(2025, 1, 3), Decimal(2))], ddl(FX_RATES)
    )
    found = daily_rates(rates, max_age_days=7).orderBy("fx_date").collect()
    assert [(row["fx_date"].day, int(row["fx_rate"])) for row in found] == [
        (1, 1), (2, 1), (3, 2), (4, 2), (5, 2), (6, 2), (7, 2), (8, 2), (9, 2), (10, 2),
    ]  # fmt: skip


def test_costs_of_a_month_take_the_rate_of_its_first_day(spark: SparkSession) -> None:
    rates = spark.createDataFrame([("USD", date(2025, 1, 31), Decimal("0.5"))], ddl(FX_RATES))
    costs = rows_of(spark, SourceKind.ACQUISITION_COSTS, """
        channel | month      | cost  | currency
        search  | 2025-02-20 | 10.01 | USD
        social  | 2025-03    | 10.01 | USD
        """)  # fmt: skip
    found = cleaned(costs, SourceKind.ACQUISITION_COSTS, BERLIN, daily_rates(rates, max_age_days=7)).collect()
    assert {row["channel"]: (str(row["cost"]), row["reasons"]) for row in found} == {
        "search": ("5.01", []),
        "social": ("None", ["missing_fx_rate"]),
    }
