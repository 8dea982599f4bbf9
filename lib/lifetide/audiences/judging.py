"""Whether one person is in an audience, in plain Python, with the evidence: the explanation is the evaluation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lifetide.audiences.chaining import chain
from lifetide.audiences.fields import FIELDS
from lifetide.audiences.measuring import counted, figure, matches
from lifetide.audiences.people import Element, Person, Stretch, World
from lifetide.audiences.plainly import figure_fits, fits, group_fits, inside, joined
from lifetide.audiences.problems import Path
from lifetide.audiences.timeframes import Bounds
from lifetide.audiences.tree import (
    Aggregate,
    Audience,
    Compare,
    FirstTime,
    Group,
    InAudience,
    Include,
    Interested,
    Match,
    Node,
)
from lifetide.audiences.tree import Sequence as InSequence
from lifetide.audiences.words import RANKS, Operator

MOST_EVIDENCE = 5


@dataclass(frozen=True)
class Finding:
    """What was found of one node: where it stands, whether it holds, what was seen, the elements that prove it.

    `line` = the value that a rank had to reach; `window` = the local dates that were looked at.
    """

    path: Path
    node: Node
    holds: bool
    seen: object = None
    line: float | None = None
    evidence: tuple[Element, ...] = ()
    window: Bounds | None = None
    parts: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """Whether a person is a member: in the universe, and the rule holds."""

    is_member: bool
    is_in_universe: bool
    rule: Finding


def judged(audience: Audience, person: Person, world: World) -> Verdict:
    """The verdict on one person, with a finding for every node of the rule."""
    included = is_included(audience.include, person)
    finding = _found(audience.rule, ("rule",), person, world, audience.include)
    return Verdict(included and finding.holds, included, finding)


def is_included(include: Include, person: Person) -> bool:
    """Whether the audience speaks of the person at all."""
    known = include.anonymous or person.profile["is_anonymous"] is False
    return known and all(person.profile.get(f"consent_{one}") == "subscribed" for one in include.consent)


def _found(node: Node, path: Path, person: Person, world: World, include: Include) -> Finding:
    if isinstance(node, Group):
        parts = tuple(
            _found(rule, (*path, "rules", place), person, world, include) for place, rule in enumerate(node.rules)
        )
        return Finding(path, node, joined(node, [part.holds for part in parts]), parts=parts)
    if isinstance(node, Compare):
        return _compared(node, path, person, world, include)
    if isinstance(node, InAudience):
        return _in_audience(node, path, person, world)
    if isinstance(node, Interested):
        scores = [person.interests[one] for one in node.categories if one in person.interests]
        best = max(scores, default=None)
        return Finding(path, node, best is not None and best >= float(node.minimum), best)
    if isinstance(node, InSequence):
        return _followed(node, path, person, world)
    return _behaved(node, path, person, world)


def _compared(node: Compare, path: Path, person: Person, world: World, include: Include) -> Finding:
    seen = person.profile.get(node.field)
    if node.operator in RANKS:
        line = world.lines[include, node]
        is_beyond = False
        if line is not None and isinstance(seen, int | float | Decimal):
            is_beyond = float(seen) <= line if node.operator is Operator.BOTTOM_PERCENT else float(seen) >= line
        return Finding(path, node, is_beyond, seen, line)
    other = None if node.other is None else person.profile.get(node.other)
    return Finding(path, node, fits(node, FIELDS[node.field], seen, other, world.as_of), seen)


def _in_audience(node: InAudience, path: Path, person: Person, world: World) -> Finding:
    if node.operator is Operator.WAS_IN:
        assert node.timeframe is not None
        window = node.timeframe.bounds(world.as_of)
        was = any(_overlaps(one.since, one.until, window) for one in person.stretches if _is_named(one, node))
        return Finding(path, node, was, window=window)
    member_of = tuple(one for one in node.audiences if judged(world.audiences[one], person, world).is_member)
    return Finding(path, node, bool(member_of) != (node.operator is Operator.NOT_IN), member_of)


def _is_named(stretch: Stretch, node: InAudience) -> bool:
    key, version = stretch.audience, stretch.version
    return key in node.audiences or f"{key}@{version}" in node.audiences


def _overlaps(since: date, until: date | None, window: Bounds) -> bool:
    first, last = window
    return (last is None or since <= last) and (first is None or until is None or until > first)


def _behaved(node: Match | Aggregate | FirstTime, path: Path, person: Person, world: World) -> Finding:
    window = node.timeframe.bounds(world.as_of)
    fields = FIELDS[node.collection].elements
    ever = person.elements.get(node.collection, ())
    every = list(ever) if isinstance(node, FirstTime) else inside(ever, window)
    fulfil = [one for one in every if group_fits(node.where, one, fields, world.as_of)]
    evidence = tuple(sorted(fulfil, key=lambda one: one.day, reverse=True)[:MOST_EVIDENCE])
    if isinstance(node, Match):
        count = counted(node, fulfil)
        return Finding(path, node, matches(node, len(every), count), count, None, evidence, window)
    if isinstance(node, FirstTime):
        first = min((one.day for one in fulfil), default=None)
        firsts = tuple(one for one in fulfil if one.day == first)
        return Finding(path, node, bool(inside(firsts, window)), first, None, firsts[:MOST_EVIDENCE], window)
    seen = figure(node, fulfil, world.as_of)
    is_so = figure_fits(node.operator, seen, node.value, excludes_missing=node.excludes_missing)
    return Finding(path, node, is_so, seen, None, evidence, window)


def _followed(node: InSequence, path: Path, person: Person, world: World) -> Finding:
    window = node.timeframe.bounds(world.as_of)
    steps = chain(node, (), person, world)
    return Finding(path, node, steps is not None, len(steps or ()), None, steps or (), window)
