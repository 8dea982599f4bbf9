"""The trained scorer as an order model: its horizon is the one it was taught, others follow a parametric model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import gammaln

from lifetide.ltv.features import features
from lifetide.ltv.histories import Floats, Histories
from lifetide.ltv.negative_binomial import count_probabilities, p_any
from lifetide.ltv.order_model import Fit, OrderModel, Outlook, expected_by

LEAST = 1e-9
MOST_TIMES, ALWAYS = 5.0, 1.5
"""The score stands up to five times what the pace expects, and up to one and a half orders whatever that is.

A leaf of the trees holds sixty customers or more: of someone unlike all others (many orders, then a long silence) it
knows the mean of those others.
"""


class Score(Protocol):
    """What learning gave: answers for rows of features, and itself as text that is stored."""

    def expected(self, features: Floats) -> Floats:
        """One value per row: orders expected within the horizon it was taught."""

    def told(self) -> str:
        """JSON."""


@dataclass(frozen=True)
class Trained:
    """`score` expects orders within `taught_weeks`; `pace` says how they spread over time; counts are Poisson–gamma.

    `shape` is that of the gamma: the variance of a count with mean m is m + m²/shape.
    """

    score: Score
    taught_weeks: float
    shape: float
    pace: OrderModel
    fit: Fit
    name: str = "trained"

    def p_alive(self, of: Histories) -> Floats:
        """The pace's: a scorer of counts knows of no leaving."""
        return self.pace.p_alive(of)

    def p_order(self, of: Histories, weeks: float) -> Floats:
        """1 − (1 + m/shape)^(−shape)."""
        shape = np.full(len(of), self.shape)
        return p_any(shape, shape, self.expected_orders(of, weeks))

    def expected_orders(self, of: Histories, weeks: float) -> Floats:
        """The score times the pace's orders within the time ÷ its orders within the horizon that was taught."""
        return self._paced(of, (weeks,))[0]

    def outlook(self, of: Histories, weeks: Sequence[float]) -> Outlook:
        """All answers at once: the trees are walked a single time."""
        shape, expected = np.full(len(of), self.shape), self._paced(of, weeks)
        p_order = tuple(p_any(shape, shape, one) for one in expected)
        return Outlook(self.p_alive(of), p_order, expected, self._spread(expected[-1]))

    def variance(self, of: Histories, weeks: float) -> Floats:
        """M + m²/shape."""
        return self._spread(self.expected_orders(of, weeks))

    def count_probabilities(self, of: Histories, weeks: float, most: int) -> Floats:
        """Negative binomial with the shape and the expected orders."""
        shape = np.full(len(of), self.shape)
        return count_probabilities(shape, shape, self.expected_orders(of, weeks), most)

    def _spread(self, expected: Floats) -> Floats:
        return expected + expected**2 / self.shape

    def _paced(self, of: Histories, weeks: Sequence[float]) -> tuple[Floats, ...]:
        """Expected orders by time."""
        taught, *asked = expected_by(self.pace, of, (self.taught_weeks, *weeks))
        expected = np.minimum(self.score.expected(features(of)), np.maximum(ALWAYS, MOST_TIMES * taught))

        def within(one: float, paced: Floats) -> Floats:
            if one == self.taught_weeks:
                return expected
            found: Floats = expected * np.where(
                taught > LEAST, paced / np.maximum(taught, LEAST), one / self.taught_weeks
            )
            return found

        return tuple(within(one, paced) for one, paced in zip(weeks, asked, strict=True))


def fitted_shape(expected: Floats, counts: Floats, customers: Floats) -> float:
    """Of highest likelihood, between 0.05 and 50; the expectations must come from a scorer blind to the rows."""
    mean = np.maximum(expected, LEAST)

    def loss(log_shape: float) -> float:
        shape = np.exp(log_shape)
        log = gammaln(shape + counts) - gammaln(shape) - shape * np.log1p(mean / shape)
        return -float(customers @ (log - counts * np.log(shape + mean)))

    found = minimize_scalar(loss, bounds=(np.log(0.05), np.log(50.0)), method="bounded")
    return float(np.exp(found.x))
