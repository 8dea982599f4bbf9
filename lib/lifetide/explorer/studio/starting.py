"""Good first questions for an empty desk: those whose field the snapshot has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lifetide.explorer.studio.offered import Offer

STARTERS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("Slipping away", {"field": "lifecycle_group", "operator": "in", "value": ["slipping_away"]}),
    ("The most valuable tenth", {"field": "ltv_total", "operator": "topPercent", "value": 10}),
    ("The most valuable tenth", {"field": "ltv_historic", "operator": "topPercent", "value": 10}),
    ("First-time buyers", {"field": "rfm_segment", "operator": "in", "value": ["first_time"]}),
    ("Cannot lose them", {"field": "rfm_segment", "operator": "in", "value": ["cant_lose_them"]}),
    ("E-mail subscribers", {"field": "consent_email", "operator": "in", "value": ["subscribed"]}),
    ("Silent for 60 to 180 days", {"field": "days_since_last_order", "operator": "between", "value": [60, 180]}),
)


def starters(offers: Mapping[str, Offer]) -> list[dict[str, Any]]:
    """Label and rule of each, the first of each label."""
    found: dict[str, dict[str, Any]] = {}
    for label, rule in STARTERS:
        if rule["field"] in offers:
            found.setdefault(label, rule)
    return [{"label": label, "rule": rule} for label, rule in found.items()]
