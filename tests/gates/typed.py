"""Rows with the catalogue's types, and one sound row per gated table to plant faults into."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from lifetide.tables import TABLES, Column

JAN = date(2026, 1, 1)
FEB = date(2026, 2, 1)
NOON = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)
EARLIER = datetime(2025, 12, 31, 12, tzinfo=timezone.utc)
RUN = {"run_id": "r1", "job": "build"}

SOUND: dict[str, dict[str, Any]] = {
    "events": {
        "event_id": "e1", "event_type": "order_completed", "event_at": NOON, "event_date": JAN,
        "content_hash": 1, "state": "completed", "order_id": "o1", "is_product": True, "quantity": 2,
        "amount": 10, "discount_amount": 0, "source": "shop", "batch": "b1",
    },
    "rejected_events": {
        "reject_id": "x1", "source": "shop", "reasons": ["missing_order_id"], "payload": "{}", "batch": "b1",
    },
    "products": {"product_id": "p1", "price": 3, "unit_cost": 1},
    "customers": {"customer_id": "ada", "email": "ada@example.org"},
    "consents": {"customer_id": "ada", "channel": "email", "status": "subscribed", "changed_at": NOON},
    "identities": {"source_id": "anon:v1", "customer_id": "ada", "valid_from": NOON, "valid_to": NOON},
    "surveys": {"customer_id": "ada", "score": 10, "answered_at": NOON},
    "acquisition_costs": {"channel": "search", "month": JAN, "cost": 0},
    "fx_rates": {"currency": "USD", "date": JAN, "rate": 1},
    "ad_results": {"campaign": "spring", "date": JAN, "cost": 5, "impressions": 10, "clicks": 0},
    "referrals": {"referrer_id": "ada", "referred_id": "ben", "referred_at": NOON},
    "orders": {
        "order_id": "o1", "ordered_at": NOON, "order_date": JAN, "state": "completed", "item_count": 2,
        "gross_revenue": 10, "discount_amount": 0, "refunded_amount": 0,
        "net_revenue": 10,
    },
    "refund_matches": {
        "credit_event_id": "c1", "sale_event_id": "e1", "credit_order_id": "o2", "sale_order_id": "o1",
        "credit_date": FEB, "units": 1, "amount": 5,
    },
    "sale_lines": {
        "event_id": "e1", "event_at": NOON, "event_date": JAN, "order_id": "o1", "is_product": True, "quantity": 2,
        "amount": 10, "order_at": NOON, "order_date": JAN, "first_event_id": "e1",
    },
    "credit_parts": {
        "credit_event_id": "c1", "credit_type": "order_refunded", "credit_at": NOON, "credit_date": FEB,
        "credit_order_id": "o2", "names_order_id": "o2", "is_product": True, "sale_event_id": "e1", "order_id": "o1",
        "matched_units": 1, "sale_units": 2, "units": 1, "amount": 5,
    },
    "customer_days": {
        "source_id": "ada", "local_date": JAN, "order_count": 1, "order_value": 10,
        "item_count": 2, "gross_revenue": 10, "refunded_amount": 0,
        "net_revenue": 10, "discount_amount": 0,
    },
    "customer_items": {
        "source_id": "ada", "local_date": JAN, "product_id": "p1", "order_count": 1, "units_sold": 2,
        "units_credited": 0, "gross_revenue": 10, "net_revenue": 10,
    },
    "customer_state": {
        "customer_id": "ada", "is_anonymous": False, "first_activity_date": JAN, "last_activity_date": FEB,
        "first_order_date": JAN, "last_order_date": FEB, "order_count": 2, "order_day_count": 2,
        "item_count": 4, "gap_count": 1, "gap_sum_days": 31, "gap_square_sum": 961, "log_gap_sum": 3.4,
        "last_gaps": [31], "is_rate_drop": False, "is_ticket_decline": False, "long_gaps": [],
        "order_value_sum": 20, "first_day_value": 10,
        "gross_revenue": 20, "discount_amount": 0, "refunded_amount": 0,
        "net_revenue": 20, "last_year": [], "prices": [],
    },
    "learned_parameters": {
        "name": "cut75", "scope": "shop", "as_of": FEB, "value": 1.5, "method": "default", "sample_count": 0,
        "is_pinned": False,
    },
    "ltv_models": {
        "model": "mbg_nbd", "scope": "shop", "as_of": FEB, "parameters": "{}", "log_likelihood": -9.0,
        "poisson_deviance": 1.1, "horizon_days": 90, "weight": 1.0, "is_chosen": True, "drift": 0.1,
    },
    "customer_profiles": {
        "as_of": FEB, "customer_id": "ada", "is_anonymous": False, "parameters_as_of": FEB,
        "first_order_date": JAN, "last_order_date": FEB, "order_count": 2, "order_day_count": 2,
        "item_count": 4, "days_since_last_order": 0, "frequency": 1, "recency_days": 31,
        "tenure_days": 31, "annual_orders": 2, "annual_revenue": 20, "discount_share": 0.0,
        "refund_share": 0.0, "own_interval_days": 31.0, "baseline_interval_days": 40.0,
        "baseline_source": "blended", "regularity": "unknown", "overdue_ratio": 0.0,
        "expected_next_order_date": date(2026, 3, 13), "slip_after_days": 60, "lost_after_days": 140,
        "just_ordered_until_days": 30, "is_rate_drop": False, "lifecycle_group": "just_ordered",
        "lifecycle_reason": "recent_order", "customer_stage": "repeat", "stage_reason": "several_orders",
        "is_ticket_decline": False, "rfm_recency": 5, "rfm_frequency": 1, "rfm_monetary": 1,
        "rfm_segment": "recent", "rfm_reason": "grid", "rfm_stage": "retain",
        "ltv_historic": 20, "p_alive": 0.9, "p_order_30d": 0.3, "p_order_90d": 0.5, "p_order_365d": 0.8,
        "expected_orders_365d": 2.5, "expected_order_value": 10, "ltv_predicted_365d": 25,
        "ltv_predicted_365d_lower": 0, "ltv_predicted_365d_upper": 60, "ltv_total": 45, "importance": "vip",
        "loyalty": "vip", "buying_frequency": "high",
    },
    "lifecycle_spells": {
        "customer_id": "ada", "lifecycle_group": "active", "valid_from": JAN, "valid_to": FEB,
        "reason": "on_rhythm",
    },
    "base_growth": {
        "date": JAN, "new_count": 1, "active_count": 2, "slipping_away_count": 0, "lost_count": 0,
        "just_ordered_count": 1,
    },
    "stage_metrics": {
        "period_start": JAN, "period": "month", "stage": "new", "customer_count": 4, "repeat_ratio": 0.5,
        "activation_ratio": 0.5, "loyal_activation_ratio": 0.25, "frequency_ratio": 1.5, "customer_value": 20,
        "nps": 0.2, "nps_lower": 0.1, "nps_upper": 0.3, "referred_share": 0.0,
    },
    "transitions": {
        "period_start": JAN, "kind": "lifecycle", "from_value": "active", "to_value": "active",
        "customer_count": 2, "share": 0.5, "net_revenue": 10, "annual_revenue": 100, "expected_days": 62.0,
    },
    "backtests": {
        "as_of": FEB, "cutoff": JAN, "horizon_days": 30, "kind": "lifecycle", "class_value": "active",
        "customer_count": 2, "returned_count": 1, "expected_rate": 0.5, "auc": 0.7,
    },
    "audience_definitions": {
        "audience_key": "lost", "version": 2, "rule_hash": "ab", "canonical": "{}", "name": "Lost", "supersedes": 1,
    },
    "audience_members": {
        "audience_key": "lost", "version": 1, "customer_id": "ada", "valid_from": JAN, "valid_to": FEB,
        "enter_reason": "rule_holds", "exit_reason": "rule_fails", "recorded_from": NOON, "recorded_to": NOON,
        "run_id": "r1",
    },
    "audience_overview": {
        "as_of": JAN, "audience_key": "lost", "member_count": 2, "average_orders": 2.0, "annual_orders": 1.0,
        "lost_share": 1.0, "ltv_predicted_365d": 5, "ltv_predicted_365d_lower": 4, "ltv_predicted_365d_upper": 6,
    },
    "audience_classes": {
        "as_of": JAN, "kind": "loyalty", "class_value": "loyal", "member_count": 1, "member_share": 0.5, "lift": 1.0,
        "average_orders": 2.0, "annual_orders": 1.0, "lost_share": 0.0,
    },
    "audience_products": {
        "as_of": JAN, "logic": "new", "product_id": "p1", "rank": 1, "buyers": 1, "units": 1, "net_revenue": 3,
        "lift": 1.0,
    },
    "run_metrics": {
        **RUN, "rejected_share": 0.0, "lost_row_count": 0, "daily_revenue_ratio": 1.0,
        "money_orders_difference": 0.0, "money_people_difference": 0.0, "missing_customer_share": 0.0,
        "group_flip_share": 0.0, "largest_segment_share": 0.4, "expected_orders_ratio": 1.0,
        "value_total_difference": 0.0,
        "least_audience_ratio": 0.9, "largest_audience_ratio": 1.1, "audience_flip_share": 0.1,
        "emptied_audience_count": 0, "audience_difference_count": 0,
    },
}  # fmt: skip


def typed(spark: SparkSession, table: str, *rows: Mapping[str, Any]) -> DataFrame:
    """Rows of a table; columns that a row leaves out are null, columns that the table lacks are refused."""
    columns = TABLES[table].columns
    unknown = sorted({key for row in rows for key in row} - {column.name for column in columns})
    assert not unknown, f"{table} has no column {unknown}"
    schema = ", ".join(f"{column.name} {column.type}" for column in columns)
    cells = [tuple(_cell(column, row) for column in columns) for row in rows]
    return spark.createDataFrame(cells, schema).coalesce(1)


def _cell(column: Column, row: Mapping[str, Any]) -> Any:
    value = row.get(column.name)
    return Decimal(value) if value is not None and column.type.startswith("decimal") else value
