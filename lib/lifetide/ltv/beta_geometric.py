"""What BG/NBD and MBG/NBD share: they differ in how many chances of leaving a customer has lived through.

x purchases after the first are x chances with BG/NBD (one-time buyers cannot have left) and x + 1 with MBG/NBD.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betaln, digamma, gammaln

from lifetide.ltv.dropout import expected_purchases
from lifetide.ltv.histories import Floats, Histories
from lifetide.ltv.likelihood import maximum
from lifetide.ltv.nbd import fit_nbd
from lifetide.ltv.negative_binomial import count_probabilities, p_any
from lifetide.ltv.order_model import LEAST_GAIN, NO_DROPOUT, Fit


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
        expected: Floats = stays * found
        return expected

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
        found = self.p_alive(of)[:, None] * (stayed * bought + left)
        found[:, 0] = 1 - self.p_order(of, weeks)
        return found


def mean_log_likelihood(
    parameters: Floats, of: Histories, chances: Floats, share: Floats, scale: float
) -> tuple[float, Floats]:
    """Per customer, and its gradient by r, α, a, b; times are divided by `scale`."""
    log, gradient = _terms(parameters, of.frequency, of.recency / scale, of.tenure / scale, chances)
    return float(share @ log), np.array([share @ part for part in gradient])


def log_likelihood(parameters: Floats, of: Histories, chances: Floats) -> Floats:
    """Per customer of each history (Fader, Hardie and Lee 2005, eq. 6; Batislam et al. 2007, eq. 3)."""
    return _terms(parameters, of.frequency, of.recency, of.tenure, chances)[0]


def _terms(
    parameters: Floats, x: Floats, recency: Floats, tenure: Floats, chances: Floats
) -> tuple[Floats, list[Floats]]:
    r, alpha, a, b = parameters
    is_tried = chances > 0
    last = np.where(is_tried, b + chances - 1, 1.0)
    at_end, at_last = np.log(alpha + tenure), np.log(alpha + recency)
    alive = -(r + x) * at_end
    left = np.where(is_tried, np.log(a) - np.log(last) - (r + x) * at_last, -np.inf)
    either = np.logaddexp(alive, left)
    p_alive, p_left = np.exp(alive - either), np.exp(left - either)
    log = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + betaln(a, b + chances) - betaln(a, b) + either
    of_beta = digamma(a + b) - digamma(a + b + chances)
    gradient = [
        digamma(r + x) - digamma(r) + np.log(alpha) - p_alive * at_end - p_left * at_last,
        r / alpha - (r + x) * (p_alive / (alpha + tenure) + p_left / (alpha + recency)),
        of_beta + p_left / a,
        digamma(b + chances) - digamma(b) + of_beta - np.where(is_tried, p_left / last, 0.0),
    ]
    return log, gradient


def fit_beta_geometric(of: Histories, name: str, *, first_can_be_last: bool) -> BetaGeometric | None:
    """The model of highest likelihood; None where no dropout is found."""
    scale = max(float(of.tenure.max()), 1.0) / 10
    share, chances = of.customers / of.size, of.frequency + float(first_can_be_last)
    starts = [(1.0, 3.0, 1.0, 3.0), (0.3, 1.0, 0.5, 2.0)]
    best = maximum(lambda at: mean_log_likelihood(at, of, chances, share, scale), of.size, starts)
    units = np.array([1.0, scale, 1.0, 1.0])
    r, alpha, a, b = (float(value) for value in best.parameters * units)
    found = float(of.customers @ log_likelihood(best.parameters * units, of, chances))
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
