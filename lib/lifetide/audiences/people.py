"""One person as plain Python sees them: the profile, the elements of their collections, what else rules ask about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from lifetide.audiences.tree import Audience, Lines


@dataclass(frozen=True)
class Element:
    """An order, item, visit, view, …: its local date, its instant where known, and its fields."""

    day: date
    at: datetime | None
    fields: Mapping[str, object]

    def value(self, name: str) -> object:
        """The value of one of its fields; None = missing."""
        return self.day if name == "date" else self.fields.get(name)


@dataclass(frozen=True)
class Stretch:
    """A stretch of membership; `until` is the first date no longer in it, None = still in."""

    audience: str
    version: int
    since: date
    until: date | None


@dataclass(frozen=True)
class Person:
    """What is known of one customer on as_of; elements up to as_of, by collection."""

    profile: Mapping[str, object]
    elements: Mapping[str, Sequence[Element]] = field(default_factory=dict)
    stretches: Sequence[Stretch] = ()
    interests: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class World:
    """What a rule is held against besides the person: the day, all audiences by reference, the lines of ranks."""

    as_of: date
    audiences: Mapping[str, Audience] = field(default_factory=dict)
    lines: Lines = field(default_factory=dict)
