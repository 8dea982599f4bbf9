"""Tables that hold what came in: events, what was refused, and the shop's own master data."""

from __future__ import annotations

from lifetide.tables.model import MONEY, UNIT_PRICE, UNITS, Keeping, col, table
from lifetide.vocabulary import ConsentChannel, ConsentStatus, EventType, LineState

EVENTS = table(
    "events",
    "event or order line, clean, once",
    "event_id",
    Keeping.MERGED,
    col("event_id", "string", "the source's line id, else made from order, content and occurrence"),
    col("event_type", "string", "what happened", words=EventType),
    col("event_at", "timestamp", "the instant it happened"),
    col("event_date", "date", "local date of event_at in the shop's time zone"),
    col("updated_at", "timestamp", "when the source last changed the row", "the source maps no updated_at"),
    col("content_hash", "bigint", "hash of the row's content without batch and updated_at"),
    col("state", "string", "state of the order line", "what a visitor did: not an order line", LineState),
    col("source_id", "string", "customer_id, else 'anon:' + anonymous_id", "a guest: no id at all"),
    col(
        "customer_id",
        "string",
        "the id that the source gave, never the resolved person",
        "guest or anonymous",
    ),
    col("anonymous_id", "string", "visitor id that the source gave", "the source gave none"),
    col("session_id", "string", "visit that the event belongs to", "the source gave none"),
    col("order_id", "string", "order, or credit note; 'event:' + event_id where it has none", "not an order event"),
    col("refunds_order_id", "string", "the order that a credit line names", "no credit, or none named"),
    col("product_id", "string", "product, or service of a service line", "no product"),
    col("is_product", "boolean", "false for postage, fees, vouchers and other services", "not an order line"),
    col("category", "string", "category of the product as sold", "unknown"),
    col("quantity", UNITS, "units; negative on credits", "the source gave none"),
    col("unit_price", UNIT_PRICE, "price of one unit in shop currency", "unknown"),
    col("amount", MONEY, "money in shop currency after discount; negative on credits", "unknown, or no order event"),
    col("discount_amount", MONEY, "discount already taken off amount, zero or more", "unknown"),
    col("channel", "string", "where the order was placed", "unknown"),
    col("campaign", "string", "campaign that the event is credited to", "unknown"),
    col("query", "string", "text that was searched for", "not a search"),
    col("page", "string", "page that was viewed", "not a page view"),
    col("source", "string", "name of the source in settings"),
    col("batch", "string", "the ingest that brought the row; `ingest --withdraw` takes it out"),
    cluster_by="event_date source_id",
)

REJECTED_EVENTS = table(
    "rejected_events",
    "refused input row",
    "reject_id",
    Keeping.MERGED,
    col("reject_id", "string", "hash of source, payload and occurrence: a re-delivery is the same row"),
    col("source", "string", "name of the source in settings"),
    col("reasons", "array<string>", "every reason why the row was refused"),
    col("payload", "string", "the mapped row as JSON, personal columns masked"),
    col("batch", "string", "the ingest that refused the row"),
)

PRODUCTS = table(
    "products",
    "product",
    "product_id",
    Keeping.MERGED,
    col("product_id", "string", "the shop's product number"),
    col("name", "string", "name for people", "unknown"),
    col("category", "string", "category; lines without one of their own take it", "unknown"),
    col("price", UNIT_PRICE, "list price in shop currency", "unknown"),
    col("unit_cost", UNIT_PRICE, "what one unit costs the shop", "unknown"),
    col("published_at", "timestamp", "since when it is on sale", "unknown"),
)

CUSTOMERS = table(
    "customers",
    "known person: the only home of personal data",
    "customer_id",
    Keeping.MERGED,
    col("customer_id", "string", "the shop's customer number"),
    col("email", "string", "e-mail address as given", "none known"),
    col("phone", "string", "phone number as given", "none known"),
    col("first_name", "string", "first name", "unknown"),
    col("last_name", "string", "last name", "unknown"),
    col("city", "string", "city", "unknown"),
    col("zip", "string", "postal code", "unknown"),
    col("country", "string", "country as given; a code of two letters in capitals", "unknown"),
    col("signed_up_at", "timestamp", "when the person signed up", "unknown"),
)

CONSENTS = table(
    "consents",
    "change of consent",
    "customer_id channel changed_at",
    Keeping.MERGED,
    col("customer_id", "string", "whose consent"),
    col("channel", "string", "what the consent is for", words=ConsentChannel),
    col("status", "string", "what the person said", words=ConsentStatus),
    col("changed_at", "timestamp", "since when it holds"),
)

IDENTITIES = table(
    "identities",
    "link of a source_id to a person, for a stretch of time",
    "source_id valid_from",
    Keeping.MERGED,
    col("source_id", "string", "id as events carry it: a visitor's, or a customer's that was merged"),
    col("customer_id", "string", "the person"),
    col("valid_from", "timestamp", "since when the link holds", "from the beginning"),
    col("valid_to", "timestamp", "until when it held, exclusive", "it still holds"),
)

SURVEYS = table(
    "surveys",
    "answer to a survey",
    "customer_id answered_at",
    Keeping.MERGED,
    col("customer_id", "string", "who answered"),
    col("score", "int", "0 to 10"),
    col("answered_at", "timestamp", "when"),
)

ACQUISITION_COSTS = table(
    "acquisition_costs",
    "channel and month",
    "channel month",
    Keeping.MERGED,
    col("channel", "string", "acquisition channel"),
    col("month", "date", "first day of the month"),
    col("cost", MONEY, "what was spent, shop currency"),
)

AD_RESULTS = table(
    "ad_results",
    "campaign, day and audience version",
    "campaign date audience_key audience_version",
    Keeping.MERGED,
    col("campaign", "string", "campaign"),
    col("date", "date", "local date"),
    col("audience_key", "string", "audience that was advertised to", "not by audience"),
    col("audience_version", "int", "its version", "not by audience"),
    col("cost", MONEY, "what was spent, shop currency"),
    col("impressions", "bigint", "times shown", "unknown"),
    col("clicks", "bigint", "times clicked", "unknown"),
)

REFERRALS = table(
    "referrals",
    "referral",
    "referrer_id referred_id",
    Keeping.MERGED,
    col("referrer_id", "string", "who recommended"),
    col("referred_id", "string", "who came"),
    col("referred_at", "timestamp", "when"),
)

FX_RATES = table(
    "fx_rates",
    "currency and day",
    "currency date",
    Keeping.MERGED,
    col("currency", "string", "ISO code of three letters"),
    col("date", "date", "local date"),
    col("rate", "decimal(18,8)", "units of shop currency for one unit of currency"),
)
