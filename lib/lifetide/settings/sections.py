"""Reads one section of the settings file at a time and gathers every problem, so that all are told at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, Field, fields, replace
from typing import Any, TypeVar

Part = TypeVar("Part")


class Problems:
    """Collects what is wrong, each with the key where it is."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def add(self, where: str, what: str) -> None:
        self.found.append(f"{where}: {what}")

    def unknown(self, where: str, keys: Iterable[str], known: Iterable[str]) -> None:
        """Refuses each key that is not known, with the nearest one that is."""
        known = list(known)
        for key in sorted(set(keys) - set(known)):
            near = difflib.get_close_matches(key, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known keys are {', '.join(sorted(known))}"
            self.add(f"{where}.{key}" if where else key, f"unknown key; {hint}")

    def text(self, where: str, section: Mapping[str, Any], key: str, *, required: bool = False) -> str | None:
        """The text at key; anything but a non-empty text is a problem."""
        value = section.get(key)
        if value is None:
            if required:
                self.add(f"{where}.{key}", "missing; it is required")
            return None
        if not isinstance(value, str) or not value.strip():
            self.add(f"{where}.{key}", f"must be a non-empty text, it is {value!r}")
            return None
        return value

    def section(self, where: str, parent: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        """The table at key, empty where there is none."""
        value = parent.get(key, {})
        if isinstance(value, Mapping):
            return value
        self.add(where, f"must be a table of keys, it is {value!r}")
        return {}

    def texts(self, where: str, parent: Mapping[str, Any], key: str) -> dict[str, str]:
        """The table at key with text values."""
        taken = {}
        for name, value in self.section(f"{where}.{key}", parent, key).items():
            if isinstance(value, str) and value.strip():
                taken[name] = value
            else:
                self.add(f"{where}.{key}.{name}", f"must be a non-empty text, it is {value!r}")
        return taken

    def numbers(self, where: str, section: Mapping[str, Any], default: Part) -> Part:
        """`default` with the fields that the section sets, each checked against the field's own type."""
        known: dict[str, Field[Any]] = {field.name: field for field in fields(default)}  # type: ignore[arg-type]
        self.unknown(where, section, known)
        taken = {}
        for name in sorted(set(section) & set(known)):
            value = _like(section[name], known[name])
            if value is MISSING:
                self.add(f"{where}.{name}", f"has the wrong type: {section[name]!r}")
            else:
                taken[name] = value
        return replace(default, **taken)  # type: ignore[type-var]


def _like(value: Any, field: Field[Any]) -> Any:
    """`value` as the field's annotation wants it, MISSING where it cannot be."""
    wanted = str(field.type)
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if wanted == "bool":
        return value if isinstance(value, bool) else MISSING
    if wanted.startswith("tuple[str"):
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
    elif wanted.startswith("tuple"):
        if isinstance(value, list) and all(isinstance(item, (int, float)) for item in value):
            return tuple(float(item) for item in value)
    elif wanted.startswith("float"):
        if number:
            return value
    elif wanted == "int":
        if number and int(value) == value:
            return int(value)
    elif wanted == "str" and isinstance(value, str):
        return value
    return MISSING
