"""What another thread has found, shown between two messages of the browser."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any


def soon(act: Callable[..., None]) -> Callable[..., None]:
    """The act, done on the loop that runs now; where none does (a test, or a front end without one), at once."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return act

    def on_the_loop(*words: Any) -> None:
        loop.call_soon_threadsafe(act, *words)

    return on_the_loop
