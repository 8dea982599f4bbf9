"""What is allowed in a definition but seldom meant."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lifetide.audiences.problems import Path, Problem
from lifetide.audiences.tree import (
    Aggregate,
    Audience,
    Compare,
    FirstTime,
    Group,
    Interested,
    Match,
    Node,
    Sequence,
)
from lifetide.audiences.words import SHARES, Operator, TimeMode
from lifetide.tables import CUSTOMER_INTERESTS

LIKE_A_REGEX = re.compile(r"\.\*|\.\+|^\^|\$$|\\[dsw]|\[[^\]]*-")
OPEN = frozenset({TimeMode.ANY_TIME, TimeMode.BEFORE_THE_LAST})


def lints(audience: Audience) -> list[Problem]:
    """Windows without a beginning or in the future, rules that say nothing, rules about what nobody writes yet."""
    return list(_lints(audience.rule, ("rule",)))


def data_lints(name: str, members: int, customers: int) -> list[str]:
    """Rules that are true of nobody or of everybody on this data."""
    if customers and not members:
        return [f"{name}: nobody is in it"]
    return [f"{name}: every customer is in it"] if customers and members == customers else []


def _lints(node: Node, path: Path) -> Iterator[Problem]:
    if isinstance(node, Group):
        if not node.rules and "value" not in path and "where" not in path:
            yield Problem(path, "a group without rules holds for everyone")
        for place, rule in enumerate(node.rules):
            yield from _lints(rule, (*path, "rules", place))
    elif isinstance(node, Match | Aggregate | Sequence | FirstTime):
        where = (*path, "timeframe")
        if node.timeframe.mode is TimeMode.IN_THE_NEXT:
            yield Problem(where, "nothing has happened after as_of yet: this sees no element")
        elif node.timeframe.mode in OPEN and not isinstance(node, FirstTime):
            yield Problem(where, "no beginning: the whole history is read for it")
        if not isinstance(node, Sequence):
            yield from _lints(node.where, (*path, "where" if isinstance(node, Aggregate) else "value"))
        if isinstance(node, Match) and node.threshold == 0 and str(node.mode) == "atLeast":
            yield Problem((*path, "match", "threshold"), "at least 0 is always true")
    elif isinstance(node, Interested) and CUSTOMER_INTERESTS.is_later:
        yield Problem(path, f"interestedIn reads {CUSTOMER_INTERESTS.name}, which no command of this release writes")
    elif isinstance(node, Compare) and node.operator is Operator.MATCHES and LIKE_A_REGEX.search(str(node.value)):
        yield Problem(
            (*path, "value"), "matches knows * for any text and ? for one character, no regular expressions"
        )
    elif isinstance(node, Compare) and node.operator in SHARES and node.value == 100:
        yield Problem((*path, "value"), "100% is everybody with a value")
