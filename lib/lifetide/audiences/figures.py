"""What rules about collections need to know of a customer: figures of elements, each worked out once for a run.

Two rules that differ in their threshold alone share a figure. A figure knows the local dates it looks at, so it
belongs to one as_of.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from lifetide.audiences.timeframes import Bounds
from lifetide.audiences.together import leaves
from lifetide.audiences.tree import (
    Aggregate,
    Audience,
    FirstTime,
    Group,
    InAudience,
    Interested,
    Match,
    Node,
    Sequence,
    Step,
)
from lifetide.audiences.words import MatchMode, Measure, Operator

STRETCHES, INTERESTS = "stretches", "interests"
"""Kinds of elements besides collections: stretches of membership, and scores of interest."""


class Listing(Enum):
    """Figures besides the measures of the language."""

    FIRST_DATE = "first date"
    LISTED = "listed"
    LATEST = "the last date of each different value"


@dataclass(frozen=True)
class Figure:
    """A figure of the elements of one kind that fulfil `where` and are dated within `bounds`.

    `of` = the field that is summed, or counted by its different values; for a list the fields that are kept.
    """

    kind: str
    bounds: Bounds
    where: Group
    measure: Measure | Listing
    of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Overlap:
    """Whether a stretch of membership of one of the audiences touches the dates."""

    audiences: tuple[str, ...]
    bounds: Bounds


@dataclass(frozen=True)
class Score:
    """The highest score of interest in one of the categories."""

    categories: tuple[str, ...]


AnyFigure = Figure | Overlap | Score


def match_figures(node: Match, as_of: date) -> tuple[Figure, Figure]:
    """How many elements (or different values of count_by) fulfil the group, and how many elements there are."""
    bounds = node.timeframe.bounds(as_of)
    measure = Measure.COUNT if node.count_by is None else Measure.COUNT_DISTINCT
    of = () if node.count_by is None else (node.count_by,)
    every = Figure(node.collection, bounds, Group(), Measure.COUNT)
    return Figure(node.collection, bounds, node.where, measure, of), every


def aggregate_figure(node: Aggregate, as_of: date) -> Figure:
    """The figure that an aggregate compares."""
    of = () if node.of is None else (node.of,)
    return Figure(node.collection, node.timeframe.bounds(as_of), node.where, node.measure, of)


def first_figure(node: FirstTime) -> Figure:
    """The date of the first element ever."""
    return Figure(node.collection, (None, None), node.where, Listing.FIRST_DATE)


def step_figure(node: Sequence, step: Step, as_of: date) -> Figure:
    """The elements of a step; those of a denied step are also looked for after the timeframe."""
    first, last = node.timeframe.bounds(as_of)
    bounds = (first, None) if step.negated else (first, last)
    return Figure(step.collection, bounds, step.where, Listing.LISTED, node.same)


def figures_of(node: Node, as_of: date) -> list[AnyFigure]:
    """The figures that a condition needs."""
    if isinstance(node, Match):
        counted, every = match_figures(node, as_of)
        return [counted, every] if node.mode is MatchMode.ALL else [counted]
    if isinstance(node, Aggregate):
        return [aggregate_figure(node, as_of)]
    if isinstance(node, FirstTime):
        return [first_figure(node)]
    if isinstance(node, Sequence):
        return [step_figure(node, step, as_of) for step in node.steps]
    if isinstance(node, InAudience) and node.operator is Operator.WAS_IN and node.timeframe is not None:
        return [Overlap(node.audiences, node.timeframe.bounds(as_of))]
    return [Score(node.categories)] if isinstance(node, Interested) else []


def all_figures(audiences: Iterable[Audience], as_of: date) -> list[AnyFigure]:
    """The figures that the audiences need, each once."""
    found = [figure for audience in audiences for leaf in leaves(audience.rule) for figure in figures_of(leaf, as_of)]
    return list(dict.fromkeys(found))


def gathered_once(figures: Iterable[AnyFigure]) -> dict[AnyFigure, AnyFigure]:
    """The figure that each is read from: itself, or the one that has the elements of all its kin.

    Lists that differ in their dates alone are gathered once, over all of these dates. Counts of different values
    that differ in their first date alone are read from the last date of each value.
    """
    found: dict[AnyFigure, AnyFigure] = {}
    kin: dict[Figure, list[Figure]] = {}
    for one in figures:
        found[one] = one
        if isinstance(one, Figure) and one.measure is Listing.LISTED:
            kin.setdefault(replace(one, bounds=(None, None)), []).append(one)
        elif isinstance(one, Figure) and one.measure is Measure.COUNT_DISTINCT:
            alike = replace(one, bounds=(None, one.bounds[1]), measure=Listing.LATEST)
            kin.setdefault(alike, []).append(one)
    for alike, many in kin.items():
        if len(many) > 1:
            found |= dict.fromkeys(many, replace(alike, bounds=_over([one.bounds for one in many])))
    return found


def _over(many: list[Bounds]) -> Bounds:
    """The dates from the first to the last of all."""
    firsts = [first for first, _ in many if first is not None]
    lasts = [last for _, last in many if last is not None]
    return min(firsts) if len(firsts) == len(many) else None, max(lasts) if len(lasts) == len(many) else None


def kind_of(figure: AnyFigure) -> str:
    """The kind of elements that a figure is of."""
    if isinstance(figure, Overlap):
        return STRETCHES
    return INTERESTS if isinstance(figure, Score) else figure.kind


def earliest(figures: Iterable[AnyFigure], kind: str) -> date | None:
    """The first date that any figure of this kind looks at; None = all of the past."""
    firsts = [one.bounds[0] for one in figures if isinstance(one, Figure) and one.kind == kind]
    known = [first for first in firsts if first is not None]
    return min(known) if known and len(known) == len(firsts) else None
