"""`customer_profiles`: everything known about a customer on a day."""

from __future__ import annotations

from lifetide.tables.model import MONEY, UNITS, Column, Keeping, col, table
from lifetide.vocabulary import (
    BaselineSource,
    BuyingFrequency,
    CustomerStage,
    Importance,
    LifecycleGroup,
    LifecycleReason,
    Loyalty,
    PriceSensitivity,
    Regularity,
    RfmReason,
    RfmSegment,
    RfmStage,
    StageReason,
)

NO_STAGES = "its parameters were learned by a release without stages"
PROSPECT = "prospect: no net order"
ONE_DAY = "fewer than two purchase days"
NO_VALUE = "prospect, or the shop sends no money"
NO_MARGIN = "prospect, or the margin so far is unknown, or net revenue is not above 0"

IDENTITY: tuple[Column, ...] = (
    col("as_of", "date", "the local date that the snapshot speaks of"),
    col("customer_id", "string", "the person"),
    col("is_anonymous", "boolean", "never linked to a known person"),
    col("parameters_as_of", "date", "as_of of the learned_parameters in use"),
)

ORDERING: tuple[Column, ...] = (
    col("first_order_date", "date", "first purchase day", PROSPECT),
    col("last_order_date", "date", "last purchase day", PROSPECT),
    col("cohort_month", "date", "first day of the month of first_order_date", PROSPECT),
    col("order_count", "bigint", "net orders"),
    col("order_day_count", "int", "purchase days: local dates with a net order"),
    col("item_count", UNITS, "units of products in net orders, before returns"),
    col("days_since_last_order", "int", "as_of - last_order_date (R in RFM)", PROSPECT),
    col("frequency", "int", "repeat purchase days (x in the literature)", PROSPECT),
    col("recency_days", "int", "first to last purchase day (t_x in the literature)", PROSPECT),
    col("tenure_days", "int", "first purchase day to as_of (T in the literature)", PROSPECT),
    col("order_value_sum", MONEY, "net value of all net orders", "the shop sends no money"),
    col("average_order_value", MONEY, "net value of net orders ÷ their number", PROSPECT),
    col("monetary_value", MONEY, "mean net value of repeat purchase days", ONE_DAY),
    col("annual_orders", "bigint", "net orders placed in the 365 days up to as_of"),
    col("annual_revenue", MONEY, "money dated in the 365 days up to as_of", "the shop sends no money"),
    col(
        "discount_share",
        "double",
        "discounts ÷ gross revenue",
        "no gross revenue, or the shop sends no discounts",
    ),
    col("refund_share", "double", "money given back ÷ gross revenue", "no gross revenue"),
)

RHYTHM: tuple[Column, ...] = (
    col("own_interval_days", "double", "mean gap between own purchase days", ONE_DAY),
    col("group_key", "string", "whose rhythm the own one is compared with", PROSPECT),
    col("group_interval_days", "double", "median over the group's customers of their mean gaps", PROSPECT),
    col("baseline_interval_days", "double", "(κ·group + recency_days) ÷ (κ + frequency)", PROSPECT),
    col("baseline_source", "string", "own, blended or group", PROSPECT, BaselineSource),
    col(
        "interval_cv",
        "double",
        "coefficient of variation of own gaps, shrunk to the median",
        "fewer than two gaps",
    ),
    col(
        "regularity",
        "string",
        "regular, irregular, or unknown with fewer than three gaps",
        PROSPECT,
        Regularity,
    ),
    col("overdue_ratio", "double", "days_since_last_order ÷ baseline_interval_days; for reading", PROSPECT),
    col(
        "expected_next_order_date",
        "date",
        "last order + the baseline rounded up, never before as_of",
        PROSPECT,
    ),
    col("slip_after_days", "int", "silence above this is slipping away", PROSPECT),
    col("lost_after_days", "int", "silence above this is lost", PROSPECT),
    col("just_ordered_until_days", "int", "silence up to this is just ordered", PROSPECT),
    col("recent_rate", "double", "purchase days per 30 days over the last two gaps", "fewer than five gaps"),
    col("earlier_rate", "double", "purchase days per 30 days over the gaps before", "fewer than five gaps"),
    col("is_rate_drop", "boolean", "the last purchase day found a drop of the rate", PROSPECT),
    col("is_ticket_decline", "boolean", "the last orders are smaller than those before", PROSPECT),
)

