"""∫ (a+u)^(−p) (b+u)^(−q) du from 0 to w: what the Pareto/NBD needs, without ₂F₁.

In ₂F₁ it loses all digits or gives NaN for thousands of purchases. Here the smaller of a and b, with its power, is
taken out by u = a·(e^v − 1); what is left falls ever faster in v, so ten Gauss–Legendre nodes on each of twelve equal
panels reach from 0 to where it has fallen to e^−40 of its height, or to the end.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lifetide.ltv.histories import Floats

PANELS, FALL, NEWTON_STEPS = 12, 40.0, 7
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(10)
PLACES: Floats = ((np.arange(PANELS)[:, None] + (_NODES + 1) / 2) / PANELS).reshape(-1)
WEIGHTS: Floats = np.tile(_WEIGHTS / 2 / PANELS, PANELS)


@dataclass(frozen=True)
class Weighed:
    """The logarithm of the integral, and means over u weighed by what is integrated (for gradients)."""

    log: Floats
    mean_log_a: Floats
    mean_log_b: Floats
    mean_inverse_a: Floats
    mean_inverse_b: Floats


def power_integral(a: Floats, p: Floats, b: Floats, q: Floats, width: Floats) -> Weighed:
    """One value per row; a, b, p > 0, q ≥ 0, w ≥ 0. The logarithm is −∞ where w = 0."""
    of = _spread(a, p, b, q, width)
    share = of.density / of.total[:, None]
    of_near = (np.log(of.near) + (share * of.v).sum(axis=1), (share * np.exp(-of.v)).sum(axis=1) / of.near)
    of_far = (np.log(of.far) + (share * of.passed).sum(axis=1), (share * np.exp(-of.passed)).sum(axis=1) / of.far)
    return Weighed(
        of.log,
        np.where(of.is_first, of_near[0], of_far[0]),
        np.where(of.is_first, of_far[0], of_near[0]),
        np.where(of.is_first, of_near[1], of_far[1]),
        np.where(of.is_first, of_far[1], of_near[1]),
    )


def log_power_integral(a: Floats, p: Floats, b: Floats, q: Floats, width: Floats) -> Floats:
    """Its logarithm alone, for half of the work."""
    return _spread(a, p, b, q, width).log


@dataclass(frozen=True)
class _Spread:
    """The integrand at its nodes, and the logarithm of the integral."""

    is_first: NDArray[np.bool_]
    near: Floats
    far: Floats
    v: Floats
    passed: Floats
    density: Floats
    total: Floats
    log: Floats


def _spread(a: Floats, p: Floats, b: Floats, q: Floats, width: Floats) -> _Spread:
    is_first = a <= b
    near, power = np.where(is_first, a, b), np.where(is_first, p, q)
    far, other = np.where(is_first, b, a), np.where(is_first, q, p)
    end = _end(near, power - 1, far, other, np.log1p(width / near))[:, None]
    v = end * PLACES
    passed = np.log1p((near / far)[:, None] * np.expm1(v))
    log = -(power - 1)[:, None] * v - other[:, None] * passed
    height = log.max(axis=1)
    density = np.exp(log - height[:, None]) * WEIGHTS
    total = density.sum(axis=1)
    with np.errstate(divide="ignore"):
        found = (1 - power) * np.log(near) - other * np.log(far) + height + np.log(total * end[:, 0])
    return _Spread(is_first, near, far, v, passed, density, total, found)


def _end(near: Floats, slope: Floats, far: Floats, other: Floats, last: Floats) -> Floats:
    """Where the integrand has fallen by e^−40, or `last`. The fall is convex in v: Newton comes from above."""
    ratio, end = near / far, last
    for _ in range(NEWTON_STEPS):
        grown = ratio * np.expm1(end)
        fall = slope * end + other * np.log1p(grown)
        rate = slope + other * (grown + ratio) / (1 + grown)
        is_beyond = (fall > FALL) & (rate > 0)
        end = np.where(is_beyond, end - (fall - FALL) / np.where(is_beyond, rate, 1.0), end)
    return np.clip(end, 0.0, last)
