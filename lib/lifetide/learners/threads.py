"""One thread at a time for what works in small steps: threads that wait for one another cost more than they bring.

Sums by several threads also differ in their last bit from machine to machine; by one they do not.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from threadpoolctl import threadpool_limits


@contextmanager
def one_thread() -> Iterator[None]:
    """Linear algebra and boosting use one thread inside the block."""
    with threadpool_limits(1):
        yield
