"""What a customer is worth: five rows, worked out by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from lifetide.ltv.classes import fewest_above, with_classes
from lifetide.ltv.compressing import history_of, valued
from lifetide.ltv.gamma_gamma import GammaGamma
from lifetide.ltv.order_model import Fit
from lifetide.ltv.worth import present_value, with_sums, with_worth
from lifetide.policy import WorthPolicy

AS_OF = date(2026, 3, 1)
VALUES = GammaGamma(4.0, 5.0, 40.0, Fit({}, float("nan")))  # the shop's mean is 4 · 40 / 4 = 40
STATE = (
    "customer_id string, gap_count int, gap_sum_days bigint, log_gap_sum double, first_order_date date, "
    "last_order_date date, order_count bigint, order_day_count int, order_value_sum decimal(18,2), "
    "net_revenue decimal(18,2), margin decimal(18,2)"
)
SCORES = (
    "frequency int, recency_days int, tenure_days int, log_gap_sum double, p_alive double, p_order_30d double, "
    "p_order_90d double, p_order_365d double, expected_orders_365d double, lower_orders double, upper_orders double"
)
JAN, FEB = date(2026, 1, 1), date(2026, 1, 31)


@pytest.fixture
def state(spark):
    rows = [
        ("ada", 1, 30, 3.4012, JAN, FEB, 3, 2, "100.00", "90.00", "45.00"),
        ("bob", 1, 30, 3.4012, JAN, FEB, 2, 2, "0.00", "-5.00", "1.00"),
        ("cleo", 0, 0, 0.0, FEB, FEB, 1, 1, "20.00", "20.00", None),
        ("dora", 0, 0, 0.0, None, None, 0, 0, "0.00", "0.00", "0.00"),
    ]
    typed = [(*row[:8], *(None if one is None else Decimal(one) for one in row[8:])) for row in rows]
    return spark.createDataFrame(typed, STATE)


@pytest.fixture
def scored(spark):
    rows = [(1, 30, 59, 3.401, 0.9, 0.2, 0.5, 0.8, 2.5, 0.0, 6.0), (0, 0, 29, 0.0, 0.7, 0.1, 0.2, 0.4, 0.6, 0.7, 0.5)]
    return spark.createDataFrame(rows, SCORES)


def by_customer(frame) -> dict[str, dict]:
    return {row["customer_id"]: row.asDict() for row in frame.collect()}


def test_value_to_come_is_orders_times_value_and_total_adds_what_was_brought(state, scored):
    found = by_customer(with_sums(with_worth(state, scored, history_of(AS_OF), VALUES, WorthPolicy()).withColumn(
        "ltv_historic_margin", state["margin"])))  # fmt: skip
    ada, bob, cleo, dora = (found[name] for name in ("ada", "bob", "cleo", "dora"))
    # 4 (40 + 100) / (4 · 2 + 4) = 46.67; nothing known of values: 40; 4 (40 + 20) / (4 · 1 + 4) = 30
    assert [one["expected_order_value"] for one in (ada, bob, cleo)] == [
        Decimal("46.67"), Decimal("40.00"), Decimal("30.00"),
    ]  # fmt: skip
    assert (ada["ltv_predicted_365d"], ada["ltv_total"]) == (Decimal("116.68"), Decimal("206.68"))
    assert (ada["ltv_predicted_365d_lower"], ada["ltv_predicted_365d_upper"]) == (Decimal("0.00"), Decimal("280.02"))
    assert (ada["ltv_predicted_365d_margin"], ada["ltv_total_margin"]) == (Decimal("58.34"), Decimal("103.34"))
    assert (bob["ltv_predicted_365d"], bob["ltv_total"]) == (Decimal("100.00"), Decimal("95.00"))
    assert bob["ltv_predicted_365d_margin"] is None  # no net revenue to tell a share of
    assert (cleo["ltv_predicted_365d"], cleo["ltv_total_margin"]) == (Decimal("18.00"), None)
    assert cleo["ltv_predicted_365d_lower"] == cleo["ltv_predicted_365d_upper"] == cleo["ltv_predicted_365d"]
    assert {dora[name] for name in ("p_alive", "expected_orders_365d", "expected_order_value", "ltv_total")} == {None}
    assert ada["ltv_net_of_acquisition"] is None


def test_without_money_orders_are_still_expected(state, scored):
    found = by_customer(with_worth(state, scored, history_of(AS_OF), None, WorthPolicy()))["ada"]
    assert (found["p_order_90d"], found["expected_orders_365d"]) == (0.5, 2.5)
    assert (found["expected_order_value"], found["ltv_predicted_365d"], found["ltv_total"]) == (None, None, None)


def test_money_of_the_coming_year_is_worth_less_at_a_rate(state, scored):
    assert present_value(0.0) == 1.0
    assert present_value(0.1) == pytest.approx(0.95382, abs=1e-5)  # (1 − 1/1.1) / ln 1.1
    found = by_customer(with_worth(state, scored, history_of(AS_OF), VALUES, WorthPolicy(discount_rate=0.1)))["ada"]
    assert found["ltv_predicted_365d"] == Decimal("111.29")


def test_values_are_counted_by_purchase_days_and_mean(state):
    assert {tuple(row) for row in valued(state).collect()} == {(2, 50.0, 1.0), (1, 20.0, 1.0)}


def test_histories_of_weekly_cells_hold_the_middle_of_their_week(state):
    names = ("frequency", "recency_days", "tenure_days")
    found = by_customer(state.select("customer_id", *(history_of(AS_OF, 7)[name].alias(name) for name in names)))
    assert [found["ada"][name] for name in names] == [1, 31, 62]  # silence 29 → 31, first to last 30 → 31
    assert [found["cleo"][name] for name in names] == [0, 0, 31]
    assert found["dora"]["frequency"] is None


CLASSED = "customer_id string, ltv_total decimal(18,2), order_count bigint, baseline_interval_days double"
LIMITS = {
    "importance_medium_above": 50.0, "importance_high_above": 100.0, "importance_vip_above": 500.0,
    "loyalty_frequent_from": 6.0, "buying_frequency_low_up_to": 4.0, "buying_frequency_high_above": 12.0,
}  # fmt: skip


def test_classes_of_customers_by_learned_limits(spark):
    rows = [
        ("vip", Decimal(501), 9, 30.0), ("big_once", Decimal(900), 1, 60.0), ("at_the_limit", Decimal(500), 6, 91.25),
        ("some", Decimal(51), 2, 50.0), ("few", Decimal(50), 5, 365.0), ("nobody", None, 0, None),
    ]  # fmt: skip
    found = by_customer(with_classes(spark.createDataFrame(rows, CLASSED), LIMITS))
    told = {
        name: tuple(one[key] for key in ("importance", "loyalty", "buying_frequency")) for name, one in found.items()
    }
    assert told == {
        "vip": ("vip", "vip", "high"),
        "big_once": ("vip", "one_time", "low"),
        "at_the_limit": ("high", "frequent", "low"),
        "some": ("medium", "loyal", "medium"),
        "few": ("low", "loyal", "low"),
        "nobody": (None, None, None),
    }


def test_without_money_there_is_loyalty_and_no_importance(spark):
    limits = {name: value for name, value in LIMITS.items() if not name.startswith("importance")}
    found = by_customer(with_classes(spark.createDataFrame([("ada", None, 7, 30.0)], CLASSED), limits))["ada"]
    assert (found["importance"], found["loyalty"], found["buying_frequency"]) == (None, "frequent", "high")


def test_the_fewest_who_bring_a_share_of_the_revenue():
    worth, revenue = [10.0, 40.0, 20.0, 30.0], [10.0, 40.0, 20.0, 30.0]
    assert fewest_above(worth, revenue, 0.2) == 35.0  # the 40 alone bring more than a fifth of 100
    assert fewest_above(worth, revenue, 0.5) == 25.0
    assert fewest_above(worth, revenue, 1.0) == 10.0
