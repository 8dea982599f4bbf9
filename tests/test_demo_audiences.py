"""The demo's audiences counted again by DuckDB from its orders, events and spells: to the cent."""

from __future__ import annotations

from pathlib import Path

import duckdb
import duckdb_extension_delta
import pytest

pytestmark = pytest.mark.delta

TABLES = (
    "events", "orders", "customer_profiles", "lifecycle_spells", "base_growth", "audience_definitions",
    "audience_members", "audience_evaluations", "audience_overview", "audience_classes", "audience_overlaps",
    "audience_products", "stage_metrics",
)  # fmt: skip
DAY = "DATE '2011-12-09'"
MEMBERS = f"""
    CREATE TABLE members AS
    SELECT customer_id, NULL AS audience_key FROM customer_profiles
    UNION ALL
    SELECT customer_id, audience_key FROM audience_members
    WHERE recorded_to IS NULL AND valid_from <= {DAY} AND (valid_to IS NULL OR valid_to > {DAY})"""
"""Everyone, and the members of each audience by the ledger."""


@pytest.fixture(scope="module")
def duck(demo_folder: Path) -> duckdb.DuckDBPyConnection:
    extension = next(Path(duckdb_extension_delta.__file__).parent.rglob("delta.duckdb_extension"))
    connection = duckdb.connect()
    connection.execute(f"LOAD '{extension}'")
    for name in TABLES:
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM delta_scan('{demo_folder}/warehouse/{name}')")
    connection.execute(MEMBERS)
    return connection


def same(duck: duckdb.DuckDBPyConnection, published: str, counted: str) -> int:
    """No row on one side alone; how many there are."""
    assert duck.sql(f"({published}) EXCEPT ALL ({counted})").fetchall() == []
    assert duck.sql(f"({counted}) EXCEPT ALL ({published})").fetchall() == []
    found = duck.sql(f"SELECT count(*) FROM ({published})").fetchone()
    assert found is not None
    return int(found[0])


def test_each_example_was_evaluated_and_its_rule_alone_says_who_is_in(duck: duckdb.DuckDBPyConnection) -> None:
    """Three rules said anew in SQL; the ledger, the overview and the evaluation count the same members of all."""
    counts = f"SELECT audience_key, member_count FROM audience_evaluations WHERE as_of = {DAY}"
    ledger = """SELECT audience_key, count(customer_id) FROM audience_definitions LEFT JOIN members
        USING (audience_key) GROUP BY 1"""
    assert same(duck, counts, ledger) == 21
    overview = "SELECT audience_key, member_count FROM audience_overview WHERE audience_key IS NOT NULL"
    assert same(duck, overview, ledger) == 21
    for key, where in (
        ("best_500_lost", """lifecycle_group = 'lost' AND ltv_historic >= (SELECT min(ltv_historic) FROM (
            SELECT ltv_historic FROM customer_profiles ORDER BY 1 DESC LIMIT 500))"""),
        ("one_time_60_to_180_days", """order_count = 1 AND days_since_last_order BETWEEN 60 AND 180
            AND refund_share < 0.5"""),
        ("big_basket_quarter", """(SELECT sum(net_revenue) FROM orders o WHERE o.source_id = p.customer_id
            AND state <> 'credit' AND voided_on IS NULL AND order_date > DATE '2011-09-09') >= 1000"""),
    ):  # fmt: skip
        mine = f"SELECT customer_id FROM members WHERE audience_key = '{key}'"
        assert same(duck, mine, f"SELECT customer_id FROM customer_profiles p WHERE {where}") > 10


def test_the_overview_is_that_of_the_orders_to_the_cent(duck: duckdb.DuckDBPyConnection) -> None:
    """Value is all money so far; a basket is the net value of orders that stand; a year is 365 days of money."""
    published = """SELECT audience_key, member_count, ltv_per_customer, round(average_orders, 9),
        average_basket_size, round(annual_orders, 9), annual_revenue, round(lost_share, 9) FROM audience_overview
        WHERE member_count > 0"""
    counted = f"""
        WITH ordered AS (
            SELECT source_id AS customer_id, sum(net_revenue) AS ltv,
                count(*) FILTER (state <> 'credit' AND voided_on IS NULL) AS orders,
                sum(net_revenue) FILTER (state <> 'credit' AND voided_on IS NULL) AS value,
                count(*) FILTER (state <> 'credit' AND voided_on IS NULL AND order_date > {DAY} - 365) AS year_orders
            FROM orders GROUP BY 1),
        earned AS (SELECT source_id AS customer_id, sum(amount) AS year FROM events
                   WHERE event_date > {DAY} - 365 AND amount IS NOT NULL GROUP BY 1)
        SELECT audience_key, count(*), round(sum(coalesce(ltv, 0))::DECIMAL(38,6) / count(*), 2)::DECIMAL(18,2),
            round(sum(coalesce(orders, 0)) / count(*), 9),
            round(sum(value)::DECIMAL(38,6) / sum(orders), 2)::DECIMAL(18,2),
            round(sum(coalesce(year_orders, 0)) / count(*), 9),
            round(sum(coalesce(year, 0))::DECIMAL(38,6) / count(*), 2)::DECIMAL(18,2),
            round(count(*) FILTER (lifecycle_group = 'lost') / count(*), 9)
        FROM members JOIN customer_profiles USING (customer_id) LEFT JOIN ordered USING (customer_id)
        LEFT JOIN earned USING (customer_id) GROUP BY 1"""
    assert same(duck, published, counted) > 15


