"""The Spark jobs of one piece of work, marked so that they alone can be ended from another thread."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

from pyspark.sql import SparkSession

AGAIN = 0.5  # seconds


class Jobs:
    """Marks what runs within `marked`; `drop` ends it. One piece of work at a time."""

    def __init__(self) -> None:
        self._begun = 0
        self._end: Callable[[], object] | None = None

    @property
    def is_running(self) -> bool:
        """True within `marked`."""
        return self._end is not None

    @contextmanager
    def marked(self, session: SparkSession) -> Iterator[None]:
        """What this thread asks of Spark within can be ended; Spark then raises here."""
        self._begun += 1
        tag = f"lifetide-{id(self)}-{self._begun}"
        # On classic Spark a session's own tags are those of a thread, which no other thread can interrupt.
        add: Callable[[str], object] = session.addTag
        remove: Callable[[str], object] = session.removeTag
        end: Callable[[str], object] = session.interruptTag
        if not _is_remote(session):
            context = session.sparkContext
            add, remove, end = context.addJobTag, context.removeJobTag, context.cancelJobsWithTag
        add(tag)
        self._end = lambda: end(tag)
        try:
            yield
        finally:
            self._end = None
            remove(tag)

    def drop(self) -> None:
        """Ends what is running, if anything is, and what it has not begun yet."""
        end = self._end
        if end is not None:
            Thread(target=self._ended, args=(end,), daemon=True).start()

    def _ended(self, end: Callable[[], object]) -> None:
        """Spark ends jobs that have begun; one that is still being planned begins after that, so it is told again."""
        while self._end is end:
            end()
            time.sleep(AGAIN)


def _is_remote(session: SparkSession) -> bool:
    return type(session).__module__.startswith("pyspark.sql.connect")
