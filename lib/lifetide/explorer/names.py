"""The words of tables as people read them. Lifecycle Lost and the Lost segment never share a name."""

from __future__ import annotations

from lifetide.vocabulary import ClassKind, CustomerStage, LearnedMethod, LifecycleGroup, RfmSegment, RfmStage

KIND_NAMES: dict[ClassKind, str] = {
    ClassKind.LIFECYCLE: "Lifecycle groups",
    ClassKind.STAGE: "Customer stages",
    ClassKind.SEGMENT: "RFM segments",
}

GROUP_NAMES: dict[LifecycleGroup, str] = {
    LifecycleGroup.JUST_ORDERED: "Just ordered",
    LifecycleGroup.ACTIVE: "Active",
    LifecycleGroup.SLIPPING_AWAY: "Slipping away",
    LifecycleGroup.LOST: "Lost",
    LifecycleGroup.PROSPECT: "Prospects",
}

GROUP_MEANINGS: dict[LifecycleGroup, str] = {
    LifecycleGroup.JUST_ORDERED: "ordered a short while ago, too soon to tell",
    LifecycleGroup.ACTIVE: "within their own usual rhythm",
    LifecycleGroup.SLIPPING_AWAY: "overdue, or buying less often than they did",
    LifecycleGroup.LOST: "silent so long that they are unlikely to return by themselves",
    LifecycleGroup.PROSPECT: "known, without an order that stands",
}

GROUP_CSS: dict[LifecycleGroup, str] = {
    LifecycleGroup.JUST_ORDERED: "just",
    LifecycleGroup.ACTIVE: "active",
    LifecycleGroup.SLIPPING_AWAY: "slip",
    LifecycleGroup.LOST: "lost",
    LifecycleGroup.PROSPECT: "prospect",
}

SEGMENT_NAMES: dict[RfmSegment, str] = {
    RfmSegment.ENGAGED_VISITOR: "Engaged visitors",
    RfmSegment.LOYAL_VISITOR: "Loyal visitors",
    RfmSegment.FIRST_TIME: "First-time buyers",
    RfmSegment.RECENT: "Recent",
    RfmSegment.PROMISING: "Promising",
    RfmSegment.POTENTIAL_LOYALIST: "Potential loyalists",
    RfmSegment.LOYAL: "Loyal",
    RfmSegment.CHAMPION: "Champions",
    RfmSegment.CANT_LOSE_THEM: "Can’t lose them",
    RfmSegment.AT_RISK: "At risk",
    RfmSegment.NEEDS_ATTENTION: "Needs attention",
    RfmSegment.ABOUT_TO_SLEEP: "About to sleep",
    RfmSegment.HIBERNATING: "Hibernating",
    RfmSegment.LOST: "Lost segment",
}

STAGE_NAMES: dict[RfmStage, str] = {
    RfmStage.ACQUIRE: "Acquire",
    RfmStage.RETAIN: "Retain",
    RfmStage.INCREASE_VALUE: "Increase value",
    RfmStage.CHERISH: "Cherish",
    RfmStage.REACTIVATE: "Reactivate",
}

CUSTOMER_STAGE_NAMES: dict[CustomerStage, str] = {
    CustomerStage.PROSPECT: "Prospects",
    CustomerStage.NEW: "New",
    CustomerStage.REPEAT: "Repeat",
    CustomerStage.LOYAL: "Loyal",
    CustomerStage.AT_RISK: "At risk",
    CustomerStage.DROP_OFF: "Dropped off",
    CustomerStage.REACTIVATED: "Reactivated",
}

CUSTOMER_STAGE_CSS: dict[CustomerStage, str] = {
    CustomerStage.PROSPECT: "prospect",
    CustomerStage.NEW: "new",
    CustomerStage.REPEAT: "active",
    CustomerStage.LOYAL: "accent",
    CustomerStage.AT_RISK: "slip",
    CustomerStage.DROP_OFF: "lost",
    CustomerStage.REACTIVATED: "just",
}

MODEL_NAMES: dict[str, str] = {
    "nbd": "NBD",
    "bg_nbd": "BG/NBD",
    "mbg_nbd": "MBG/NBD",
    "pareto_nbd": "Pareto/NBD",
    "grid": "Grid",
    "grid_k": "Grid with regular buyers",
    "trained": "Trained scorer",
    "mean": "Mean of models",
    "pooled": "One rate for all",
    "gamma_gamma": "Gamma-Gamma (value of an order)",
}

METHOD_NAMES: dict[str, str] = {
    LearnedMethod.MEDIAN: "median",
    LearnedMethod.QUANTILE: "quantile of the gaps",
    LearnedMethod.MIDPOINT: "midpoints of few values",
    LearnedMethod.HALF_POPULATION_INTERVAL: "half the typical interval",
    LearnedMethod.DEFAULT: "preset",
    LearnedMethod.PINNED: "set by hand",
}

TABLE_NAMES: dict[str, str] = {
    "run_metrics": "figures of the whole run",
}


def method_name(method: str) -> str:
    """How a value was learned, in words; an unknown method keeps its own name."""
    return METHOD_NAMES.get(method, method.replace("_", " "))


def table_name(table: str) -> str:
    """A table as a heading names it."""
    return TABLE_NAMES.get(table, table)


def reason_name(reason: str) -> str:
    """A reason for refusing a row, in words."""
    return reason.replace("_", " ")
