"""One row per order, and per credit note that stands alone."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from .shop import ZERO, Line, Order, Part, first_known


def sale_orders(lines: list[Line]) -> dict[str, Order]:
    """The sales by order_id."""
    found: dict[str, Order] = {}
    for line in lines:
        if line.is_sale:
            found.setdefault(line.order_id, Order(line.order_id, [])).lines.append(line)
    return found


def order_rows(orders: dict[str, Order], parts: list[Part]) -> list[dict[str, Any]]:
    on_order, on_nothing = defaultdict(list), defaultdict(list)
    for part in parts:
        if part.order:
            on_order[part.order.order_id].append(part)
        else:
            on_nothing[part.credit.order_id].append(part)
    sales = [_sale_row(order, on_order[order.order_id]) for order in orders.values()]
    credits = [_credit_row(order_id, rest) for order_id, rest in on_nothing.items()]
    return sales + credits


def is_net_order(row: dict[str, Any], day: date) -> bool:
    """The order counts on that day: placed by then, and not voided by then."""
    stands = row["voided_on"] is None or row["voided_on"] > day
    return row["state"] != "credit" and row["order_date"] <= day and stands


def _sale_row(order: Order, parts: list[Part]) -> dict[str, Any]:
    gross = sum((line.amount + line.discount for line in order.lines), ZERO)
    discount = sum((line.discount for line in order.lines), ZERO)
    refunded = sum((part.amount for part in parts), ZERO)
    voided_on = _voided_on(order, parts)
    return {
        **_head(order.order_id, order.lines),
        "voided_on": voided_on,
        "state": _state(parts, voided_on),
        "item_count": sum((line.quantity for line in order.lines if line.is_product), ZERO),
        "gross_revenue": gross,
        "discount_amount": discount,
        "refunded_amount": refunded,
        "net_revenue": gross - discount - refunded,
        "margin": None,
    }


def _credit_row(order_id: str, parts: list[Part]) -> dict[str, Any]:
    refunded = sum((part.amount for part in parts), ZERO)
    return {
        **_head(order_id, sorted((part.credit for part in parts), key=lambda line: line.when)),
        "voided_on": None,
        "state": "credit",
        "item_count": ZERO,
        "gross_revenue": ZERO,
        "discount_amount": ZERO,
        "refunded_amount": refunded,
        "net_revenue": -refunded,
        "margin": None,
    }


def _head(order_id: str, lines: list[Line]) -> dict[str, Any]:
    return {
        "order_id": order_id,
        "source_id": first_known(line.source_id for line in lines),
        "customer_id": first_known(line.customer_id for line in lines),
        "ordered_at": lines[0].event_at,
        "order_date": lines[0].date,
        "channel": first_known(line.channel for line in lines),
    }


def _voided_on(order: Order, parts: list[Part]) -> date | None:
    """The day on which the last unit of all lines, services included, was given back."""
    taken: dict[str, Decimal] = defaultdict(Decimal)
    for part in parts:
        if part.sale:
            taken[part.sale.event_id] += part.units
    if all(taken[line.event_id] >= line.quantity for line in order.lines):
        return max(part.credit.date for part in parts if part.units > 0)
    return None


def _state(parts: list[Part], voided_on: date | None) -> str:
    if voided_on:
        ending = [part.credit for part in parts if part.units > 0 and part.credit.date == voided_on]
        last = max(ending, key=lambda credit: credit.when)
        return "cancelled" if last.event_type == "order_cancelled" else "refunded"
    if any(part.amount > 0 or part.units > 0 for part in parts):
        return "partly_refunded"
    return "completed"
