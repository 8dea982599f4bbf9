"""Words of what Lifetide does: learning, gates, runs."""

from __future__ import annotations

from lifetide.vocabulary.word import Word


class LearnedMethod(Word):
    """How a learned parameter got its value."""

    MEDIAN = "median"
    QUANTILE = "quantile"
    MIDPOINT = "midpoint"
    MEDIAN_OF_GROUP = "median_of_group"
    HALF_POPULATION_INTERVAL = "half_population_interval"
    MEAN = "mean"
    STANDARD_DEVIATION = "standard_deviation"
    SURVIVAL = "survival"
    SHARE_OF_REVENUE = "share_of_revenue"
    FALLBACK = "fallback"
    DEFAULT = "default"
    PINNED = "pinned"


class EnterReason(Word):
    """Why a stretch of membership begins: the last two do not say that the rule began to hold on that day."""

    RULE_HOLDS = "rule_holds"
    FIRST_EVALUATION = "first_evaluation"
    NEW_VERSION = "new_version"


class ExitReason(Word):
    """Why a stretch of membership ends."""

    RULE_FAILS = "rule_fails"
    NOT_SPOKEN_OF = "not_spoken_of"
    CUSTOMER_GONE = "customer_gone"
    NEW_VERSION = "new_version"
    AUDIENCE_REMOVED = "audience_removed"


class ProductLogic(Word):
    """By what the products of an audience are listed."""

    BEST_SELLING = "best_selling"
    TRENDING = "trending"
    NEW = "new"


class ParameterScope(Word):
    """Whom a learned parameter speaks for: the whole shop, or one past build alone."""

    SHOP = "shop"
    PAST = "past"


class PeriodKind(Word):
    """Calendar periods that metrics are worked out for."""

    MONTH = "month"
    QUARTER = "quarter"


class Severity(Word):
    """What a failed expectation does: critical blocks publication, warning is reported."""

    CRITICAL = "critical"
    WARNING = "warning"


class RunStatus(Word):
    """How a run ended."""

    PUBLISHED = "published"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    FAILED = "failed"
