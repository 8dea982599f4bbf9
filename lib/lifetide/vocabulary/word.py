"""What all words are."""

from __future__ import annotations

from enum import Enum


class Word(str, Enum):
    """A value of a column; prints and compares as its text."""

    def __str__(self) -> str:
        return str(self.value)
