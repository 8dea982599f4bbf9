from __future__ import annotations

import json
import logging
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from gates.typed import EARLIER, FEB, JAN, SOUND, typed
from lifetide.errors import SettingsError
from lifetide.gates import CheckResult, check, load_suite
from lifetide.vocabulary import Severity

NOT_NULL, UNIQUE = "expect_column_values_to_not_be_null", "expect_column_values_to_be_unique"
COMPOUND, BETWEEN = "expect_compound_columns_to_be_unique", "expect_column_values_to_be_between"
IN_SET, PAIR = "expect_column_values_to_be_in_set", "expect_column_pair_values_a_to_be_greater_than_b"
DISTINCT = "expect_column_distinct_values_to_be_in_set"
BUYER, SCORED = "lifecycle_group <> 'prospect'", "order_count >= 2"
SALE = "state = 'completed' AND is_product"
CREDIT = "state IN ('cancelled', 'refunded') AND is_product"

FAULTS: dict[str, list[tuple[dict[str, Any], str]]] = {
    "events": [
        ({}, f"{UNIQUE}(event_id)"),
        ({"event_date": None}, f"{NOT_NULL}(event_date)"),
        ({"state": "lost"}, f"{IN_SET}(state)"),
        ({"amount": -1}, f"{BETWEEN}(amount where {SALE})"),
        ({"state": "refunded", "amount": 1}, f"{BETWEEN}(amount where {CREDIT})"),
        ({"order_id": None}, f"{NOT_NULL}(order_id where state IS NOT NULL)"),
    ],
    "rejected_events": [({}, f"{UNIQUE}(reject_id)"), ({"reasons": None}, f"{NOT_NULL}(reasons)")],
    "products": [({}, f"{UNIQUE}(product_id)"), ({"price": -1}, f"{BETWEEN}(price)")],
    "customers": [
        ({}, f"{UNIQUE}(customer_id)"),
        ({"customer_id": "ben", "email": "none"}, "expect_column_values_to_match_regex(email)"),
    ],
    "consents": [
        ({}, f"{COMPOUND}(customer_id, channel, changed_at)"),
        ({"channel": "post"}, f"{IN_SET}(channel)"),
        ({"status": "maybe"}, f"{IN_SET}(status)"),
    ],
    "identities": [
        ({}, f"{COMPOUND}(source_id, valid_from)"),
        ({"source_id": "anon:v2", "valid_to": EARLIER}, f"{PAIR}(valid_to, valid_from)"),
    ],
    "surveys": [({}, f"{COMPOUND}(customer_id, answered_at)"), ({"score": 11}, f"{BETWEEN}(score)")],
    "acquisition_costs": [({}, f"{COMPOUND}(channel, month)"), ({"cost": -1}, f"{BETWEEN}(cost)")],
    "fx_rates": [({}, f"{COMPOUND}(currency, date)"), ({"rate": 0}, f"{BETWEEN}(rate)")],
    "ad_results": [
        ({}, f"{COMPOUND}(campaign, date, audience_key, audience_version)"),
        ({"cost": -1}, f"{BETWEEN}(cost)"),
        ({"clicks": -1}, f"{BETWEEN}(clicks)"),
    ],
    "referrals": [
        ({}, f"{COMPOUND}(referrer_id, referred_id)"),
        ({"referred_at": None}, f"{NOT_NULL}(referred_at)"),
    ],
    "orders": [
        ({}, f"{UNIQUE}(order_id)"),
        ({"refunded_amount": -1}, f"{BETWEEN}(refunded_amount)"),
        ({"state": "credit"}, f"{BETWEEN}(gross_revenue where state = 'credit')"),
        ({"state": "cancelled"}, f"{NOT_NULL}(voided_on where state = 'cancelled')"),
        ({"order_date": FEB, "voided_on": JAN}, f"{PAIR}(voided_on, order_date)"),
    ],
    "refund_matches": [({"amount": -1}, f"{BETWEEN}(amount)")],
    "sale_lines": [({"event_id": "e2", "quantity": -1}, f"{BETWEEN}(quantity)")],
    "credit_parts": [({"credit_event_id": "c2", "matched_units": -1}, f"{BETWEEN}(matched_units)")],
    "customer_days": [
        ({}, f"{COMPOUND}(source_id, local_date)"),
        ({"order_count": -1}, f"{BETWEEN}(order_count)"),
    ],
    "customer_items": [
        ({}, f"{COMPOUND}(source_id, local_date, product_id)"),
        ({"units_credited": -1}, f"{BETWEEN}(units_credited)"),
        ({"gross_revenue": -1}, f"{BETWEEN}(gross_revenue)"),
    ],
    "customer_state": [
        ({}, f"{UNIQUE}(customer_id)"),
        ({"gap_count": -1}, f"{BETWEEN}(gap_count)"),
        ({"order_day_count": 3}, f"{PAIR}(order_count, order_day_count)"),
        ({"gap_count": 3}, f"{PAIR}(order_day_count, gap_count)"),
        ({"last_order_date": None}, f"{NOT_NULL}(last_order_date where order_day_count > 0)"),
    ],
    "learned_parameters": [
        ({}, f"{COMPOUND}(name, scope, as_of)"),
        ({"method": "guess"}, f"{IN_SET}(method)"),
        ({"value": None}, f"{NOT_NULL}(value)"),
    ],
    "ltv_models": [
        ({}, f"{COMPOUND}(model, scope, as_of)"),
        ({"weight": 1.1}, f"{BETWEEN}(weight)"),
        ({"parameters": None}, f"{NOT_NULL}(parameters)"),
        ({"horizon_days": 400}, f"{BETWEEN}(horizon_days)"),
        ({"drift": -0.1}, f"{BETWEEN}(drift)"),
    ],
    "customer_profiles": [
        ({}, f"{COMPOUND}(as_of, customer_id)"),
        ({"rfm_recency": 6}, f"{BETWEEN}(rfm_recency)"),
        ({"stage_reason": "other"}, f"{IN_SET}(stage_reason)"),
        ({"rfm_monetary": None}, f"{NOT_NULL}(rfm_monetary where {SCORED})"),
        ({"rfm_segment": "other"}, f"{IN_SET}(rfm_segment)"),
        ({"lost_after_days": 59}, f"{PAIR}(lost_after_days, slip_after_days)"),
        ({"slip_after_days": None}, f"{NOT_NULL}(slip_after_days where {BUYER})"),
        ({"lifecycle_group": "prospect"}, f"{BETWEEN}(order_count where lifecycle_group = 'prospect')"),
        ({"refund_share": 1.5}, f"{BETWEEN}(refund_share)"),
        ({"p_alive": 1.1}, f"{BETWEEN}(p_alive)"),
        ({"p_order_30d": 0.6}, f"{PAIR}(p_order_90d, p_order_30d)"),
        ({"p_order_90d": 0.85}, f"{PAIR}(p_order_365d, p_order_90d)"),
        ({"expected_orders_365d": 0.7}, f"{PAIR}(expected_orders_365d, p_order_365d)"),
        ({"expected_orders_365d": None}, f"{NOT_NULL}(expected_orders_365d where {BUYER})"),
        ({"ltv_predicted_365d_lower": 26}, f"{PAIR}(ltv_predicted_365d, ltv_predicted_365d_lower)"),
        ({"ltv_predicted_365d_upper": 24}, f"{PAIR}(ltv_predicted_365d_upper, ltv_predicted_365d)"),
        ({"ltv_total": 19}, f"{PAIR}(ltv_total, ltv_historic)"),
    ],
    "lifecycle_spells": [
        ({}, f"{COMPOUND}(customer_id, valid_from)"),
        ({"valid_to": JAN}, f"{PAIR}(valid_to, valid_from)"),
        ({"lifecycle_group": "prospect"}, "expect_column_values_to_not_be_in_set(lifecycle_group)"),
    ],
    "base_growth": [
        ({}, f"{COMPOUND}(date, audience_key)"),
        ({"just_ordered_count": 3}, f"{PAIR}(active_count, just_ordered_count)"),
    ],
    "stage_metrics": [
        ({}, f"{COMPOUND}(period_start, period, stage, audience_key)"),
        ({"customer_count": 0}, f"{BETWEEN}(customer_count)"),
        ({"repeat_ratio": 1.1}, f"{BETWEEN}(repeat_ratio)"),
        ({"loyal_activation_ratio": 0.6}, f"{PAIR}(activation_ratio, loyal_activation_ratio)"),
        ({"frequency_ratio": 0.5}, f"{BETWEEN}(frequency_ratio)"),
        ({"nps_upper": 0.0}, f"{PAIR}(nps_upper, nps_lower)"),
    ],
    "transitions": [
        ({}, f"{COMPOUND}(period_start, kind, from_value, to_value)"),
        ({"kind": "mood"}, f"{IN_SET}(kind)"),
        ({"share": 1.2}, f"{BETWEEN}(share)"),
        ({"customer_count": 0}, f"{BETWEEN}(customer_count)"),
    ],
    "backtests": [
        ({}, f"{COMPOUND}(as_of, cutoff, kind, class_value)"),
        ({"returned_count": 3}, f"{PAIR}(customer_count, returned_count)"),
        ({"cutoff": date(2026, 3, 1)}, f"{PAIR}(as_of, cutoff)"),
        ({"auc": 1.5}, f"{BETWEEN}(auc)"),
    ],
    "audience_definitions": [
        ({}, f"{COMPOUND}(audience_key, version)"),
        ({"version": 3, "supersedes": 3}, f"{PAIR}(version, supersedes)"),
        ({"version": 3, "rule_hash": None}, f"{NOT_NULL}(rule_hash)"),
    ],
    "audience_members": [
        ({}, f"{COMPOUND}(audience_key, version, customer_id, valid_from, recorded_from)"),
        ({"valid_to": JAN}, f"{PAIR}(valid_to, valid_from)"),
        ({"recorded_to": EARLIER}, f"{PAIR}(recorded_to, recorded_from)"),
        ({"enter_reason": "because"}, f"{IN_SET}(enter_reason)"),
        ({"exit_reason": "because"}, f"{IN_SET}(exit_reason)"),
    ],
    "audience_overview": [
        ({}, f"{COMPOUND}(as_of, audience_key)"),
        ({"lost_share": 1.1}, f"{BETWEEN}(lost_share)"),
        ({"annual_orders": 3.0}, f"{PAIR}(average_orders, annual_orders)"),
        ({"ltv_predicted_365d_lower": 7}, f"{PAIR}(ltv_predicted_365d_upper, ltv_predicted_365d_lower)"),
    ],
    "audience_classes": [
        ({}, f"{COMPOUND}(as_of, audience_key, kind, class_value)"),
        ({"member_share": 1.1}, f"{BETWEEN}(member_share)"),
        ({"class_value": None}, f"{NOT_NULL}(class_value)"),
    ],
    "audience_products": [
        ({}, f"{COMPOUND}(as_of, audience_key, logic, product_id)"),
        ({"logic": "cheap"}, f"{IN_SET}(logic)"),
        ({"units": 0}, f"{BETWEEN}(units)"),
        ({"lift": None}, f"{NOT_NULL}(lift)"),
    ],
    "run_metrics": [({"rejected_share": 0.011}, "expect_column_max_to_be_between(rejected_share)")],
}
"""What is changed in a sound row, and the check that must find it; unchanged, it is a second of its key."""

