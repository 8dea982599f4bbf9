"""Which sale a credit gives money back for: the order it names, else by units, first sold first returned."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .shop import ZERO, Line, Order, Part, cents


def credit_parts(lines: list[Line], orders: dict[str, Order]) -> list[Part]:
    """All credit lines cut into parts, so that units and money of the parts are those of the line."""
    named, by_units, alone = defaultdict(list), defaultdict(list), []
    for line in lines:
        if line.is_sale:
            continue
        order_id = line.refunds_order_id if line.refunds_order_id is not None else line.order_id
        if order_id in orders:
            named[order_id].append(line)
        elif line.product_id is not None:
            by_units[line.source_id, line.product_id].append(line)
        else:
            alone.append(line)

    sales = defaultdict(list)
    for order in orders.values():
        for line in order.lines:
            sales[order.source_id, line.product_id].append(line)

    parts = []
    for order_id, credits in named.items():
        parts += _named_parts(orders[order_id], credits)
    for key, credits in by_units.items():
        parts += _parts_by_units(sales[key], credits, orders)
    for credit in alone:
        parts += _parts(credit, [], orders)
    return parts


def refund_matches(parts: list[Part]) -> list[dict[str, Any]]:
    """One row per credit event and sale event."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for part in parts:
        if part.sale is None or (part.units == 0 and part.amount == 0):
            continue  # neither units nor money came back
        row = rows.setdefault(
            (part.credit.event_id, part.sale.event_id),
            {
                "credit_event_id": part.credit.event_id,
                "sale_event_id": part.sale.event_id,
                "credit_order_id": part.credit.order_id,
                "sale_order_id": part.sale.order_id,
                "credit_date": part.credit.date,
                "units": ZERO,
                "amount": ZERO,
            },
        )
        row["units"] += part.units
        row["amount"] += part.amount
    return list(rows.values())


def _named_parts(order: Order, credits: list[Line]) -> list[Part]:
    """Within the order, whatever the time of its lines; what finds no unit falls on its first line."""
    parts = []
    credited: dict[str | None, Decimal] = defaultdict(Decimal)
    for credit in credits:
        sales = [line for line in order.lines if line.product_id == credit.product_id]
        sold = sum((line.quantity for line in sales), ZERO)
        start = min(credited[credit.product_id], sold)
        credited[credit.product_id] += abs(credit.quantity)
        end = min(credited[credit.product_id], sold)
        parts += _parts(credit, _overlaps(sales, start, end), {order.order_id: order}, rest_on=order)
    return parts


def _parts_by_units(sales: list[Line], credits: list[Line], orders: dict[str, Order]) -> list[Part]:
    """Of one source id (guests are one) and product: a credit takes what was sold before it and is still there."""
    sales = sorted(sales, key=lambda line: line.when)
    both = sorted(sales + credits, key=lambda line: (line.event_at, not line.is_sale, line.event_id))
    parts = []
    sold = credited = unmatched = Decimal(0)
    for line in both:
        if line.is_sale:
            sold += line.quantity
            continue
        start = credited - unmatched
        credited += abs(line.quantity)
        unmatched = max(unmatched, credited - sold)
        end = credited - unmatched
        parts += _parts(line, _overlaps(sales, start, end), orders)
    return parts


def _overlaps(sales: list[Line], start: Decimal, end: Decimal) -> list[tuple[Line, Decimal]]:
    """Lay the units sold in a row: the sale lines that lie on (start, end], and how many units of each."""
    found = []
    before = Decimal(0)
    for sale in sales:
        units = min(end, before + sale.quantity) - max(start, before)
        if units > 0:
            found.append((sale, units))
        before += sale.quantity
    return found


def _parts(
    credit: Line, taken: list[tuple[Line, Decimal]], orders: dict[str, Order], rest_on: Order | None = None
) -> list[Part]:
    """Cut the credit's money by units, rounding the running sum; the rest comes last."""
    parts = []
    done, given = Decimal(0), ZERO
    for sale, units in taken:
        done += units
        up_to_here = cents(abs(Fraction(credit.amount) * Fraction(done) / Fraction(credit.quantity)))
        parts.append(Part(credit, orders[sale.order_id], sale, units, Decimal(0), up_to_here - given))
        given = up_to_here
    units, amount = abs(credit.quantity) - done, abs(credit.amount) - given
    if units > 0 or amount > 0:
        first_line = rest_on.lines[0] if rest_on else None
        parts.append(Part(credit, rest_on, first_line, Decimal(0), units, amount))
    return parts
