"""Tables of customers: their state, their lifecycle and their flows."""

from __future__ import annotations

from lifetide.tables.model import MONEY, UNITS, Keeping, col, table
from lifetide.vocabulary import ClassKind, CustomerStage, LifecycleGroup, LifecycleReason, PeriodKind

NO_ORDER = "no net order"
NO_MONEY = "the shop sends no money"
NONE_AT_START = "none at the start"
SILENT = "signed up, and did nothing yet"

CUSTOMER_STATE = table(
    "customer_state",
    "customer: sufficient statistics of everything up to the current as_of",
    "customer_id",
    Keeping.WHOLE,
    col("customer_id", "string", "the person"),
    col("is_anonymous", "boolean", "never linked to a known person"),
    col("first_activity_date", "date", "first day with any activity", SILENT),
    col("last_activity_date", "date", "last day with any activity", SILENT),
    col("first_order_date", "date", "first purchase day", NO_ORDER),
    col("last_order_date", "date", "last purchase day", NO_ORDER),
    col("order_count", "bigint", "net orders"),
    col("order_day_count", "int", "purchase days: local dates with a net order"),
    col("item_count", UNITS, "units of products in net orders, before returns"),
    col("gap_count", "int", "completed gaps between purchase days, never below 0"),
    col("gap_sum_days", "bigint", "sum of the gaps = first to last purchase day"),
    col("gap_square_sum", "bigint", "sum of their squares"),
    col("log_gap_sum", "double", "sum of the natural logarithms of the gaps"),
    col("last_gaps", "array<int>", "up to eight last gaps in days, oldest first"),
    col("is_rate_drop", "boolean", "the last purchase day found a drop of the rate"),
    col("is_ticket_decline", "boolean", "the last orders are smaller than those before"),
    col(
        "long_gaps",
        "array<struct<ended_on:date,gap_days:int>>",
        "gaps longer than every later one, oldest first: when the customer last came back after a silence",
    ),
    col("order_value_sum", MONEY, "net value of all net orders", NO_MONEY),
    col("first_day_value", MONEY, "net value of the first purchase day", NO_ORDER),
    col("gross_revenue", MONEY, "sales before discount", NO_MONEY),
    col("discount_amount", MONEY, "discounts", NO_MONEY),
    col("refunded_amount", MONEY, "money given back", NO_MONEY),
    col("net_revenue", MONEY, "gross - discount - refunded: historic value", NO_MONEY),
    col("margin", MONEY, "net_revenue less product costs", "a cost and a rate are unknown"),
    col(
        "last_year",
        "array<struct<local_date:date,order_count:int,order_value:decimal(18,2),net_revenue:decimal(18,2)>>",
        "days with orders or money in the 365 days up to the last activity, before them the last older "
        "purchase day; oldest first",
    ),
    col(
        "main_category",
        "string",
        "category with most units sold (ties: revenue, then name)",
        "no category known",
    ),
    col(
        "prices",
        "array<struct<category:string,item_count:bigint,log_price_sum:double,log_price_square_sum:double>>",
        "by category: items (product and day) with a price, sums of ln(unit price before discount) and its square",
    ),
    col("acquisition_channel", "string", "channel of the first net order", "unknown, or no net order"),
    col("visit_count", "bigint", "visits", "the shop sends no visits"),
    col("last_visit_date", "date", "day of the last visit", "the shop sends no visits, or none yet"),
)

LIFECYCLE_SPELLS = table(
    "lifecycle_spells",
    "customer and stretch of days in one group for one reason (restated)",
    "customer_id valid_from",
    Keeping.WHOLE,
    col("customer_id", "string", "the person; prospects have no spells"),
    col("lifecycle_group", "string", "the group", words=LifecycleGroup),
    col("valid_from", "date", "first local date; after as_of = what will be if nothing is bought"),
    col("valid_to", "date", "first local date no longer in it", "open end"),
    col("reason", "string", "the rule that matched", words=LifecycleReason),
)

