"""The demo's tables, read by programs that know nothing of Lifetide or Spark: DuckDB and deltalake."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import duckdb
import duckdb_extension_delta
import pytest
from deltalake import DeltaTable

from lifetide.tables import TABLES

pytestmark = pytest.mark.delta

PUBLISHED = (
    "events", "orders", "refund_matches", "customer_days", "customer_items", "customer_state", "learned_parameters",
    "ltv_models", "customer_profiles", "lifecycle_spells", "base_growth", "transitions", "stage_metrics",
    "audience_definitions", "audience_holds", "audience_members", "audience_evaluations", "audience_overview",
    "audience_classes", "audience_overlaps", "audience_products", "runs", "check_results", "run_metrics",
)  # fmt: skip
DUCK_TYPES = {
    "string": "VARCHAR", "date": "DATE", "timestamp": "TIMESTAMP WITH TIME ZONE", "boolean": "BOOLEAN",
    "bigint": "BIGINT", "int": "INTEGER", "double": "DOUBLE", "array<int>": "INTEGER[]", "array<string>": "VARCHAR[]",
    "decimal(18,2)": "DECIMAL(18,2)", "decimal(18,3)": "DECIMAL(18,3)", "decimal(18,6)": "DECIMAL(18,6)",
    "map<string,bigint>": "MAP(VARCHAR, BIGINT)", "map<string,string>": "MAP(VARCHAR, VARCHAR)",
    "array<struct<local_date:date,order_count:int,order_value:decimal(18,2),net_revenue:decimal(18,2)>>":
        "STRUCT(local_date DATE, order_count INTEGER, order_value DECIMAL(18,2), net_revenue DECIMAL(18,2))[]",
    "array<struct<category:string,item_count:bigint,log_price_sum:double,log_price_square_sum:double>>":
        "STRUCT(category VARCHAR, item_count BIGINT, log_price_sum DOUBLE, log_price_square_sum DOUBLE)[]",
    "array<struct<ended_on:date,gap_days:int>>": "STRUCT(ended_on DATE, gap_days INTEGER)[]",
}  # fmt: skip


@pytest.fixture(scope="module")
def duck(demo_folder: Path) -> duckdb.DuckDBPyConnection:
    """Every published table as a view, through DuckDB's own Delta reader."""
    extension = next(Path(duckdb_extension_delta.__file__).parent.rglob("delta.duckdb_extension"))
    connection = duckdb.connect()
    connection.execute(f"LOAD '{extension}'")
    for name in PUBLISHED:
        connection.execute(f"CREATE VIEW {name} AS SELECT * FROM delta_scan('{demo_folder}/warehouse/{name}')")
    source = demo_folder / "online_retail.parquet"
    connection.execute(f"CREATE VIEW source AS SELECT * FROM '{source}'")
    return connection


def one(duck: duckdb.DuckDBPyConnection, sql: str) -> tuple[object, ...]:
    row = duck.sql(sql).fetchone()
    assert row is not None
    return row


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_table_opens_in_duckdb_with_the_catalogues_columns_and_types(
    duck: duckdb.DuckDBPyConnection, name: str
) -> None:
    found = {row[0]: row[1] for row in duck.sql(f"DESCRIBE {name}").fetchall()}
    assert found == {column.name: DUCK_TYPES[column.type] for column in TABLES[name].columns}


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_table_opens_in_deltalake_without_special_features(demo_folder: Path, name: str) -> None:
    table = DeltaTable(str(demo_folder / "warehouse" / name))
    assert [field.name for field in table.schema().fields] == TABLES[name].column_names
    assert table.to_pyarrow_table().num_rows > 0
    assert "deletionVectors" not in (table.protocol().reader_features or [])


