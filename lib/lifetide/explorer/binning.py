"""Equal bins for values without an upper end, and typical customers of three groups: the same on Spark and numpy."""

from __future__ import annotations

import math
from collections.abc import Mapping

from lifetide.explorer.facts import Bin
from lifetide.explorer.figures import nice_step

ABOUT_BINS = 34
MOST_BINS = 80
FEWEST_FOR_THIRDS = 9
LEAST_REACH = 2.0  # own intervals; the gap chart goes at least this far
LEAST_RATIO_STEP, LEAST_DAYS_STEP = 0.1, 1.0


def steps_to(reach: float, *, least: float) -> tuple[float, int]:
    """Width of a bin, and the place of the last one, which is open and holds the rest."""
    step = max(least, nice_step(reach, ABOUT_BINS))
    return step, max(1, math.ceil(reach / step - 1e-9))


def bins_from(counts: Mapping[int, int], step: float, last: int) -> tuple[Bin, ...]:
    """Bins by place. Empty where nothing was counted."""
    if not counts:
        return ()
    return tuple(
        Bin(order * step, (order + 1) * step if order < last else None, counts.get(order, 0))
        for order in range(last + 1)
    )


def ratio_reach(cut95: float) -> float:
    """How far a chart of silences in own intervals goes."""
    return max(cut95 * 1.3, LEAST_REACH)
