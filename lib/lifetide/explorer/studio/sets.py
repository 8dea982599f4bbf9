"""Who meets a tree, by what a snapshot's conditions say of each customer: all by combining sets of bits."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import reduce

from lifetide.audiences.tree import Compare, Group, Include, Node
from lifetide.audiences.words import RANKS, Combinator
from lifetide.explorer.studio.bits import Words, everyone
from lifetide.explorer.studio.conditions import CannotTell
from lifetide.explorer.studio.kept import Kept

Elsewhere = Callable[[Node], Words]
"""Answers what no column can: behaviour, other audiences."""


class Sets(ABC):
    """Sets of the customers of one snapshot; those it hands out are shared and read-only.

    Where the columns are, and how one condition is worked out, is said by those who inherit.
    """

    def __init__(self, count: int, names: tuple[str, ...], kept_bytes: int) -> None:
        self.count, self.names = count, names
        self.everyone = everyone(count)
        self.elsewhere: Elsewhere | None = None
        self._kept = Kept(kept_bytes)

    @abstractmethod
    def with_word(self, field: str, word: str) -> Words:
        """Who has the word in the field; nobody for a word that does not occur."""

    @abstractmethod
    def compared(self, node: Compare, universe: Words) -> Words:
        """Who meets a comparison; `universe` matters to percents and top N alone."""

    def universe(self, include: Include) -> Words:
        """Whom an audience speaks of at all. A control group is drawn elsewhere: nobody is taken out for it here."""
        found = self.everyone
        if not include.anonymous and "is_anonymous" in self.names:
            found = found & ~self.with_word("is_anonymous", "true")
        for channel in include.consent:
            column = f"consent_{channel}"
            if column not in self.names:
                return found & ~found
            found = found & self.with_word(column, "subscribed")
        return found

    def members(self, tree: Node, universe: Words) -> Words:
        """Who in the universe meets the tree."""
        return self.met(tree, universe) & universe

    def met(self, node: Node, universe: Words) -> Words:
        """Who meets a part of a tree, whoever they are."""
        if not isinstance(node, Group):
            return self.of_rule(node, universe)
        parts = (self.met(one, universe) for one in node.rules)
        if not node.rules:
            found = self.everyone
        elif node.combinator is Combinator.AND:
            found = reduce(lambda some, more: some & more, parts)
        else:
            found = reduce(lambda some, more: some | more, parts)
        return self.everyone & ~found if node.negated else found

    def of_rule(self, node: Node, universe: Words) -> Words:
        """Who meets one rule, kept by what it asks."""
        if not isinstance(node, Compare):
            if self.elsewhere is None:
                raise CannotTell("behaviour and other audiences need a warehouse")
            return self.elsewhere(node)
        key = (node, universe.tobytes()) if node.operator in RANKS else node
        return self._kept.of(key, lambda: self.compared(node, universe))
