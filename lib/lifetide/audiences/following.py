"""Sequences as Spark conditions: for each step the elements from which the rest can follow, worked out from the end.

Each step filters its elements by whether one of the next step's follows, so the work grows with the square of a
customer's elements in two steps, not with their product over all steps.
"""

from __future__ import annotations

from collections.abc import Sequence as Steps
from dataclasses import dataclass
from datetime import date

from pyspark.sql import Column
from pyspark.sql import functions as F

from lifetide.audiences.timeframes import Span
from lifetide.audiences.tree import Sequence, Step
from lifetide.audiences.words import Unit

MONTHS = {Unit.MONTH: 1, Unit.YEAR: 12}
DAYS = {Unit.DAY: 1, Unit.WEEK: 7}


@dataclass(frozen=True)
class Listed:
    """A step and the array of its elements (day, at, same)."""

    step: Step
    elements: Column


def follows(node: Sequence, elements: Steps[Column], as_of: date) -> Column:
    """Whether the steps happened one after the other; `elements` as `gathered` lists them, per step."""
    listed = [Listed(step, each) for step, each in zip(node.steps, elements, strict=True)]
    happening = [place for place, one in enumerate(listed) if not one.step.negated]
    rest: Listed | None = None
    for place, after in zip(reversed(happening), reversed([*happening[1:], len(listed)]), strict=True):
        denied = listed[place + 1 : after]
        rest = Listed(listed[place].step, _survivors(listed[place], denied, rest, as_of))
    assert rest is not None
    return F.size(rest.elements) > 0


def _survivors(here: Listed, denied: Steps[Listed], rest: Listed | None, as_of: date) -> Column:
    """The elements after which the rest of the sequence follows."""

    def goes_on(one: Column) -> Column:
        if rest is None:
            return _undisturbed(one, None, denied, as_of)
        return F.exists(
            rest.elements,
            lambda after: _is_after(after, one, rest.step.within) & _undisturbed(one, after, denied, as_of),
        )

    return F.filter(here.elements, goes_on)


def _undisturbed(one: Column, until: Column | None, denied: Steps[Listed], as_of: date) -> Column:
    """No denied element lies after `one` and before `until`; at the end, once the time given for it is over."""
    condition = F.lit(True)
    for each in denied:
        condition = condition & ~_is_disturbed(one, until, each)
        if until is None and each.step.within is not None:
            condition = condition & (_later_day(one["day"], each.step.within) <= F.lit(as_of))
    return condition


def _is_disturbed(one: Column, until: Column | None, denied: Listed) -> Column:
    return F.exists(denied.elements, lambda other: _disturbs(other, one, until, denied))


def _disturbs(other: Column, one: Column, until: Column | None, denied: Listed) -> Column:
    is_after = _is_after(other, one, denied.step.within)
    return is_after if until is None else is_after & _is_later(until, other)


def _is_after(after: Column, before: Column, span: Span | None) -> Column:
    """Later, in time, and equal in every field that must be the same; a missing value equals nothing."""
    condition = _is_later(after, before) & _is_same(after["same"], before["same"])
    return condition if span is None else condition & (after["day"] <= _later_day(before["day"], span))


def _is_later(after: Column, before: Column) -> Column:
    """On a later date, or at a later instant of the same date where both are known."""
    same_day = after["day"] == before["day"]
    return (after["day"] > before["day"]) | (same_day & F.coalesce(after["at"] > before["at"], F.lit(False)))


def _is_same(one: Column, other: Column) -> Column:
    return F.forall(F.zip_with(one, other, lambda left, right: F.coalesce(left == right, F.lit(False))), lambda x: x)


def _later_day(day: Column, span: Span) -> Column:
    if span.unit in MONTHS:
        return F.add_months(day, F.lit(span.quantity * MONTHS[span.unit]))
    return F.date_add(day, F.lit(span.quantity * DAYS[span.unit]))
