"""Counts of a Poisson process whose rate is gamma distributed over customers."""

from __future__ import annotations

import numpy as np
from scipy.special import gammaln

from lifetide.ltv.histories import Floats


def count_probabilities(shape: Floats, scale: Floats, exposure: Floats | float, most: int) -> Floats:
    """A row per customer: P(N = 0, 1, …, most), the rate gamma with shape R and rate A, over an exposure t.

    P(n) = Γ(R+n) / (Γ(R) n!) · (A/(A+t))^R · (t/(A+t))^n.
    """
    n = np.arange(most + 1, dtype=np.float64)
    r, a, t = (np.broadcast_to(np.asarray(part, dtype=np.float64), shape.shape)[..., None]
               for part in (shape, scale, exposure))  # fmt: skip
    with np.errstate(divide="ignore", invalid="ignore"):
        of_time = np.where(n == 0, 0.0, n * (np.log(t) - np.log(a + t)))
    found: Floats = np.exp(gammaln(r + n) - gammaln(r) - gammaln(n + 1) - r * np.log1p(t / a) + of_time)
    return found


def p_any(shape: Floats, scale: Floats, exposure: Floats | float) -> Floats:
    """P(N ≥ 1)."""
    found: Floats = -np.expm1(-shape * np.log1p(exposure / scale))
    return found
