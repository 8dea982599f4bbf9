"""Fields and words as people in a shop say them. Lifecycle Lost and the Lost segment never share a name."""

from __future__ import annotations

from lifetide.explorer.names import CUSTOMER_STAGE_CSS, CUSTOMER_STAGE_NAMES, GROUP_CSS, GROUP_NAMES, SEGMENT_NAMES

CLASSES, BEHAVIOUR, RHYTHM = "Classes", "Behaviour", "Rhythm"
VALUE, CONSENT, PROFILE, AUDIENCES = "Value", "Consent", "Profile", "Audiences"

FIELD_LABELS: dict[str, dict[str, str]] = {
    CLASSES: {
        "lifecycle_group": "Life cycle", "customer_stage": "Customer stage", "rfm_segment": "RFM segment",
        "rfm_stage": "RFM stage", "importance": "Importance", "loyalty": "Loyalty",
        "buying_frequency": "Buying frequency", "price_sensitivity": "Price sensitivity",
        "rfm_recency": "RFM recency score", "rfm_frequency": "RFM frequency score",
        "rfm_monetary": "RFM monetary score",
    },
    BEHAVIOUR: {
        "days_since_last_order": "Last order", "order_count": "Orders", "last_order_date": "Last order date",
        "first_order_date": "First order date", "order_day_count": "Days with an order", "item_count": "Items bought",
        "main_category": "Main category", "annual_orders": "Orders in a year", "cohort_month": "Joined in month",
        "frequency": "Repeat days", "tenure_days": "Days as a customer", "recency_days": "First to last order",
        "visit_count": "Visits", "last_visit_date": "Last visit", "is_ticket_decline": "Baskets get smaller",
        "items": "Bought", "orders": "Ordered", "views": "Viewed", "searches": "Searched", "carts": "Put in the cart",
        "visits": "Visited", "messages": "Messages",
    },
    VALUE: {
        "ltv_total": "Lifetime value", "ltv_historic": "Value so far", "ltv_predicted_365d": "Predicted value",
        "ltv_predicted_365d_lower": "Predicted value, lower", "ltv_predicted_365d_upper": "Predicted value, upper",
        "order_value_sum": "Value of orders", "average_order_value": "Average basket",
        "monetary_value": "Value of a repeat day", "annual_revenue": "Revenue in a year",
        "discount_share": "Discount share", "refund_share": "Refund share",
        "p_order_30d": "Orders within 30 days", "p_order_90d": "Orders within 90 days",
        "p_order_365d": "Orders within a year", "p_alive": "Still a customer",
        "expected_orders_365d": "Expected orders", "expected_order_value": "Expected basket",
        "ltv_historic_margin": "Margin so far", "ltv_predicted_365d_margin": "Predicted margin",
        "ltv_total_margin": "Lifetime margin", "acquisition_cost": "Acquisition cost",
        "ltv_net_of_acquisition": "Value less acquisition",
    },
    RHYTHM: {
        "overdue_ratio": "Overdue ratio", "own_interval_days": "Own rhythm",
        "baseline_interval_days": "Usual rhythm", "group_interval_days": "Rhythm of the group",
        "expected_next_order_date": "Next order", "regularity": "Regularity",
        "interval_cv": "Spread of the rhythm", "is_rate_drop": "Buys less often",
        "recent_rate": "Orders per 30 days, lately", "earlier_rate": "Orders per 30 days, before",
        "slip_after_days": "Slips away after", "lost_after_days": "Lost after",
        "just_ordered_until_days": "Just ordered until", "baseline_source": "Rhythm taken from",
        "lifecycle_reason": "Why this life cycle", "stage_reason": "Why this stage", "rfm_reason": "Why this segment",
        "group_key": "Compared with",
    },
    CONSENT: {
        "consent_email": "E-mail subscription", "consent_sms": "SMS subscription",
        "consent_push": "Push subscription",
        "consent_ads": "Consent to ads", "has_email": "E-mail address",
    },
    PROFILE: {
        "acquisition_channel": "Acquired by", "nps_score": "Survey score", "is_anonymous": "Anonymous",
        "customer_id": "Customer number",
    },
    AUDIENCES: {"audience": "Audience", "interest": "Interested in"},
}  # fmt: skip
"""Label by field, by group, in the order in which the builder offers them."""

SHARES = frozenset({"discount_share", "refund_share", "p_order_30d", "p_order_90d", "p_order_365d", "p_alive"})
IN_DAYS = frozenset({
    "days_since_last_order", "tenure_days", "recency_days", "own_interval_days", "baseline_interval_days",
    "group_interval_days", "slip_after_days", "lost_after_days", "just_ordered_until_days",
})  # fmt: skip
DAYS_AGO = frozenset({"days_since_last_order"})
ANSWERS = {
    "has_email": ("Known", "Not known"), "is_anonymous": ("Anonymous", "Known person"),
}  # fmt: skip

WORD_LABELS: dict[str, dict[str, str]] = {
    "lifecycle_group": {str(word): name for word, name in GROUP_NAMES.items()} | {"prospect": "Prospect"},
    "rfm_segment": {str(word): name for word, name in SEGMENT_NAMES.items()},
    "customer_stage": {str(word): name for word, name in CUSTOMER_STAGE_NAMES.items()} | {"prospect": "Prospect"},
    "importance": {"vip": "VIP"},
    "loyalty": {"vip": "VIP", "one_time": "One-time"},
}
WORD_TONES: dict[str, dict[str, str]] = {
    "lifecycle_group": {str(word): css for word, css in GROUP_CSS.items()},
    "customer_stage": {str(word): css for word, css in CUSTOMER_STAGE_CSS.items()},
}


def field_label(name: str) -> str:
    """The field as the builder names it; an unknown one keeps its own name, spelled out."""
    for labels in FIELD_LABELS.values():
        if name in labels:
            return labels[name]
    return spelled(name)


def field_group(name: str) -> str | None:
    """The group it is offered in; None for one of the user's own."""
    return next((group for group, labels in FIELD_LABELS.items() if name in labels), None)


def word_label(field: str, word: str) -> str:
    """A word of a field; what comes from the data stays as it is."""
    return WORD_LABELS.get(field, {}).get(word, word)


def unit_of(name: str) -> str:
    """What a number of the field counts, where that has to be said."""
    return "days ago" if name in DAYS_AGO else "days" if name in IN_DAYS else ""


def spelled(word: str) -> str:
    """snake_case as people write it."""
    text = word.replace("_", " ").strip()
    return text[:1].upper() + text[1:]
