"""Intervals of learned values: the delete-a-group jackknife over hash groups of customers, on counts alone.

Arrays with a leading axis of `GROUPS + 1`: place 0 is the whole shop, the others leave one group out each.
Source: Wolter, Introduction to Variance Estimation (2007), chapter 4; spec: statistics, section 3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as t_distribution

from lifetide.distributions import HASH_GROUPS

GROUPS = HASH_GROUPS
CONFIDENCE = 0.9

Floats = NDArray[np.float64]


def replicates(counts: Floats) -> Floats:
    """Counts by group (leading axis) → the whole's, and those without each group."""
    whole = counts.sum(axis=0, keepdims=True)
    return np.concatenate([whole, whole - counts])


def mean_and_deviation(columns: Mapping[str, Any]) -> tuple[Floats, Floats]:
    """Per replicate, from columns `hash_group, count, total, squares`; NaN where fewer than two are left."""
    sums = np.zeros((3, GROUPS))
    for place, name in enumerate(("count", "total", "squares")):
        np.add.at(sums[place], np.asarray(columns["hash_group"], dtype=np.int64), np.asarray(columns[name]))
    count, total, squares = (replicates(one) for one in sums)
    several = np.where(count > 1, count, np.nan)
    mean = total / several
    return mean, np.sqrt(np.maximum((squares - total * mean) / (several - 1), 0.0))


def quantiles(values: Floats, counts: Floats, probabilities: Sequence[float]) -> Floats:
    """Quantiles with linear interpolation of counted values, one row per replicate.

    `values` ascend; `counts` has a row per replicate and a column per value. NaN where a replicate has no value.
    """
    found = np.full((len(counts), len(probabilities)), np.nan)
    for place, row in enumerate(counts):
        so_far = np.cumsum(row)
        if not len(so_far) or so_far[-1] < 1:
            continue
        position = (so_far[-1] - 1) * np.asarray(probabilities, dtype=np.float64)
        low = np.floor(position + 1e-9)
        share = np.clip(position - low, 0, 1)
        below = values[np.searchsorted(so_far, low, side="right")]
        above = values[np.searchsorted(so_far, np.minimum(low + 1, so_far[-1] - 1), side="right")]
        found[place] = below + share * (above - below)
    return found


def interval(estimates: Floats, *, lowest: float = 0.0) -> tuple[float, float] | None:
    """The 90% interval of a value from its replicates, not below `lowest`; None where one of them is missing.

    SE² = (G − 1) / G · Σ (θ₋g − mean)²; ± SE times the 95% point of Student's t with G − 1 degrees of freedom.
    """
    whole, left_out = float(estimates[0]), estimates[1:]
    if not np.all(np.isfinite(estimates)):
        return None
    groups = len(left_out)
    error = float(np.sqrt((groups - 1) / groups * np.sum((left_out - left_out.mean()) ** 2)))
    reach = float(t_distribution.ppf((1 + CONFIDENCE) / 2, groups - 1)) * error
    return max(whole - reach, lowest), whole + reach
