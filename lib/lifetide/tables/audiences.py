"""Tables of audiences: definitions, who is in them, what they are worth, and their activation (a later release)."""

from __future__ import annotations

from lifetide.tables.model import MONEY, UNITS, Column, Keeping, col, table
from lifetide.vocabulary import EnterReason, ExitReason, ProductLogic

EVERYONE = "everyone"


def _with_ratio(name: str, type_: str, meaning: str) -> tuple[Column, Column]:
    """A figure of an audience and its ratio to everyone."""
    return (
        col(name, type_, meaning, "no member, or not known of any"),
        col(f"{name}_ratio", "double", f"{name} ÷ everyone's", "it is null, or everyone's is null or 0"),
    )


AUDIENCE_DEFINITIONS = table(
    "audience_definitions",
    "audience and version",
    "audience_key version",
    Keeping.APPENDED,
    col("audience_key", "string", "file stem of the definition"),
    col("version", "int", "1, 2, … by changes of the canonical form"),
    col("rule_hash", "string", "SHA-256 of canonical"),
    col("canonical", "string", "canonical JSON"),
    col("name", "string", "name for people"),
    col("owner", "string", "who answers for it", "nobody named"),
    col("supersedes", "int", "the version before", "the first"),
)

AUDIENCE_MEMBERS = table(
    "audience_members",
    "stretch of membership as believed over a stretch of time",
    "audience_key version customer_id valid_from recorded_from",
    Keeping.MERGED,
    col("audience_key", "string", "audience"),
    col("version", "int", "its version"),
    col("customer_id", "string", "member"),
    col("valid_from", "date", "first local date in it"),
    col("valid_to", "date", "first local date no longer in it", "still in"),
    col("enter_reason", "string", "why in", words=EnterReason),
    col("exit_reason", "string", "why out", "still in", words=ExitReason),
    col("recorded_from", "timestamp", "since when Lifetide believes it"),
    col("recorded_to", "timestamp", "until when it believed it", "it still does"),
    col("run_id", "string", "the run that wrote the row"),
)

AUDIENCE_HOLDS = table(
    "audience_holds",
    "stretch of days on which a rule with waits held of a customer, as known now",
    "audience_key version customer_id held_from",
    Keeping.MERGED,
    col("audience_key", "string", "audience with min_days or exit_lag_days; the others' are in audience_members"),
    col("version", "int", "its version"),
    col("customer_id", "string", "whom the rule held of"),
    col("held_from", "date", "first local date on which it held"),
    col("held_to", "date", "first local date on which it held no longer", "it still holds"),
)

AUDIENCE_EVALUATIONS = table(
    "audience_evaluations",
    "as_of and audience: an evaluation",
    "as_of audience_key",
    Keeping.MERGED,
    col("as_of", "date", "the local date that the rule was held against"),
    col("audience_key", "string", "audience"),
    col("version", "int", "its version"),
    col("evaluated_at", "timestamp", "when that was, the last time"),
    col("run_id", "string", "the run that did it"),
    col("member_count", "bigint", "members on that date"),
    col("entered_count", "bigint", "of them, who entered on it; not counted when a version is new"),
    col("left_count", "bigint", "who left on it; not counted when a version is new"),
    col("rule_entered_count", "bigint", "who would have entered without min_days and exit_lag_days"),
    col("rule_left_count", "bigint", "who would have left without them"),
    col("waiting_count", "bigint", "members of whom the rule does not hold, kept by the waits alone"),
)

AUDIENCE_OVERVIEW = table(
    "audience_overview",
    "as_of and audience",
    "as_of audience_key",
    Keeping.BY_AS_OF,
    col("as_of", "date", "the local date it speaks of"),
    col("audience_key", "string", "audience", EVERYONE),
    col("member_count", "bigint", "members"),
    col("member_count_ratio", "double", "member_count ÷ everyone's", "nobody is there"),
    *_with_ratio("ltv_per_customer", MONEY, "mean net revenue so far"),
    *_with_ratio("average_orders", "double", "net orders per member"),
    *_with_ratio("average_basket_size", MONEY, "net value per net order"),
    *_with_ratio("annual_orders", "double", "net orders per member in the last 365 days"),
    *_with_ratio("annual_revenue", MONEY, "net revenue per member in the last 365 days"),
    *_with_ratio("lost_share", "double", "share of members who are lost"),
    *_with_ratio("ltv_predicted_365d", MONEY, "mean predicted value of the 365 days to come"),
    col("ltv_predicted_365d_lower", MONEY, "lower end of its interval", "not predicted"),
    col("ltv_predicted_365d_upper", MONEY, "upper end of its interval", "not predicted"),
)

AUDIENCE_CLASSES = table(
    "audience_classes",
    "as_of, audience, kind of class and class with a member in it",
    "as_of audience_key kind class_value",
    Keeping.BY_AS_OF,
    col("as_of", "date", "the local date it speaks of"),
    col("audience_key", "string", "audience", EVERYONE),
    col("kind", "string", "lifecycle_group, importance, loyalty, rfm_segment, … : the column of customer_profiles"),
    col("class_value", "string", "its value"),
    col("member_count", "bigint", "members in the class"),
    col("member_share", "double", "of the members whose class is known"),
    col("lift", "double", "member_share ÷ everyone's"),
    col("average_orders", "double", "net orders per member"),
    col("average_basket_size", MONEY, "net value per net order", "no order, or the shop sends no money"),
    col("annual_orders", "double", "net orders per member in the last 365 days"),
    col("annual_revenue", MONEY, "net revenue per member in the last 365 days", "the shop sends no money"),
    col("lost_share", "double", "share of them who are lost"),
    col("ltv_per_customer", MONEY, "mean net revenue so far", "the shop sends no money"),
    col("potential_value", MONEY, "a year's value if all ordered at their own baseline rate", "nobody ordered"),
    col("potential_share", "double", "potential_value ÷ everyone's", "nobody ordered"),
)