PROSPECT = {
    "lifecycle_group": "prospect", "lifecycle_reason": "no_net_order", "rfm_segment": "engaged_visitor",
    "customer_stage": "prospect", "stage_reason": "no_net_order",
    "rfm_reason": "no_order_no_email", "rfm_stage": "acquire", "order_count": 0, "order_day_count": 0,
    "annual_orders": 0,
}  # fmt: skip
UNKNOWN_TO_PROSPECTS = (
    "first_order_date", "last_order_date", "days_since_last_order", "frequency", "recency_days",
    "tenure_days", "discount_share", "refund_share", "own_interval_days", "baseline_interval_days",
    "baseline_source", "regularity", "overdue_ratio", "expected_next_order_date", "slip_after_days",
    "lost_after_days", "just_ordered_until_days", "is_rate_drop", "is_ticket_decline", "rfm_recency", "rfm_frequency",
    "rfm_monetary", "p_alive", "p_order_30d", "p_order_90d", "p_order_365d", "expected_orders_365d",
    "expected_order_value", "ltv_predicted_365d", "ltv_predicted_365d_lower", "ltv_predicted_365d_upper", "ltv_total",
    "importance", "loyalty", "buying_frequency",
)  # fmt: skip


def failed(results: list[CheckResult]) -> dict[str, CheckResult]:
    return {result.check: result for result in results if not result.success}


