"""Sets that were worked out once and are likely to be asked for again, up to a number of bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable

from lifetide.explorer.studio.bits import Words


class Kept:
    """Sets by key; the one that was asked for longest ago goes first. Nobody may write into one."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._sets: OrderedDict[Hashable, Words] = OrderedDict()

    def of(self, key: Hashable, made: Callable[[], Words]) -> Words:
        """The set under the key, made where it is not there."""
        if key not in self._sets:
            return self.put(key, made())
        return self.get(key)

    def get(self, key: Hashable) -> Words:
        """The set under the key; raises KeyError."""
        found = self._sets[key]
        self._sets.move_to_end(key)
        return found

    def put(self, key: Hashable, found: Words) -> Words:
        """Keeps a set, and lets go of the oldest where there are too many bytes."""
        found.flags.writeable = False
        if key not in self._sets:
            self._bytes += found.nbytes
        self._sets[key] = found
        while self._bytes > self._most_bytes and len(self._sets) > 1:
            _, dropped = self._sets.popitem(last=False)
            self._bytes -= dropped.nbytes
        return found

    def __contains__(self, key: Hashable) -> bool:
        return key in self._sets

    def __len__(self) -> int:
        return len(self._sets)
