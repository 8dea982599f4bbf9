"""The mean of several order models: as good as the best of them nearly everywhere, better than each in most shops.

Its distribution is the equal mixture of theirs. Source of the idea: Bates and Granger, The Combination of Forecasts,
Operational Research Quarterly 20 (1969).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lifetide.ltv.histories import Floats, Histories
from lifetide.ltv.order_model import Fit, OrderModel


@dataclass(frozen=True)
class Mean:
    """Every member has the same weight."""

    members: tuple[OrderModel, ...]
    fit: Fit
    name: str = "mean"

    def p_alive(self, of: Histories) -> Floats:
        """Mean of the members'."""
        return self._mean(lambda member: member.p_alive(of))

    def p_order(self, of: Histories, weeks: float) -> Floats:
        """Mean of the members'."""
        return self._mean(lambda member: member.p_order(of, weeks))

    def expected_orders(self, of: Histories, weeks: float) -> Floats:
        """Mean of the members'."""
        return self._mean(lambda member: member.expected_orders(of, weeks))

    def variance(self, of: Histories, weeks: float) -> Floats:
        """Of the mixture: the mean of the members' second moments, less the squared mean."""
        squares = self._mean(lambda member: member.variance(of, weeks) + member.expected_orders(of, weeks) ** 2)
        return np.maximum(squares - self.expected_orders(of, weeks) ** 2, 0.0)

    def count_probabilities(self, of: Histories, weeks: float, most: int) -> Floats:
        """Mean of the members'."""
        return self._mean(lambda member: member.count_probabilities(of, weeks, most))

    def _mean(self, answer: Callable[[OrderModel], Floats]) -> Floats:
        found: Floats = np.mean([answer(member) for member in self.members], axis=0)
        return found
