"""Sequences as Spark conditions: for each step the elements from which the rest can follow, worked out from the end.

Each step filters its elements by whether one of the next step's follows, so the work grows with the square of a
customer's elements in two steps, not with their product over all steps; and the search ends with the first element
found. Where fields must be the same, most pairs are in vain: then, if every step happens, one walk along the elements
in the order of time is taken instead (see `walking`).
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence as Steps
from dataclasses import dataclass
from datetime import date
from functools import reduce
from itertools import pairwise

from pyspark.sql import Column
from pyspark.sql import functions as F

from lifetide.audiences.timeframes import Bounds, Span
from lifetide.audiences.tree import Sequence, Step
from lifetide.audiences.walking import is_walked, later_day

Condition = Callable[[Column], Column]


@dataclass(frozen=True)
class Listed:
    """A step and the array of its elements (day, at, same)."""

    step: Step
    elements: Column


def follows(node: Sequence, elements: Steps[Column], as_of: date) -> Column:
    """Whether the steps happened one after the other; `elements` as `gathered` lists them, per step.

    They may reach back further than the timeframe, and are none after as_of.
    """
    first, last = node.timeframe.bounds(as_of)
    bounds = first, None if last is None or last >= as_of else last
    if node.same and not any(step.negated for step in node.steps):
        return is_walked(node, elements, bounds)
    listed = [Listed(step, each) for step, each in zip(node.steps, elements, strict=True)]
    return _Tried(bool(node.same), as_of, bounds).holds(listed)


@dataclass(frozen=True)
class _Tried:
    """Every element against every later one; whatever follows an element of the timeframe is not before it."""

    is_same: bool
    as_of: date
    bounds: Bounds

    def holds(self, listed: Steps[Listed]) -> Column:
        """Whether there is an element of the first step from which the rest follows."""
        start, *others = happening = [place for place, one in enumerate(listed) if not one.step.negated]
        found: Listed | None = None
        for place, after in reversed(list(pairwise([*others, len(listed)]))):
            found = Listed(listed[place].step, self._kept(listed[place].elements, listed[place + 1 : after], found))
        denied = listed[start + 1 : [*happening, len(listed)][1]]
        first, _ = self.bounds
        begins = [] if first is None else [_since(first)]
        return F.exists(listed[start].elements, _all([*begins, *self._goes_on(denied, found)]))

    def _kept(self, elements: Column, denied: Steps[Listed], rest: Listed | None) -> Column:
        conditions = self._goes_on(denied, rest)
        return F.filter(elements, _all(conditions)) if conditions else elements

    def _goes_on(self, denied: Steps[Listed], rest: Listed | None) -> list[Condition]:
        """What an element must fulfil for the rest of the sequence to follow it; cheap conditions come first."""
        _, last = self.bounds
        conditions = [] if last is None else [_until(last)]
        if rest is not None:
            return [*conditions, self._is_followed(denied, rest)]
        spans = [one.step.within for one in denied if one.step.within is not None]
        conditions += [self._is_over(span) for span in spans]
        return [*conditions, *(self._is_spared(each, None) for each in denied)]

    def _is_followed(self, denied: Steps[Listed], rest: Listed) -> Condition:
        def condition(one: Column) -> Column:
            def comes(after: Column) -> Column:
                found = self._is_after(after, one, rest.step.within)
                for each in denied:
                    found = found & self._is_spared(each, after)(one)
                return found

            return F.exists(rest.elements, comes)

        return condition

    def _is_over(self, span: Span) -> Condition:
        """The time given for what must not happen at the end is over."""
        return lambda one: later_day(one["day"], span) <= F.lit(self.as_of)

    def _is_spared(self, denied: Listed, until: Column | None) -> Condition:
        """No denied element lies after one and before `until`."""

        def condition(one: Column) -> Column:
            def disturbs(other: Column) -> Column:
                is_after = self._is_after(other, one, denied.step.within)
                return is_after if until is None else is_after & _is_later(until, other)

            return ~F.exists(denied.elements, disturbs)

        return condition

    def _is_after(self, after: Column, before: Column, span: Span | None) -> Column:
        """Later, in time, and equal in every field that must be the same; a missing value equals nothing."""
        condition = _is_later(after, before)
        if span is not None:
            condition = condition & (after["day"] <= later_day(before["day"], span))
        return condition & _is_same(after["same"], before["same"]) if self.is_same else condition


def _all(conditions: Steps[Condition]) -> Condition:
    def every(one: Column) -> Column:
        return reduce(Column.__and__, (each(one) for each in conditions)) if conditions else F.lit(True)

    return every


def _since(first: date) -> Condition:
    return lambda one: one["day"] >= F.lit(first)


def _until(last: date) -> Condition:
    return lambda one: one["day"] <= F.lit(last)


def _is_later(after: Column, before: Column) -> Column:
    """On a later date, or at a later instant of the same date where both are known."""
    same_day = after["day"] == before["day"]
    return (after["day"] > before["day"]) | (same_day & F.coalesce(after["at"] > before["at"], F.lit(False)))


def _is_same(one: Column, other: Column) -> Column:
    return F.forall(F.zip_with(one, other, lambda left, right: F.coalesce(left == right, F.lit(False))), lambda x: x)
