"""Audiences that speak of other audiences: who names whom, in which order they are worked out, and what cannot be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from lifetide.audiences.problems import Problem
from lifetide.audiences.tree import Audience, Group, InAudience, Node
from lifetide.audiences.words import Operator

MOST_NESTED = 5


def leaves(node: Node) -> Iterator[Node]:
    """Every condition of a tree, groups taken apart; what collections' groups hold stays in its condition."""
    if isinstance(node, Group):
        for rule in node.rules:
            yield from leaves(rule)
    else:
        yield node


def references(audience: Audience) -> list[str]:
    """The audiences (`key` or `key@version`) whose members the rule needs, in order, each once; wasIn needs none."""
    named = [
        reference
        for leaf in leaves(audience.rule)
        if isinstance(leaf, InAudience) and leaf.operator is not Operator.WAS_IN
        for reference in leaf.audiences
    ]
    return list(dict.fromkeys(named))


def in_order(audiences: Mapping[str, Audience]) -> list[list[str]]:
    """The references in levels: each level needs only those before it. `together_problems` has found nothing."""
    depths: dict[str, int] = {}

    def depth(name: str) -> int:
        if name not in depths:
            depths[name] = 1 + max((depth(one) for one in references(audiences[name])), default=-1)
        return depths[name]

    levels: list[list[str]] = []
    for name in audiences:
        while len(levels) <= depth(name):
            levels.append([])
        levels[depth(name)].append(name)
    return levels


def together_problems(audiences: Mapping[str, Audience]) -> dict[str, list[Problem]]:
    """By reference: audiences that are not there, cycles spelled out, and more than five inside one another."""
    found: dict[str, list[Problem]] = {}
    for name, audience in audiences.items():
        problems = [
            Problem(("rule",), f"there is no audience {one}{_near(one, audiences)}")
            for one in references(audience)
            if one not in audiences
        ]
        cycle = _cycle(name, audiences)
        if cycle:
            problems.append(Problem(("rule",), "it needs itself: " + " needs ".join(cycle)))
        elif _deepest(name, audiences, 0) > MOST_NESTED:
            problems.append(Problem(("rule",), f"more than {MOST_NESTED} audiences lie inside one another"))
        if problems:
            found[name] = problems
    return found


def needed(wanted: Iterable[str], audiences: Mapping[str, Audience]) -> dict[str, Audience]:
    """The wanted ones and all that they need, in the order of `audiences`."""
    found: set[str] = set()
    waiting = list(wanted)
    while waiting:
        name = waiting.pop()
        if name not in found and name in audiences:
            found.add(name)
            waiting += references(audiences[name])
    return {name: one for name, one in audiences.items() if name in found}


def _near(reference: str, audiences: Mapping[str, Audience]) -> str:
    near = get_close_matches(reference, list(audiences), n=1)
    return f"; did you mean {near[0]}?" if near else ""


def _cycle(name: str, audiences: Mapping[str, Audience]) -> list[str]:
    """The shortest way from an audience back to itself; empty = there is none."""
    ways = [[name]]
    seen: set[str] = set()
    for way in ways:
        for one in references(audiences[way[-1]]):
            if one == name:
                return [*way, one]
            if one in audiences and one not in seen:
                seen.add(one)
                ways.append([*way, one])
    return []


def _deepest(name: str, audiences: Mapping[str, Audience], depth: int) -> int:
    if depth > MOST_NESTED or name not in audiences:
        return depth
    return max((_deepest(one, audiences, depth + 1) for one in references(audiences[name])), default=depth)
