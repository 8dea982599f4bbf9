"""How the customers of a snapshot come back, counted for any set of them: the same bins for everyone and the set."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from lifetide.explorer.binning import (
    FEWEST_FOR_THIRDS,
    LEAST_DAYS_STEP,
    LEAST_RATIO_STEP,
    bins_from,
    ratio_reach,
    steps_to,
)
from lifetide.explorer.facts import Bin, Learned, RhythmExample, RhythmFacts
from lifetide.explorer.studio.bits import Words, unpacked
from lifetide.explorer.studio.columns import Numeric
from lifetide.explorer.studio.profiles import Profiles

NEEDED = ("order_day_count", "own_interval_days", "baseline_interval_days", "slip_after_days", "lost_after_days",
          "overdue_ratio")  # fmt: skip
NO_BIN = np.int16(-1)
Places = npt.NDArray[np.int16]


@dataclass(frozen=True)
class Binned:
    """The bin of each value, −1 where there is none, and how wide bins are."""

    places: Places
    step: float
    last: int

    def counted(self, inside: npt.NDArray[np.bool_]) -> tuple[Bin, ...]:
        """Bins of the values for which `inside` is true."""
        chosen = self.places[inside]
        counts = np.bincount(chosen[chosen >= 0], minlength=self.last + 1)
        return bins_from(dict(enumerate(counts.tolist())) if counts.any() else {}, self.step, self.last)


@dataclass(frozen=True)
class Rhythms:
    """Bins of gaps (÷ the baseline), own intervals and overdue ratios; `gap_rows` = whose gap each is."""

    learned: dict[str, Learned]
    count: int
    gap_rows: npt.NDArray[np.int32]
    gaps: Binned
    intervals: Binned
    overdue: Binned
    baseline: npt.NDArray[np.float64]
    slip: npt.NDArray[np.float64]
    lost: npt.NDArray[np.float64]
    is_back: npt.NDArray[np.bool_]

    def facts(self, members: Words) -> tuple[RhythmFacts, tuple[Bin, ...]]:
        """The rhythm of a set, and its overdue ratios."""
        inside = unpacked(members, self.count)
        named = self.learned.get
        facts = RhythmFacts(
            population_interval=named("population_interval_days"), just_ordered=named("just_ordered_days"),
            cut75=named("cut75"), cut95=named("cut95"), gap_ratios=self.gaps.counted(inside[self.gap_rows]),
            own_intervals=self.intervals.counted(inside), examples=self._examples(inside & self.is_back),
        )  # fmt: skip
        return facts, self.overdue.counted(inside)

    def _examples(self, back: npt.NDArray[np.bool_]) -> tuple[RhythmExample, ...]:
        """Medians of three equal groups by interval; one group where there are few customers."""
        intervals = self.baseline[back]
        if not len(intervals):
            return ()
        third = np.zeros(len(intervals), np.int64)
        if len(intervals) >= FEWEST_FOR_THIRDS:
            third = np.searchsorted(np.percentile(intervals, [100 / 3, 200 / 3]), intervals, side="left")
        slip, lost = self.slip[back], self.lost[back]
        return tuple(
            RhythmExample(int(here.sum()), *(float(np.median(one[here])) for one in (intervals, slip, lost)))
            for here in (third == place for place in range(3))
            if here.any()
        )


def rhythms_of(profiles: Profiles, state: pa.Table | None, learned: dict[str, Learned]) -> Rhythms:
    """`state` has customer_id and last_gaps of the current state; None where there is none beside the profiles."""
    days, own, baseline, slip, lost, overdue = (_floats(profiles, name) for name in NEEDED)
    is_back = days >= 2
    cut95 = learned["cut95"].value if "cut95" in learned else 0.0
    ratio_step, ratio_last = steps_to(ratio_reach(cut95), least=LEAST_RATIO_STEP)
    reach = float(np.percentile(own[is_back], 97)) if is_back.any() else 0.0
    rows, gaps = _gaps(profiles, state)
    return Rhythms(
        learned, profiles.count, rows,
        _binned(_ratio(gaps, baseline[rows]), ratio_step, ratio_last),
        _binned(np.where(is_back, own, np.nan), *steps_to(reach, least=LEAST_DAYS_STEP)),
        _binned(overdue, ratio_step, ratio_last), baseline, slip, lost, is_back,
    )  # fmt: skip


def _gaps(profiles: Profiles, state: pa.Table | None) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float64]]:
    if state is None:
        return np.zeros(0, np.int32), np.zeros(0)
    lists = state.column("last_gaps").combine_chunks()
    rows = profiles.places(state.column("customer_id"))
    owners = rows[pc.list_parent_indices(lists).to_numpy()]
    values = pc.list_flatten(lists).to_numpy().astype(np.float64)
    known = owners >= 0
    return owners[known].astype(np.int32), values[known]


def _floats(profiles: Profiles, name: str) -> npt.NDArray[np.float64]:
    """A number as doubles, NaN where it is missing."""
    column = profiles.column(name)
    if not isinstance(column, Numeric):
        raise TypeError(f"{name} holds words, not numbers")
    found: npt.NDArray[np.float64] = column.values.astype(np.float64) / 10**column.scale
    if column.missing is not None:
        found[unpacked(column.missing, column.count)] = np.nan
    return found


def _ratio(part: npt.NDArray[np.float64], whole: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    found = np.full(len(part), np.nan)
    np.divide(part, whole, out=found, where=whole != 0)
    return found


def _binned(values: npt.NDArray[np.float64], step: float, last: int) -> Binned:
    places = np.full(len(values), NO_BIN, np.int16)
    known = ~np.isnan(values)
    places[known] = np.minimum(np.floor(values[known] / step), last).astype(np.int16)
    return Binned(places, step, last)
