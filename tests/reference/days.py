"""What each source id did on each local date, and with which product. Guests are left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from .orders import is_net_order
from .shop import ZERO, Line, Order, Part

Row = dict[str, Any]


def customer_days(orders: dict[str, Order], parts: list[Part], order_rows: list[Row]) -> list[Row]:
    rows: dict[tuple[str | None, date], Row] = {}

    def at(source_id: str | None, day: date) -> Row:
        return rows.setdefault((source_id, day), _empty_day(source_id, day))

    for order in orders.values():
        for line in order.lines:
            day = at(order.source_id, line.date)
            day["gross_revenue"] += line.amount + line.discount
            day["discount_amount"] += line.discount
    for part in parts:
        at(part.source_id, part.credit.date)["refunded_amount"] += part.amount
    for row in order_rows:
        day = at(row["source_id"], row["order_date"])
        if _stands(row):
            day["order_count"] += 1
            day["order_value"] += row["net_revenue"]
            day["item_count"] += row["item_count"]
    for day in rows.values():
        day["net_revenue"] = day["gross_revenue"] - day["discount_amount"] - day["refunded_amount"]
    return [day for day in rows.values() if day["source_id"] is not None]


def customer_items(orders: dict[str, Order], parts: list[Part], order_rows: list[Row]) -> list[Row]:
    standing = {row["order_id"] for row in order_rows if _stands(row)}
    rows: dict[tuple[str, date, str | None], Row] = {}
    ordered_in: dict[tuple[str, date, str | None], set[str]] = defaultdict(set)
    for source_id, line, order in _item_lines(orders, parts):
        key = source_id, line.date, line.product_id
        row = rows.setdefault(key, _empty_item(*key))
        if line.category is not None:
            row["category"] = line.category  # lines come in time, so the latest stays
        if order and order.order_id in standing:
            ordered_in[key].add(order.order_id)
        if order:
            row["units_sold"] += line.quantity
            row["gross_revenue"] += line.amount + line.discount
            row["net_revenue"] += line.amount
    for part in parts:
        if part.source_id is not None and part.credit.is_item:
            row = rows[part.source_id, part.credit.date, part.credit.product_id]
            row["units_credited"] += part.units + part.other_units
            row["net_revenue"] -= part.amount
    for key, row in rows.items():
        row["order_count"] = len(ordered_in[key])
    return list(rows.values())


def purchase_days(day_rows: list[Row]) -> dict[str, list[date]]:
    """customer_id → its local dates with a net order, in time; a prospect has none."""
    found: dict[str, list[date]] = {row["source_id"]: [] for row in day_rows}
    for row in day_rows:
        if row["order_count"] > 0:
            found[row["source_id"]].append(row["local_date"])
    return {customer: sorted(dates) for customer, dates in found.items()}


def _stands(row: Row) -> bool:
    """A net order on as_of: nothing later than as_of is known here, so any voiding counts."""
    return is_net_order(row, date.max)


def _item_lines(orders: dict[str, Order], parts: list[Part]) -> Iterator[tuple[str, Line, Order | None]]:
    """Lines of products in time with their source id; sale lines with their order, credit lines without."""
    found = [(order.source_id, line, order) for order in orders.values() for line in order.lines]
    found += [(part.source_id, part.credit, None) for part in parts]
    for source_id, line, order in sorted(found, key=lambda row: row[1].when):
        if source_id is not None and line.is_item:
            yield source_id, line, order


def _empty_day(source_id: str | None, day: date) -> Row:
    return {
        "source_id": source_id,
        "local_date": day,
        "order_count": 0,
        "order_value": ZERO,
        "item_count": ZERO,
        "gross_revenue": ZERO,
        "refunded_amount": ZERO,
        "net_revenue": ZERO,
        "margin": None,
        "discount_amount": ZERO,
        "visit_count": None,
        "product_view_count": None,
        "search_count": None,
        "cart_count": None,
    }


def _empty_item(source_id: str, day: date, product_id: str | None) -> Row:
    return {
        "source_id": source_id,
        "local_date": day,
        "product_id": product_id,
        "category": None,
        "order_count": 0,
        "units_sold": ZERO,
        "units_credited": ZERO,
        "gross_revenue": ZERO,
        "net_revenue": ZERO,
        "view_count": None,
        "cart_count": None,
    }