AUDIENCE_OVERLAPS = table(
    "audience_overlaps",
    "as_of, audience and other audience with a member in common",
    "as_of audience_key other_key",
    Keeping.BY_AS_OF,
    col("as_of", "date", "the local date it speaks of"),
    col("audience_key", "string", "audience"),
    col("other_key", "string", "the other one"),
    col("both_count", "bigint", "customers in both"),
    col("share", "double", "both_count ÷ members of audience_key"),
)

AUDIENCE_PRODUCTS = table(
    "audience_products",
    "as_of, audience, logic and product",
    "as_of audience_key logic product_id",
    Keeping.BY_AS_OF,
    col("as_of", "date", "the local date it speaks of"),
    col("audience_key", "string", "audience", EVERYONE),
    col("logic", "string", "by what it is listed", words=ProductLogic),
    col("product_id", "string", "product"),
    col("rank", "int", "1 = first"),
    col("buyers", "bigint", "members who bought it in the logic's dates: 90, 14 or 30 up to as_of"),
    col("units", UNITS, "units sold to them then"),
    col("net_revenue", MONEY, "money from them dated then", "the shop sends no money"),
    col("lift", "double", "share of buyers among the members ÷ among everyone"),
)

CUSTOMER_INTERESTS = table(
    "customer_interests",
    "as_of, customer and category",
    "as_of customer_id category",
    Keeping.BY_AS_OF,
    col("as_of", "date", "the local date it speaks of"),
    col("customer_id", "string", "who"),
    col("category", "string", "category"),
    col("score", "double", "probability of buying from it within 30 days"),
    col("source", "string", "model that gave the score"),
    col("view_count", "int", "evidence: views", "the shop sends no views"),
    col("cart_count", "int", "evidence: carts", "the shop sends no carts"),
    col("order_count", "int", "evidence: orders"),
    is_later=True,
)

EXPORTS = table(
    "exports",
    "export of an audience to a destination",
    "export_id",
    Keeping.APPENDED,
    col("export_id", "string", "the export"),
    col("audience_key", "string", "audience"),
    col("version", "int", "its version"),
    col("destination", "string", "google, meta or csv"),
    col("as_of", "date", "the snapshot exported"),
    col("add_count", "bigint", "rows added"),
    col("remove_count", "bigint", "rows removed"),
    col("withheld_count", "bigint", "members withheld: consent, control group, no identifier"),
    col("receipt", "string", "JSON with counts per reason and file hashes"),
    is_later=True,
)

EXPERIMENT_ASSIGNMENTS = table(
    "experiment_assignments",
    "experiment and customer",
    "experiment customer_id",
    Keeping.APPENDED,
    col("experiment", "string", "experiment, or global_control"),
    col("customer_id", "string", "who"),
    col("arm", "string", "arm"),
    col("assigned_on", "date", "since when"),
    is_later=True,
)

EXPERIMENT_RESULTS = table(
    "experiment_results",
    "experiment, arm and day",
    "experiment arm date",
    Keeping.MERGED,
    col("experiment", "string", "experiment"),
    col("arm", "string", "arm"),
    col("date", "date", "local date"),
    col("customer_count", "bigint", "customers in the arm"),
    col("converter_count", "bigint", "of them, who ordered"),
    col("order_count", "bigint", "their net orders"),
    col("net_revenue", MONEY, "their net revenue"),
    col("difference", "double", "to control, per customer", "the control itself"),
    col("difference_lower", "double", "always-valid lower bound", "the control itself"),
    col("difference_upper", "double", "always-valid upper bound", "the control itself"),
    is_later=True,
)

CAMPAIGNS = table(
    "campaigns",
    "campaign",
    "campaign",
    Keeping.MERGED,
    col("campaign", "string", "key"),
    col("audience_key", "string", "entries into it trigger"),
    col("channel", "string", "email, sms, push or ads"),
    col("arm_weights", "string", "JSON: arm to weight"),
    col("is_active", "boolean", "runs until turned off"),
    is_later=True,
)

CAMPAIGN_TRIGGERS = table(
    "campaign_triggers",
    "campaign, customer and entry",
    "campaign customer_id entered_on",
    Keeping.APPENDED,
    col("campaign", "string", "campaign"),
    col("customer_id", "string", "who entered"),
    col("entered_on", "date", "when"),
    col("arm", "string", "arm"),
    is_later=True,
)

SUPPRESSIONS = table(
    "suppressions",
    "forgotten person",
    "key_hash",
    Keeping.APPENDED,
    col("key_hash", "string", "HMAC of the id under a key kept outside the warehouse"),
    col("forgotten_at", "timestamp", "when"),
    is_later=True,
)
