# ruff: noqa: E501 (tables are as wide as what they say)
from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timezone
from decimal import Decimal

import pytest
from pyspark.sql import DataFrame, SparkSession

from given import given
from lifetide.explorer.collecting import collect_facts
from lifetide.explorer.facts import ActiveThen, GroupFacts, GrowthDay, ReportFacts, RhythmExample, Seller
from lifetide.explorer.months import months_before
from lifetide.settings import Shop
from lifetide.tables import TABLES
from lifetide.vocabulary import LifecycleGroup, RfmSegment

AS_OF = date(2026, 3, 31)
SHOP = Shop(timezone="Europe/London", currency="GBP", name="Ada & sons")

TYPED = {
    "customer_profiles": """
        as_of      | parameters_as_of | customer_id | lifecycle_group | rfm_segment     | ltv_historic | annual_revenue | order_day_count | own_interval_days | baseline_interval_days | slip_after_days | lost_after_days
        2026-03-31 | 2026-03-30       | ada         | just_ordered    | champion        | 100.10       | 90.00          | 3               | 10                | 12                     | 20              | 50
        2026-03-31 | 2026-03-30       | ben         | slipping_away   | at_risk         | 30.00        | 20.00          | 2               | 40                | 36                     | 60              | 140
        2026-03-31 | 2026-03-30       | cem         | slipping_away   | first_time      | 5.05         | 5.05           | 1               | ·                 | 30                     | 50              | 120
        2026-03-31 | 2026-03-30       | dee         | prospect        | engaged_visitor | -2.00        | -2.00          | 0               | ·                 | ·                      | ·               | ·
        2026-03-01 | 2026-03-01       | old         | lost            | lost            | 999.00       | 0.00           | 9               | 5                 | 5                      | 9               | 20
    """,
    "customer_state": """
        customer_id | last_gaps
        ada         | [3, 18]
        ben         | [36]
        cem         | []
        dee         | []
    """,
    "orders": """
        order_id | source_id | order_date | voided_on  | state     | refunded_amount | net_revenue
        1        | ada       | 2026-01-31 | ·          | completed | 0               | 100.10
        2        | ·         | 2026-02-01 | ·          | completed | 0               | 40.00
        3        | ben       | 2026-02-02 | 2026-02-09 | refunded  | 15.00           | 0.00
        4        | dee       | 2026-02-03 | ·          | credit    | 2.00            | -2.00
        5        | ada       | 2026-04-02 | ·          | completed | 0               | 70.00
    """,
    "base_growth": """
        date       | audience_key | new_count | active_count | slipping_away_count | lost_count | just_ordered_count
        2026-03-31 | ·            | 1         | 2            | 1                   | 0          | 2
        2026-02-28 | ·            | 1         | 1            | 0                   | 0          | 1
        2026-02-28 | vips         | 7         | 7            | 7                   | 7          | 7
    """,
    "learned_parameters": """
        name                     | scope | as_of      | value | lower | upper | method   | sample_count | is_pinned
        cut75                    | shop  | 2026-03-30 | 1.4   | ·     | ·     | quantile | 120          | false
        cut95                    | shop  | 2026-03-30 | 3.0   | 2.8   | 3.3   | quantile | 120          | false
        cut95                    | shop  | 2026-01-30 | 9.0   | ·     | ·     | quantile | 120          | false
        population_interval_days | shop  | 2026-03-30 | 25    | ·     | ·     | median   | 2            | false
    """,
    "customer_items": """
        source_id | local_date | product_id | category | units_sold | units_credited | net_revenue
        ada       | 2026-01-31 | mug        | Mugs     | 10         | 2              | 80.00
        ada       | 2026-01-31 | tin        | Tins     | 5          | 0              | 20.10
        ben       | 2026-02-02 | tin        | Tins     | 5          | 5              | 0.00
        ada       | 2026-04-02 | tin        | Tins     | 50         | 0              | 500.00
        cem       | 2026-02-02 | pen        | ·        | 1          | 0              | 5.05
    """,
    "rejected_events": """
        reject_id | reasons
        1         | ["bad_amount", "bad_quantity"]
        2         | ["bad_amount"]
    """,
    "runs": """
        run_id | job    | as_of      | status    | finished_at          | seconds | row_counts
        i1     | ingest | ·          | published | 2026-03-31T05:00:00Z | 3       | {"events": 7}
        b0     | build  | 2026-03-31 | published | 2026-03-31T06:00:00Z | 9       | {"orders": 1}
        b1     | build  | 2026-03-31 | published | 2026-04-01T06:30:00Z | 8.5     | {"customer_profiles": 4, "orders": 5, "input": 3}
        b2     | build  | 2026-03-31 | refused   | 2026-04-01T07:00:00Z | 8.5     | {}
    """,
    "check_results": """
        run_id | table_name | check_name | severity | success | observed | why
        b1     | orders     | unique     | critical | true    | ·        | w
        b1     | orders     | sums       | warning  | false   | 2 rows   | w
        i1     | events     | unique     | critical | true    | ·        | w
        b0     | orders     | unique     | critical | false   | 9 rows   | w
    """,
    "events": """
        event_id
        e1
        e2
    """,
}  # fmt: skip


def reader(spark: SparkSession, typed: dict[str, str]) -> Callable[[str], DataFrame]:
    def read(name: str) -> DataFrame:
        return given(spark, TABLES[name], typed.get(name, TABLES[name].key[0]))

    return read


@pytest.fixture(scope="module")
def facts(spark: SparkSession) -> ReportFacts:
    return collect_facts(reader(spark, TYPED), shop=SHOP, as_of=AS_OF, attribution="Data: me")


