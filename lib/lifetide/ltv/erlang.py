"""Erlang-k gaps: a purchase is every k-th event of a Poisson process; where in its wait is a silent customer?"""

from __future__ import annotations

import numpy as np
from scipy.special import gammaincc, gammaln

from lifetide.ltv.histories import Floats


def log_density(k: int, rate: float, x: Floats, recency: Floats, log_gaps: Floats) -> Floats:
    """Of x Erlang-k gaps that sum to `recency`, with events at `rate` each."""
    found: Floats = x * (k * np.log(rate) - gammaln(k)) + (k - 1) * log_gaps - rate * recency
    return found


def p_silent(k: int, rate: float, silence: Floats) -> Floats:
    """P(no purchase during the silence)."""
    found: Floats = gammaincc(k, rate * silence)
    return found


def stages(k: int, rate: float, silence: Floats) -> Floats:
    """A row per customer: P(0, 1, …, k−1 events since the last purchase), there being no purchase yet."""
    passed = (rate * silence)[:, None]
    event = np.arange(k)
    with np.errstate(divide="ignore", invalid="ignore"):
        log = np.where(event == 0, 0.0, event * np.log(passed)) - gammaln(event + 1)
    log -= log.max(axis=1, keepdims=True)
    share = np.exp(log)
    found: Floats = share / share.sum(axis=1, keepdims=True)
    return found


def events_ahead(rate: float, weeks: float) -> Floats:
    """P(0, 1, 2, … events within the time), up to where next to nothing is left."""
    mean = rate * weeks
    n = np.arange(int(mean + 10 * np.sqrt(mean) + 25))
    found: Floats = np.exp(n * np.log(mean) - mean - gammaln(n + 1))
    return found


def purchases(k: int, dropout: float, events: Floats, most: int) -> Floats:
    """A row per stage 0 … k−1: P(0, 1, …, most purchases) of someone who has not left.

    With m purchases possible, leaving after each with probability p: n < m happen with p(1−p)^(n−1), m with
    (1−p)^(m−1). What lies above `most` is left out.
    """
    found = np.zeros((k, most + 1))
    n = np.arange(1, most + 1)
    stays = np.exp((n - 1) * np.log1p(-dropout))
    for stage in range(k):
        possible = np.bincount((np.arange(len(events)) + stage) // k, weights=events, minlength=most + 2)
        beyond = possible.sum() - np.cumsum(possible)
        found[stage, 0] = possible[0]
        found[stage, 1:] = stays * (possible[1 : most + 1] + dropout * np.maximum(beyond[1 : most + 1], 0))
    return found


def expected_purchases(k: int, dropout: float, events: Floats) -> Floats:
    """One value per stage: Σ P(n events) · (1 − (1−p)^⌊(n+stage)/k⌋) / p."""
    possible = (np.arange(len(events)) + np.arange(k)[:, None]) // k
    lived: Floats = -np.expm1(possible * np.log1p(-dropout)) / dropout
    found: Floats = lived @ events
    return found


def expected_squares(k: int, dropout: float, events: Floats) -> Floats:
    """One value per stage: the mean of the squared number of purchases, Σ (2n − 1) · P(at least n)."""
    most = (len(events) - 1 + k - 1) // k
    n = np.arange(1, most + 1)
    squares = np.concatenate([[0.0], np.cumsum((2 * n - 1) * np.exp((n - 1) * np.log1p(-dropout)))])
    possible = (np.arange(len(events)) + np.arange(k)[:, None]) // k
    found: Floats = squares[possible] @ events
    return found


def p_any(k: int, events: Floats) -> Floats:
    """One value per stage: P(at least one purchase)."""
    return np.array([events[k - stage :].sum() for stage in range(k)])