GROUPS: tuple[Column, ...] = (
    col("lifecycle_group", "string", "group relative to the own rhythm", words=LifecycleGroup),
    col("lifecycle_reason", "string", "the rule that matched first", words=LifecycleReason),
    col("customer_stage", "string", "CASA's stage", NO_STAGES, CustomerStage),
    col("stage_reason", "string", "the rule that matched first", NO_STAGES, StageReason),
    col("rfm_recency", "int", "1 to 5, 5 = most recent", "fewer than two net orders"),
    col("rfm_frequency", "int", "1 to 5, 5 = most orders", "fewer than two net orders"),
    col("rfm_monetary", "int", "1 to 5, 5 = most revenue", "fewer than two net orders"),
    col("rfm_segment", "string", "one of the fourteen segments", words=RfmSegment),
    col("rfm_reason", "string", "why that segment", words=RfmReason),
    col("rfm_stage", "string", "the segment's stage", words=RfmStage),
)

WORTH: tuple[Column, ...] = (
    col("ltv_historic", MONEY, "net revenue so far", "the shop sends no money"),
    col("ltv_historic_margin", MONEY, "margin so far", "neither cost nor rate of a line is known"),
    col("p_order_30d", "double", "probability of an order within 30 days", PROSPECT),
    col("p_order_90d", "double", "probability of an order within 90 days", PROSPECT),
    col("p_order_365d", "double", "probability of an order within 365 days", PROSPECT),
    col("p_alive", "double", "probability of not having dropped out; for reading", PROSPECT),
    col("expected_orders_365d", "double", "expected purchase days within 365 days", PROSPECT),
    col("expected_order_value", MONEY, "expected net value of one (Gamma-Gamma)", NO_VALUE),
    col("ltv_predicted_365d", MONEY, "expected orders × expected value, discounted by policy", NO_VALUE),
    col("ltv_predicted_365d_lower", MONEY, "of 100 such customers 5 bring less", NO_VALUE),
    col(
        "ltv_predicted_365d_upper",
        MONEY,
        "of 100 such customers 5 bring more; never below the prediction",
        NO_VALUE,
    ),
    col(
        "ltv_predicted_365d_margin",
        MONEY,
        "prediction × the customer's own margin share so far, between -1 and 1",
        NO_MARGIN,
    ),
    col(
        "acquisition_cost",
        MONEY,
        "the month's cost of the channel ÷ customers it won",
        "no cost of that channel and month, or a prospect",
    ),
    col("ltv_total", MONEY, "historic + predicted", NO_VALUE),
    col("ltv_total_margin", MONEY, "historic + predicted margin", NO_MARGIN),
    col("ltv_net_of_acquisition", MONEY, "ltv_total less acquisition_cost", "either is unknown"),
)

PARAMETERS: tuple[Column, ...] = (
    col("importance", "string", "class by ltv_total among customers with a net order", NO_VALUE, Importance),
    col("loyalty", "string", "class by net orders, and by importance", PROSPECT, Loyalty),
    col(
        "buying_frequency",
        "string",
        "thirds of 365 ÷ baseline_interval_days over repeat buyers; one order is low",
        PROSPECT,
        BuyingFrequency,
    ),
    col(
        "price_sensitivity",
        "string",
        "class by the prices paid beside the usual ones of their categories",
        "bought nothing from a category whose usual price is known, or prospect",
        PriceSensitivity,
    ),
    col("main_category", "string", "category with most units sold", "no category known"),
    col("acquisition_channel", "string", "channel of the first net order", "unknown, or no net order"),
    col("visit_count", "bigint", "visits", "the shop sends no visits"),
    col("last_visit_date", "date", "day of the last visit", "the shop sends no visits, or none yet"),
    col("has_email", "boolean", "an e-mail address is known", "the shop sends no customers"),
    col("consent_email", "string", "subscribed or unsubscribed", "never asked"),
    col("consent_sms", "string", "subscribed or unsubscribed", "never asked"),
    col("consent_push", "string", "subscribed or unsubscribed", "never asked"),
    col("consent_ads", "string", "subscribed or unsubscribed", "never asked"),
    col("nps_score", "int", "last survey answer, 0 to 10", "never answered"),
)

CUSTOMER_PROFILES = table(
    "customer_profiles",
    "as_of and customer",
    "as_of customer_id",
    Keeping.BY_AS_OF,
    *IDENTITY,
    *ORDERING,
    *RHYTHM,
    *GROUPS,
    *WORTH,
    *PARAMETERS,
)
