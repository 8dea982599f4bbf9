"""Names of checks: stable and readable, since settings and reports refer to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from lifetide.gates.reading import COLUMN_KEYS, COLUMN_LIST_KEYS

LEFT_OUT = (*COLUMN_KEYS, *COLUMN_LIST_KEYS, "row_condition", "condition_parser", "ignore_row_if")


def check_names(expectations: Sequence[tuple[str, Mapping[str, Any]]], problems: list[str]) -> list[str]:
    """One name per expectation, given as type and arguments: `type(columns where condition)`.

    Where several expectations would share a name, the arguments in which they differ are added. One that is
    written twice is added to `problems`.
    """
    plain = [_plain(type_, kwargs) for type_, kwargs in expectations]
    sharing: dict[str, list[Mapping[str, Any]]] = {}
    for name, (_, kwargs) in zip(plain, expectations, strict=True):
        sharing.setdefault(name, []).append(kwargs)
    names = [_told_apart(name, kwargs, sharing[name]) for name, (_, kwargs) in zip(plain, expectations, strict=True)]
    written = Counter(names).items()
    problems.extend(f"{name}: is written {times} times" for name, times in written if times > 1)
    return names


def _plain(type_: str, kwargs: Mapping[str, Any]) -> str:
    columns = [str(kwargs[key]) for key in COLUMN_KEYS if key in kwargs]
    for key in COLUMN_LIST_KEYS:
        columns.extend(str(name) for name in kwargs.get(key) or ())
    condition = kwargs.get("row_condition")
    return f"{type_}({', '.join(columns)}{f' where {condition}' if condition else ''})"


def _told_apart(name: str, kwargs: Mapping[str, Any], sharing: Sequence[Mapping[str, Any]]) -> str:
    """The name with the arguments in which the expectations that share it differ."""
    keys = sorted({key for other in sharing for key in other if key not in LEFT_OUT})
    differing = [key for key in keys if any(other.get(key) != kwargs.get(key) for other in sharing)]
    told = ", ".join(f"{key}={kwargs[key]}" for key in differing if key in kwargs)
    return f"{name[:-1]}, {told})" if told else name
