"""Audiences over a snapshot in memory: who is in, how many, and what they are like, all by counting bits."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import reduce
from typing import Any, Protocol

from lifetide.explorer.studio.bins import Bins, bins_of, members_of_bins
from lifetide.explorer.studio.bits import Words, everyone, size
from lifetide.explorer.studio.columns import Coded, Column, Numeric
from lifetide.explorer.studio.conditions import members_of_rule
from lifetide.explorer.studio.kept import Kept
from lifetide.explorer.studio.slices import Slices, slices_of

KEPT_BYTES = 384 << 20
MOST_FACETS = 64  # labels; fields with more have no bars of their own

Rule = Mapping[str, Any]
Elsewhere = Callable[[Rule], Words]
"""Answers a rule that no column can: behaviour, other audiences."""


class Source(Protocol):
    """Where columns come from, each read when it is first asked for."""

    count: int
    as_of: date

    def column(self, name: str) -> Column:
        """The column; raises NotFound for a name that is not there."""


class Engine:
    """Sets and figures of one snapshot; the sets it hands out are shared and read-only."""

    def __init__(self, source: Source, elsewhere: Elsewhere | None = None, kept_bytes: int = KEPT_BYTES) -> None:
        self.source = source
        self.count = source.count
        self.everyone = everyone(source.count)
        self.universe = self.everyone
        self.elsewhere = elsewhere
        self._kept = Kept(kept_bytes)
        self._bins: dict[str, Bins] = {}
        self._slices: dict[str, Slices] = {}

    def members(self, tree: Rule) -> Words:
        """Who meets the tree, within the universe."""
        return self._within(tree) & self.universe

    def without(self, tree: Rule, rule_id: str) -> Words:
        """Who would be in if the rule or group of that id were not there."""
        return self.members(_pruned(tree, rule_id))

    def _within(self, tree: Rule) -> Words:
        if "rules" not in tree:
            return self.of_rule(tree)
        parts: Iterator[Words] = (self._within(one) for one in tree["rules"])
        if not tree["rules"]:
            met = self.everyone
        elif tree.get("combinator", "and") == "and":
            met = reduce(lambda some, more: some & more, parts)
        else:
            met = reduce(lambda some, more: some | more, parts)
        return self.everyone & ~met if tree.get("not") else met

    def of_rule(self, rule: Rule) -> Words:
        """Who meets one rule, kept by what it asks."""
        if self.elsewhere is not None and rule["field"] not in self._fields:
            return self.elsewhere(rule)
        asked = json.dumps({key: rule[key] for key in sorted(rule) if key != "id"}, default=str)
        return self._kept.of(asked, lambda: self._met(rule))

    @property
    def _fields(self) -> frozenset[str]:
        names: frozenset[str] = getattr(self.source, "names", frozenset())
        return names

    def _met(self, rule: Rule) -> Words:
        return members_of_rule(rule, self.source.column(rule["field"]), self.universe, self.source.as_of)

    # What a set is like

    def labels(self, field: str) -> tuple[str, ...]:
        """The words of a field, in order."""
        return self._coded(field).labels

    def facets(self, field: str, members: Words) -> list[int]:
        """How many of `members` have each word of the field."""
        return [size(members & self._with_code(field, code)) for code in range(1, len(self.labels(field)) + 1)]

    def _with_code(self, field: str, code: int) -> Words:
        from lifetide.explorer.studio.leaves import of_codes

        return self._kept.of((field, code), lambda: of_codes(self._coded(field), [code]))

    def bins(self, field: str) -> Bins:
        """The edges of a number's histogram."""
        if field not in self._bins:
            self._bins[field] = bins_of(self._numeric(field))
        return self._bins[field]

    def bars(self, field: str, members: Words) -> list[int]:
        """How many of `members` are in each bar."""
        bins = self.bins(field)
        made: list[Words] = []

        def bar(place: int) -> Words:
            if not made:
                made.extend(members_of_bins(self._numeric(field), bins))
            return made[place]

        return [
            size(members & self._kept.of((field, "bar", place), lambda place=place: bar(place)))  # type: ignore[misc]
            for place in range(bins.count)
        ]

    def total(self, field: str, members: Words, count: int) -> float:
        """Σ of a number over `members`, of whom there are `count`; exact to the cent."""
        if field not in self._slices:
            self._slices[field] = slices_of(self._numeric(field))
        column = self._numeric(field)
        return column.shown(self._slices[field].total(members, count))

    def known(self, field: str, members: Words) -> int:
        """How many of `members` have a value in the field."""
        column = self.source.column(field)
        if isinstance(column, Coded):
            return size(members) - size(members & self._with_code(field, 0))
        return size(members) if column.missing is None else size(members & ~column.missing)

    def _coded(self, field: str) -> Coded:
        found = self.source.column(field)
        if not isinstance(found, Coded):
            raise TypeError(f"{field} holds numbers, not words")
        return found

    def _numeric(self, field: str) -> Numeric:
        found = self.source.column(field)
        if not isinstance(found, Numeric):
            raise TypeError(f"{field} holds words, not numbers")
        return found


def _pruned(tree: Rule, rule_id: str) -> Rule:
    if "rules" not in tree:
        return tree
    kept = [_pruned(one, rule_id) for one in tree["rules"] if one.get("id") != rule_id]
    return {**tree, "rules": kept}