def test_growth_is_where_todays_members_stood_on_each_day(duck: duckdb.DuckDBPyConnection) -> None:
    published = """SELECT audience_key, date, new_count, active_count, slipping_away_count, lost_count,
        just_ordered_count FROM base_growth
        WHERE audience_key IS NOT NULL AND (day(date) = 1 OR date = last_day(date))"""
    counted = f"""
        WITH firsts AS (SELECT customer_id, min(valid_from) AS first FROM lifecycle_spells GROUP BY 1),
        days AS (SELECT range::DATE AS date FROM range(DATE '2010-12-01', {DAY} + 1, INTERVAL 1 DAY)
                 WHERE day(range) = 1 OR range::DATE = last_day(range)),
        begun AS (SELECT audience_key, min(first) AS first FROM members JOIN firsts USING (customer_id) GROUP BY 1),
        stood AS (
            SELECT audience_key, date, f.first IS NOT NULL AND date - f.first <= 30 AS is_new, lifecycle_group AS g
            FROM members JOIN firsts f USING (customer_id) JOIN days ON date >= f.first
            JOIN lifecycle_spells s ON s.customer_id = members.customer_id AND s.valid_from <= date
                AND (s.valid_to IS NULL OR s.valid_to > date)
            WHERE audience_key IS NOT NULL)
        SELECT audience_key, date, count(*) FILTER (is_new),
            count(*) FILTER (NOT is_new AND g IN ('active', 'just_ordered')),
            count(*) FILTER (NOT is_new AND g = 'slipping_away'), count(*) FILTER (NOT is_new AND g = 'lost'),
            count(*) FILTER (NOT is_new AND g = 'just_ordered')
        FROM stood GROUP BY 1, 2"""
    assert same(duck, published, counted) > 300


def test_months_and_quarters_of_each_audience_are_those_of_its_members_orders(
    duck: duckdb.DuckDBPyConnection,
) -> None:
    """The demo's ledger has one day, so members are the day's; 232 days of silence are a drop-off, 3 orders loyal."""
    published = """SELECT audience_key, period, period_start, members_on, customer_count, round(repeat_ratio, 9),
        round(activation_ratio, 9), round(loyal_activation_ratio, 9), round(frequency_ratio, 9), customer_value
        FROM stage_metrics WHERE audience_key IS NOT NULL"""
    counted = f"""
        WITH periods AS (
            SELECT DISTINCT period, period_start AS first, least({DAY}, last_day(period_start
                + CASE period WHEN 'month' THEN INTERVAL 0 MONTH ELSE INTERVAL 2 MONTH END)) AS last
            FROM stage_metrics WHERE audience_key IS NULL),
        placed AS (SELECT source_id AS customer_id, order_date FROM orders
                   WHERE source_id IS NOT NULL AND state <> 'credit' AND voided_on IS NULL),
        bought AS (
            SELECT period, first, customer_id, count(*) FILTER (order_date < first) AS before, count(*) AS until,
                count(*) FILTER (order_date >= first) AS now,
                coalesce(first - 1 - max(order_date) FILTER (order_date < first) >= 232, false) AS is_away
            FROM periods JOIN placed ON order_date <= last GROUP BY period, first, customer_id),
        earned AS (SELECT period, first, source_id AS customer_id, sum(amount) AS money
                   FROM periods JOIN events ON event_date BETWEEN first AND last GROUP BY ALL)
        SELECT audience_key, period, first, {DAY}, count(*),
            round(count(*) FILTER (before = 1 AND until > 1) / nullif(count(*) FILTER (before = 1), 0), 9),
            round(count(*) FILTER (is_away AND now > 0) / nullif(count(*) FILTER (is_away), 0), 9),
            round(count(*) FILTER (is_away AND now > 0 AND until >= 3) / nullif(count(*) FILTER (is_away), 0), 9),
            round(sum(now) / nullif(count(*) FILTER (now > 0), 0), 9),
            round(sum(coalesce(money, 0))::DECIMAL(38,6) / nullif(sum(now), 0), 2)::DECIMAL(18,2)
        FROM members JOIN bought USING (customer_id) LEFT JOIN earned USING (period, first, customer_id)
        WHERE audience_key IS NOT NULL GROUP BY 1, 2, 3"""
    assert same(duck, published, counted) == 250


