"""The exact count behind a sample's estimate: worked out beside the clicks, for the newest question alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event
from typing import Protocol

from lifetide.audiences import Audience
from lifetide.audiences.tree import Group, Include
from lifetide.errors import LifetideError
from lifetide.explorer.studio.later import CALM, told_of
from lifetide.explorer.studio.naming import is_of_profiles


@dataclass(frozen=True)
class Question:
    """What is counted: a rule within a universe, and the audiences that it names, as they stand."""

    rule: Group
    include: Include = field(default_factory=Include)
    beside: tuple[tuple[str, Audience], ...] = ()

    @property
    def is_of_profiles(self) -> bool:
        """True where columns of the profiles answer all of it, the audiences that it names included."""
        return all(is_of_profiles(rule) for rule in (self.rule, *(one.rule for _, one in self.beside)))

    def audience(self, key: str) -> Audience:
        """The question as a definition."""
        return Audience(key, key, self.rule, include=self.include)


@dataclass(frozen=True)
class Counted:
    """Members, and how many are in the universe."""

    n: int
    of: int


class Counting(Protocol):
    """Whoever can count everybody."""

    def counted(self, question: Question, goes_on: Callable[[], bool]) -> Counted:
        """The exact count; may end early by raising anything once `goes_on` says no."""

    def drop(self) -> None:
        """What is being counted is not wanted any more."""


class Exact:
    """Counts that are known, the one under way, and those that cannot be had."""

    def __init__(self, counting: Counting, calm: float = CALM) -> None:
        self._counting = counting
        self._calm = calm
        self._known: dict[Question, Counted] = {}
        self._problem = ""  # of the newest
        self._newest: Question | None = None
        self._newer = Event()
        self._under_way: Future[None] | None = None
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="lifetide-exact")
        self.when_ready: Callable[[Question], None] = lambda _: None

    def of(self, question: Question) -> Mapping[str, object]:
        """The exact count as it is told to a page, why there is none, or that it is being worked out from now on."""
        is_new = question != self._newest
        if is_new:
            self._turn_to(question)
        known = self._known.get(question)
        if known is not None:
            return {"exact": {"n": known.n, "of": known.of}}
        if self._problem:
            return {"inexact": self._problem}
        if is_new or self._under_way is None or self._under_way.done():
            self._newer = Event()
            self._under_way = self._pool.submit(self._work, question, self._newer)
        return {"isCounting": True}

    def wait(self, question: Question) -> Counted:
        """The exact count, waited for. Raises LifetideError where it cannot be had."""
        self._problem = ""
        self.of(question)
        if question not in self._known and self._under_way is not None:
            self._under_way.result()
        if question not in self._known:
            raise LifetideError(self._problem)
        return self._known[question]

    def _turn_to(self, question: Question) -> None:
        """A newer question takes the place of the older one, which is left."""
        self._newest, self._problem = question, ""
        self._newer.set()
        if self._under_way is not None and not self._under_way.done():
            self._counting.drop()

    def _work(self, question: Question, newer: Event) -> None:
        if newer.wait(self._calm):
            return
        try:
            found = self._counting.counted(question, lambda: not newer.is_set())
        except Exception as error:  # noqa: BLE001 - whatever it is, the estimate stays and a person is told
            if newer.is_set():
                return
            self._problem = f"the exact count failed: {told_of(error)}"
        else:
            self._known[question] = found
        if not newer.is_set():
            self.when_ready(question)
