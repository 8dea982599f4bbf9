"""Who counts everybody where the studio holds a sample: the snapshot's files in blocks, or Spark."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from threading import RLock
from typing import TYPE_CHECKING

from lifetide.audiences.tree import Compare, Include, Node
from lifetide.explorer.studio.bits import Words, size
from lifetide.explorer.studio.cluster import InSql, Warehouse
from lifetide.explorer.studio.conditions import CannotTell
from lifetide.explorer.studio.exact import Counted, Question
from lifetide.explorer.studio.naming import members_of_named

if TYPE_CHECKING:
    from lifetide.explorer.studio.census import Census, Whole


@dataclass
class Everybody:
    """Counts by the files where they are and can answer, else by Spark: rules about behaviour are Spark's."""

    census: Census | None
    cluster: Warehouse | None
    in_sql: InSql
    _is_on_cluster: bool = field(default=False, init=False)
    _lines: dict[tuple[Compare, Include], Decimal | None] = field(default_factory=dict, init=False)
    _counting: RLock = field(default_factory=RLock, init=False)

    def counted(self, question: Question, goes_on: Callable[[], bool]) -> Counted:
        """The exact count of a question."""
        if self.is_by_census(question):
            members, universe = self.members(question, goes_on)
            return Counted(size(members), size(universe))
        if self.cluster is None:
            raise CannotTell("rules about behaviour need a warehouse")
        self._is_on_cluster = True
        try:
            return self.cluster.counted(question.audience("asked"), dict(question.beside), self.in_sql)
        finally:
            self._is_on_cluster = False

    def drop(self) -> None:
        """Spark is told; reading files looks by itself."""
        if self._is_on_cluster and self.cluster is not None:
            self.cluster.drop()

    def is_by_census(self, question: Question) -> bool:
        """True where the files answer all of it."""
        return self.census is not None and question.is_of_profiles

    def line(self, node: Compare, include: Include) -> Decimal | None:
        """The value that a rank has to reach among everybody; None where nobody has one."""
        if (node, include) not in self._lines:
            self._lines[node, include] = self._line(node, include)
        return self._lines[node, include]

    def _line(self, node: Compare, include: Include) -> Decimal | None:
        if self.census is not None:
            with self._counting:
                self.census.goes_on = lambda: True
                return self.census.line(node, self.census.universe(include))
        return None if self.cluster is None else self.cluster.line(node, include)

    def members(self, question: Question, goes_on: Callable[[], bool] = lambda: True) -> tuple[Words, Words]:
        """Who is in, and the universe, over everybody by their place in the files."""
        census, beside = self.census, dict(question.beside)
        assert census is not None

        def cannot(node: Node) -> Words:
            raise CannotTell(f"no column answers a rule about {getattr(node, 'collection', 'others')}")

        with self._counting:
            census.goes_on = goes_on
            census.elsewhere = lambda node: members_of_named(node, census, beside.__getitem__, cannot)
            universe = census.universe(question.include)
            return census.members(question.rule, universe), universe


def everybody_of(whole: Whole | None, cluster: Warehouse | None, in_sql: InSql) -> Everybody:
    """By the files of `whole`, where there are any."""
    from lifetide.explorer.studio.census import Census  # a sample alone has one

    return Everybody(None if whole is None else Census(whole), cluster, in_sql)