def test_every_line_of_the_file_is_an_event_or_filtered(duck: duckdb.DuckDBPyConnection) -> None:
    assert one(duck, "SELECT count(*) FROM source") == (541909,)
    by_type = dict(duck.sql("SELECT event_type, count(*) FROM events GROUP BY 1").fetchall())
    assert by_type == {"order_completed": 530103, "order_refunded": 9288}
    filtered = "SELECT filtered_count, rejected_count FROM runs WHERE job = 'ingest' AND status = 'published'"
    assert one(duck, filtered) == (2518, 0)
    assert one(duck, "SELECT count(*) FROM source WHERE invoice_no LIKE 'A%'") == (3,)


def test_the_money_is_that_of_the_file_to_the_cent(duck: duckdb.DuckDBPyConnection) -> None:
    sums = one(duck, """
        SELECT sum(amount) FILTER (event_type = 'order_completed'),
               sum(amount) FILTER (event_type = 'order_completed' AND customer_id IS NOT NULL),
               sum(amount) FILTER (event_type = 'order_refunded'),
               sum(amount) FILTER (event_type = 'order_refunded' AND customer_id IS NOT NULL)
        FROM events""")  # fmt: skip
    assert sums == tuple(map(Decimal, ("10655622.48", "8911407.90", "-896812.49", "-611342.09")))


def test_money_adds_up_from_events_to_orders_to_people_and_guests(duck: duckdb.DuckDBPyConnection) -> None:
    of_events = one(duck, "SELECT sum(amount) FROM events")[0]
    assert one(duck, "SELECT sum(net_revenue) FROM orders")[0] == of_events
    of_people = one(duck, "SELECT sum(ltv_historic) FROM customer_profiles")[0]
    of_guests = one(duck, "SELECT sum(net_revenue) FROM orders WHERE source_id IS NULL")[0]
    assert of_people + of_guests == of_events
    assert one(duck, "SELECT sum(net_revenue) FROM customer_days")[0] == of_people


def test_orders_and_customers_are_counted_as_published(duck: duckdb.DuckDBPyConnection) -> None:
    orders = one(duck, """
        SELECT count(*) FILTER (state <> 'credit' AND source_id IS NOT NULL),
               count(*) FILTER (state <> 'credit' AND source_id IS NULL),
               count(DISTINCT source_id) FILTER (state <> 'credit')
        FROM orders""")  # fmt: skip
    assert orders == (18532, 1427, 4338)
    customers = one(duck, "SELECT count(*), count(*) FILTER (order_count > 0) FROM customer_profiles")
    assert customers == (4371, 4328)
    assert one(duck, "SELECT count(*), count(source_id) FROM orders WHERE voided_on IS NOT NULL") == (83, 67)


def test_everyone_is_in_exactly_one_group_and_segment(duck: duckdb.DuckDBPyConnection) -> None:
    assert one(duck, """
        SELECT count(*) FROM customer_profiles
        WHERE lifecycle_group IS NULL OR rfm_segment IS NULL OR rfm_stage IS NULL""") == (0,)  # fmt: skip
    assert one(duck, "SELECT count(DISTINCT customer_id) = count(*) FROM customer_profiles") == (True,)


def test_the_group_on_the_day_is_the_spell_of_the_day_for_everyone(duck: duckdb.DuckDBPyConnection) -> None:
    assert one(duck, """
        SELECT count(*), count(*) FILTER (s.lifecycle_group = p.lifecycle_group AND s.reason = p.lifecycle_reason)
        FROM customer_profiles p
        JOIN lifecycle_spells s ON s.customer_id = p.customer_id AND s.valid_from <= p.as_of
             AND (s.valid_to IS NULL OR s.valid_to > p.as_of)""") == (4328, 4328)  # fmt: skip


