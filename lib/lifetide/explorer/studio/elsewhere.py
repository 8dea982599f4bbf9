"""Rules that no column of the snapshot can answer: behaviour, interest, former membership.

Each is worked out once, by Spark and beside the clicks, into a set of customers. Until it is there it narrows nothing
and the count says that it is an estimate.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from lifetide.audiences.tree import Node
from lifetide.errors import LifetideError
from lifetide.explorer.studio.bits import Words

Evaluate = Callable[[Node], Words]


class Elsewhere:
    """The sets that are there, those under way, and those that cannot be had."""

    def __init__(self, evaluate: Evaluate | None) -> None:
        self._evaluate = evaluate
        self._ready: dict[Node, Words] = {}
        self._wrong: dict[Node, str] = {}
        self._under_way: dict[Node, Future[Words]] = {}
        self._pool: ThreadPoolExecutor | None = None
        self.missed: list[Node] = []  # rules that were asked for and not there, since somebody emptied this
        self.when_ready: Callable[[], None] = lambda: None

    def of(self, node: Node, everyone: Words) -> Words:
        """The set, or everyone while it is not known; `waits_for` says so."""
        if node in self._ready:
            return self._ready[node]
        if self._evaluate is not None and node not in self._under_way and node not in self._wrong:
            self._begin(node, self._evaluate)
        self.missed.append(node)
        return everyone

    def has(self, node: Node) -> bool:
        """True where the set is there."""
        return node in self._ready

    def waits_for(self, nodes: list[Node]) -> str:
        """Why a count over these rules is not exact yet, in words; empty where it is."""
        open_ = list(dict.fromkeys(nodes))
        if not open_:
            return ""
        wrong = next((self._wrong[node] for node in open_ if node in self._wrong), "")
        if wrong:
            return wrong
        if self._evaluate is None:
            return "rules about behaviour need a warehouse and are left out"
        return (
            "a rule about behaviour is being counted" if len(open_) == 1 else f"{len(open_)} rules are being counted"
        )

    def wait(self) -> None:
        """Returns when nothing is under way."""
        for future in list(self._under_way.values()):
            future.exception()

    def _begin(self, node: Node, evaluate: Evaluate) -> None:
        if self._pool is None:
            self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="lifetide-studio")
        future = self._pool.submit(evaluate, node)
        self._under_way[node] = future
        future.add_done_callback(lambda done: self._ended(node, done))

    def _ended(self, node: Node, done: Future[Words]) -> None:
        error = done.exception()
        if error is None:
            self._ready[node] = done.result()
        else:
            text = str(error).splitlines()[0] if isinstance(error, LifetideError) else type(error).__name__
            self._wrong[node] = f"a rule could not be counted: {text}"
        del self._under_way[node]
        self.when_ready()
