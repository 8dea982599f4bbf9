"""Figures of a person's elements in plain Python."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from statistics import median

from lifetide.audiences.people import Element
from lifetide.audiences.tree import Aggregate, Match
from lifetide.audiences.words import MatchMode, Measure


def counted(node: Match, fulfil: Sequence[Element]) -> int:
    """How many elements, or how many different values of count_by."""
    if node.count_by is None:
        return len(fulfil)
    return len({one.value(node.count_by) for one in fulfil} - {None})


def matches(node: Match, every: int, count: int) -> bool:
    """Whether so many of so many elements are what the match asks for."""
    threshold = node.threshold or 0
    if node.mode is MatchMode.ALL:
        return count == every and (every > 0 or node.is_vacuous)
    if node.mode is MatchMode.SOME:
        return count > 0
    if node.mode is MatchMode.NONE:
        return count == 0
    if node.mode is MatchMode.AT_LEAST:
        return count >= threshold
    return count <= threshold if node.mode is MatchMode.AT_MOST else count == threshold


def figure(node: Aggregate, fulfil: Sequence[Element], as_of: date) -> object:
    """The figure of the elements that fulfil the group; None = missing."""
    days = sorted({one.day for one in fulfil})
    if node.measure is Measure.COUNT:
        return len(fulfil)
    if node.measure is Measure.DAYS_SINCE_LAST:
        return (as_of - days[-1]).days if days else None
    if node.measure is Measure.MEDIAN_INTERVAL:
        gaps = [(after - before).days for before, after in pairwise(days)]
        return float(median(gaps)) if gaps else None
    assert node.of is not None
    values = [value for one in fulfil if (value := one.value(node.of)) is not None]
    if node.measure is Measure.COUNT_DISTINCT:
        return len(set(values))
    if node.measure is Measure.SUM and not fulfil:
        return 0
    return FIGURES[node.measure]([_number(one) for one in values]) if values else None


def _number(value: object) -> Decimal:
    assert isinstance(value, int | Decimal)
    return Decimal(value)


FIGURES: dict[Measure, Callable[[list[Decimal]], object]] = {
    Measure.SUM: lambda values: sum(values, Decimal(0)),
    Measure.AVG: lambda values: float(sum(values, Decimal(0))) / len(values),
    Measure.MIN: min,
    Measure.MAX: max,
    Measure.MEDIAN: lambda values: median([float(one) for one in values]),
}
