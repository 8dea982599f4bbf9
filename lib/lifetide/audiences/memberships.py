"""Who is in which audience: all audiences of a run from one scan of the profiles and one of each collection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.audiences.comparing import compared, two_valued, valued, within
from lifetide.audiences.fields import FIELDS
from lifetide.audiences.figures import (
    AnyFigure,
    Figure,
    Listing,
    Overlap,
    Score,
    aggregate_figure,
    all_figures,
    first_figure,
    gathered_once,
    match_figures,
    step_figure,
)
from lifetide.audiences.following import follows
from lifetide.audiences.gathering import IS_GATHERED, columns_of, gathered, joined, values_since
from lifetide.audiences.ranks import beyond, universe
from lifetide.audiences.together import in_order
from lifetide.audiences.tree import (
    Aggregate,
    Audience,
    Compare,
    FirstTime,
    Group,
    InAudience,
    Include,
    Interested,
    Lines,
    Match,
    Node,
    Sequence,
)
from lifetide.audiences.words import RANKS, MatchMode, Measure, Operator
from lifetide.counting import count_where

EVERYONE_HERE = "everyone here"
MEMBER = "in "
"""What the column of an audience's members is called, before its reference."""


@dataclass(frozen=True)
class Standing:
    """What a condition is written against: the day, where each figure is read from, the lines of ranks."""

    as_of: date
    sources: Mapping[AnyFigure, AnyFigure]
    columns: Mapping[AnyFigure, str]
    lines: Lines
    include: Include

    def figure(self, figure: AnyFigure) -> Column:
        """The figure of a customer; null where nothing was gathered. A list may reach over more dates than asked."""
        source = self.sources[figure]
        column = F.col(self.columns[source])
        if isinstance(figure, Figure) and isinstance(source, Figure) and source.measure is Listing.LATEST:
            return values_since(figure.bounds[0], column)
        return column


def memberships(
    audiences: Mapping[str, Audience], profiles: DataFrame, elements: DataFrame | None, lines: Lines, as_of: date
) -> DataFrame:
    """One row per profile: customer_id and a boolean `in <reference>` per audience, never null.

    `audiences` by reference, complete (see `together.needed`); `elements` as `gathering.gathered` takes them, None
    where no audience speaks of one; `lines` of `ranks.ranks_of`.
    """
    sources = gathered_once(all_figures(audiences.values(), as_of))
    columns = columns_of(list(dict.fromkeys(sources.values())))
    found = profiles
    if columns and elements is not None:
        found = found.join(gathered(elements, columns, as_of), "customer_id", "left")
    for level in in_order(audiences):
        found = found.withColumns(
            {
                MEMBER + name: universe(audiences[name].include)
                & holds(audiences[name].rule, Standing(as_of, sources, columns, lines, audiences[name].include))
                for name in level
            }
        )
    return found.select("customer_id", *(F.col(f"`{MEMBER}{name}`") for name in audiences))


def member_counts(found: DataFrame, names: Mapping[str, Audience]) -> DataFrame:
    """One row: members by reference, and `everyone here` for all profiles."""
    return found.agg(
        F.count(F.lit(1)).alias(EVERYONE_HERE),
        *(count_where(F.col(f"`{MEMBER}{name}`")).alias(name) for name in names),
    )


def holds(node: Node, at: Standing) -> Column:
    """A node as a condition over profiles with figures; never null."""
    if isinstance(node, Group):
        return joined(node, [holds(rule, at) for rule in node.rules])
    if isinstance(node, Compare):
        if node.operator in RANKS:
            return beyond(node.operator, F.col(node.field), at.lines[at.include, node])
        return compared(node, FIELDS, F.col, at.as_of)
    if isinstance(node, InAudience):
        return _in_audience(node, at)
    if isinstance(node, Interested):
        score = at.figure(Score(node.categories))
        return F.coalesce(score >= F.lit(float(node.minimum)), F.lit(False))
    return _behaved(node, at)


def _in_audience(node: InAudience, at: Standing) -> Column:
    if node.operator is Operator.WAS_IN:
        assert node.timeframe is not None
        return F.coalesce(at.figure(Overlap(node.audiences, node.timeframe.bounds(at.as_of))), F.lit(False))
    is_in = F.lit(False)
    for reference in node.audiences:
        is_in = is_in | F.col(f"`{MEMBER}{reference}`")
    return ~is_in if node.operator is Operator.NOT_IN else is_in


def _behaved(node: Match | Aggregate | Sequence | FirstTime, at: Standing) -> Column:
    if isinstance(node, Match):
        return _matched(node, at)
    if isinstance(node, Aggregate):
        return _aggregated(node, at)
    if isinstance(node, FirstTime):
        return within(at.figure(first_figure(node)), node.timeframe.bounds(at.as_of))
    nothing = F.array().cast("array<struct<day:date,at:timestamp,same:array<string>>>")
    listed = [F.coalesce(at.figure(step_figure(node, step, at.as_of)), nothing) for step in node.steps]
    return follows(node, listed, at.as_of)


def _matched(node: Match, at: Standing) -> Column:
    counted, every = match_figures(node, at.as_of)
    count = _count(counted, at)
    if node.mode is MatchMode.ALL:
        whole = _count(every, at)
        return (count == whole) if node.is_vacuous else (count == whole) & (whole > 0)
    threshold = node.threshold or 0
    return {
        MatchMode.SOME: lambda: count > 0,
        MatchMode.NONE: lambda: count == 0,
        MatchMode.AT_LEAST: lambda: count >= threshold,
        MatchMode.AT_MOST: lambda: count <= threshold,
        MatchMode.EXACTLY: lambda: count == threshold,
    }[node.mode]()


def _count(figure: Figure, at: Standing) -> Column:
    return F.coalesce(at.figure(figure), F.lit(0))


def _aggregated(node: Aggregate, at: Standing) -> Column:
    """Compared as doubles where the figure is one, exactly where it is a count or a sum."""
    figure = at.figure(aggregate_figure(node, at.as_of))
    if node.measure in (Measure.COUNT, Measure.COUNT_DISTINCT, Measure.SUM):
        figure = F.when(F.col(IS_GATHERED).isNull(), F.lit(0)).otherwise(figure)
    type_ = "double" if node.measure in (Measure.AVG, Measure.MEDIAN, Measure.MEDIAN_INTERVAL) else ""

    def positively(operator: Operator) -> Column:
        if operator is Operator.NULL:
            return figure.isNull()
        if operator is Operator.NOT_NULL:
            return figure.isNotNull()
        return valued(operator, figure, node.value, type_)

    return two_valued(node.operator, positively, excludes_missing=node.excludes_missing)