def own(folder: Path, *expectations: dict[str, Any]) -> tuple[Path, ...]:
    rows = [{"severity": "critical", "meta": {"why": "It is so."}, **one} for one in expectations]
    (folder / "products.json").write_text(json.dumps({"name": "products", "expectations": rows}))
    return (folder,)


@pytest.mark.parametrize("table", SOUND)
def test_sound_rows_pass_and_a_planted_fault_is_found(spark: SparkSession, shipped: Path, table: str) -> None:
    suite = load_suite(table, (shipped,))
    assert failed(check(typed(spark, table, SOUND[table]), suite, {})) == {}
    rows = [{**SOUND[table], **change} for change, _ in FAULTS[table]]
    found = failed(check(typed(spark, table, SOUND[table], *rows), suite, {}))
    assert {name for _, name in FAULTS[table]} <= set(found)
    assert all(result.observed for result in found.values())


def test_a_prospect_passes_without_what_only_buyers_have(spark: SparkSession, shipped: Path) -> None:
    row = {**SOUND["customer_profiles"], **PROSPECT, **dict.fromkeys(UNKNOWN_TO_PROSPECTS)}
    suite = load_suite("customer_profiles", (shipped,))
    assert failed(check(typed(spark, "customer_profiles", row), suite, {})) == {}


