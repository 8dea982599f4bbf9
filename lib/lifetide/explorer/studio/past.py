"""Where the customers of a snapshot stood on earlier days: spells as arrays, counted for any set of customers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from lifetide.explorer.facts import GrowthDay
from lifetide.explorer.studio.bits import Words, everyone, size, unpacked
from lifetide.explorer.studio.columns import EPOCH, Coded
from lifetide.explorer.studio.packing import column_of
from lifetide.vocabulary import LifecycleGroup

Array = npt.NDArray[np.int64]
GROUPS = tuple(str(group) for group in LifecycleGroup)
NEVER = np.int32(2**31 - 1)
NEW, ACTIVE, SLIPPING, LOST, JUST = range(5)
SERIES = 5
NONE = np.int8(-1)
_COUNTED = {
    LifecycleGroup.JUST_ORDERED: ACTIVE, LifecycleGroup.ACTIVE: ACTIVE, LifecycleGroup.SLIPPING_AWAY: SLIPPING,
    LifecycleGroup.LOST: LOST,
}  # fmt: skip
MAIN = np.array([_COUNTED.get(group, NONE) for group in LifecycleGroup], np.int8)
_CODE_JUST = GROUPS.index(str(LifecycleGroup.JUST_ORDERED))


@dataclass(frozen=True)
class Past:
    """One entry per spell: the customer's row, first day, first day no longer in it (days since 1970), group.

    Sorted by row, so that asking who is in a set walks through memory in order.
    """

    count: int
    as_of: date
    new_days: int
    rows: npt.NDArray[np.int32]
    begins: npt.NDArray[np.int32]
    ends: npt.NDArray[np.int32]
    groups: npt.NDArray[np.uint8]
    _stood: dict[date, npt.NDArray[np.uint8]] = field(default_factory=dict, repr=False)

    @cached_property
    def first_day(self) -> int:
        """The first day of anybody's first spell; as_of where there is none."""
        return int(self.begins.min()) if len(self.begins) else _number(self.as_of)

    @cached_property
    def _changes(self) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """Rows and keys of all changes of a count, nearly in the order of the rows.

        A key is (sign × series × days) + day: +1 in the first half of the keys, −1 in the second.
        """
        last, half = _number(self.as_of), SERIES * self._days
        starts = np.flatnonzero(np.diff(self.rows, prepend=-1))
        known = self.rows[starts]
        first = np.minimum.reduceat(self.begins, starts) if len(starts) else np.zeros(0, np.int32)
        until = first + np.int32(self.new_days + 1)
        begins = np.maximum(self.begins, np.repeat(until, np.diff(starts, append=len(self.rows))))
        lives = self.ends > begins
        series = MAIN[self.groups]
        just = np.where(self.groups == _CODE_JUST, np.int8(JUST), NONE)
        rows, keys = [], []
        for who, which, when, is_plus in (
            (known, np.full(len(known), NEW, np.int8), first, True),
            (known, np.full(len(known), NEW, np.int8), until, False),
            *((self.rows, np.where(lives, one, NONE), when, plus)
              for one in (series, just) for when, plus in ((begins, True), (self.ends, False))),
        ):  # fmt: skip
            seen = (which != NONE) & (when <= last)
            days = when[seen] - np.int32(self.first_day)
            rows.append(who[seen])
            keys.append(which[seen] * np.int32(self._days) + days + np.int32(0 if is_plus else half))
        return np.concatenate(rows), np.concatenate(keys)

    @property
    def _days(self) -> int:
        return _number(self.as_of) - self.first_day + 1

    def ready(self) -> Past:
        """The same, with everything worked out that takes long."""
        _ = self._of_everyone
        return self

    def growth(self, members: Words) -> tuple[GrowthDay, ...]:
        """The members' counts at the end of each day up to as_of, as base_growth counts everyone's."""
        if not len(self.rows):
            return ()
        if 2 * size(members) > self.count:  # fewer to walk over: those who are not in the set
            counts = self._of_everyone - self._counted(everyone(self.count) & ~members)
        else:
            counts = self._counted(members)
        start = EPOCH + timedelta(days=self.first_day)
        return tuple(GrowthDay(start + timedelta(days=place), *row) for place, row in enumerate(counts.T.tolist()))

    def _counted(self, members: Words) -> Array:
        """Series down, days across."""
        who, keys = self._changes
        inside = unpacked(members, self.count)[who]
        more, less = np.bincount(keys[inside], minlength=2 * SERIES * self._days).reshape(2, SERIES, self._days)
        counts: Array = (more - less).cumsum(axis=1)
        return counts

    @cached_property
    def _of_everyone(self) -> Array:
        return self._counted(everyone(self.count))

    def stood(self, day: date) -> npt.NDArray[np.uint8]:
        """Group of each customer at the end of a day: its place in the vocabulary + 1; 0 = not yet a customer."""
        if day in self._stood:
            return self._stood[day]
        at = _number(day)
        here = (self.begins <= at) & (self.ends > at)
        found = np.zeros(self.count, np.uint8)
        found[self.rows[here]] = self.groups[here] + 1
        self._stood[day] = found
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
