"""Words of what arrives: sources, events, orders, consents, and why a row is refused."""

from __future__ import annotations

from lifetide.vocabulary.word import Word


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
