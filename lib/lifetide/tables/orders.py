"""Tables of orders and of what each source id did on each day."""

from __future__ import annotations

from lifetide.tables.model import MONEY, UNITS, Keeping, col, table
from lifetide.vocabulary import EventType, OrderState

NO_MONEY = "the shop sends no money"
NO_MARGIN = "neither cost nor rate of a line is known"

ORDERS = table(
    "orders",
    "order, or credit note that stands alone",
    "order_id",
    Keeping.WHOLE,
    col("order_id", "string", "the shop's order number; a credit that stands alone keeps its note's number"),
    col("source_id", "string", "who ordered", "a guest"),
    col(
        "customer_id",
        "string",
        "the id that the source gave, never the resolved person",
        "guest or anonymous",
    ),
    col("ordered_at", "timestamp", "instant of the order's earliest line"),
    col("order_date", "date", "local date of ordered_at"),
    col(
        "voided_on",
        "date",
        "local date of the credit that took the last unit, or of the cancellation",
        "the order stands",
    ),
    col("state", "string", "state after the credits up to as_of", words=OrderState),
    col("item_count", UNITS, "units of products sold, services left out, before returns"),
    col(
        "gross_revenue", MONEY, "money of the sale lines before discount; 0 for a credit", "no line knows its amount"
    ),
    col("discount_amount", MONEY, "discounts of the sale lines; 0 where the source knows none"),
    col("refunded_amount", MONEY, "money given back up to as_of, cancellations included, zero or more"),
    col(
        "net_revenue",
        MONEY,
        "gross_revenue - discount_amount - refunded_amount; may be below 0",
        "neither a line nor a credit knows its amount",
    ),
    col("margin", MONEY, "net_revenue less product costs", NO_MARGIN),
    col("channel", "string", "where the order was placed", "unknown"),
)

REFUND_MATCHES = table(
    "refund_matches",
    "credit event and the sale event it gives money back for",
    "credit_event_id sale_event_id",
    Keeping.WHOLE,
    col("credit_event_id", "string", "event_id of the credit line"),
    col("sale_event_id", "string", "event_id of the sale line"),
    col("credit_order_id", "string", "the credit note"),
    col("sale_order_id", "string", "the order that the sale line belongs to"),
    col("credit_date", "date", "local date of the credit: its money stands there"),
    col("units", UNITS, "units taken back; 0 = money given back on a named order without these units"),
    col("amount", MONEY, "money given back, zero or more"),
)

CUSTOMER_DAYS = table(
    "customer_days",
    "source_id and local date with any activity",
    "source_id local_date",
    Keeping.WHOLE,
    col("source_id", "string", "id as events carry it; guests are left out"),
    col("local_date", "date", "local date"),
    col("order_count", "int", "net orders placed that day: not voided by as_of"),
    col("order_value", MONEY, "net value of those orders, credits up to as_of taken off wherever dated", NO_MONEY),
    col("item_count", UNITS, "units of products in those orders, before returns"),
    col("gross_revenue", MONEY, "sales dated that day, before discount", NO_MONEY),
    col("refunded_amount", MONEY, "credits dated that day, zero or more", NO_MONEY),
    col("net_revenue", MONEY, "money dated that day: gross - discount - refunded", NO_MONEY),
    col("margin", MONEY, "net_revenue less product costs", NO_MARGIN),
    col("discount_amount", MONEY, "discounts of sales dated that day", NO_MONEY),
    col("visit_count", "int", "visits that began that day", "the shop sends no visits"),
    col("product_view_count", "int", "products viewed", "the shop sends no views"),
    col("search_count", "int", "searches", "the shop sends no searches"),
    col("cart_count", "int", "products put in the cart", "the shop sends no carts"),
)

CUSTOMER_ITEMS = table(
    "customer_items",
    "source_id, local date and product",
    "source_id local_date product_id",
    Keeping.WHOLE,
    col("source_id", "string", "id as events carry it; guests are left out"),
    col("local_date", "date", "local date"),
    col("product_id", "string", "product; services are left out"),
    col("category", "string", "category on the day's latest line, else the product's", "unknown"),
    col("order_count", "int", "net orders placed that day with the product"),
    col("units_sold", UNITS, "units on sale lines dated that day"),
    col("units_credited", UNITS, "units on credit lines dated that day, zero or more"),
    col("gross_revenue", MONEY, "money on those sale lines before discount", NO_MONEY),
    col("net_revenue", MONEY, "money dated that day", NO_MONEY),
    col("view_count", "int", "times viewed", "the shop sends no views"),
    col("cart_count", "int", "times put in the cart", "the shop sends no carts"),
)

SALE_LINES = table(
    "sale_lines",
    "sale line up to the last current build, with what is true of its whole order; the daily run starts from it",
    "event_id",
    Keeping.WHOLE,
    col("event_id", "string", "the line's event"),
    col("event_at", "timestamp", "the instant it was sold"),
    col("event_date", "date", "local date of event_at"),
    col("order_id", "string", "the order"),
    col("product_id", "string", "product, or service of a service line", "none named"),
    col("is_product", "boolean", "false for services"),
    col("category", "string", "category as sold", "unknown"),
    col("quantity", UNITS, "units sold", "the source gave none"),
    col("amount", MONEY, "money after discount", "unknown"),
    col("discount_amount", MONEY, "discount taken off amount", "unknown"),
    col("order_source_id", "string", "who ordered: the first id on a line of the order", "a guest"),
    col("order_customer_id", "string", "the first customer id on a line of the order", "guest or anonymous"),
    col("order_channel", "string", "the first channel on a line of the order", "unknown"),
    col("order_at", "timestamp", "instant of the order's earliest line"),
    col("order_date", "date", "local date of order_at"),
    col("first_event_id", "string", "the order's earliest line"),
    col("margin", MONEY, "amount less product costs", NO_MARGIN),
)

CREDIT_PARTS = table(
    "credit_parts",
    "part of a credit line up to the last current build: what falls on one sale, on the order that it names, or "
    "stands alone; the daily run starts from it",
    "credit_event_id sale_event_id matched_units",
    Keeping.WHOLE,
    col("credit_event_id", "string", "the credit line's event"),
    col("credit_type", "string", "cancelled or refunded", words=EventType),
    col("credit_at", "timestamp", "the instant of the credit"),
    col("credit_date", "date", "local date of credit_at: its money stands there"),
    col("credit_order_id", "string", "the credit note"),
    col("credit_source_id", "string", "id on the credit line", "a guest"),
    col("credit_customer_id", "string", "customer id on the credit line", "guest or anonymous"),
    col("credit_channel", "string", "channel of the credit line", "unknown"),
    col("names_order_id", "string", "the order that the credit names, else its own note"),
    col("product_id", "string", "product, or service of a service line", "none named"),
    col("is_product", "boolean", "false for services"),
    col("category", "string", "category on the credit line", "unknown"),
    col(
        "sale_event_id",
        "string",
        "the sale line that gives its units back, or the named order's first line",
        "the part stands alone",
    ),
    col("order_id", "string", "the sale's order; the credit note where the part stands alone"),
    col("source_id", "string", "whose money it is: the sale's id, else the credit's", "a guest"),
    col("matched_units", UNITS, "units that the sale line gives back; 0 = money without units of a sale"),
    col("sale_units", UNITS, "units of the sale line", "no matched units"),
    col("units", UNITS, "units of the credit in this part", "the source gave none"),
    col("amount", MONEY, "money given back in this part, zero or more", "unknown"),
    col("margin", MONEY, "amount less product costs", NO_MARGIN),
)
