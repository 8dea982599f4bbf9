"""One simulated shop, written and then read by DuckDB: the log says what the truth says, and everything fits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timezone
from typing import Any

import duckdb
import pytest
from pyspark.sql import SparkSession

from lifetide.pipelines.progress import Silent
from lifetide.simulate import Plan, Simulated, World, simulate

# Two days in a hundred are too few to count in a small shop: more comes twice and late than by default.
WORLD = World(duplicate_share=0.1, late_share=0.2, change_share=0.3, guest_share=0.2)
PLAN = Plan(700, date(2024, 1, 1), date(2025, 12, 31), 3, WORLD, currencies=("GBP", "CHF"), partitions=2)
TABLES = ("products", "fx_rates", "customers", "identities", "consents", "order_lines", "clicks", "truth_customers")


@pytest.fixture(scope="module")
def written(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Simulated:
    def now() -> datetime:
        return datetime.now(timezone.utc)

    folder = tmp_path_factory.mktemp("shop")
    return simulate(spark, PLAN, folder=folder, format_="parquet", now=now, progress=Silent())


@pytest.fixture(scope="module")
def duck(written: Simulated) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        for name in TABLES:
            connection.execute(f"CREATE VIEW {name} AS SELECT * FROM '{written.folder}/{name}/*.parquet'")
        connection.execute("""
            CREATE TABLE lines AS SELECT DISTINCT * EXCLUDE (arrived_on),
                CAST(timezone('Europe/Vienna', timezone('UTC', ordered_at)) AS DATE) AS day FROM order_lines""")
        connection.execute("""
            CREATE TABLE orders AS SELECT order_id, customer_id, min(day) AS day, sum(quantity * unit_price) AS gross,
                any_value(currency) AS currency FROM lines WHERE state = 'completed' GROUP BY 1, 2""")
        yield connection


def one(duck: duckdb.DuckDBPyConnection, sql: str) -> Any:
    row = duck.sql(sql).fetchone()
    assert row is not None
    return row[0] if len(row) == 1 else row


def test_every_table_is_there_and_rows_are_counted_by_the_write(
    written: Simulated, duck: duckdb.DuckDBPyConnection
) -> None:
    assert set(written.row_counts) == set(TABLES)
    for name in TABLES:
        assert one(duck, f"SELECT count(*) FROM {name}") == written.row_counts[name] > 0
    assert written.row_counts["customers"] == written.row_counts["truth_customers"] == 700
    assert written.row_counts["products"] == 480
    assert written.row_counts["fx_rates"] == 2 * 731
    assert written.events == written.row_counts["order_lines"] + written.row_counts["clicks"]


def test_customers_buy_at_their_own_rates_while_they_live(duck: duckdb.DuckDBPyConnection) -> None:
    # Orders after the first ÷ those that rates × days lived make one expect; some 2,000 of them: 3 sd are 8%.
    ratio, counted = one(duck, """
        SELECT sum(order_count - 1) / sum(rate_per_day * (coalesce(death_date, DATE '2025-12-31') - birth_date)),
            sum(order_count - 1) FROM truth_customers WHERE is_buyer AND change_date IS NULL""")  # fmt: skip
    assert counted > 1000
    assert ratio == pytest.approx(1, abs=0.1)


def test_rates_and_dropout_are_spread_as_planned(duck: duckdb.DuckDBPyConnection) -> None:
    rate, spread, dropout, buyers = one(duck, """
        SELECT avg(rate_per_day), stddev(rate_per_day), avg(dropout_probability), count(*)
        FROM truth_customers WHERE is_buyer""")  # fmt: skip
    assert buyers / 700 == pytest.approx(0.85, abs=0.04)
    assert rate == pytest.approx(2 / 80, rel=0.1)
    assert spread == pytest.approx(2**0.5 / 80, rel=0.15)
    assert dropout == pytest.approx(2 / 12, rel=0.1)


def test_regular_customers_have_even_gaps(duck: duckdb.DuckDBPyConnection) -> None:
    uneven = dict(duck.sql("""
        WITH gaps AS (SELECT customer_id, day - lag(day) OVER (PARTITION BY customer_id ORDER BY day) AS gap
            FROM orders),
        own AS (SELECT customer_id, avg(gap) AS mean, var_samp(gap) AS spread, count(gap) AS n FROM gaps GROUP BY 1)
        SELECT gap_shape, sum(n * spread) / sum(n * mean * mean) FROM own JOIN truth_customers USING (customer_id)
        WHERE n >= 4 AND change_date IS NULL GROUP BY 1""").fetchall())  # fmt: skip
    assert set(uneven) == {1, 2, 3, 4}
    assert uneven[1] > 0.6  # of chance alone: 1, less since long gaps are cut off by the end
    assert uneven[4] < 0.5  # 1/4 and the season
    assert uneven[4] < 0.6 * uneven[1]


def test_the_dead_bought_last_on_the_day_they_died(duck: duckdb.DuckDBPyConnection) -> None:
    assert one(duck, "SELECT count(*) FROM truth_customers WHERE death_date IS NOT NULL") > 200
    wrong = one(duck, """
        SELECT count(*) FROM truth_customers t
        JOIN (SELECT customer_id, min(day) AS first, max(day) AS last, count(*) AS n FROM orders GROUP BY 1) o
            USING (customer_id)
        WHERE o.last > t.death_date OR (t.death_date IS NOT NULL AND o.last <> t.death_date)
            OR o.first <> t.birth_date OR o.n <> t.order_count OR NOT t.is_buyer""")  # fmt: skip
    assert wrong == 0
    assert one(duck, "SELECT count(*) FROM truth_customers WHERE is_buyer <> (order_count > 0)") == 0


@pytest.mark.parametrize(("factor", "least", "most"), [(0.3, 0.2, 0.42), (2.5, 2.0, 3.0)])
def test_a_planted_change_of_rate_shows(
    duck: duckdb.DuckDBPyConnection, factor: float, least: float, most: float
) -> None:
    before, after, changed = one(duck, f"""
        WITH c AS (SELECT *, coalesce(death_date, DATE '2025-12-31') AS ended FROM truth_customers
                   WHERE change_factor = {factor}),
        o AS (SELECT customer_id, count(*) FILTER (day > change_date) AS later FROM orders JOIN c USING (customer_id)
              GROUP BY 1)
        SELECT sum(order_count - later - 1) / sum(rate_per_day * (change_date - birth_date)),
               sum(later) / sum(rate_per_day * (ended - change_date)), count(*) FROM c JOIN o USING (customer_id)
        """)  # fmt: skip
    assert changed > 25
    assert before == pytest.approx(1, abs=0.3)
    assert least < after < most


def test_autumn_brings_twice_as_many_first_orders_as_spring(duck: duckdb.DuckDBPyConnection) -> None:
    # Mean of 1 / (1 - .4 cos) over three months around each: 1.52 ÷ 0.74 = 2.1, from some 240 and 120 customers
    autumn, spring = one(duck, """SELECT count(*) FILTER (month(birth_date) IN (10, 11, 12)),
        count(*) FILTER (month(birth_date) IN (4, 5, 6)) FROM truth_customers""")  # fmt: skip
    assert 1.5 < autumn / spring < 2.8


def test_orders_are_worth_what_the_truth_says(duck: duckdb.DuckDBPyConnection) -> None:
    ratio = one(duck, """
        SELECT sum(gross) / sum(ticket_mean) FROM orders JOIN truth_customers USING (customer_id)
        WHERE ticket_drift_per_year = 0 AND currency = 'EUR'""")  # fmt: skip
    assert ratio == pytest.approx(1, abs=0.1)
    drifting = one(duck, "SELECT avg(CAST(ticket_drift_per_year <> 0 AS INT)) FROM truth_customers WHERE is_buyer")
    assert drifting == pytest.approx(0.2, abs=0.05)


def test_most_products_are_of_the_preferred_category(duck: duckdb.DuckDBPyConnection) -> None:
    share = one(duck, """SELECT avg(CAST(category = preferred_category AS INT)) FROM lines
        JOIN truth_customers USING (customer_id)""")  # fmt: skip
    assert share == pytest.approx(0.6 + 0.4 / 12, abs=0.03)


def test_refunds_copies_and_late_rows_have_the_shares_asked_for(duck: duckdb.DuckDBPyConnection) -> None:
    orders = one(duck, "SELECT count(*) FROM orders")
    cancelled, refunded, named = one(
        duck,
        """
        SELECT count(DISTINCT order_id) FILTER (state = 'cancelled'),
            count(DISTINCT order_id) FILTER (state = 'refunded'),
            count(DISTINCT order_id) FILTER (state = 'refunded' AND refunds_order_id IS NOT NULL) FROM lines""",
    )
    assert cancelled / orders == pytest.approx(0.01, abs=0.008)
    assert refunded / orders == pytest.approx(0.08, abs=0.02)  # a few come only after the last day
    assert named / refunded == pytest.approx(0.7, abs=0.12)
    again, late = one(duck, """
        WITH deliveries AS (SELECT line_id, count(*) AS n, date_diff('day', CAST(timezone('Europe/Vienna',
            timezone('UTC', any_value(ordered_at))) AS DATE), min(arrived_on)) AS days
            FROM order_lines WHERE line_id LIKE '%-1' AND state = 'completed' GROUP BY 1)
        SELECT avg(n - 1), avg(CAST(days > 0 AS INT)) FROM deliveries""")  # fmt: skip
    assert again == pytest.approx(0.1, abs=0.02)
    assert late == pytest.approx(0.2, abs=0.03)


def test_a_line_that_comes_twice_is_the_same_line(duck: duckdb.DuckDBPyConnection) -> None:
    assert one(duck, "SELECT count(*) - count(DISTINCT line_id) FROM lines") == 0
    copies = "SELECT count(*) FROM (SELECT DISTINCT * EXCLUDE (arrived_on) FROM clicks)"
    assert one(duck, copies) == one(duck, "SELECT count(DISTINCT event_id) FROM clicks")
    assert one(duck, "SELECT count(*) - count(DISTINCT event_id) FROM clicks") > 0


def test_nobody_gets_more_back_than_was_paid(duck: duckdb.DuckDBPyConnection) -> None:
    wrong = one(duck, """
        WITH net AS (SELECT ltrim(order_id, 'r') AS sale, sum(amount) AS money, sum(quantity) AS units,
            count(*) FILTER (state = 'completed') AS sold, count(*) FILTER (state <> 'completed') AS returned,
            max(day) FILTER (state = 'completed') AS sold_on, min(day) FILTER (state <> 'completed') AS returned_on
            FROM lines GROUP BY 1)
        SELECT count(*) FROM net WHERE money < 0 OR units < 0 OR sold = 0 OR (units = 0 AND money <> 0)
            OR returned_on < sold_on OR returned > sold""")  # fmt: skip
    assert wrong == 0
    signs = "state = 'completed' AND (quantity < 1 OR amount < 0) OR state <> 'completed' AND quantity > -1"
    assert one(duck, f"SELECT count(*) FROM lines WHERE {signs} OR unit_price <= 0 OR discount_amount < 0") == 0


@pytest.mark.parametrize(
    ("table", "key", "other", "other_key"),
    [
        ("lines", "product_id", "products", "product_id"),
        ("clicks", "product_id", "products", "product_id"),
        ("lines", "refunds_order_id", "orders", "order_id"),
        ("clicks", "order_id", "orders", "order_id"),
        ("lines", "customer_id", "customers", "customer_id"),
        ("clicks", "customer_id", "customers", "customer_id"),
        ("identities", "customer_id", "customers", "customer_id"),
        ("consents", "customer_id", "customers", "customer_id"),
        ("truth_customers", "customer_id", "customers", "customer_id"),
        ("products", "category", "truth_customers", "preferred_category"),
    ],
)
def test_every_id_that_is_named_exists(
    duck: duckdb.DuckDBPyConnection, table: str, key: str, other: str, other_key: str
) -> None:
    lost = f"SELECT count(*) FROM {table} WHERE {key} NOT IN (SELECT {other_key} FROM {other})"
    assert one(duck, lost) == 0
    assert one(duck, f"SELECT count({key}) FROM {table}") > 0


def test_nothing_happens_outside_the_plan_or_arrives_before_it_happens(duck: duckdb.DuckDBPyConnection) -> None:
    assert one(duck, "SELECT min(day) >= DATE '2024-01-01' AND max(day) <= DATE '2025-12-31' FROM lines")
    local = "timezone('Europe/Vienna', timezone('UTC', {}))"
    clicked = local.format("event_at")
    assert one(duck, f"""SELECT min({clicked}) >= DATE '2024-01-01' AND max({clicked}) < DATE '2026-01-01'
        AND min(hour({clicked})) >= 6 AND max(hour({clicked})) <= 23 FROM clicks""")  # fmt: skip
    early = f"SELECT count(*) FROM clicks WHERE arrived_on < CAST({clicked} AS DATE)"
    assert one(duck, early) == 0
    assert (
        one(duck, f"SELECT count(*) FROM order_lines WHERE arrived_on < CAST({local.format('ordered_at')} AS DATE)")
        == 0
    )


def test_a_visit_with_an_order_ends_with_it(duck: duckdb.DuckDBPyConnection) -> None:
    wrong = one(duck, """
        WITH whole AS (SELECT session_id, max(order_id) AS order_id, max(event_at) AS last, min(event_at) AS first,
            count(DISTINCT event_id) FILTER (event_type = 'cart_added') AS carts FROM clicks GROUP BY 1)
        SELECT count(*) FROM whole JOIN (SELECT order_id, any_value(ordered_at) AS placed, count(*) AS sold FROM lines
            WHERE state = 'completed' GROUP BY 1) USING (order_id)
        WHERE last <> placed OR carts <> sold OR first < placed - INTERVAL 50 MINUTE
        """)  # fmt: skip
    assert wrong == 0


def test_a_device_is_anonymous_until_somebody_signs_in_on_it(duck: duckdb.DuckDBPyConnection) -> None:
    wrong, before, never = one(duck, """
        SELECT count(*) FILTER ((c.customer_id IS NOT NULL) <> coalesce(event_at >= linked_at, false)
                                OR c.customer_id <> i.customer_id),
            count(*) FILTER (event_at < linked_at), count(*) FILTER (i.customer_id IS NULL)
        FROM clicks c LEFT JOIN identities i USING (anonymous_id)""")  # fmt: skip
    assert wrong == 0
    assert before > 100
    assert never > 100
    assert one(duck, "SELECT count(*) - count(DISTINCT anonymous_id) FROM identities") == 0
    assert one(duck, "SELECT count(*) FROM identities WHERE unlinked_at <= linked_at") == 0


def test_guests_and_visitors_are_nobody(duck: duckdb.DuckDBPyConnection) -> None:
    guests = one(duck, "SELECT count(*) FROM orders WHERE customer_id IS NULL")
    assert guests / 700 == pytest.approx(0.2, abs=0.05)
    visitors = one(
        duck,
        """SELECT count(DISTINCT anonymous_id) FROM clicks WHERE anonymous_id NOT IN
        (SELECT anonymous_id FROM identities) AND CAST(regexp_extract(anonymous_id, 'v(\\d+)-', 1) AS INT) % 3 = 2""",
    )
    assert visitors / 700 == pytest.approx(0.25, abs=0.05)


def test_consents_begin_at_the_sign_up_and_change_in_turns(duck: duckdb.DuckDBPyConnection) -> None:
    wrong, first, changes = one(duck, """
        WITH c AS (SELECT *, lag(status) OVER (PARTITION BY customer_id, channel ORDER BY changed_at) AS before
            FROM consents JOIN customers USING (customer_id))
        SELECT count(*) FILTER (status = before OR (before IS NULL AND changed_at <> signed_up_at)
            OR changed_at < signed_up_at), count(*) FILTER (before IS NULL), count(before) FROM c""")  # fmt: skip
    assert wrong == 0
    assert first == 4 * 700
    assert changes > 50


def test_some_pay_in_other_currencies_at_daily_rates(duck: duckdb.DuckDBPyConnection) -> None:
    foreign = one(
        duck,
        """SELECT avg(CAST(currency <> 'EUR' AS INT)) FROM
        (SELECT customer_id, any_value(currency) AS currency FROM orders WHERE customer_id IS NOT NULL GROUP BY 1)""",
    )
    assert foreign == pytest.approx(0.1, abs=0.04)
    missing = """SELECT count(*) FROM orders o LEFT JOIN fx_rates f ON f.currency = o.currency AND f.date = o.day
        WHERE o.currency <> 'EUR' AND f.rate IS NULL"""
    assert one(duck, missing) == 0
    assert one(duck, "SELECT count(DISTINCT currency) FROM orders") == 3