def test_people_and_their_money_are_those_of_the_snapshot(facts: ReportFacts) -> None:
    assert (facts.customers, facts.buyers, facts.prospects) == (4, 3, 1)
    assert facts.group(LifecycleGroup.SLIPPING_AWAY) == GroupFacts(
        LifecycleGroup.SLIPPING_AWAY, 2, Decimal("35.05"), Decimal("25.05")
    )
    assert facts.group(LifecycleGroup.LOST).customers == 0
    assert facts.segment(RfmSegment.CHAMPION).net_revenue == Decimal("100.10")
    assert facts.customer_revenue == Decimal("133.15")
    assert facts.parameters_as_of == date(2026, 3, 30)
    assert (facts.shop, facts.currency, facts.attribution) == ("Ada & sons", "GBP", "Data: me")


def test_orders_count_once_and_credits_are_money_only(facts: ReportFacts) -> None:
    orders = facts.orders
    assert (orders.orders, orders.voided_orders, orders.guest_orders) == (2, 1, 1)
    assert (orders.net_revenue, orders.returned_money) == (Decimal("138.10"), Decimal("17.00"))
    assert orders.guest_revenue == Decimal("40.00")
    assert (orders.first_date, orders.last_date) == (date(2026, 1, 31), date(2026, 2, 2))
    assert orders.restated_on is None


def test_growth_is_everybodys_and_looks_back_by_calendar_months(facts: ReportFacts) -> None:
    assert facts.growth == (
        GrowthDay(date(2026, 2, 28), 1, 1, 0, 0, 1),
        GrowthDay(date(2026, 3, 31), 1, 2, 1, 0, 2),
    )
    assert facts.active_then[0] == ActiveThen(1, date(2026, 2, 28), 1)
    assert [then.active for then in facts.active_then[1:]] == [None, None, None]
    assert months_before(date(2024, 2, 29), 12) == date(2023, 2, 28)
    assert months_before(date(2026, 1, 15), 1) == date(2025, 12, 15)


def test_gaps_are_divided_by_the_baseline_and_the_cuts_are_those_in_use(facts: ReportFacts) -> None:
    rhythm = facts.rhythm
    assert rhythm.cut95 is not None
    assert (rhythm.cut95.value, rhythm.cut95.lower, rhythm.cut95.sample_count) == (3.0, 2.8, 120)
    assert rhythm.just_ordered is None
    filled = [(round(bin_.lower, 1), bin_.count) for bin_ in rhythm.gap_ratios if bin_.count]
    assert filled == [(0.2, 1), (1.0, 1), (1.4, 1)]
    assert rhythm.gap_ratios[-1].upper is None
    assert rhythm.gap_ratios[-1].lower >= 3.9
    assert sum(bin_.count for bin_ in rhythm.own_intervals) == 2
    assert rhythm.examples == (RhythmExample(2, 24.0, 40.0, 95.0),)


def test_sellers_are_categories_net_of_returns(facts: ReportFacts) -> None:
    assert facts.seller_kind == "category"
    assert facts.sellers == (
        Seller("Mugs", Decimal("80.00"), Decimal("8.000")),
        Seller("Tins", Decimal("20.10"), Decimal("5.000")),
    )


def test_without_categories_products_are_shown_by_name(spark: SparkSession) -> None:
    typed = TYPED | {
        "customer_items": """
            source_id | local_date | product_id | units_sold | units_credited | net_revenue
            ada       | 2026-01-31 | mug        | 10         | 2              | 80.00
            ada       | 2026-01-31 | tin        | 5          | 0              | 20.10
        """,
        "products": """
            product_id | name
            mug        | A mug
        """,
    }
    facts = collect_facts(reader(spark, typed), shop=SHOP, as_of=AS_OF)
    assert facts.seller_kind == "product"
    assert [one.name for one in facts.sellers] == ["A mug", "tin"]


def test_the_newest_published_build_speaks_and_the_ingest_before_it(facts: ReportFacts) -> None:
    assert facts.run is not None
    assert facts.run.run_id == "b1"
    assert facts.run.published_at == datetime(2026, 4, 1, 6, 30, tzinfo=timezone.utc)
    assert facts.row_counts == (("events", 2), ("orders", 5), ("customer_profiles", 4))
    assert [(one.table, one.checks, one.passed, one.failed_warnings) for one in facts.checks] == [
        ("events", 1, 1, 0),
        ("orders", 2, 1, 1),
    ]
    assert facts.checks[1].failures[0].observed == "2 rows"


def test_refused_rows_are_counted_once_and_reasons_each(facts: ReportFacts) -> None:
    assert facts.rejected_rows == 2
    assert facts.rejections == (("bad_amount", 2), ("bad_quantity", 1))


def test_a_past_report_says_which_day_its_orders_are_known_on(spark: SparkSession) -> None:
    facts = collect_facts(reader(spark, TYPED), shop=SHOP, as_of=date(2026, 3, 1))
    assert facts.orders.restated_on == AS_OF
    assert facts.customers == 1
    assert facts.run is None


def test_a_shop_of_nothing_has_empty_facts(spark: SparkSession) -> None:
    facts = collect_facts(reader(spark, {}), shop=SHOP, as_of=AS_OF)
    assert facts == ReportFacts(shop="Ada & sons", currency="GBP", as_of=AS_OF, active_then=facts.active_then,
                                seller_kind="product")  # fmt: skip
    assert {then.active for then in facts.active_then} == {None}
