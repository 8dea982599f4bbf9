"""The names in DESIGN 4b and 4c are a contract: they are typed here by hand and compared with the catalogue."""

from __future__ import annotations

import re

import pytest

from lifetide.tables import CATALOGUE, TABLES, Table
from lifetide.tables.model import NEVER

PROMISED = {
    "events": "event_id event_type event_at event_date updated_at content_hash state source_id customer_id "
    "anonymous_id session_id order_id refunds_order_id product_id is_product category quantity unit_price amount "
    "discount_amount channel campaign query page source batch",
    "rejected_events": "source reasons payload batch",
    "products": "product_id name category price unit_cost published_at",
    "customers": "customer_id email phone first_name last_name city zip country signed_up_at",
    "consents": "customer_id channel status changed_at",
    "identities": "source_id customer_id",
    "surveys": "customer_id score answered_at",
    "acquisition_costs": "channel month cost",
    "fx_rates": "currency date rate",
    "ad_results": "campaign date audience_key audience_version cost impressions clicks",
    "referrals": "referrer_id referred_id referred_at",
    "orders": "order_id source_id customer_id ordered_at order_date voided_on state item_count gross_revenue "
    "discount_amount refunded_amount net_revenue margin channel",
    "refund_matches": "credit_event_id sale_event_id units amount",
    "customer_days": "source_id local_date order_count order_value item_count gross_revenue refunded_amount "
    "net_revenue margin discount_amount visit_count product_view_count search_count cart_count",
    "customer_items": "source_id local_date product_id category order_count units_sold units_credited "
    "gross_revenue net_revenue view_count cart_count",
    "customer_state": "customer_id order_day_count gap_sum_days gap_square_sum log_gap_sum last_gaps net_revenue",
    "learned_parameters": "name scope as_of value lower upper method sample_count is_pinned",
    "ltv_models": "model scope as_of parameters log_likelihood poisson_deviance horizon_days weight is_chosen notes",
    "customer_profiles": "as_of customer_id is_anonymous parameters_as_of "
    "first_order_date last_order_date cohort_month order_count order_day_count item_count days_since_last_order "
    "frequency recency_days tenure_days order_value_sum average_order_value monetary_value annual_orders "
    "annual_revenue discount_share refund_share "
    "own_interval_days group_key group_interval_days baseline_interval_days baseline_source interval_cv regularity "
    "overdue_ratio expected_next_order_date slip_after_days lost_after_days just_ordered_until_days recent_rate "
    "earlier_rate is_rate_drop is_ticket_decline "
    "lifecycle_group lifecycle_reason customer_stage stage_reason rfm_recency rfm_frequency rfm_monetary "
    "rfm_segment rfm_reason rfm_stage "
    "ltv_historic ltv_historic_margin p_order_30d p_order_90d p_order_365d p_alive expected_orders_365d "
    "expected_order_value ltv_predicted_365d ltv_predicted_365d_lower ltv_predicted_365d_upper "
    "ltv_predicted_365d_margin acquisition_cost ltv_total ltv_total_margin ltv_net_of_acquisition "
    "importance loyalty buying_frequency price_sensitivity main_category acquisition_channel visit_count "
    "last_visit_date has_email consent_email consent_sms consent_push consent_ads nps_score",
    "lifecycle_spells": "customer_id lifecycle_group valid_from valid_to reason",
    "base_growth": "date audience_key new_count active_count slipping_away_count lost_count just_ordered_count",
    "stage_metrics": "repeat_ratio activation_ratio frequency_ratio customer_value nps",
    "transitions": "kind customer_count share net_revenue ltv_predicted_365d",
    "backtests": "cutoff horizon_days kind class_value customer_count returned_count expected_rate auc",
    "audience_definitions": "version rule_hash canonical name owner supersedes",
    "audience_members": "audience_key version customer_id valid_from valid_to enter_reason exit_reason "
    "recorded_from recorded_to run_id",
    "audience_overview": "as_of member_count ltv_per_customer average_orders average_basket_size annual_orders "
    "annual_revenue lost_share member_count_ratio ltv_per_customer_ratio average_orders_ratio "
    "average_basket_size_ratio annual_orders_ratio annual_revenue_ratio lost_share_ratio",
    "audience_products": "as_of logic product_id rank buyers units net_revenue lift",
    "customer_interests": "",
    "exports": "",
    "experiment_assignments": "",
    "experiment_results": "",
    "campaigns": "",
    "campaign_triggers": "",
    "suppressions": "",
    "runs": "run_id job as_of status input_versions output_versions row_counts filtered_count rejected_count seconds",
    "check_results": "run_id table_name check_name severity success observed",
}

KEYS = {
    "orders": "order_id",
    "customer_days": "source_id local_date",
    "customer_items": "source_id local_date product_id",
    "customer_state": "customer_id",
    "learned_parameters": "name scope as_of",
    "ltv_models": "model scope as_of",
    "customer_profiles": "as_of customer_id",
    "base_growth": "date audience_key",
    "runs": "run_id",
}

WORD = r"(string|boolean|int|bigint|double|date|timestamp|decimal\(\d+,\d+\))"
TYPE = re.compile(rf"{WORD}|array<{WORD}>|map<string,(?:bigint|string)>|array<struct<(\w+:{WORD},?)+>>")


@pytest.mark.parametrize("name", PROMISED)
def test_every_promised_table_has_its_promised_columns(name: str) -> None:
    assert sorted(set(PROMISED[name].split()) - set(TABLES[name].column_names)) == []


@pytest.mark.parametrize("name", ["events", "orders", "customer_profiles", "base_growth", "learned_parameters"])
def test_tables_that_outsiders_read_have_no_other_columns(name: str) -> None:
    assert TABLES[name].column_names == PROMISED[name].split()


def test_no_table_is_there_that_nobody_promised() -> None:
    assert set(TABLES) - set(PROMISED) == {
        "run_metrics", "sale_lines", "credit_parts", "audience_holds", "audience_evaluations", "audience_classes",
        "audience_overlaps",
    }  # fmt: skip


@pytest.mark.parametrize("name", KEYS)
def test_the_grain_is_the_promised_one(name: str) -> None:
    assert TABLES[name].key == tuple(KEYS[name].split())


@pytest.mark.parametrize("table", CATALOGUE, ids=lambda table: table.name)
def test_a_table_is_made_of_distinct_typed_and_explained_columns(table: Table) -> None:
    names = table.column_names
    assert len(names) == len(set(names))
    assert names == [name.lower() for name in names]
    assert set(table.key) <= set(names)
    assert set(table.cluster_by) <= set(names)
    for column in table.columns:
        assert TYPE.fullmatch(column.type), f"{column.name}: {column.type}"
        assert column.meaning
        assert column.null
        assert column.words is None or column.type == "string"


def test_money_is_exact() -> None:
    for table in CATALOGUE:
        for column in table.columns:
            if "revenue" in column.name and not column.name.endswith("_ratio"):
                assert column.type == "decimal(18,2)", f"{table.name}.{column.name}"


def test_a_customer_is_always_somewhere() -> None:
    profiles = TABLES["customer_profiles"]
    for name in ("lifecycle_group", "lifecycle_reason", "rfm_segment", "rfm_reason", "rfm_stage"):
        assert profiles.column(name).null == NEVER


def test_a_wrong_column_name_says_which_table() -> None:
    with pytest.raises(KeyError, match="orders has no column order_number"):
        TABLES["orders"].column("order_number")
