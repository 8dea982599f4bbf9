"""What BG/NBD and MBG/NBD share: they differ in how many chances of leaving a customer has lived through.

x purchases after the first are x chances with BG/NBD (one-time buyers cannot have left) and x + 1 with MBG/NBD.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import betaln, digamma, expit, gammaln

from lifetide.ltv.dropout import expected_purchases
from lifetide.ltv.histories import Floats, Histories, Repeated, coarse, repeated
from lifetide.ltv.likelihood import Maximum, maximum
from lifetide.ltv.nbd import fit_nbd
from lifetide.ltv.negative_binomial import count_probabilities, p_any
from lifetide.ltv.order_model import LEAST_GAIN, NO_DROPOUT, Fit

MOST, ROWS = 1_000, 4_096
FEW = 20_000
"""Histories; of more, weekly cells are fitted first, and all of them from there."""


@dataclass(frozen=True)
class BetaGeometric:
    """Rates are gamma (r, alpha in weeks); the chance of leaving after a purchase is beta (a, b)."""

    r: float
    alpha: float
    a: float
    b: float
    fit: Fit
    first_can_be_last: bool
    name: str

    @property
    def parameters(self) -> Floats:
        """r, alpha, a, b."""
        return np.array([self.r, self.alpha, self.a, self.b])

    def p_alive(self, of: Histories) -> Floats:
        """1 ÷ (1 + a/(b+z−1) · ((α+T)/(α+t_x))^(r+x)) with z chances of leaving; 1 where there was none."""
        chances = of.frequency + self.first_can_be_last
        odds = np.full(len(of), -np.inf)
        is_tried = chances > 0
        passed = np.log1p(of.silence / (self.alpha + of.recency))
        odds[is_tried] = (
            np.log(self.a) - np.log(self.b + chances[is_tried] - 1) + ((self.r + of.frequency) * passed)[is_tried]
        )
        found: Floats = np.exp(-np.logaddexp(0.0, odds))
        return found

    def p_order(self, of: Histories, weeks: float) -> Floats:
        """P(alive) · (1 − ((α+T)/(α+T+t))^(r+x))."""
        return self.p_alive(of) * p_any(self.r + of.frequency, self.alpha + of.tenure, weeks)

    def expected_orders(self, of: Histories, weeks: float) -> Floats:
        """P(alive) · what someone alive is expected to buy."""
        chances = of.frequency + self.first_can_be_last
        horizon = weeks / (self.alpha + of.tenure)
        if_alive = expected_purchases(np.full(len(of), self.a), self.b + chances, self.r + of.frequency, horizon)
        return self.p_alive(of) * if_alive

    def expected_from_start(self, weeks: Floats) -> Floats:
        """Repeat purchase days expected of a new customer within each of the times."""
        later = float(self.first_can_be_last)
        stays = self.b / (self.a + self.b) if self.first_can_be_last else 1.0
        found = expected_purchases(np.full(len(weeks), self.a), np.full(len(weeks), self.b + later),
                                   np.full(len(weeks), self.r), weeks / self.alpha)  # fmt: skip
        return np.asarray(stays * found, dtype=np.float64)

    def variance(self, of: Histories, weeks: float) -> Floats:
        """From the probabilities of the counts, up to where next to nothing is left."""
        expected = self.expected_orders(of, weeks)
        found, n = np.empty(len(of)), np.arange(MOST + 1, dtype=np.float64)
        for first in range(0, len(of), ROWS):
            rows = slice(first, first + ROWS)
            found[rows] = self.count_probabilities(of.part(rows), weeks, MOST) @ n**2
        return np.maximum(found - expected**2, 0.0)

    def count_probabilities(self, of: Histories, weeks: float, most: int) -> Floats:
        """Fader, Hardie and Lee 2005, eq. 8, from the state at as_of: the n-th purchase is the last one or not."""
        shape, scale = self.r + of.frequency, self.alpha + of.tenure
        bought = count_probabilities(shape, scale, weeks, most)
        n = np.arange(most + 1, dtype=np.float64)
        b = (self.b + of.frequency + self.first_can_be_last)[:, None]
        base = betaln(self.a, b)
        stayed = np.exp(betaln(self.a, b + n) - base)
        left = np.zeros_like(bought)
        at_least = 1 - np.cumsum(bought, axis=1) + bought
        left[:, 1:] = np.exp(betaln(self.a + 1, b + n[1:] - 1) - base) * np.maximum(at_least[:, 1:], 0)
        found: Floats = self.p_alive(of)[:, None] * (stayed * bought + left)
        found[:, 0] = 1 - self.p_order(of, weeks)
        return found


@dataclass(frozen=True)
class Known:
    """The histories as the likelihood reads them: few values of frequency, recency and tenure, times ÷ `scale`."""

    frequency: Repeated
    recency: Repeated
    tenure: Repeated
    later: float

    @classmethod
    def of(cls, of: Histories, later: float, scale: float = 1.0) -> Known:
        """`later` = 1 where the first purchase is a chance of leaving as well."""
        return cls(repeated(of.frequency), repeated(of.recency / scale), repeated(of.tenure / scale), later)


def log_likelihood(parameters: Floats, of: Histories, later: float) -> Floats:
    """Per customer of each history (Fader, Hardie and Lee 2005, eq. 6; Batislam et al. 2007, eq. 3)."""
    return _terms(parameters, Known.of(of, later))[0]


def _terms(parameters: Floats, of: Known) -> tuple[Floats, list[Floats]]:
    """The log-likelihood of each history, and its derivatives by r, α, a, b."""
    r, alpha, a, b = parameters
    x, chances = of.frequency.values, of.frequency.values + of.later
    is_tried = chances > 0
    last = np.where(is_tried, b + chances - 1, 1.0)
    first = np.where(is_tried, np.log(a) - np.log(last), -np.inf)
    shape = of.frequency.of(r + x)
    at_end = of.tenure.of(np.log(alpha + of.tenure.values))
    at_last = of.recency.of(np.log(alpha + of.recency.values))
    p_left = expit(of.frequency.of(first) + shape * (at_end - at_last))
    p_alive = 1 - p_left
    either = -shape * at_end - np.log(np.maximum(p_alive, 1e-300))
    is_gone = p_alive < 1e-8
    either = np.where(is_gone, of.frequency.of(first) - shape * at_last + p_alive, either)
    common = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + betaln(a, b + chances) - betaln(a, b)
    of_beta = digamma(a + b) - digamma(a + b + chances)
    gradient = [
        of.frequency.of(digamma(r + x) - digamma(r) + np.log(alpha)) - p_alive * at_end - p_left * at_last,
        r / alpha - shape * (p_alive * of.tenure.of(1 / (alpha + of.tenure.values))
                             + p_left * of.recency.of(1 / (alpha + of.recency.values))),
        of.frequency.of(of_beta) + p_left / a,
        of.frequency.of(digamma(b + chances) - digamma(b) + of_beta) - p_left * of.frequency.of(is_tried / last),
    ]  # fmt: skip
    return of.frequency.of(common) + either, gradient


def fit_beta_geometric(of: Histories, name: str, *, first_can_be_last: bool) -> BetaGeometric | None:
    """The model of highest likelihood; None where no dropout is found. Many histories: first on weekly cells."""
    scale, later = max(float(of.tenure.max()), 1.0) / 10, float(first_can_be_last)
    units = np.array([1.0, scale, 1.0, 1.0])

    def highest(part: Histories, starts: Sequence[Sequence[float]]) -> Maximum:
        known, share = Known.of(part, later, scale), part.customers / part.size

        def mean(parameters: Floats) -> tuple[float, Floats]:
            log, gradient = _terms(parameters, known)
            return float(share @ log), np.array([share @ derivative for derivative in gradient])

        return maximum(mean, part.size, starts)

    few = coarse(of, FEW)
    best = highest(few, [(1.0, 3.0, 1.0, 3.0), (0.3, 1.0, 0.5, 2.0)])
    if few is not of:
        best = highest(of, [[float(value) for value in best.parameters]])
    r, alpha, a, b = (float(value) for value in best.parameters * units)
    found = float(of.customers @ log_likelihood(best.parameters * units, of, later))
    if found - fit_nbd(of).fit.log_likelihood < LEAST_GAIN:
        return None
    names = ("r", "alpha", "a", "b")
    errors = dict(zip(names, map(float, best.standard_errors * units), strict=True))
    notes = ("a parameter lies at the edge of its range",) if best.is_at_edge else ()
    fit = Fit({"r": r, "alpha": alpha, "a": a, "b": b}, found, errors, notes)
    return BetaGeometric(r, alpha, a, b, fit, first_can_be_last, name)


def no_dropout_note() -> tuple[str, ...]:
    """What NBD says when it stands in."""
    return (NO_DROPOUT,)