def test_figures_that_are_unknown_pass(spark: SparkSession, shipped: Path) -> None:
    row = {"run_id": "r1", "job": "ingest"}
    suite = load_suite("run_metrics", (shipped,))
    assert failed(check(typed(spark, "run_metrics", row), suite, {})) == {}


def test_each_figure_of_a_run_is_judged_and_told(spark: SparkSession, shipped: Path) -> None:
    row = {
        **SOUND["run_metrics"],
        "lost_row_count": -1,
        "daily_revenue_ratio": 20.5,
        "money_orders_difference": -0.01,
        "money_people_difference": 0.01,
        "missing_customer_share": 0.11,
        "group_flip_share": 0.3,
        "largest_segment_share": 0.96,
        "expected_orders_ratio": 5.1,
        "value_total_difference": 0.01,
        "least_audience_ratio": 0.4,
        "largest_audience_ratio": 2.5,
        "audience_flip_share": 0.6,
        "emptied_audience_count": 1,
        "audience_difference_count": 2,
    }
    results = failed(check(typed(spark, "run_metrics", row), load_suite("run_metrics", (shipped,)), {}))
    seen = {name.partition("(")[2][:-1]: (one.severity.value, one.observed) for name, one in results.items()}
    assert seen == {
        "lost_row_count": ("critical", "-1 (min_value 0, max_value 0)"),
        "daily_revenue_ratio": ("critical", "20.5 (max_value 20)"),
        "money_orders_difference": ("critical", "-0.01 (min_value -0.005, max_value 0.005)"),
        "money_people_difference": ("critical", "0.01 (min_value -0.005, max_value 0.005)"),
        "missing_customer_share": ("critical", "0.11 (max_value 0.1)"),
        "group_flip_share": ("warning", "0.3 (max_value 0.2)"),
        "largest_segment_share": ("warning", "0.96 (max_value 0.95)"),
        "expected_orders_ratio": ("warning", "5.1 (min_value 0.2, max_value 5)"),
        "value_total_difference": ("critical", "0.01 (min_value -0.005, max_value 0.005)"),
        "least_audience_ratio": ("critical", "0.4 (min_value 0.5)"),
        "largest_audience_ratio": ("critical", "2.5 (max_value 2)"),
        "audience_flip_share": ("critical", "0.6 (max_value 0.5)"),
        "emptied_audience_count": ("critical", "1 (max_value 0)"),
        "audience_difference_count": ("critical", "2 (max_value 0)"),
    }