def test_the_sensitivity_to_price_is_that_of_the_items_for_everyone(duck: duckdb.DuckDBPyConnection) -> None:
    """Standard deviations by n − 1; half of one standard deviation of the customers' mean scores is the limit."""
    differing = one(duck, """
        WITH priced AS (
            SELECT source_id AS customer_id, category, ln(gross_revenue::DOUBLE / units_sold::DOUBLE) AS log_price
            FROM customer_items WHERE category IS NOT NULL AND units_sold > 0 AND gross_revenue > 0),
        levels AS (
            SELECT category, avg(log_price) AS mean, stddev_samp(log_price) AS deviation FROM priced
            GROUP BY 1 HAVING count(*) >= 100 AND stddev_samp(log_price) > 1e-6),
        scores AS (
            SELECT customer_id, avg((log_price - mean) / deviation) AS score FROM priced JOIN levels USING (category)
            GROUP BY 1),
        classes AS (
            SELECT customer_id, score, cut,
                CASE WHEN score < -cut THEN 'high' WHEN score > cut THEN 'low' ELSE 'average' END AS class
            FROM scores, (SELECT stddev_samp(score) / 2 AS cut FROM scores))
        SELECT count(*) FILTER (class IS DISTINCT FROM price_sensitivity AND abs(abs(score) - cut) > 1e-9),
               count(class), count(DISTINCT class)
        FROM customer_profiles LEFT JOIN classes USING (customer_id)""")  # fmt: skip
    assert differing[0] == 0
    assert differing[1] > 4_000
    assert differing[2] == 3


def test_x_y_and_z_are_learned_with_intervals(duck: duckdb.DuckDBPyConnection) -> None:
    found = {
        name: (value, method, lower, upper)
        for name, value, method, lower, upper in duck.sql(
            "SELECT name, value, method, lower, upper FROM learned_parameters"
        ).fetchall()
    }
    assert found["at_risk_days"][:2] == (125, "survival")
    assert found["drop_off_days"][:2] == (232, "fallback")  # 4 × the upper quartile of gaps
    assert found["loyal_orders"][:2] == (3, "survival")
    for name in ("at_risk_days", "drop_off_days", "cut75", "cut95", "population_interval_days"):
        value, _, lower, upper = found[name]
        assert lower < value < upper
        assert upper - lower < value / 2


def test_each_stage_is_what_orders_and_silence_say(duck: duckdb.DuckDBPyConnection) -> None:
    """Independently: purchase days from orders; X, Y and Z typed; a decline of the ticket as published."""
    wrong = duck.sql(
        """WITH days AS (
            SELECT source_id, order_date,
                order_date - lag(order_date) OVER (PARTITION BY source_id ORDER BY order_date) AS gap
            FROM (SELECT DISTINCT source_id, order_date FROM orders
                  WHERE voided_on IS NULL AND state <> 'credit' AND source_id IS NOT NULL)),
        people AS (
            SELECT source_id, DATE '2011-12-09' - max(order_date) AS silence,
                DATE '2011-12-09' - max(order_date) FILTER (gap >= 232) AS returned
            FROM days GROUP BY 1)
        SELECT customer_id, customer_stage FROM customer_profiles LEFT JOIN people ON customer_id = source_id
        WHERE customer_stage <> CASE WHEN silence IS NULL THEN 'prospect' WHEN silence >= 232 THEN 'drop_off'
            WHEN returned < 125 THEN 'reactivated' WHEN silence >= 125 OR is_ticket_decline THEN 'at_risk'
            WHEN order_count >= 3 THEN 'loyal' WHEN order_count > 1 THEN 'repeat' ELSE 'new' END"""
    ).fetchall()
    assert wrong == []
    stages = dict(duck.sql("SELECT customer_stage, count(*) FROM customer_profiles GROUP BY 1").fetchall())
    assert set(stages) == {"prospect", "new", "repeat", "loyal", "at_risk", "drop_off", "reactivated"}
    assert sum(stages.values()) == 4371


def test_spells_run_without_a_hole_from_the_first_net_order_to_an_open_end(duck: duckdb.DuckDBPyConnection) -> None:
    broken = one(duck, """
        WITH next AS (SELECT *, lead(valid_from) OVER (PARTITION BY customer_id ORDER BY valid_from) AS follows
                      FROM lifecycle_spells)
        SELECT count(*) FROM next WHERE follows IS DISTINCT FROM valid_to OR valid_to <= valid_from""")  # fmt: skip
    assert broken == (0,)
    assert one(duck, """
        SELECT count(*) FROM (SELECT customer_id, min(valid_from) AS began FROM lifecycle_spells GROUP BY 1) s
        FULL JOIN (SELECT * FROM customer_profiles WHERE order_count > 0) p USING (customer_id)
        WHERE s.began IS DISTINCT FROM p.first_order_date""") == (0,)  # fmt: skip


