"""What another thread has found, shown between two messages of the browser."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from lifetide.errors import LifetideError

CALM = 0.25
"""Seconds for which something has to be wanted before it is worked out: a hand that drags starts nothing."""


def soon(act: Callable[..., None]) -> Callable[..., None]:
    """The act, done on the loop that runs now; where none does (a test, or a front end without one), at once."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return act

    def on_the_loop(*words: Any) -> None:
        loop.call_soon_threadsafe(act, *words)

    return on_the_loop


def told_of(error: Exception) -> str:
    """A fault on another thread in a line: our own words, and of others' faults no more than their kind."""
    return str(error).splitlines()[0] if isinstance(error, LifetideError) else type(error).__name__
