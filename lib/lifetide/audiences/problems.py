"""What is wrong with a definition: every problem with its path in the document and the nearest valid word."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field

from lifetide.errors import DefinitionError

Path = tuple[str | int, ...]
MOST_SAID = 60
MOST_PROBLEMS = 100


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where in the document: ("rule", "rules", 1, "value")."""

    path: Path
    message: str

    def __str__(self) -> str:
        return f"{path_text(self.path)}: {self.message}" if self.path else self.message


@dataclass
class Problems:
    """Collects problems while a document is read; reading goes on after each."""

    found: list[Problem] = field(default_factory=list)

    def add(self, path: Path, message: str) -> None:
        """Keeps a problem, up to a hundred."""
        if len(self.found) < MOST_PROBLEMS:
            self.found.append(Problem(path, message))

    def unknown(self, path: Path, what: str, given: object, known: Iterable[str]) -> None:
        """`given` is none of the known words: says the nearest one, or all of them where they are few."""
        self.add(path, f"{said(given)} is not {what}{_hint(given, list(known))}")

    def refuse(self, what: str) -> None:
        """Raises DefinitionError with everything found, if anything was."""
        if self.found:
            raise DefinitionError(what, [str(one) for one in self.found])


def path_text(path: Path) -> str:
    """The path as people write it: rule.rules[1].value."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def said(value: object) -> str:
    """A value as a message shows it: short, and never a deep structure."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    if value is None or isinstance(value, bool):
        return "nothing" if value is None else str(value).lower()
    text = repr(value) if not isinstance(value, str) or value else "an empty text"
    return text if len(text) <= MOST_SAID else text[: MOST_SAID - 1] + "…"


def _hint(given: object, known: list[str]) -> str:
    if isinstance(given, str):
        lowered = {word.lower(): word for word in reversed(known)}
        near = difflib.get_close_matches(given[:MOST_SAID].lower(), lowered, n=1)
        if near:
            return f"; did you mean {lowered[near[0]]}?"
    return f"; it can be {', '.join(known)}" if len(known) <= 12 else ""
