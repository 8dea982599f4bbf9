"""Audiences within audiences, over any sets: their definitions answer, as they stand now."""

from __future__ import annotations

from collections.abc import Callable

from lifetide.audiences import Audience
from lifetide.audiences.together import leaves
from lifetide.audiences.tree import Compare, Group, InAudience, Node
from lifetide.audiences.words import Operator
from lifetide.explorer.studio.bits import Words
from lifetide.explorer.studio.conditions import CannotTell
from lifetide.explorer.studio.sets import Elsewhere, Sets

MOST_NESTED = 5
Other = Callable[[str], Audience]
"""An audience by its key."""


def is_membership(node: Node) -> bool:
    """True for `in` and `notIn` of audiences: their definitions answer, no history is needed."""
    return isinstance(node, InAudience) and node.timeframe is None


def is_of_profiles(rule: Group) -> bool:
    """True where columns of the profiles answer the rule, and where audiences that it names do."""
    return all(isinstance(leaf, Compare) or is_membership(leaf) for leaf in leaves(rule))


def members_of_named(node: Node, sets: Sets, other: Other, elsewhere: Elsewhere, nested: int = 1) -> Words:
    """Who meets a rule that no column answers; `elsewhere` answers what is no membership.

    Raises CannotTell where audiences lie too deep within one another.
    """
    if not isinstance(node, InAudience) or not is_membership(node):
        return elsewhere(node)
    if nested > MOST_NESTED:
        raise CannotTell(f"Audiences are named within audiences more than {MOST_NESTED} deep, or in a circle.")
    found = ~sets.everyone & sets.everyone
    for key in node.audiences:
        audience = other(key)
        within = sets.universe(audience.include)
        before = sets.elsewhere
        sets.elsewhere = lambda inner: members_of_named(inner, sets, other, elsewhere, nested + 1)
        try:
            found = found | (sets.met(audience.rule, within) & within)
        finally:
            sets.elsewhere = before
    return sets.everyone & ~found if node.operator is Operator.NOT_IN else found