def test_no_rows_at_all_pass(spark: SparkSession, shipped: Path) -> None:
    assert failed(check(typed(spark, "orders"), load_suite("orders", (shipped,)), {})) == {}


def test_results_tell_counts_and_never_values(spark: SparkSession, tmp_path: Path) -> None:
    secret = {**SOUND["products"], "product_id": "ada@example.com", "name": "Ada"}
    folders = own(
        tmp_path,
        {"type": UNIQUE, "kwargs": {"column": "product_id"}},
        {"type": "expect_column_values_to_match_regex", "kwargs": {"column": "name", "regex": "x"}},
        {"type": DISTINCT, "kwargs": {"column": "name", "value_set": ["x"]}},
    )
    suite = load_suite("products", folders)
    results = check(typed(spark, "products", secret, secret), suite, {})
    assert [result.success for result in results] == [False, False, False]
    assert [result.observed for result in results] == ["2 of 2 rows", "2 of 2 rows", "1 distinct values"]
    assert "ada" not in repr(results).lower()


def test_an_expectation_that_raises_has_failed_and_says_what_was_raised(spark: SparkSession, tmp_path: Path) -> None:
    wrong = {"type": BETWEEN, "kwargs": {"column": "name", "min_value": 1}}
    right = {"type": NOT_NULL, "kwargs": {"column": "product_id"}}
    suite = load_suite("products", own(tmp_path, wrong, right))
    results = check(typed(spark, "products", {**SOUND["products"], "name": "Ada"}), suite, {})
    assert [(result.success, result.observed) for result in results] == [
        (False, "it raised InvalidColumnTypeError"),
        (True, None),
    ]


def test_settings_change_a_severity_by_the_name_of_the_check(spark: SparkSession, shipped: Path) -> None:
    suite = load_suite("products", (shipped,))
    bad = typed(spark, "products", {**SOUND["products"], "price": -1})
    name = f"{BETWEEN}(price)"
    elsewhere = f"orders.{UNIQUE}(order_id)"
    results = check(bad, suite, {f"products.{name}": Severity.CRITICAL, elsewhere: Severity.WARNING})
    assert failed(results)[name].severity is Severity.CRITICAL
    with pytest.raises(SettingsError, match="did you mean"):
        check(bad, suite, {"products.expect_column_values_to_be_between(prize)": Severity.CRITICAL})


def test_an_expectation_that_is_dropped_after_loading_is_refused(spark: SparkSession, shipped: Path) -> None:
    suite = load_suite("products", (shipped,))
    broken = replace(suite.checks[0], configuration={**suite.checks[0].configuration, "type": "expect_nothing"})
    with pytest.raises(SettingsError, match="built 3 of the 4 expectations"):
        check(
            typed(spark, "products", SOUND["products"]),
            replace(suite, checks=(broken, *suite.checks[1:])),
            {},
        )


def test_the_users_own_project_and_logging_stay_as_they_were(spark: SparkSession, shipped: Path) -> None:
    import great_expectations as gx
    from great_expectations.data_context.data_context.context_factory import project_manager

    mine = gx.get_context(mode="ephemeral")
    level = logging.getLogger("great_expectations").level
    check(typed(spark, "products", SOUND["products"]), load_suite("products", (shipped,)), {})
    assert project_manager.get_current_project() is mine
    assert logging.getLogger("great_expectations").level == level


def test_a_gate_asks_no_network(spark: SparkSession, shipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import requests

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a gate asked the network")

    monkeypatch.setattr(requests.Session, "request", refuse)
    results = check(typed(spark, "products", SOUND["products"]), load_suite("products", (shipped,)), {})
    assert failed(results) == {}
