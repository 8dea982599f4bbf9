"""Gamma-Gamma: the value of an order varies around the customer's own mean, which is itself spread over customers.

Fitted on all purchase days with a value above zero, not on repeat ones alone: one-time buyers keep their own amount.
Source: Fader and Hardie, The Gamma-Gamma Model of Monetary Value, note 025 (2013), eq. 1a and 5; Colombo and Jiang,
Journal of Interactive Marketing 13 (1999).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, gammaln

from lifetide.ltv.histories import Floats
from lifetide.ltv.likelihood import maximum
from lifetide.ltv.order_model import Fit


@dataclass(frozen=True)
class Values:
    """One row per distinct pair: days with a value, their mean value, and how many customers share it."""

    days: Floats
    mean: Floats
    customers: Floats


@dataclass(frozen=True)
class GammaGamma:
    """Values are gamma with shape p and a rate of the customer's own, which is gamma (q, gamma)."""

    p: float
    q: float
    gamma: float
    fit: Fit

    def expected_value(self, days: Floats, mean: Floats) -> Floats:
        """P (γ + n·m) / (p·n + q − 1) (eq. 5)."""
        found: Floats = self.p * (self.gamma + days * mean) / (self.p * days + self.q - 1)
        return found


def log_likelihood(parameters: Floats, of: Values) -> Floats:
    """Per customer of each row (eq. 1a)."""
    return _terms(parameters, of.days, of.mean)[0]


def _terms(parameters: Floats, n: Floats, m: Floats) -> tuple[Floats, list[Floats]]:
    p, q, gamma = parameters
    both, rest = p * n + q, gamma + n * m
    log = (
        gammaln(both) - gammaln(p * n) - gammaln(q) + q * np.log(gamma)
        + (p * n - 1) * np.log(m) + p * n * np.log(n) - both * np.log(rest)
    )  # fmt: skip
    gradient = [
        n * (digamma(both) - digamma(p * n) + np.log(m) + np.log(n) - np.log(rest)),
        digamma(both) - digamma(q) + np.log(gamma) - np.log(rest),
        q / gamma - both / rest,
    ]
    return log, gradient


def fit_gamma_gamma(of: Values) -> GammaGamma:
    """The model of highest likelihood; values must be above zero. With q ≤ 1 no mean exists: q is held above it."""
    size = float(of.customers.sum())
    share, unit = of.customers / size, float(of.customers @ of.mean) / size

    def mean(parameters: Floats) -> tuple[float, Floats]:
        log, gradient = _terms(parameters, of.days, of.mean / unit)
        return float(share @ log), np.array([share @ part for part in gradient])

    best = maximum(mean, size, [(1.0, 2.0, 1.0), (5.0, 4.0, 1.0)])
    p, q, gamma = (float(value) for value in best.parameters * np.array([1.0, 1.0, unit]))
    notes = ("a parameter lies at the edge of its range",) if best.is_at_edge else ()
    if q <= LEAST_Q:
        q, notes = LEAST_Q, (*notes, "values are spread too widely to have a mean: q is held at 1.05")
    found = float(of.customers @ log_likelihood(np.array([p, q, gamma]), of))
    names = ("p", "q", "gamma")
    errors = dict(zip(names, map(float, best.standard_errors * np.array([1.0, 1.0, unit])), strict=True))
    return GammaGamma(p, q, gamma, Fit({"p": p, "q": q, "gamma": gamma}, found, errors, notes))


LEAST_Q = 1.05
