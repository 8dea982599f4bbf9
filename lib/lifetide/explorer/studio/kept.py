"""Sets that were worked out once and are likely to be asked for again, up to a number of bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable

from lifetide.explorer.studio.bits import Words


class Kept:
    """Sets by key; the one that was asked for longest ago goes first."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._sets: OrderedDict[Hashable, Words] = OrderedDict()

    def of(self, key: Hashable, made: Callable[[], Words]) -> Words:
        """The set under the key, made where it is not there. Nobody may write into it."""
        found = self._sets.get(key)
        if found is not None:
            self._sets.move_to_end(key)
            return found
        found = made()
        found.flags.writeable = False
        self._sets[key] = found
        self._bytes += found.nbytes
        while self._bytes > self._most_bytes and len(self._sets) > 1:
            _, dropped = self._sets.popitem(last=False)
            self._bytes -= dropped.nbytes
        return found

    def __len__(self) -> int:
        return len(self._sets)
