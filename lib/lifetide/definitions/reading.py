"""YAML as plain data with line numbers. What could harm a reader is refused before it is built.

Plain scalars are read as JSON and dates: true, false, null, numbers, 2026-11-24; all else is text,
`no`, `=` and 1_000 included. Anchors, aliases, tags, second documents, repeated keys and deep nesting are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import yaml

from lifetide.errors import DefinitionError

MOST_BYTES = 100_000
MOST_DEPTH = 40
MOST_NODES = 10_000
OPENED = re.compile(rf"(?:[\[{{]\s*){{{MOST_DEPTH + 1}}}")
"""So many brackets in a row: refused before the scanner of YAML looks for keys in them."""
INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
DECIMAL = re.compile(r"[-+]?([0-9]{1,18}\.[0-9]{0,18}|\.[0-9]{1,18})([eE][-+]?[0-9]{1,3})?")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
WORDS: dict[str, object] = {"": None, "~": None, "null": None, "true": True, "false": False}

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Written:
    """Plain data, and the line on which each part of it begins, by its path."""

    data: object
    lines: dict[Place, int] = field(default_factory=dict)

    def line(self, path: Place) -> int:
        """The line of the deepest part of the path that is there."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return 1


class _Refused(Exception):
    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line, self.why = line, why


def read_yaml(content: bytes, name: str) -> Written:
    """The one document of a file. Raises DefinitionError naming file and line."""
    if len(content) > MOST_BYTES:
        raise DefinitionError(f"{name}: {len(content):,} bytes; a definition has at most {MOST_BYTES:,}.")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise DefinitionError(f"{name}:{line}: not UTF-8: save the file as UTF-8.") from None
    opened = OPENED.search(text)
    if opened:
        line = text.count("\n", 0, opened.start()) + 1
        raise DefinitionError(f"{name}:{line}: nested more than {MOST_DEPTH} deep.")
    lines: dict[Place, int] = {}
    try:
        return Written(_document(yaml.parse(text, Loader=yaml.SafeLoader), lines), lines)
    except _Refused as error:
        raise DefinitionError(f"{name}:{error.line}: {error.why}.") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        hint = "; a text with a colon in it stands in quotes" if "mapping values" in str(error.problem) else ""
        raise DefinitionError(f"{name}:{mark.line + 1 if mark else 1}: not YAML: {error.problem}{hint}.") from None
    except yaml.YAMLError as error:
        raise DefinitionError(f"{name}: not YAML: {str(error).splitlines()[0]}.") from None


@dataclass
class _Building:
    """The data under way: the open holders with their paths, and the key that waits for its value in each."""

    lines: dict[Place, int]
    root: object = None
    holders: list[tuple[Place, object]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)

    def take(self, event: yaml.NodeEvent, line: int) -> None:
        """A key, a value, or a new holder."""
        if self.holders and isinstance(self.holders[-1][1], dict) and self.keys[-1] is None:
            key = _key(event, self.holders[-1][1], line)
            self.keys[-1] = key
            where = (*self.holders[-1][0], key)
            self.lines[where] = line
            return
        value = _value(event)
        path = self._place(value)
        self.lines.setdefault(path, line)
        if not isinstance(event, yaml.ScalarEvent):
            self.holders.append((path, value))
            self.keys.append(None)

    def close(self) -> None:
        """The innermost holder is whole."""
        self.holders.pop()
        self.keys.pop()

    def _place(self, value: object) -> Place:
        """Puts a value where it belongs and says where that is."""
        if not self.holders:
            self.root = value
            return ()
        path, holder = self.holders[-1]
        if isinstance(holder, list):
            holder.append(value)
            return (*path, len(holder) - 1)
        assert isinstance(holder, dict)
        key = str(self.keys[-1])
        holder[key], self.keys[-1] = value, None
        return (*path, key)


def _document(events: Iterator[yaml.Event], lines: dict[Place, int]) -> object:
    """Builds the data from events, without recursion, so that depth costs nothing before it is refused."""
    building = _Building(lines)
    documents, nodes = 0, 0
    for event in events:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _Refused(line, "a second document; write one audience per file")
        elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            building.close()
        elif isinstance(event, yaml.NodeEvent):
            nodes += 1
            _refuse_tricks(event, line, len(building.holders), nodes)
            building.take(event, line)
    return building.root


def _refuse_tricks(event: yaml.NodeEvent, line: int, depth: int, nodes: int) -> None:
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
        raise _Refused(line, "anchors and aliases are not read: write the part out")
    if getattr(event, "tag", None) not in (None, "!"):
        raise _Refused(line, "tags are not read: write a plain value")
    if depth >= MOST_DEPTH:
        raise _Refused(line, f"nested more than {MOST_DEPTH} deep")
    if nodes > MOST_NODES:
        raise _Refused(line, f"more than {MOST_NODES:,} values")


def _key(event: yaml.NodeEvent, holder: dict[str, object], line: int) -> str:
    if not isinstance(event, yaml.ScalarEvent):
        raise _Refused(line, "a key must be a word")
    if event.value in holder:
        raise _Refused(line, f"{event.value[:60]!r} stands here twice")
    return str(event.value)


def _value(event: yaml.NodeEvent) -> object:
    if isinstance(event, yaml.MappingStartEvent):
        return {}
    if isinstance(event, yaml.SequenceStartEvent):
        return []
    assert isinstance(event, yaml.ScalarEvent)
    return _scalar(str(event.value)) if event.implicit[0] else str(event.value)


def _scalar(text: str) -> object:
    """A plain scalar as JSON reads it, or a date."""
    if text in WORDS:
        return WORDS[text]
    if INTEGER.fullmatch(text):
        return int(text)
    if DECIMAL.fullmatch(text):
        return float(text)
    if DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text
