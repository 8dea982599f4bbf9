"""What a customer still buys who may leave after any purchase, the chance of it beta distributed over customers."""

from __future__ import annotations

import numpy as np

from lifetide.ltv.histories import Floats

NODES, ROWS, NEGLIGIBLE = 192, 4096, 60.0


def expected_purchases(a: Floats, b: Floats, shape: Floats, horizon: Floats) -> Floats:
    """E[(1 − (1 + p·h)^(−R)) / p] for p ~ Beta(a, b): the purchases until the horizon of someone who has not left.

    The rate is gamma with shape R; h = horizon ÷ its rate parameter. With rate λ and chance p of leaving after each
    purchase, (1 − e^(−λpt)) / p purchases are expected; λ integrates out in closed form. This is the expectation
    that Fader, Hardie and Lee (Marketing Science 24, 2005, eq. 10) write with ₂F₁, which loses all digits for a near
    1 and overflows for thousands of purchases.

    The integral over p is a trapezoid sum in logit p, where the integrand is smooth and falls off at both ends: its
    error shrinks exponentially with the number of nodes. Beyond the nodes only p^a or (1−p)^b changes, so the rest of
    the infinite sum is a geometric series. All terms are positive: nothing cancels, for any a > 0 and b > 0.
    """
    parts = np.broadcast_arrays(
        *(np.atleast_1d(np.asarray(part, dtype=np.float64)) for part in (a, b, shape, horizon))
    )
    size = parts[0].size
    found = np.empty(size)
    for first in range(0, size, ROWS):
        rows = slice(first, first + ROWS)
        found[rows] = _sum(*(part[rows, None] for part in parts))
    return found


def _sum(a: Floats, b: Floats, shape: Floats, horizon: Floats) -> Floats:
    low, high = _ends(a, b, shape, horizon)
    step = (high - low) / (NODES - 1)
    place = low + step * np.arange(NODES)
    log_p, log_q = -np.logaddexp(0.0, -place), -np.logaddexp(0.0, place)
    density = a * log_p + b * log_q
    weight = np.exp(density - density.max(axis=1, keepdims=True))
    weight[:, :1] /= -np.expm1(-a * step)
    weight[:, -1:] /= -np.expm1(-b * step)
    bought = -np.expm1(-shape * np.log1p(np.exp(log_p) * horizon)) * np.exp(-log_p)
    found: Floats = (weight * bought).sum(axis=1) / weight.sum(axis=1)
    return found


def _ends(a: Floats, b: Floats, shape: Floats, horizon: Floats) -> tuple[Floats, Floats]:
    """Where in logit p the density is negligible, or nothing but its tail changes."""
    slowest = np.maximum(np.maximum(b, shape * horizon), 1.0)
    fastest = np.maximum(np.maximum(a, shape), 1.0)
    low, high = -np.log(slowest) - 27, np.log(fastest) + 27
    mode = np.clip(np.log(a) - np.log(b), low, high)
    least = _density(mode, a, b) - NEGLIGIBLE
    return _crossing(low, mode, least, a, b), _crossing(high, mode, least, a, b)


def _density(place: Floats, a: Floats, b: Floats) -> Floats:
    found: Floats = -a * np.logaddexp(0.0, -place) - b * np.logaddexp(0.0, place)
    return found


def _crossing(end: Floats, mode: Floats, least: Floats, a: Floats, b: Floats) -> Floats:
    """Between an end and the mode: where the density is `least`; the end where it is never so low."""
    outer, inner = end, mode
    for _ in range(30):
        middle = (outer + inner) / 2
        is_low = _density(middle, a, b) < least
        outer, inner = np.where(is_low, middle, outer), np.where(is_low, inner, middle)
    return np.where(_density(end, a, b) < least, outer, end)