def test_products_are_those_of_the_lines_by_all_three_logics(duck: duckdb.DuckDBPyConnection) -> None:
    """Ranks, buyers, units, money and lift of everyone and of each audience; a product's lines without services."""
    published = """SELECT audience_key, logic, product_id, rank, buyers, units, net_revenue, round(lift, 6)
        FROM audience_products"""
    counted = f"""
        WITH lines AS (
            SELECT e.source_id AS customer_id, e.product_id, e.event_date, e.state, e.quantity, e.amount, e.order_id,
                {DAY} - e.event_date AS age, o.voided_on IS NULL AND o.state <> 'credit' AS stands
            FROM events e LEFT JOIN orders o USING (order_id)
            WHERE e.is_product AND e.source_id IS NOT NULL AND e.product_id IS NOT NULL),
        appeared AS (SELECT product_id, min(event_date) AS day FROM lines WHERE state = 'completed' GROUP BY 1),
        logics AS (SELECT * FROM (VALUES ('best_selling', 90), ('trending', 14), ('new', 30)) AS l(logic, days)),
        bought AS (
            SELECT audience_key, logic, product_id, customer_id,
                sum(quantity) FILTER (state = 'completed' AND age < days) AS units,
                sum(amount) FILTER (age < days) AS revenue,
                count(DISTINCT order_id) FILTER (state = 'completed' AND stands AND age < 14) AS recent,
                count(DISTINCT order_id) FILTER (state = 'completed' AND stands AND age BETWEEN 14 AND 69) AS before
            FROM lines JOIN members USING (customer_id) CROSS JOIN logics WHERE age < 90 GROUP BY 1, 2, 3, 4),
        sums AS (
            SELECT audience_key, logic, product_id, count(*) FILTER (units > 0) AS buyers, sum(units) AS units,
                sum(revenue) AS revenue, sum(recent) AS recent, sum(before) AS before
            FROM bought GROUP BY 1, 2, 3),
        scored AS (
            SELECT sums.*, CASE logic WHEN 'best_selling' THEN buyers
                WHEN 'new' THEN CASE WHEN {DAY} - day < 30 THEN buyers END
                ELSE 2 * (sqrt(recent + 0.375) - sqrt((before + 0.375) / 4)) / sqrt(1.25) END AS score
            FROM sums JOIN appeared USING (product_id)),
        sizes AS (SELECT audience_key, count(*) AS size FROM members GROUP BY 1),
        shares AS (SELECT scored.*, buyers / size AS share FROM scored JOIN sizes
                   ON scored.audience_key IS NOT DISTINCT FROM sizes.audience_key),
        ranked AS (
            SELECT *, row_number() OVER (PARTITION BY audience_key, logic
                ORDER BY round(score, 9) DESC, revenue DESC, product_id) AS rank
            FROM shares WHERE score IS NOT NULL AND buyers > 0 AND (logic <> 'trending' OR score > 3.09))
        SELECT r.audience_key, r.logic, r.product_id, r.rank, r.buyers, r.units::DECIMAL(18,3),
            r.revenue::DECIMAL(18,2), round(r.share / b.share, 6)
        FROM ranked r JOIN shares b ON b.audience_key IS NULL AND b.logic = r.logic AND b.product_id = r.product_id
        WHERE r.rank <= 20"""
    assert same(duck, published, counted) > 300


def test_groups_add_up_and_overlaps_are_those_of_the_members(duck: duckdb.DuckDBPyConnection) -> None:
    counted = """SELECT audience_key, lifecycle_group, count(*) FROM members
        JOIN customer_profiles USING (customer_id) GROUP BY 1, 2"""
    groups = "SELECT audience_key, class_value, member_count FROM audience_classes WHERE kind = 'lifecycle_group'"
    assert same(duck, groups, counted) > 40
    both = """SELECT a.audience_key, b.audience_key, count(*) FROM members a JOIN members b USING (customer_id)
        WHERE a.audience_key <> b.audience_key GROUP BY 1, 2"""
    assert same(duck, "SELECT audience_key, other_key, both_count FROM audience_overlaps", both) > 50
    potential = duck.sql("""
        SELECT abs(sum(potential_value) - (SELECT sum(round(365 / baseline_interval_days
            * average_order_value::DOUBLE, 2)) FROM customer_profiles)) < 0.5, round(sum(potential_share), 9)
        FROM audience_classes WHERE kind = 'lifecycle_group' AND audience_key IS NULL""").fetchone()
    assert potential == (True, 1.0)
