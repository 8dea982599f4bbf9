"""Above the memory that the studio may take, a sample answers, and each count carries its interval.

The sample is stratified by lifecycle group in proportion to the groups' sizes, so a share of the sample estimates the
share of everyone. The interval is Wilson's (E. B. Wilson, JASA 1927), which for a proportional sample is on the
cautious side.
"""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np
import numpy.typing as npt

from lifetide.explorer.studio.columns import Coded

SAMPLE = 1_000_000
Z95 = 1.959963984540054
COUNTS = frozenset({"n", "own", "rest", "facet", "all", "lifecycle_group", "rfm_segment"})
"""Keys of what is told that count customers."""


def stratified(strata: Coded, size: int, seed: int) -> npt.NDArray[np.int64]:
    """Rows of a sample, ascending: of each code its share of `size`, drawn without replacement."""
    dice = np.random.default_rng(seed)
    drawn = []
    for code in range(len(strata.labels) + 1):
        rows = np.flatnonzero(strata.codes == code)
        wanted = round(size * len(rows) / len(strata.codes))
        drawn.append(dice.choice(rows, min(wanted, len(rows)), replace=False))
    return np.sort(np.concatenate(drawn))


def wilson(found: int, of: int, population: int) -> tuple[int, int]:
    """The 95% interval of a count among `population`, from `found` of a sample of `of`."""
    if not of:
        return 0, population
    share, spread = found / of, Z95**2 / of
    middle = (share + spread / 2) / (1 + spread)
    half = Z95 * sqrt(share * (1 - share) / of + spread / (4 * of)) / (1 + spread)
    return max(0, int((middle - half) * population)), min(population, round((middle + half) * population + 0.5))


def scaled(told: dict[str, Any], factor: float) -> dict[str, Any]:
    """What was told of a sample, its counts as those of everyone."""
    if factor == 1:
        return told
    made: dict[str, Any] = {}
    for key, value in told.items():
        if key in COUNTS:
            is_list = isinstance(value, list)
            made[key] = [round(one * factor) for one in value] if is_list else round(value * factor)
        elif key == "funnel":
            made[key] = [[node, round(count * factor), worth] for node, count, worth in value]
        elif key == "rules":
            made[key] = {node: scaled(one, factor) for node, one in value.items()}
        else:
            made[key] = scaled(value, factor) if isinstance(value, dict) else value
    return made
