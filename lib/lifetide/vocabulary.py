"""Every word that appears as a value in a table. Values are lower-case and stable: outside programs read them."""

from __future__ import annotations

from enum import Enum


class Word(str, Enum):
    """A value of a column; prints and compares as its text."""

    def __str__(self) -> str:
        return str(self.value)


class SourceKind(Word):
    """What one row of a source is."""

    ORDER_LINES = "order_lines"
    EVENTS = "events"
    PRODUCTS = "products"
    CUSTOMERS = "customers"
    CONSENTS = "consents"
    IDENTITIES = "identities"
    SURVEYS = "surveys"
    ACQUISITION_COSTS = "acquisition_costs"
    AD_RESULTS = "ad_results"
    REFERRALS = "referrals"
    FX_RATES = "fx_rates"


class EventType(Word):
    """What happened. Order events carry money, the others are behaviour."""

    PAGE_VIEWED = "page_viewed"
    PRODUCT_VIEWED = "product_viewed"
    SEARCHED = "searched"
    CART_ADDED = "cart_added"
    CART_REMOVED = "cart_removed"
    CHECKOUT_STARTED = "checkout_started"
    ORDER_COMPLETED = "order_completed"
    ORDER_CANCELLED = "order_cancelled"
    ORDER_REFUNDED = "order_refunded"
    MESSAGE_SENT = "message_sent"
    MESSAGE_OPENED = "message_opened"
    MESSAGE_CLICKED = "message_clicked"


CREDIT_EVENTS = (str(EventType.ORDER_REFUNDED), str(EventType.ORDER_CANCELLED))
"""Events that give money back."""
ORDER_EVENTS = (str(EventType.ORDER_COMPLETED), *CREDIT_EVENTS)
"""Events that carry an order's money."""


class LineState(Word):
    """State of an order line as the source gives it; the last two are credit lines."""

    COMPLETED = "completed"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"


class OrderState(Word):
    """State of an order after the credits up to as_of; `credit` is a credit note without a sale."""

    COMPLETED = "completed"
    PARTLY_REFUNDED = "partly_refunded"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"
    CREDIT = "credit"


class ConsentChannel(Word):
    """Ways to reach a person that need consent."""

    EMAIL = "email"
    SMS = "sms"
    PUSH = "push"
    ADS = "ads"


class ConsentStatus(Word):
    """What a person said."""

    SUBSCRIBED = "subscribed"
    UNSUBSCRIBED = "unsubscribed"


class RejectReason(Word):
    """Why an input row was refused. A row carries all of its reasons."""

    MISSING_ORDER_ID = "missing_order_id"
    MISSING_ORDERED_AT = "missing_ordered_at"
    BAD_ORDERED_AT = "bad_ordered_at"
    FUTURE_DATE = "future_date"
    TOO_OLD_DATE = "too_old_date"
    MISSING_QUANTITY = "missing_quantity"
    BAD_QUANTITY = "bad_quantity"
    NEGATIVE_QUANTITY = "negative_quantity"
    MISSING_AMOUNT = "missing_amount"
    BAD_AMOUNT = "bad_amount"
    NEGATIVE_AMOUNT = "negative_amount"
    AMOUNT_TOO_LARGE = "amount_too_large"
    BAD_DISCOUNT = "bad_discount"
    UNKNOWN_STATE = "unknown_state"
    UNKNOWN_CURRENCY = "unknown_currency"
    MISSING_FX_RATE = "missing_fx_rate"
    BAD_UPDATED_AT = "bad_updated_at"
    BAD_CHARACTERS = "bad_characters"
    TEXT_TOO_LONG = "text_too_long"
    ORDER_CHANGED = "order_changed"
    EVENT_CHANGED = "event_changed"
    MISSING_EVENT_TYPE = "missing_event_type"
    UNKNOWN_EVENT_TYPE = "unknown_event_type"
    MISSING_VISITOR = "missing_visitor"
    MISSING_DATE = "missing_date"
    BAD_DATE = "bad_date"
    MISSING_PRODUCT_ID = "missing_product_id"
    BAD_PRICE = "bad_price"
    BAD_UNIT_COST = "bad_unit_cost"
    MISSING_CUSTOMER_ID = "missing_customer_id"
    MISSING_LINKED_ID = "missing_linked_id"
    LINKED_TO_ITSELF = "linked_to_itself"
    UNLINKED_BEFORE_LINKED = "unlinked_before_linked"
    MISSING_CHANNEL = "missing_channel"
    UNKNOWN_CHANNEL = "unknown_channel"
    MISSING_STATUS = "missing_status"
    UNKNOWN_STATUS = "unknown_status"
    MISSING_SCORE = "missing_score"
    BAD_SCORE = "bad_score"
    MISSING_COST = "missing_cost"
    BAD_COST = "bad_cost"
    MISSING_CAMPAIGN = "missing_campaign"
    BAD_COUNT = "bad_count"
    MISSING_REFERRER = "missing_referrer"
    MISSING_REFERRED = "missing_referred"
    MISSING_CURRENCY = "missing_currency"
    MISSING_RATE = "missing_rate"
    BAD_RATE = "bad_rate"


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


class LearnedMethod(Word):
    """How a learned parameter got its value."""

    MEDIAN = "median"
    QUANTILE = "quantile"
    MIDPOINT = "midpoint"
    HALF_POPULATION_INTERVAL = "half_population_interval"
    DEFAULT = "default"
    PINNED = "pinned"


class ParameterScope(Word):
    """Whom a learned parameter speaks for: the whole shop, or one past build alone."""

    SHOP = "shop"
    PAST = "past"


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