BASE_GROWTH = table(
    "base_growth",
    "local date and audience (restated; today's members)",
    "date audience_key",
    Keeping.WHOLE,
    col("date", "date", "local date, from the first order to as_of"),
    col("audience_key", "string", "audience", "everyone"),
    col("new_count", "bigint", "first net order at most 30 days before"),
    col("active_count", "bigint", "not new, and just ordered or active"),
    col("slipping_away_count", "bigint", "not new and slipping away"),
    col("lost_count", "bigint", "not new and lost"),
    col("just_ordered_count", "bigint", "of active_count: those in just_ordered"),
)

STAGE_METRICS = table(
    "stage_metrics",
    "period and stage or audience (restated)",
    "period_start period stage audience_key",
    Keeping.WHOLE,
    col("period_start", "date", "first local date of the period; the current one ends with as_of"),
    col("period", "string", "month or quarter", words=PeriodKind),
    col("stage", "string", "customer stage when the period began", "all stages", CustomerStage),
    col("audience_key", "string", "audience; its rows are those of all stages", "everyone"),
    col(
        "members_on",
        "date",
        "whose members the audience's row is of: those of the eve of the period, or of the day on which the audience "
        "was first evaluated where that is later",
        "no audience",
    ),
    col("customer_count", "bigint", "customers with a net order by the end of the period: stage, members or all"),
    col("repeat_ratio", "double", "one-order customers who order again ÷ those at the start", NONE_AT_START),
    col("activation_ratio", "double", "drop-offs who order ÷ those at the start", NONE_AT_START),
    col(
        "loyal_activation_ratio",
        "double",
        "drop-offs who order and have a loyal customer's orders at the end ÷ those at the start",
        NONE_AT_START,
    ),
    col("frequency_ratio", "double", "net orders ÷ buyers", "no buyer"),
    col("customer_value", MONEY, "net revenue ÷ net orders", "no order"),
    col("nps", "double", "share of 9 to 10 less share of 0 to 6 of the period's answers", "no answer"),
    col("nps_lower", "double", "lower end of its 90% interval", "no answer"),
    col("nps_upper", "double", "upper end of its 90% interval", "no answer"),
    col(
        "referred_share",
        "double",
        "of the customers whose first net order fell in the period, those referred by then",
        "nobody new, or the shop sends no referrals",
    ),
)

TRANSITIONS = table(
    "transitions",
    "period, kind, from and to",
    "period_start kind from_value to_value",
    Keeping.WHOLE,
    col("period_start", "date", "first day of a calendar month; the current one ends with as_of"),
    col("kind", "string", "lifecycle and stage (restated), segment (as snapshots reported)", words=ClassKind),
    col("from_value", "string", "class on the eve of the period", "not yet a customer"),
    col("to_value", "string", "class at the end"),
    col("customer_count", "bigint", "customers who took this way"),
    col("share", "double", "of those who started in from_value"),
    col("net_revenue", MONEY, "their net revenue in the period", NO_MONEY),
    col("annual_revenue", MONEY, "their net revenue in the twelve months before it", NO_MONEY),
    col(
        "expected_days",
        "double",
        "days that one stays in the class at this period's rate of leaving: its days ÷ (1 - share)",
        "from and to differ, or nobody left",
    ),
    col(
        "ltv_predicted_365d",
        MONEY,
        "predicted value of these customers for the 365 days after as_of",
        "not predicted",
    ),
)

BACKTESTS = table(
    "backtests",
    "as_of, cut-off, kind and class",
    "as_of cutoff kind class_value",
    Keeping.BY_AS_OF,
    col("as_of", "date", "the newest local date that returns were looked for on"),
    col("cutoff", "date", "classes are those of this local date, from what was known on it"),
    col("horizon_days", "int", "a return is a net order within so many days after it"),
    col("kind", "string", "lifecycle, stage or segment", words=ClassKind),
    col("class_value", "string", "the class; customers with a net order by the cut-off alone"),
    col("customer_count", "bigint", "customers in it"),
    col("returned_count", "bigint", "of them, who returned"),
    col("expected_rate", "double", "the class's return rate at the cut-off before", "the first one, or nobody in it"),
    col(
        "auc",
        "double",
        "chance that one who returned stands in a better class than one who did not, ties half; of the whole kind",
        "all or none returned; other kinds than lifecycle at the first cut-off",
    ),
)
