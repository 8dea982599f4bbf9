# ruff: noqa: E501 (tables are as wide as what they say)
from __future__ import annotations

from datetime import date
from decimal import Decimal

from pyspark.sql import SparkSession

from given import given
from lifetide.explorer.flow_facts import Backtest, Flow
from lifetide.explorer.reading_flows import backtests, flows, stage_metrics
from lifetide.tables import TABLES


def test_flows_are_those_of_the_last_twelve_whole_months(spark: SparkSession) -> None:
    typed = given(spark, TABLES["transitions"], """
        period_start | kind      | from_value | to_value      | customer_count | share | net_revenue | annual_revenue | expected_days | ltv_predicted_365d
        2025-03-01   | lifecycle | active     | active        | 9              | 1.0   | 1.00        | 1.00           | ·             | ·
        2025-04-01   | lifecycle | active     | active        | 8              | 0.8   | 5.00        | 7.00           | 150           | 12.50
        2026-03-01   | lifecycle | ·          | just_ordered  | 2              | 1.0   | ·           | ·              | ·             | ·
        2026-03-01   | segment   | loyal      | champion      | 5              | 1.0   | 1.00        | 1.00           | ·             | ·
        2026-04-01   | lifecycle | active     | slipping_away | 7              | 1.0   | 1.00        | 1.00           | ·             | ·
    """)  # fmt: skip
    expected = (
        Flow(
            date(2025, 4, 1),
            "lifecycle",
            "active",
            "active",
            8,
            0.8,
            Decimal("5.00"),
            Decimal("7.00"),
            150.0,
            Decimal("12.50"),
        ),
        Flow(date(2026, 3, 1), "lifecycle", None, "just_ordered", 2, 1.0),
    )
    assert flows(typed, date(2026, 3, 31)) == expected
    assert flows(typed, date(2026, 4, 29)) == expected
    assert [one.month for one in flows(typed, date(2026, 3, 30))] == [date(2025, 3, 1), date(2025, 4, 1)]


def test_metrics_are_of_whole_periods_and_an_audiences_say_whose(spark: SparkSession) -> None:
    typed = given(spark, TABLES["stage_metrics"], """
        period_start | period  | stage | audience_key | members_on | customer_count | repeat_ratio | customer_value | nps
        2026-01-01   | quarter | ·     | ·            | ·          | 900            | 0.4          | 20.00          | ·
        2026-04-01   | quarter | ·     | ·            | ·          | 900            | 0.5          | 20.00          | ·
        2026-04-01   | month   | ·     | ·            | ·          | 900            | 0.1          | 21.00          | 0.3
        2026-04-01   | month   | loyal | ·            | ·          | 90             | ·            | 30.00          | ·
        2026-04-01   | month   | ·     | vips         | 2026-03-31 | 7              | 0.9          | 90.00          | ·
        2026-05-01   | month   | ·     | ·            | ·          | 900            | 0.2          | 20.00          | ·
    """)  # fmt: skip
    found = stage_metrics(typed, date(2026, 5, 20))
    assert [(one.period, one.stage, one.repeat_ratio, one.customer_value) for one in found] == [
        ("quarter", None, 0.4, Decimal("20.00")),
        ("month", None, 0.1, Decimal("21.00")),
        ("month", None, 0.9, Decimal("90.00")),
        ("month", "loyal", None, Decimal("30.00")),
    ]
    assert found[1].nps == 0.3
    assert [(one.audience, one.members_on, one.customers) for one in found[1:3]] == [
        (None, None, 900), ("vips", date(2026, 3, 31), 7),
    ]  # fmt: skip


def test_the_newest_backtest_by_then_speaks(spark: SparkSession) -> None:
    typed = given(spark, TABLES["backtests"], """
        as_of      | cutoff     | horizon_days | kind      | class_value | customer_count | returned_count | expected_rate | auc
        2026-01-31 | 2025-10-31 | 90           | lifecycle | active      | 1              | 1              | ·             | ·
        2026-02-28 | 2025-11-30 | 90           | lifecycle | active      | 10             | 4              | 0.5           | 0.8
        2026-02-28 | 2025-11-30 | 90           | segment   | loyal       | 10             | 4              | 0.5           | 0.8
        2026-04-30 | 2026-01-31 | 90           | lifecycle | active      | 9              | 9              | ·             | ·
    """)  # fmt: skip
    found = backtests(typed, date(2026, 3, 31))
    assert found == (Backtest(date(2025, 11, 30), 90, "lifecycle", "active", 10, 4, 0.5, 0.8),)
    assert found[0].rate == 0.4
    assert backtests(typed, date(2025, 12, 31)) == ()
