"""From histories to what is foretold of them: one answer per history, whoever shares it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from lifetide.ltv.gamma_gamma import GammaGamma
from lifetide.ltv.histories import WEEK, Floats, histories
from lifetide.ltv.order_model import OrderModel
from lifetide.ltv.outlook import outlook
from lifetide.ltv.spread import limits_in_orders

HORIZONS = (30, 90, 365)
DIGITS = 10
"""Significant digits that are kept: the last bits depend on how many histories were scored together."""
ROWS = 50_000


def scores(
    columns: Mapping[str, Any], orders: OrderModel, values: GammaGamma | None, drift: float = 0.0
) -> dict[str, Floats]:
    """A column per answer, in the order of the histories' `columns`.

    p_alive, p_order_30d, p_order_90d, p_order_365d, expected_orders_365d; and `lower_orders`, `upper_orders`: the
    limits of the year's value ÷ the expected value of an order (NaN without a model of values). A year has at most
    365 purchase days, whatever a model of continuous time makes of someone who bought twice in two days. `drift`: the
    share by which the model is wrong about a tenth of the customers (`Choice`).
    """
    size = len(columns["frequency"])
    names = ("p_alive", *(f"p_order_{days}d" for days in HORIZONS), "expected_orders_365d",
             "lower_orders", "upper_orders")  # fmt: skip
    found = {name: np.empty(size) for name in names}
    for first in range(0, size, ROWS):
        rows = slice(first, first + ROWS)
        of = histories({name: np.asarray(column)[rows] for name, column in columns.items()})
        told = outlook(orders, of, [days / WEEK for days in HORIZONS])
        expected = np.minimum(told.expected[-1], HORIZONS[-1])
        lower = upper = np.full(len(of), np.nan)
        if values is not None:
            variance = told.variance + (drift * expected) ** 2
            lower, upper = limits_in_orders(told.p_order[-1], expected, variance, of.frequency + 1, values)
        for name, answer in zip(names, (told.p_alive, *told.p_order, expected, lower, upper), strict=True):
            found[name][rows] = significant(answer)
    return found


def significant(values: Floats) -> Floats:
    """Rounded to ten significant digits; 0 and NaN stay."""
    size = np.where(np.isfinite(values) & (values != 0), np.abs(values), 1.0)
    scale = 10.0 ** (DIGITS - 1 - np.floor(np.log10(size)))
    rounded: Floats = np.round(values * scale) / scale
    return rounded
