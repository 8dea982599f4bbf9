"""How far the value of the coming year may lie from what is expected: 90 of 100 customers end between the limits.

The sum of N orders, whose values vary around a mean of the customer's own that is itself not known (Gamma-Gamma). Its
first two moments given that there is any order are exact; a gamma distribution with these moments stands in for it,
and no order at all is a chance of its own. Moments of the value: Fader and Hardie, note 025 (2013).
"""

from __future__ import annotations

import numpy as np
from scipy.special import gammaincinv

from lifetide.ltv.gamma_gamma import GammaGamma
from lifetide.ltv.histories import Floats

LOWER, UPPER = 0.05, 0.95
LEAST_SPREAD = 0.1
"""Of the shape of the values' means above 2: with a shape of 2 or less their variance would be endless."""


def limits_in_orders(
    p_order: Floats, expected: Floats, variance: Floats, days: Floats, values: GammaGamma
) -> tuple[Floats, Floats]:
    """The 5% and 95% limits of the year's value ÷ the expected value of one order, one per customer.

    `days`: purchase days that told of the customer's values. The limits take in the expected orders.
    """
    shape = np.maximum(values.p * days + values.q, 2 + LEAST_SPREAD)
    second = (expected / values.p + variance + expected**2) * (shape - 1) / (shape - 2)
    lower, upper = (_quantile(share, p_order, expected, second) for share in (LOWER, UPPER))
    return np.minimum(lower, expected), np.maximum(upper, expected)


def _quantile(share: float, p_order: Floats, mean: Floats, second: Floats) -> Floats:
    """Of 0 with chance 1 − p, else of a gamma whose first two moments, with those zeros, are `mean` and `second`."""
    p = np.maximum(p_order, 1e-12)
    mean_if, second_if = mean / p, second / p
    variance = np.maximum(second_if - mean_if**2, 1e-9 * mean_if**2 + 1e-300)
    shape = np.maximum(mean_if**2 / variance, 1e-6)
    within = (share - (1 - p)) / p
    found = gammaincinv(shape, np.clip(within, 0.0, 1.0)) * variance / np.maximum(mean_if, 1e-300)
    return np.where(within > 0, found, 0.0)
