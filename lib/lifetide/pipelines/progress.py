"""Steps as they begin and finish, for whoever watches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Step:
    """A finished step: rows is None where it made none."""

    name: str
    seconds: float
    rows: int | None = None
    note: str = ""


class Progress(Protocol):
    """Told of each step; draws, logs or ignores it."""

    def begin(self, name: str) -> None:
        """A step begins."""

    def end(self, step: Step) -> None:
        """A step is done."""


class Silent:
    """Watches nothing and keeps the steps."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def begin(self, name: str) -> None:
        """Nothing to show."""

    def end(self, step: Step) -> None:
        """Keeps it."""
        self.steps.append(step)
