"""NBD: gamma-distributed purchase rates, nobody drops out.

Source: Ehrenberg, The Pattern of Consumer Purchases, Applied Statistics 8 (1959); conditional expectation as in
Morrison and Schmittlein, Journal of Business & Economic Statistics 6 (1988).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, gammaln

from lifetide.ltv.histories import Floats, Histories, repeated
from lifetide.ltv.likelihood import maximum
from lifetide.ltv.negative_binomial import count_probabilities, p_any
from lifetide.ltv.order_model import Fit


@dataclass(frozen=True)
class Nbd:
    """Rates are gamma with shape r and rate alpha (weeks)."""

    r: float
    alpha: float
    fit: Fit
    name: str = "nbd"

    def p_alive(self, of: Histories) -> Floats:
        """1: nobody drops out."""
        return np.ones(len(of))

    def p_order(self, of: Histories, weeks: float) -> Floats:
        """Probability of at least one purchase day."""
        return p_any(self.r + of.frequency, self.alpha + of.tenure, weeks)

    def expected_orders(self, of: Histories, weeks: float) -> Floats:
        """(r + x) / (α + T) · t."""
        found: Floats = (self.r + of.frequency) / (self.alpha + of.tenure) * weeks
        return found

    def variance(self, of: Histories, weeks: float) -> Floats:
        """M + m² / (r + x)."""
        expected = self.expected_orders(of, weeks)
        return expected + expected**2 / (self.r + of.frequency)

    def count_probabilities(self, of: Histories, weeks: float, most: int) -> Floats:
        """The probabilities of 0, 1, …, `most` purchase days."""
        return count_probabilities(self.r + of.frequency, self.alpha + of.tenure, weeks, most)


def log_likelihood(parameters: Floats, of: Histories) -> Floats:
    """Ln Γ(r+x) − ln Γ(r) + r ln α − (r+x) ln(α+T), per customer of each history."""
    r, alpha = parameters
    x = of.frequency
    found: Floats = gammaln(r + x) - gammaln(r) + r * np.log(alpha) - (r + x) * np.log(alpha + of.tenure)
    return found


def fit_nbd(of: Histories, notes: tuple[str, ...] = ()) -> Nbd:
    """The model of highest likelihood."""
    scale = max(float(of.tenure.max()), 1.0) / 10
    share = of.customers / of.size
    bought, lasted = repeated(of.frequency), repeated(of.tenure / scale)
    x, tenure = bought.values, lasted.values
    of_x = np.bincount(bought.places, share)
    of_tenure, repeats = np.bincount(lasted.places, share), np.bincount(lasted.places, share * of.frequency)

    def mean(parameters: Floats) -> tuple[float, Floats]:
        r, alpha = parameters
        shape, passed = r * of_tenure + repeats, np.log(alpha + tenure)
        log = of_x @ (gammaln(r + x) - gammaln(r)) + r * np.log(alpha) - shape @ passed
        by_r = of_x @ (digamma(r + x) - digamma(r)) + np.log(alpha) - of_tenure @ passed
        by_alpha = r / alpha - shape @ (1 / (alpha + tenure))
        return float(log), np.array([by_r, by_alpha])

    best = maximum(mean, of.size, [(1.0, 1.0), (0.3, 1.0)])
    r, alpha = float(best.parameters[0]), float(best.parameters[1] * scale)
    found = float(of.customers @ log_likelihood(np.array([r, alpha]), of))
    errors = {"r": float(best.standard_errors[0]), "alpha": float(best.standard_errors[1] * scale)}
    return Nbd(r, alpha, Fit({"r": r, "alpha": alpha}, found, errors, notes))
