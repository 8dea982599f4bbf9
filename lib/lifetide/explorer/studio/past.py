"""Where the customers of a snapshot stood on earlier days: spells as arrays, counted for any set of customers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from lifetide.explorer.facts import GrowthDay
from lifetide.explorer.studio.bits import Words, unpacked
from lifetide.explorer.studio.columns import EPOCH, Coded
from lifetide.explorer.studio.packing import column_of
from lifetide.vocabulary import LifecycleGroup

Array = npt.NDArray[np.int64]
GROUPS = tuple(str(group) for group in LifecycleGroup)
NEVER = np.int32(2**31 - 1)
NEW, ACTIVE, SLIPPING, LOST, JUST = range(5)
SERIES = 5
SERIES_OF = {
    LifecycleGroup.JUST_ORDERED: (ACTIVE, JUST), LifecycleGroup.ACTIVE: (ACTIVE,),
    LifecycleGroup.SLIPPING_AWAY: (SLIPPING,), LifecycleGroup.LOST: (LOST,),
}  # fmt: skip


@dataclass(frozen=True)
class Past:
    """One entry per spell: the customer's row, first day, first day no longer in it (days since 1970), group.

    Sorted by row, so that asking who is in a set walks through memory once.
    """

    count: int
    as_of: date
    new_days: int
    rows: npt.NDArray[np.int32]
    begins: npt.NDArray[np.int32]
    ends: npt.NDArray[np.int32]
    groups: npt.NDArray[np.uint8]

    @cached_property
    def first_day(self) -> int:
        """The first day of anybody's first spell; as_of where there is none."""
        return int(self.begins.min()) if len(self.begins) else _number(self.as_of)

    @cached_property
    def _changes(self) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], npt.NDArray[np.int8]]:
        """Rows, keys (series × days + day) and signs of all changes of a count, sorted by row."""
        last, days = _number(self.as_of), self._days
        first = np.full(self.count, NEVER, np.int32)
        np.minimum.at(first, self.rows, self.begins)
        new_until = first + np.int32(self.new_days + 1)
        known = np.flatnonzero(first != NEVER).astype(np.int32)
        parts = [(known, NEW, first[known], 1), (known, NEW, new_until[known], -1)]
        begins = np.maximum(self.begins, new_until[self.rows])
        for code, group in enumerate(LifecycleGroup):
            here = (self.groups == code) & (self.ends > begins)
            for series in SERIES_OF.get(group, ()):
                parts += [(self.rows[here], series, begins[here], 1), (self.rows[here], series, self.ends[here], -1)]
        rows, keys, signs = [], [], []
        for who, series, when, sign in parts:
            seen = when <= last
            rows.append(who[seen])
            keys.append((series * days + when[seen] - self.first_day).astype(np.int32))
            signs.append(np.full(int(seen.sum()), sign, np.int8))
        who = np.concatenate(rows)
        order = np.argsort(who, kind="stable")
        return who[order], np.concatenate(keys)[order], np.concatenate(signs)[order]

    @property
    def _days(self) -> int:
        return _number(self.as_of) - self.first_day + 1

    def ready(self) -> Past:
        """The same, with everything worked out that takes long."""
        _ = self._changes
        return self

    def growth(self, members: Words) -> tuple[GrowthDay, ...]:
        """The members' counts at the end of each day up to as_of, as base_growth counts everyone's."""
        who, keys, signs = self._changes
        inside = unpacked(members, self.count)[who]
        changes = np.bincount(keys[inside], weights=signs[inside], minlength=SERIES * self._days)
        counts = np.rint(changes.reshape(SERIES, self._days).cumsum(axis=1)).astype(np.int64)
        if not len(who):
            return ()
        start = EPOCH + timedelta(days=self.first_day)
        return tuple(GrowthDay(start + timedelta(days=place), *row) for place, row in enumerate(counts.T.tolist()))

    def stood(self, day: date) -> npt.NDArray[np.uint8]:
        """Group of each customer at the end of a day: its place in the vocabulary + 1; 0 = not yet a customer."""
        at = _number(day)
        here = (self.begins <= at) & (self.ends > at)
        found = np.zeros(self.count, np.uint8)
        found[self.rows[here]] = self.groups[here] + 1
        return found

    def moved(self, then: npt.NDArray[np.uint8], now: npt.NDArray[np.uint8], members: Words) -> Array:
        """Members by group then (down) and now (across), from `stood`."""
        return moves(then, now, members, len(GROUPS) + 1)


def moves(then: npt.NDArray[np.uint8], now: npt.NDArray[np.uint8], members: Words, classes: int) -> Array:
    """Members by class then (down) and now (across)."""
    inside = unpacked(members, len(then))
    pairs = then[inside].astype(np.int64) * classes + now[inside]
    return np.bincount(pairs, minlength=classes * classes).reshape(classes, classes)


def past_of(spells: pa.Table, rows: npt.NDArray[np.int64], count: int, as_of: date, new_days: int) -> Past:
    """Spells of the customers in `rows` (−1 = not in the snapshot), which has `count` of them."""
    known = rows >= 0
    ends = spells.column("valid_to").cast(pa.int32()).fill_null(int(NEVER)).to_numpy()
    words = column_of(spells.column("lifecycle_group"), GROUPS)
    groups = words.codes - 1 if isinstance(words, Coded) else np.zeros(0, np.uint8)
    order = np.argsort(rows[known], kind="stable")
    return Past(
        count, as_of, new_days,
        rows[known][order].astype(np.int32),
        spells.column("valid_from").cast(pa.int32()).to_numpy()[known][order],
        ends[known][order].astype(np.int32),
        groups[known][order].astype(np.uint8),
    )  # fmt: skip


def _number(day: date) -> int:
    return (day - EPOCH).days
