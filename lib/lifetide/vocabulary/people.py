"""Words of what customers are: rhythm, groups, stages, segments, classes."""

from __future__ import annotations

from lifetide.vocabulary.word import Word


class LifecycleGroup(Word):
    """Clerk's four groups in descending likelihood of returning, and prospect before the first net order."""

    PROSPECT = "prospect"
    JUST_ORDERED = "just_ordered"
    ACTIVE = "active"
    SLIPPING_AWAY = "slipping_away"
    LOST = "lost"


class LifecycleReason(Word):
    """The rule of the ladder that matched first."""

    NO_NET_ORDER = "no_net_order"
    SILENT_TOO_LONG = "silent_too_long"
    OVERDUE = "overdue"
    BUYS_LESS_OFTEN = "buys_less_often"
    RECENT_ORDER = "recent_order"
    ON_RHYTHM = "on_rhythm"


class BaselineSource(Word):
    """Where baseline_interval_days comes from."""

    OWN = "own"
    BLENDED = "blended"
    GROUP = "group"


class Regularity(Word):
    """How evenly spaced a customer's purchases are."""

    REGULAR = "regular"
    IRREGULAR = "irregular"
    UNKNOWN = "unknown"


class CustomerStage(Word):
    """CASA's stages (feature rows 002.x)."""

    PROSPECT = "prospect"
    NEW = "new"
    REPEAT = "repeat"
    LOYAL = "loyal"
    AT_RISK = "at_risk"
    DROP_OFF = "drop_off"
    REACTIVATED = "reactivated"


class StageReason(Word):
    """Why the customer stage is what it is."""

    NO_NET_ORDER = "no_net_order"
    SILENT_TOO_LONG = "silent_too_long"
    CAME_BACK = "came_back"
    SILENT = "silent"
    TICKET_DECLINE = "ticket_decline"
    MANY_ORDERS = "many_orders"
    SEVERAL_ORDERS = "several_orders"
    ONE_ORDER = "one_order"


class ClassKind(Word):
    """Kinds of classes that customers move between."""

    LIFECYCLE = "lifecycle"
    STAGE = "stage"
    SEGMENT = "segment"


class RfmSegment(Word):
    """The fourteen segments."""

    ENGAGED_VISITOR = "engaged_visitor"
    LOYAL_VISITOR = "loyal_visitor"
    FIRST_TIME = "first_time"
    RECENT = "recent"
    PROMISING = "promising"
    POTENTIAL_LOYALIST = "potential_loyalist"
    LOYAL = "loyal"
    CHAMPION = "champion"
    CANT_LOSE_THEM = "cant_lose_them"
    AT_RISK = "at_risk"
    NEEDS_ATTENTION = "needs_attention"
    ABOUT_TO_SLEEP = "about_to_sleep"
    HIBERNATING = "hibernating"
    LOST = "lost"


class RfmStage(Word):
    """The five stages that the segments belong to."""

    ACQUIRE = "acquire"
    RETAIN = "retain"
    INCREASE_VALUE = "increase_value"
    CHERISH = "cherish"
    REACTIVATE = "reactivate"


class RfmReason(Word):
    """Why the segment is what it is."""

    NO_ORDER_NO_EMAIL = "no_order_no_email"
    NO_ORDER_WITH_EMAIL = "no_order_with_email"
    ONE_ORDER = "one_order"
    GRID = "grid"
    NO_REVENUE = "no_revenue"
    WAS_CHAMPION = "was_champion"


class Importance(Word):
    """Class by total lifetime value."""

    VIP = "vip"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Loyalty(Word):
    """Class by number of orders and value."""

    ONE_TIME = "one_time"
    LOYAL = "loyal"
    FREQUENT = "frequent"
    VIP = "vip"


class BuyingFrequency(Word):
    """Thirds of expected orders per year."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class PriceSensitivity(Word):
    """Class by the customer's price level within the categories bought."""

    LOW = "low"
    AVERAGE = "average"
    HIGH = "high"
