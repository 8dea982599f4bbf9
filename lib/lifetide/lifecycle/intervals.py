"""From counts by hash group to learned values with their intervals: plain numpy, no Spark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lifetide.lifecycle.jackknife import GROUPS, Floats, interval, quantiles, replicates
from lifetide.lifecycle.returning import MOST_ORDERS, Learned, loyal_orders, silence_limits

Columns = Mapping[str, Any]
"""Columns of equal length by name: lists, arrays or Arrow columns."""
Values = Floats
"""A value per replicate; NaN = none."""
Interval = tuple[float, float] | None
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Counted:
    """Ascending values, and how often each occurs: a row per replicate, a column per value."""

    values: Floats
    counts: Floats

    def quantiles(self, probabilities: Sequence[float]) -> Floats:
        """A row per replicate."""
        return quantiles(self.values, self.counts, probabilities)


def counted(columns: Columns) -> Counted:
    """From columns `value, hash_group, times`."""
    values, places = np.unique(np.asarray(columns["value"], dtype=np.float64), return_inverse=True)
    counts = np.zeros((GROUPS, len(values)))
    np.add.at(counts, (np.asarray(columns["hash_group"], dtype=np.int64), places), np.asarray(columns["times"]))
    return Counted(values, replicates(counts))


def parts_of(columns: Columns, by: str) -> dict[Any, Columns]:
    """The columns parted by the values of one of them."""
    keys = np.asarray(columns[by])
    return {
        key: {name: np.asarray(column)[keys == key] for name, column in columns.items() if name != by}
        for key in np.unique(keys)
    }


def populations_of(intervals: Columns | None, whole: float) -> Values:
    """The population's interval per replicate, to four digits; `whole` for all of them where nobody came back."""
    if intervals is None:
        return np.full(GROUPS + 1, whole)
    return four_digits(counted(intervals).quantiles([0.5])[:, 0])


def distinct_values(values: Values) -> list[float]:
    """The values that occur, ascending."""
    return [float(value) for value in np.unique(values[np.isfinite(values)])]


def intervals_of_values(
    values: Mapping[str, Columns], populations: Values, ratios: Mapping[float, Counted], just_ordered_days: float
) -> dict[str, Interval]:
    """Intervals by parameter; `values` by measure: recency, frequency, monetary."""
    cuts = cut_estimates(populations, ratios, (0.75, 0.95))
    found = {
        "population_interval_days": interval(populations),
        "just_ordered_days": interval(np.minimum(populations / 2, just_ordered_days)),
        "cut75": interval(cuts[:, 0]),
        "cut95": interval(cuts[:, 1]),
    }
    for measure in ("recency", "frequency", "monetary"):
        if measure in values:
            estimates = counted(values[measure]).quantiles((0.2, 0.4, 0.6, 0.8))
            found |= {f"rfm_{measure}_cut_{place + 1}": interval(estimates[:, place]) for place in range(4)}
    return found


def intervals_of_evenness(evenness: Columns, shrinkage: float, regular_quantile: float) -> dict[str, Interval]:
    """Intervals of the median cv and of the limit of regular, from columns `value, gaps, hash_group, times`."""
    if not len(evenness["value"]):
        return {}
    medians = counted(evenness).quantiles([0.5])[:, 0]
    own, gaps = (np.asarray(evenness[name], dtype=np.float64) for name in ("value", "gaps"))
    group, times = np.asarray(evenness["hash_group"], dtype=np.int64), np.asarray(evenness["times"])
    limits = np.full(GROUPS + 1, np.nan)
    for place, middle in enumerate(medians):
        stays = group != place - 1
        shrunk = (shrinkage * middle + gaps * own)[stays] / (shrinkage + gaps)[stays]
        order = np.argsort(shrunk)
        left = times[stays][order][np.newaxis].astype(np.float64)
        limits[place] = quantiles(shrunk[order], left, [regular_quantile])[0, 0]
    return {"interval_cv_median": interval(medians), "regular_cv_cut": interval(limits)}


def four_digits(values: Floats) -> Floats:
    """Rounded to four significant digits; NaN stays, and values are above 0."""
    scale = 10.0 ** (np.floor(np.log10(np.where(values > 0, values, 1.0))) - 3)
    rounded: Floats = np.round(values / scale) * scale
    return rounded


def cut_estimates(populations: Floats, ratios: Mapping[float, Counted], probabilities: Sequence[float]) -> Floats:
    """The cuts of each replicate, from the ratios to a baseline with its own population interval."""
    found = np.full((len(populations), len(probabilities)), np.nan)
    for place, population in enumerate(populations):
        counts = ratios.get(float(population))
        if counts is not None:
            found[place] = quantiles(counts.values, counts.counts[place : place + 1], probabilities)[0]
    return found


@dataclass(frozen=True)
class Gaps:
    """Completed gaps and present silences per replicate and whole days; `_by_orders`: by k = 1 to 20 as well."""

    completed: Floats
    silent: Floats
    completed_by_orders: Floats
    silent_by_orders: Floats


def gaps_of(columns: Columns, days: int) -> Gaps:
    """From columns `orders, hash_group, is_completed, days, times`; what is longer than `days` counts as that."""
    counts = np.zeros((MOST_ORDERS + 1, 2, GROUPS, days + 1))
    at = (np.asarray(columns["orders"], dtype=np.int64), *_places(columns, days))
    np.add.at(counts, at, np.asarray(columns["times"]))
    silent, completed = (np.stack([replicates(one) for one in counts[:, kind]]) for kind in (0, 1))
    return Gaps(completed[0], silent[0], completed[1:], silent[1:])


def _places(columns: Columns, days: int) -> tuple[Places, Places, Places]:
    """Where each row counts: silent or completed, hash group, day."""
    kind, group, day = (np.asarray(columns[name], dtype=np.int64) for name in ("is_completed", "hash_group", "days"))
    return kind, group, np.minimum(day, days)


@dataclass(frozen=True)
class StagesLearned:
    """X and Y in days and Z in orders; None = no gap, or no number of orders, taught it."""

    at_risk_days: Learned | None = None
    drop_off_days: Learned | None = None
    loyal_orders: Learned | None = None
    gap_count: int = 0


def silences_learned(columns: Columns, days: int, populations: Floats, horizon: int) -> StagesLearned:
    """X and Y of some customers from columns `hash_group, is_completed, days, times`; Z is not asked of them."""
    counts = np.zeros((2, GROUPS, days + 1))
    np.add.at(counts, _places(columns, days), np.asarray(columns["times"]))
    silent, completed = (replicates(one) for one in counts)
    x, y = silence_limits(completed, silent, populations, horizon)
    return StagesLearned(x, y, gap_count=int(completed[0].sum()))


def stages_learned(gaps: Gaps, populations: Floats, horizon: int) -> StagesLearned:
    """X, Y and Z of a shop whose population interval is given per replicate."""
    x, y = silence_limits(gaps.completed, gaps.silent, populations, horizon)
    is_any = bool(np.isfinite(x.estimates[0]))
    z = loyal_orders(gaps.completed_by_orders, gaps.silent_by_orders, horizon)
    return StagesLearned(x if is_any else None, y if is_any else None, z, int(gaps.completed[0].sum()))