def test_base_growth_equals_a_count_of_spells_day_by_day(duck: duckdb.DuckDBPyConnection) -> None:
    wrong = one(duck, """
        WITH firsts AS (SELECT customer_id, min(valid_from) AS began FROM lifecycle_spells GROUP BY 1),
        everyone AS (SELECT * FROM base_growth WHERE audience_key IS NULL),
        daily AS (
            SELECT g.date,
                   count(*) FILTER (g.date <= f.began + 30) AS new_count,
                   count(*) FILTER (g.date > f.began + 30 AND s.lifecycle_group IN ('just_ordered', 'active')) AS act,
                   count(*) FILTER (g.date > f.began + 30 AND s.lifecycle_group = 'slipping_away') AS slipping,
                   count(*) FILTER (g.date > f.began + 30 AND s.lifecycle_group = 'lost') AS lost
            FROM everyone g
            JOIN lifecycle_spells s ON s.valid_from <= g.date AND (s.valid_to IS NULL OR s.valid_to > g.date)
            JOIN firsts f USING (customer_id) GROUP BY 1)
        SELECT count(*) FROM everyone g FULL JOIN daily d USING (date)
        WHERE (g.new_count, g.active_count, g.slipping_away_count, g.lost_count)
              IS DISTINCT FROM (d.new_count, d.act, d.slipping, d.lost)""")  # fmt: skip
    assert wrong == (0,)
    assert one(duck, "SELECT count(*) FROM base_growth WHERE audience_key IS NULL")[0] == 374


STARTED = """
    WITH months AS (
        SELECT DISTINCT period_start AS first, least(last_day(period_start), DATE '2011-12-09') AS last
        FROM transitions
    ), money AS (
        SELECT source_id AS customer_id, local_date, net_revenue FROM customer_days
    ), orders_of AS (
        SELECT source_id AS customer_id, order_date FROM orders
        WHERE source_id IS NOT NULL AND state <> 'credit' AND voided_on IS NULL
    )"""


def test_flows_between_groups_are_those_of_the_spells_and_carry_the_months_money(
    duck: duckdb.DuckDBPyConnection,
) -> None:
    counted = f"""{STARTED}, ways AS (
        SELECT first, last, started.lifecycle_group AS from_value, ended.lifecycle_group AS to_value,
            ended.customer_id
        FROM months
        JOIN lifecycle_spells ended ON ended.valid_from <= last AND (ended.valid_to IS NULL OR ended.valid_to > last)
        LEFT JOIN lifecycle_spells started ON started.customer_id = ended.customer_id
            AND started.valid_from < first AND (started.valid_to IS NULL OR started.valid_to >= first)
    ), paid AS (
        SELECT ways.*, coalesce(sum(net_revenue) FILTER (local_date >= first), 0) AS now,
            coalesce(sum(net_revenue) FILTER (local_date < first), 0) AS before,
            any_value(ltv_predicted_365d) AS predicted
        FROM ways JOIN customer_profiles USING (customer_id)
        LEFT JOIN money ON ways.customer_id = money.customer_id AND local_date <= last
            AND local_date >= first - INTERVAL 1 YEAR
        GROUP BY ALL
    )
    SELECT first, from_value, to_value, count(*), sum(now), sum(before), sum(predicted) FROM paid GROUP BY ALL"""
    published = """SELECT period_start, from_value, to_value, customer_count, net_revenue, annual_revenue,
        ltv_predicted_365d FROM transitions WHERE kind = 'lifecycle'"""
    ours, theirs = duck.sql(published).fetchall(), duck.sql(counted).fetchall()
    assert len(ours) > 100
    assert sorted(ours, key=str) == sorted(theirs, key=str)


