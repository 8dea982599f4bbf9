"""Taking a document apart: mappings with known keys, whole numbers, flags and keys of audiences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lifetide.audiences.problems import Path, Problems, said
from lifetide.vocabulary import Word

MOST_CONDITIONS = 200
MOST_DEPTH = 8
MOST_KEYS_SAID = 5
KEY = re.compile(r"[a-z][a-z0-9_]{0,62}")
REFERENCE = re.compile(r"[a-z][a-z0-9_]{0,62}(@[1-9][0-9]{0,8})?")
KEY_SAID = "a key is lower-case letters, digits and _, begins with a letter, and has at most 63 characters"


@dataclass
class Reading:
    """What is under way while a document is read."""

    problems: Problems = field(default_factory=Problems)
    conditions: int = 0

    def count(self) -> bool:
        """Counts a condition; False once there are too many, which is said once."""
        self.conditions += 1
        if self.conditions == MOST_CONDITIONS + 1:
            self.problems.add(("rule",), f"more than {MOST_CONDITIONS} conditions: split the audience")
        return self.conditions <= MOST_CONDITIONS


def mapping(
    reading: Reading, path: Path, given: object, known: Iterable[str], needed: Iterable[str] = ()
) -> Mapping[str, object] | None:
    """`given` as a mapping; None where it is none. Unknown and missing keys become problems."""
    known = list(known)
    if not isinstance(given, dict):
        keys = f" with {', '.join(known)}" if len(known) <= MOST_KEYS_SAID else ""
        reading.problems.add(path, f"expected a mapping{keys}, found {said(given)}")
        return None
    for key, value in given.items():
        if key not in known:
            what = "a key here" if value is not None else "a key here (a list stands in brackets: [a, b])"
            reading.problems.unknown((*path, str(key)[:60]), what, key, known)
    for key in needed:
        if key not in given:
            reading.problems.add(path, f"{key} is missing")
    return given


def word(reading: Reading, path: Path, given: object, known: Iterable[Word], what: str) -> Word | None:
    """The member whose value is `given`."""
    words = {str(one): one for one in known}
    if isinstance(given, str) and given in words:
        return words[given]
    reading.problems.unknown(path, what, given, words)
    return None


def flag(reading: Reading, path: Path, given: object) -> bool:
    """True or false."""
    if isinstance(given, bool):
        return given
    reading.problems.add(path, f"expected true or false, found {said(given)}")
    return False


def whole(reading: Reading, path: Path, given: object, least: int, most: int) -> int | None:
    """A whole number in the range."""
    if isinstance(given, int) and not isinstance(given, bool) and least <= given <= most:
        return given
    reading.problems.add(path, f"expected a whole number from {least:,} to {most:,}, found {said(given)}")
    return None


def text(reading: Reading, path: Path, given: object, most: int) -> str:
    """A text of one line, not empty."""
    if isinstance(given, str) and given.strip() and len(given) <= most and given.isprintable():
        return given
    reading.problems.add(path, f"expected a text of one line, at most {most:,} characters, found {said(given)}")
    return ""
