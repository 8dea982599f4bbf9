"""An explanation says the reason that holds, and needs nothing of those that do not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from lifetide.command.explaining import explanation_text
from lifetide.pipelines.explain import Explanation
from lifetide.tables import CUSTOMER_PROFILES

DAY = date(2026, 6, 30)


def told(**known: Any) -> str:
    profile = {column.name: None for column in CUSTOMER_PROFILES.columns}
    found = profile | {"as_of": DAY, "customer_id": "ada", "parameters_as_of": DAY, "order_count": 0} | known
    return explanation_text(Explanation(found, {"cut75": 1.2, "cut95": 2.7}, []), "EUR")


def test_a_prospect_has_no_rhythm_to_tell_of() -> None:
    said = told(lifecycle_group="prospect", lifecycle_reason="no_net_order", rfm_segment="loyal_visitor",
                rfm_reason="no_order_email", rfm_stage="acquire")  # fmt: skip
    assert "Prospect: no order stands" in said


def test_one_order_is_explained_without_rates() -> None:
    said = told(
        lifecycle_group="just_ordered", lifecycle_reason="recent_order", days_since_last_order=1, order_count=1,
        order_day_count=1, first_order_date=DAY, last_order_date=DAY, ltv_historic=Decimal("9.50"),
        average_order_value=Decimal("9.50"), annual_orders=1, annual_revenue=Decimal("9.50"), frequency=0,
        regularity="unknown", group_interval_days=59.0, group_key="everyone", baseline_interval_days=59.0,
        baseline_source="group", overdue_ratio=0.02, expected_next_order_date=DAY, just_ordered_until_days=30,
        slip_after_days=67, lost_after_days=161, rfm_segment="first_time", rfm_reason="one_order", rfm_stage="retain",
    )  # fmt: skip
    assert "Just Ordered: ordered 1 day ago; up to 30 days it is too soon to tell." in said
    assert "Own interval      none yet" in said
