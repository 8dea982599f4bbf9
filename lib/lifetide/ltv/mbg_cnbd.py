"""MBG/CNBD-k: MBG/NBD with Erlang-k gaps; for reading how regular a shop's customers are, never chosen alone.

Source: Reutterer, Platzer and Schröder, Leveraging purchase regularity for predicting customer behavior the easy way,
International Journal of Research in Marketing 38 (2021), 194–215. The expectation is exact, not their approximation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betaln, digamma, gammaln

from lifetide.ltv.histories import Floats, Histories
from lifetide.ltv.likelihood import maximum
from lifetide.ltv.negative_binomial import count_probabilities
from lifetide.ltv.order_model import Fit

SHAPES = (1, 2, 3, 4, 5, 6)
CLEARLY_LESS = 1.0
"""Log-likelihood; a k that loses so much against the best one, from k = 3 on, ends the search."""
ROWS = 2048


@dataclass(frozen=True)
class MbgCnbd:
    """Every k-th event is a purchase; rates of events are gamma (r, alpha in weeks), leaving is beta (a, b)."""

    k: int
    r: float
    alpha: float
    a: float
    b: float
    fit: Fit
    name: str = "mbg_cnbd_k"

    @property
    def parameters(self) -> Floats:
        """r, alpha, a, b."""
        return np.array([self.r, self.alpha, self.a, self.b])

    def p_alive(self, of: Histories) -> Floats:
        """The share of the likelihood in which the customer is still there."""
        alive, left, _ = _either(self.parameters, self.k, of)
        found: Floats = np.exp(alive - np.logaddexp(alive, left))
        return found

    def p_order(self, of: Histories, weeks: float) -> Floats:
        """P(alive) · Σ over stages P(stage) · P(the events that the wait still lacks)."""
        lacking = self._ahead(of, weeks, self.k)
        found = sum(
            stage * (1 - counts[:, : self.k - place].sum(axis=1)) for place, (stage, counts) in enumerate(lacking)
        )
        chance: Floats = self.p_alive(of) * found
        return chance

    def expected_orders(self, of: Histories, weeks: float) -> Floats:
        """P(alive) · Σ over stages and events n of P(stage) P(n) · E[(1 − (1−p)^⌊(n+stage)/k⌋) / p]."""
        found = np.zeros(len(of))
        mean = (self.r + self.k * of.frequency + self.k) / (self.alpha + of.tenure) * weeks
        spread = np.sqrt(mean + mean**2 / (self.r + self.k * of.frequency))
        most = int(np.max(mean + 12 * spread)) + 30 * self.k
        order = np.argsort(mean)
        for first in range(0, len(of), ROWS):
            rows = order[first : first + ROWS]
            part = Histories(*(getattr(of, name)[rows] for name in Histories.__dataclass_fields__))
            reach = min(most, int(np.max(mean[rows] + 12 * spread[rows])) + 30 * self.k)
            stayed = np.cumsum(self._staying(part, reach // self.k + 1), axis=1)
            lived = np.concatenate([np.zeros((len(part), 1)), stayed], axis=1)
            for place, (stage, counts) in enumerate(self._ahead(part, weeks, reach)):
                possible = (np.arange(reach + 1) + place) // self.k
                found[rows] += stage * (counts * lived[:, possible]).sum(axis=1)
        return self.p_alive(of) * found

    def _staying(self, of: Histories, most: int) -> Floats:
        """E[(1−p)^i] for i = 0 … most, given x + 1 chances survived."""
        b = (self.b + of.frequency + 1)[:, None]
        found: Floats = np.exp(betaln(self.a, b + np.arange(most + 1)) - betaln(self.a, b))
        return found

    def _ahead(self, of: Histories, weeks: float, most: int) -> list[tuple[Floats, Floats]]:
        """Per stage: its probability given alive, and the probabilities of 0 … most events ahead."""
        _, _, stages = _either(self.parameters, self.k, of)
        return [
            (stages[:, stage],
             count_probabilities(self.r + self.k * of.frequency + stage, self.alpha + of.tenure, weeks, most))
            for stage in range(self.k)
        ]  # fmt: skip


def _either(parameters: Floats, k: int, of: Histories) -> tuple[Floats, Floats, Floats]:
    """Log-likelihoods of alive and of left without their common part, and P(stage | alive), a column per stage."""
    r, alpha, a, b = parameters
    shape = r + k * of.frequency
    logs = [-shape * np.log(alpha + of.tenure)]
    with np.errstate(divide="ignore"):
        passed = np.log(of.silence) - np.log(alpha + of.tenure)
    for stage in range(1, k):
        logs.append(logs[-1] + np.log(shape + stage - 1) + passed - np.log(stage))
    stages = np.stack(logs, axis=1)
    alive = np.logaddexp.reduce(stages, axis=1)
    left = np.log(a) - np.log(b + of.frequency) - shape * np.log(alpha + of.recency)
    return alive, left, np.exp(stages - alive[:, None])


def log_likelihood(parameters: Floats, k: int, of: Histories) -> Floats:
    """Per customer of each history (their eq. 9)."""
    r, alpha, a, b = parameters
    x = of.frequency
    alive, left, _ = _either(parameters, k, of)
    found: Floats = (
        (k - 1) * of.log_gaps - x * gammaln(k) + betaln(a, b + x + 1) - betaln(a, b)
        + gammaln(r + k * x) - gammaln(r) + r * np.log(alpha) + np.logaddexp(alive, left)
    )  # fmt: skip
    return found


def _gradient(parameters: Floats, k: int, of: Histories) -> list[Floats]:
    r, alpha, a, b = parameters
    x = of.frequency
    alive, left, stages = _either(parameters, k, of)
    p_alive = np.exp(alive - np.logaddexp(alive, left))
    p_left, shape, at = 1 - p_alive, r + k * x, np.arange(k)
    at_end, at_last = np.log(alpha + of.tenure), np.log(alpha + of.recency)
    grown = digamma(shape[:, None] + at) - digamma(shape)[:, None]
    of_beta = digamma(a + b) - digamma(a + b + x + 1)
    return [
        digamma(shape) - digamma(r) + np.log(alpha) - p_left * at_last
        + p_alive * ((stages * grown).sum(axis=1) - at_end),
        r / alpha - p_left * shape / (alpha + of.recency)
        - p_alive * (shape + (stages * at).sum(axis=1)) / (alpha + of.tenure),
        of_beta + p_left / a,
        digamma(b + x + 1) - digamma(b) + of_beta - p_left / (b + x),
    ]  # fmt: skip


def fit_mbg_cnbd(of: Histories) -> MbgCnbd:
    """The k and the parameters of highest likelihood."""
    best: MbgCnbd | None = None
    for k in SHAPES:
        found = _fitted(of, k)
        if best is None or found.fit.log_likelihood > best.fit.log_likelihood:
            best = found
        elif k >= 3 and found.fit.log_likelihood < best.fit.log_likelihood - CLEARLY_LESS:
            break
    assert best is not None
    return best


def _fitted(of: Histories, k: int) -> MbgCnbd:
    scale = max(float(of.tenure.max()), 1.0) / 10
    share = of.customers / of.size
    scaled = Histories(of.frequency, of.recency / scale, of.tenure / scale,
                       of.log_gaps - of.frequency * np.log(scale), of.customers)  # fmt: skip

    def mean(parameters: Floats) -> tuple[float, Floats]:
        value = float(share @ log_likelihood(parameters, k, scaled))
        return value, np.array([share @ part for part in _gradient(parameters, k, scaled)])

    best = maximum(mean, of.size, [(0.8, 3.0, 0.8, 3.0)])
    units = np.array([1.0, scale, 1.0, 1.0])
    r, alpha, a, b = (float(value) for value in best.parameters * units)
    found = float(of.customers @ log_likelihood(best.parameters * units, k, of))
    names = ("r", "alpha", "a", "b")
    errors = dict(zip(names, map(float, best.standard_errors * units), strict=True))
    notes = ("a parameter lies at the edge of its range",) if best.is_at_edge else ()
    return MbgCnbd(
        k, r, alpha, a, b, Fit({"k": float(k), "r": r, "alpha": alpha, "a": a, "b": b}, found, errors, notes)
    )
