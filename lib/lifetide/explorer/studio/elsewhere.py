"""Rules that no column of the snapshot can answer: behaviour, interest, former membership.

Each is worked out once, by Spark and beside the clicks, into a set of customers. Until it is there it narrows nothing
and the count says that it is an estimate. Of rules that a hand passes through on its way, none is worked out.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import RLock

from lifetide.audiences.tree import Node
from lifetide.explorer.studio.bits import Words
from lifetide.explorer.studio.later import CALM, told_of

Evaluate = Callable[[Node], Words]


class Elsewhere:
    """The sets that are there, those under way, and those that cannot be had."""

    def __init__(self, evaluate: Evaluate | None, calm: float = CALM) -> None:
        self._evaluate = evaluate
        self._calm = calm
        self._ready: dict[Node, Words] = {}
        self._wrong: dict[Node, str] = {}
        self._under_way: dict[Node, Future[None]] = {}
        self._wanted: frozenset[Node] = frozenset()
        self._changing = RLock()
        self._pool: ThreadPoolExecutor | None = None
        self.missed: list[Node] = []  # rules that were asked for and not there, since somebody emptied this
        self.when_ready: Callable[[], None] = lambda: None

    def of(self, node: Node, everyone: Words) -> Words:
        """The set, or everyone while it is not known; `waits_for` says so."""
        if node in self._ready:
            return self._ready[node]
        self.missed.append(node)
        return everyone

    def has(self, node: Node) -> bool:
        """True where the set is there."""
        return node in self._ready

    def waits_for(self, nodes: list[Node]) -> str:
        """Why a count over these rules is not exact yet, in words; empty where it is. They alone are worked out."""
        open_ = list(dict.fromkeys(nodes))
        self._want(open_)
        if not open_:
            return ""
        wrong = next((self._wrong[node] for node in open_ if node in self._wrong), "")
        if wrong:
            return wrong
        if self._evaluate is None:
            return "rules about behaviour need a warehouse and are left out"
        first = "" if self._ready else "; the first one starts Spark, which takes a moment"
        many = "a rule about behaviour is" if len(open_) == 1 else f"{len(open_)} rules are"
        return f"{many} being counted{first}"

    def wait(self) -> None:
        """Returns when nothing is under way."""
        for future in list(self._under_way.values()):
            future.exception()

    def _want(self, nodes: list[Node]) -> None:
        with self._changing:
            self._wanted = frozenset(nodes)
            known = {*self._ready, *self._wrong, *self._under_way}
            for node in (one for one in nodes if one not in known and self._evaluate is not None):
                if self._pool is None:
                    self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="lifetide-studio")
                self._under_way[node] = self._pool.submit(self._work, node)

    def _work(self, node: Node) -> None:
        if self._is_left(node):
            return
        time.sleep(self._calm)
        if self._is_left(node) or self._evaluate is None:
            return
        try:
            found = self._evaluate(node)
        except Exception as error:  # noqa: BLE001 - whatever it is, the estimate stays and a person is told
            self._wrong[node] = f"a rule could not be counted: {told_of(error)}"
        else:
            self._ready[node] = found
        with self._changing:
            del self._under_way[node]
        self.when_ready()

    def _is_left(self, node: Node) -> bool:
        """True where nobody wants the rule any more; it is begun anew when somebody does."""
        with self._changing:
            if node in self._wanted:
                return False
            del self._under_way[node]
            return True
