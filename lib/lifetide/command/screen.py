"""What a person sees while a command runs. Results go to standard output, progress to standard error."""

from __future__ import annotations

import json
import sys
from typing import Any

from rich.console import Console
from rich.status import Status

from lifetide.pipelines.progress import Step


class Screen:
    """Steps as they finish, with rows and seconds; a spinner with the step's name where there is a terminal."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._console = Console(file=sys.stderr, highlight=False, quiet=quiet)
        self._status: Status | None = None
        self.steps: list[Step] = []

    def begin(self, name: str) -> None:
        """Shows what is under way."""
        if self._console.is_terminal:
            self._stop()
            self._status = self._console.status(f"{name} …")
            self._status.start()

    def end(self, step: Step) -> None:
        """Prints the finished step."""
        self._stop()
        self.steps.append(step)
        unit = "checks" if step.name.startswith("check ") else "rows"
        rows = "" if step.rows is None else f"{step.rows:>12,} {unit}"
        self._console.print(f"  [green]✓[/] {step.name:<28}{rows:<20}{step.seconds:>7.1f} s")

    def say(self, text: str) -> None:
        """A line about the run."""
        self._stop()
        self._console.print(text, markup=False)

    def close(self) -> None:
        """Ends the spinner."""
        self._stop()

    def _stop(self) -> None:
        if self._status is not None:
            self._status.stop()
            self._status = None


def show(text: str) -> None:
    """The command's result on standard output."""
    sys.stdout.write(text.rstrip("\n") + "\n")
    sys.stdout.flush()


def show_json(value: dict[str, Any]) -> None:
    """One machine-readable object, the last line of the output."""
    show(json.dumps(value, default=str, sort_keys=True))
