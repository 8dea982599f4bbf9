"""The rule of an audience as JSON of react-querybuilder, for a page that edits such queries.

Groups, comparisons with a value or another field, other audiences, and collections by `match` are said there as here.
What has no place there is a problem with its path, all of them at once; nothing is left out.
"""

from __future__ import annotations

from functools import singledispatch

from lifetide.audiences.problems import Path, Problem
from lifetide.audiences.tree import (
    ANY_TIME,
    Aggregate,
    Audience,
    Compare,
    FirstTime,
    Group,
    InAudience,
    Include,
    Interested,
    Match,
    Membership,
    Node,
    Sequence,
)
from lifetide.audiences.words import Operator
from lifetide.audiences.writing import Plain, plain

HEAD = "a query says the rule alone; with --rule-only it is left out"
IN_THE_GROUP = "has no place in a query; say it as a rule about date inside the group"
NO_PLACE = "has no place in a query"


def query_of(audience: Audience) -> tuple[Plain | None, tuple[Problem, ...]]:
    """The query, or None and all that it cannot say."""
    problems = []
    if audience.include != Include():
        problems.append(Problem(("include",), HEAD))
    if audience.membership != Membership():
        problems.append(Problem(("membership",), HEAD))
    found = _said(audience.rule, ("rule",), problems)
    return (None if problems else found), tuple(problems)


@singledispatch
def _said(node: Node, path: Path, problems: list[Problem]) -> Plain:
    """A node; what it cannot say is added to the problems."""
    raise TypeError(f"{type(node).__name__} is no node of a rule")


@_said.register
def _(node: Group, path: Path, problems: list[Problem]) -> Plain:
    rules = [_said(rule, (*path, "rules", place), problems) for place, rule in enumerate(node.rules)]
    return {"combinator": str(node.combinator), "not": node.negated, "rules": rules}


@_said.register
def _(node: Compare, path: Path, problems: list[Problem]) -> Plain:
    if node.scale != 1:
        problems.append(Problem((*path, "scale"), f"{node.scale:f} times {node.other} {NO_PLACE}"))
    if node.ignores_case:
        problems.append(Problem((*path, "ignore_case"), NO_PLACE))
    if node.excludes_missing:
        problems.append(Problem((*path, "nulls"), f"{NO_PLACE}; add a rule {node.field} notNull"))
    said = {name: part for name, part in plain(node).items() if name in ("field", "operator", "value", "valueSource")}
    return {"value": None, "valueSource": "value", **said}


@_said.register
def _(node: Match, path: Path, problems: list[Problem]) -> Plain:
    if node.timeframe != ANY_TIME:
        problems.append(Problem((*path, "timeframe"), IN_THE_GROUP))
    if node.count_by is not None:
        problems.append(Problem((*path, "match", "count_by"), NO_PLACE))
    if node.is_vacuous:
        problems.append(Problem((*path, "match", "vacuous"), NO_PLACE))
    match: Plain = {"mode": str(node.mode)}
    if node.threshold is not None:
        match["threshold"] = node.threshold
    where = _said(node.where, (*path, "value"), problems)
    return {"field": node.collection, "operator": "=", "match": match, "value": where, "valueSource": "value"}


@_said.register
def _(node: InAudience, path: Path, problems: list[Problem]) -> Plain:
    if node.operator is Operator.WAS_IN:
        problems.append(Problem((*path, "timeframe"), NO_PLACE))
    value = list(node.audiences)
    return {"field": "audience", "operator": str(node.operator), "value": value, "valueSource": "value"}


@_said.register
def _(node: Aggregate, path: Path, problems: list[Problem]) -> Plain:
    return _without_place("aggregate", path, problems)


@_said.register
def _(node: Sequence, path: Path, problems: list[Problem]) -> Plain:
    return _without_place("sequence", path, problems)


@_said.register
def _(node: FirstTime, path: Path, problems: list[Problem]) -> Plain:
    return _without_place("firstTime", path, problems)


@_said.register
def _(node: Interested, path: Path, problems: list[Problem]) -> Plain:
    return _without_place("minimum", path, problems)


def _without_place(what: str, path: Path, problems: list[Problem]) -> Plain:
    problems.append(Problem((*path, what), NO_PLACE))
    return {}
