"""Sequences of steps that all happen, in one walk along a customer's elements in the order of time.

Of the ways that lead to a step, the one that ended last leaves the most time for the next step, and the earliest
instant of a date the most instants after it; so the walk keeps these two for each step, and starts anew with each
value of the fields that must be the same. The work grows with the number of elements, where trying every pair grows
with its square.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence as Steps
from dataclasses import dataclass

from pyspark.sql import Column
from pyspark.sql import functions as F

from lifetide.audiences.comparing import within
from lifetide.audiences.timeframes import MONTHS, Bounds, Span
from lifetide.audiences.tree import Sequence
from lifetide.audiences.words import Unit

DAYS = {Unit.DAY: 1, Unit.WEEK: 7}


def is_walked(node: Sequence, elements: Steps[Column], bounds: Bounds) -> Column:
    """Whether one element of each step follows one of the step before, inside the bounds; `elements` per step."""
    tagged = F.concat(*(F.transform(each, _tagged(place)) for place, each in enumerate(elements)))
    inside = F.filter(tagged, lambda one: within(one["day"], bounds) & _is_whole(one["same"]))
    spans = [step.within for step in node.steps]
    return F.aggregate(F.sort_array(inside), _nowhere(len(spans)), _stepped(spans), lambda found: found["is_done"])


def _is_whole(same: Column) -> Column:
    """No field that must be the same is missing: nothing would equal it."""
    return ~F.exists(same, lambda value: value.isNull())


def later_day(day: Column, span: Span) -> Column:
    """The last date within the span after a day."""
    if span.unit in MONTHS:
        return F.add_months(day, F.lit(span.quantity * MONTHS[span.unit]))
    return F.date_add(day, F.lit(span.quantity * DAYS[span.unit]))


def _tagged(place: int) -> Callable[[Column], Column]:
    """An element with the place of its step, in the order of the walk; an unknown instant is the first of its day."""
    return lambda one: F.struct(
        one["same"].alias("same"), one["day"].alias("day"), one["at"].alias("at"), F.lit(place).alias("step")
    )


@dataclass(frozen=True)
class _Reached:
    """The ways that lead to a step: the last earlier date one ended on, whether one did today, and when at first."""

    before: Column
    today: Column
    at: Column

    def parts(self, place: int) -> list[Column]:
        return [
            self.before.cast("date").alias(f"before_{place}"),
            self.today.alias(f"today_{place}"),
            self.at.cast("timestamp").alias(f"at_{place}"),
        ]

    def leads_to(self, one: Column, span: Span | None) -> Column:
        """Whether an element of today lies after the end of one of the ways, and not too late."""
        in_time = self.before.isNotNull() if span is None else one["day"] <= later_day(self.before, span)
        return F.coalesce(one["at"] > self.at, F.lit(False)) | F.coalesce(in_time, F.lit(False))


def _state(same: Column, day: Column, is_done: Column, reached: Steps[_Reached]) -> Column:
    parts = [part for place, one in enumerate(reached) for part in one.parts(place)]
    return F.struct(
        same.cast("array<string>").alias("same"), day.cast("date").alias("day"), is_done.alias("is_done"), *parts
    )


def _nowhere(steps: int) -> Column:
    none, no = F.lit(None), F.lit(False)
    return _state(none, none, no, [_Reached(none, no, none)] * steps)


def _stepped(spans: Steps[Span | None]) -> Callable[[Column, Column], Column]:
    def step(so_far: Column, one: Column) -> Column:
        reached = [_until(so_far, place, one) for place in range(len(spans))]
        ends = [one["step"] == 0]
        for place, span in list(enumerate(spans))[1:]:
            ends.append((one["step"] == place) & reached[place - 1].leads_to(one, span))
        now = [
            _Reached(each.before, each.today | end, F.when(end, F.least(each.at, one["at"])).otherwise(each.at))
            for each, end in zip(reached, ends, strict=True)
        ]
        return _state(one["same"], one["day"], so_far["is_done"] | ends[-1], now)

    return step


def _until(so_far: Column, place: int, one: Column) -> _Reached:
    """What had been reached before this element: nothing with another value of what must be the same."""
    is_same = one["same"].eqNullSafe(so_far["same"])
    is_today = is_same & one["day"].eqNullSafe(so_far["day"])
    before, today, at = (so_far[f"{name}_{place}"] for name in ("before", "today", "at"))
    last = F.when(is_today, before).when(is_same, F.when(today, so_far["day"]).otherwise(before))
    return _Reached(last, is_today & today, F.when(is_today, at))
