"""Pareto/NBD: customers leave at any time, at rates that are gamma distributed; gives expected orders.

Source: Schmittlein, Morrison and Colombo, Counting Your Customers, Management Science 33(1), 1987, 1–24; the
likelihood as an integral over the time of leaving, as in Fader and Hardie, note 009 (2005).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from scipy.special import digamma, gammaln

from lifetide.ltv.histories import Floats, Histories
from lifetide.ltv.likelihood import maximum
from lifetide.ltv.nbd import Nbd, fit_nbd
from lifetide.ltv.negative_binomial import count_probabilities
from lifetide.ltv.order_model import LEAST_GAIN, NO_DROPOUT, Fit, Outlook
from lifetide.ltv.power_integral import log_power_integral, power_integral

_T = TypeVar("_T")
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(48)


@dataclass(frozen=True)
class ParetoNbd:
    """Purchase rates are gamma (r, alpha), rates of leaving gamma (s, beta); alpha and beta in weeks."""

    r: float
    alpha: float
    s: float
    beta: float
    fit: Fit
    name: str = "pareto_nbd"

    @property
    def parameters(self) -> Floats:
        """r, alpha, s, beta."""
        return np.array([self.r, self.alpha, self.s, self.beta])

    def p_alive(self, of: Histories) -> Floats:
        """The share of the likelihood in which the customer is still there."""
        found: Floats = np.exp(-np.logaddexp(0.0, self._log_odds_of_leaving(of)))
        return found

    def p_order(self, of: Histories, weeks: float) -> Floats:
        """P(alive) · ∫ R A^R (A+u)^(−R−1) · B^s (B+u)^(−s) du up to t: an order at u, not having left before."""
        return self.p_alive(of) * self._ordered_before_leaving(of, weeks)

    def expected_orders(self, of: Histories, weeks: float) -> Floats:
        """P(alive) · (r+x)(β+T) / ((α+T)(s−1)) · (1 − ((β+T)/(β+T+t))^(s−1)), which is finite at s = 1."""
        return self.expected_by(of, (weeks,))[0]

    def expected_by(self, of: Histories, weeks: Sequence[float]) -> tuple[Floats, ...]:
        """Expected orders by horizon, P(alive) worked out once."""
        return self._expected(of, weeks, self.p_alive(of))

    def outlook(self, of: Histories, weeks: Sequence[float]) -> Outlook:
        """All answers at once: P(alive), the dearest part of each, is worked out once."""
        alive = self.p_alive(of)
        p_order = tuple(alive * self._ordered_before_leaving(of, one) for one in weeks)
        expected = self._expected(of, weeks, alive)
        return Outlook(alive, p_order, expected, self._variance(of, weeks[-1], alive, expected[-1]))

    def expected_from_start(self, weeks: Floats) -> Floats:
        """Repeat purchase days expected of a new customer within each of the times."""
        found: Floats = self.r / self.alpha * _lived(np.full(len(weeks), self.beta), self.s, weeks)
        return found

    def variance(self, of: Histories, weeks: float) -> Floats:
        """From the first two moments of the time until leaving or the horizon."""
        alive = self.p_alive(of)
        return self._variance(of, weeks, alive, self._expected(of, (weeks,), alive)[0])

    def count_probabilities(self, of: Histories, weeks: float, most: int) -> Floats:
        """Negative binomial counts up to the time of leaving, which is Pareto, or up to the horizon."""
        shape, a, b = self.r + of.frequency, self.alpha + of.tenure, self.beta + of.tenure
        longest = np.log1p(weeks / b)
        found = np.exp(-self.s * longest)[:, None] * count_probabilities(shape, a, weeks, most)
        for node, weight in zip((_NODES + 1) / 2, _WEIGHTS / 2, strict=True):
            share = self.s * longest * weight * np.exp(-self.s * longest * node)
            found += share[:, None] * count_probabilities(shape, a, b * np.expm1(longest * node), most)
        found *= self.p_alive(of)[:, None]
        found[:, 0] = 1 - self.p_order(of, weeks)
        return found

    def _log_odds_of_leaving(self, of: Histories) -> Floats:
        alive, left = _either(self.parameters, of.frequency, of.recency, of.tenure, log_power_integral)
        found: Floats = np.log(self.s) + left - alive
        return found

    def _ordered_before_leaving(self, of: Histories, weeks: float) -> Floats:
        shape, a, b = self.r + of.frequency, self.alpha + of.tenure, self.beta + of.tenure
        ones = np.ones(len(of))
        log = log_power_integral(a, shape + 1, b, self.s * ones, weeks * ones)
        found: Floats = np.minimum(np.exp(np.log(shape) + shape * np.log(a) + self.s * np.log(b) + log), 1.0)
        return found

    def _expected(self, of: Histories, weeks: Sequence[float], alive: Floats) -> tuple[Floats, ...]:
        rate = (self.r + of.frequency) / (self.alpha + of.tenure)
        return tuple(alive * rate * _lived(self.beta + of.tenure, self.s, one) for one in weeks)

    def _variance(self, of: Histories, weeks: float, alive: Floats, expected: Floats) -> Floats:
        shape, a, b = self.r + of.frequency, self.alpha + of.tenure, self.beta + of.tenure
        longest = np.log1p(weeks / b)
        squared = np.exp(-self.s * longest) * weeks**2
        for node, weight in zip((_NODES + 1) / 2, _WEIGHTS / 2, strict=True):
            share = self.s * longest * weight * np.exp(-self.s * longest * node)
            squared += share * (b * np.expm1(longest * node)) ** 2
        second = expected + alive * shape * (shape + 1) / a**2 * squared
        found: Floats = np.maximum(second - expected**2, 0.0)
        return found


def _lived(b: Floats, s: float, weeks: Floats | float) -> Floats:
    """Expected time until leaving or the horizon: b/(s−1) · (1 − (b/(b+t))^(s−1))."""
    longest = np.log1p(weeks / b)
    bent = (s - 1) * longest
    is_flat = np.abs(bent) < 1e-12
    ratio = np.where(is_flat, 1.0, -np.expm1(-bent) / np.where(is_flat, 1.0, bent))
    found: Floats = b * longest * ratio
    return found


def _either(
    parameters: Floats, x: Floats, recency: Floats, tenure: Floats, integral: Callable[..., _T]
) -> tuple[Floats, _T]:
    """Log-likelihood of still being there, and the `integral` over the time of having left since the last purchase.

    Both without their common part; ln(s) of the second is left to the caller.
    """
    r, alpha, s, beta = parameters
    alive = -(r + x) * np.log(alpha + tenure) - s * np.log(beta + tenure)
    powers = np.full(len(x), s + 1)
    return alive, integral(alpha + recency, r + x, beta + recency, powers, tenure - recency)


def log_likelihood(parameters: Floats, of: Histories) -> Floats:
    """Per customer of each history."""
    return _terms(parameters, of.frequency, of.recency, of.tenure)[0]


def _terms(parameters: Floats, x: Floats, recency: Floats, tenure: Floats) -> tuple[Floats, list[Floats]]:
    r, alpha, s, beta = parameters
    alive, gone = _either(parameters, x, recency, tenure, power_integral)
    left = np.log(s) + gone.log
    log_a, log_b, inverse_a, inverse_b = (
        gone.mean_log_a, gone.mean_log_b, gone.mean_inverse_a, gone.mean_inverse_b
    )  # fmt: skip
    either = np.logaddexp(alive, left)
    p_alive, p_left = np.exp(alive - either), np.exp(left - either)
    log = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta) + either
    gradient = [
        digamma(r + x) - digamma(r) + np.log(alpha) - p_alive * np.log(alpha + tenure) - p_left * log_a,
        r / alpha - (r + x) * (p_alive / (alpha + tenure) + p_left * inverse_a),
        np.log(beta) - p_alive * np.log(beta + tenure) + p_left * (1 / s - log_b),
        s / beta - p_alive * s / (beta + tenure) - p_left * (s + 1) * inverse_b,
    ]
    return log, gradient


def fit_pareto_nbd(of: Histories) -> ParetoNbd | Nbd:
    """The model of highest likelihood; NBD, with a note, where no dropout is found."""
    scale = max(float(of.tenure.max()), 1.0) / 10
    share, recency, tenure = of.customers / of.size, of.recency / scale, of.tenure / scale

    def mean(parameters: Floats) -> tuple[float, Floats]:
        log, gradient = _terms(parameters, of.frequency, recency, tenure)
        return float(share @ log), np.array([share @ part for part in gradient])

    best = maximum(mean, of.size, [(0.5, 2.0, 0.5, 2.0)])
    units = np.array([1.0, scale, 1.0, scale])
    r, alpha, s, beta = (float(value) for value in best.parameters * units)
    found = float(of.customers @ log_likelihood(best.parameters * units, of))
    if found - fit_nbd(of).fit.log_likelihood < LEAST_GAIN:
        return fit_nbd(of, (NO_DROPOUT,))
    names = ("r", "alpha", "s", "beta")
    errors = dict(zip(names, map(float, best.standard_errors * units), strict=True))
    notes = ("a parameter lies at the edge of its range",) if best.is_at_edge else ()
    return ParetoNbd(r, alpha, s, beta, Fit({"r": r, "alpha": alpha, "s": s, "beta": beta}, found, errors, notes))
