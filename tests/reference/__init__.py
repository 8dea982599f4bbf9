"""The whole meaning of Lifetide's tables in plain Python: the independent evaluation that tests compare with.

Nothing here is fast, and nothing is shared with `lifetide`. Read it in the order of `evaluate`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from . import days, orders, profiles, refunds, rfm, rhythm, spells
from .shop import DEFAULT_POLICY, Policy, lines_of

Row = dict[str, Any]

__all__ = ["Policy", "Result", "evaluate"]


@dataclass
class Result:
    """The rows of each table; keys are the catalogue's column names."""

    orders: list[Row]
    refund_matches: list[Row]
    customer_days: list[Row]
    customer_items: list[Row]
    customer_state: list[Row]
    learned: list[Row]
    profiles: list[Row]
    lifecycle_spells: list[Row]
    base_growth: list[Row]


def evaluate(
    events: list[Row],
    as_of: date,
    zone: str,
    parameters: list[Row] | None = None,
    policy: Policy = DEFAULT_POLICY,
    rate_drop_limit: Callable[[int], float] = rhythm.rate_drop_limit,
) -> Result:
    """Everything on the local date `as_of`; `parameters` = learned rows to use instead of learning."""
    lines = [line for line in lines_of(events, zone) if line.date <= as_of]
    knows_discounts = any(line.discount_given for line in lines)
    sold = orders.sale_orders(lines)
    parts = refunds.credit_parts(lines, sold)
    order_rows = orders.order_rows(sold, parts)
    day_rows = days.customer_days(sold, parts, order_rows)
    item_rows = days.customer_items(sold, parts, order_rows)

    bought_on = days.purchase_days(day_rows)
    state_rows = profiles.customer_state(day_rows, item_rows, order_rows, bought_on, rate_drop_limit)
    learned = parameters
    if learned is None:
        learned = rhythm.learned(as_of, bought_on, policy) + rfm.learned(as_of, state_rows, policy)
    spell_rows = spells.lifecycle_spells(bought_on, learned, policy, rate_drop_limit)
    return Result(
        orders=order_rows,
        refund_matches=refunds.refund_matches(parts),
        customer_days=day_rows,
        customer_items=item_rows,
        customer_state=state_rows,
        learned=learned,
        profiles=profiles.customer_profiles(
            as_of, state_rows, day_rows, bought_on, learned, policy, knows_discounts=knows_discounts
        ),
        lifecycle_spells=spell_rows,
        base_growth=spells.base_growth(as_of, bought_on, spell_rows, policy),
    )