def test_flows_end_where_the_snapshot_puts_everyone_and_their_shares_are_whole(
    duck: duckdb.DuckDBPyConnection,
) -> None:
    for kind, column in (("lifecycle", "lifecycle_group"), ("stage", "customer_stage")):
        ended = duck.sql(f"""SELECT to_value, sum(customer_count) FROM transitions
            WHERE kind = '{kind}' AND period_start = DATE '2011-12-01' GROUP BY 1 ORDER BY 1""").fetchall()
        stand = duck.sql(f"""SELECT {column}, count(*) FROM customer_profiles
            WHERE {column} <> 'prospect' GROUP BY 1 ORDER BY 1""").fetchall()
        assert ended == stand
    assert one(duck, """SELECT count(*) FROM (SELECT sum(share) AS whole FROM transitions
        GROUP BY period_start, kind, from_value) WHERE abs(whole - 1) > 1e-12""") == (0,)  # fmt: skip
    assert one(duck, """SELECT share, expected_days FROM transitions WHERE period_start = DATE '2011-11-01'
        AND kind = 'stage' AND from_value = 'drop_off' AND to_value = 'drop_off'""") == (
        pytest.approx(398 / 474), pytest.approx(30 / (76 / 474)))  # fmt: skip


def test_repeat_ratio_frequency_and_value_of_each_month_are_those_of_its_orders(
    duck: duckdb.DuckDBPyConnection,
) -> None:
    counted = f"""{STARTED}, people AS (
        SELECT first, last, customer_id, count(*) FILTER (order_date < first) AS before, count(*) AS until,
            count(*) FILTER (order_date >= first) AS placed
        FROM months JOIN orders_of ON order_date <= last GROUP BY ALL
    ), paid AS (
        SELECT people.first, people.customer_id, before, until, placed, coalesce(sum(net_revenue), 0) AS net
        FROM people LEFT JOIN money ON people.customer_id = money.customer_id AND local_date BETWEEN first AND last
        GROUP BY ALL
    )
    SELECT first, count(*) FILTER (before = 1 AND until > 1) / nullif(count(*) FILTER (before = 1), 0),
        sum(placed) / nullif(count(*) FILTER (placed > 0), 0), round(sum(net) / sum(placed), 2)::DECIMAL(18,2)
    FROM paid GROUP BY first ORDER BY first"""
    published = """SELECT period_start, repeat_ratio, frequency_ratio, customer_value FROM stage_metrics
        WHERE period = 'month' AND stage IS NULL AND audience_key IS NULL ORDER BY period_start"""
    ours, theirs = duck.sql(published).fetchall(), duck.sql(counted).fetchall()
    assert len(ours) == 13
    for mine, other in zip(ours, theirs, strict=True):
        assert mine[0] == other[0]
        assert mine[1:3] == (pytest.approx(other[1]), pytest.approx(other[2]))
        assert abs(mine[3] - other[3]) <= Decimal("0.01")


def test_the_demo_ends_in_a_page_and_a_report_without_any_link_out(demo_folder: Path) -> None:
    output = (demo_folder.parent / "output.txt").read_text(encoding="utf-8")
    assert "4,328" in output
    last = json.loads(output.splitlines()[-1])
    assert [run["status"] for run in last["runs"]] == ["published"] * 3
    page = (demo_folder / "report.html").read_text(encoding="utf-8")
    assert "Content-Security-Policy" in page
    assert 'src="http' not in page
    assert "CC BY 4.0" in page


def test_every_critical_gate_held_on_the_real_shop(duck: duckdb.DuckDBPyConnection) -> None:
    failed = duck.sql("SELECT table_name, check_name, observed FROM check_results WHERE NOT success").fetchall()
    more_given_back_than_bought = "expect_column_values_to_be_between(refund_share)"
    assert failed == [("customer_profiles", more_given_back_than_bought, "8 of 4371 rows")]
