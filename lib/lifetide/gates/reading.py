"""Reads a suite's expectations and checks them against the catalogue: no Spark, no Great Expectations."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lifetide.tables import Table
from lifetide.vocabulary import Severity

COLUMN_KEYS = ("column", "column_A", "column_B")
COLUMN_LIST_KEYS = ("column_list", "column_set")
SQL_WORDS = frozenset(
    ("and", "or", "not", "in", "is", "null", "true", "false", "between", "like", "rlike", "date", "timestamp")
)
SQL_TEXT = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
SQL_NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*(?!\w*\s*\()")


@dataclass(frozen=True)
class ReadExpectation:
    """One expectation of a suite; `configuration` is the object as written."""

    type: str
    kwargs: Mapping[str, Any]
    severity: Severity
    why: str
    configuration: dict[str, Any]


def read_expectations(table: Table, raw: Any, problems: list[str]) -> tuple[ReadExpectation, ...]:
    """The expectations of a suite; what is wrong with any of them is added to `problems`."""
    if not isinstance(raw, list) or not raw:
        problems.append("it has no expectations")
        return ()
    places = ((f"expectations[{index}]", item) for index, item in enumerate(raw))
    read = (_read_expectation(table, place, item, problems) for place, item in places)
    return tuple(expectation for expectation in read if expectation is not None)


def _read_expectation(table: Table, place: str, item: Any, problems: list[str]) -> ReadExpectation | None:
    if not isinstance(item, dict) or not isinstance(item.get("type"), str):
        problems.append(f"{place}: must be an object with type, kwargs, severity and meta.why")
        return None
    where = f"{place} {item['type']}"
    kwargs = item.get("kwargs", {})
    if not isinstance(kwargs, dict):
        problems.append(f"{where}: kwargs must be an object")
        return None
    for name in columns_named(kwargs):
        if name not in table.column_names:
            near = difflib.get_close_matches(name, table.column_names, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            problems.append(f"{where}: {table.name} has no column {name}{hint}")
    severity = item.get("severity")
    if severity not in (Severity.CRITICAL.value, Severity.WARNING.value):
        problems.append(f"{where}: severity must be critical or warning, it is {severity!r}")
        severity = Severity.CRITICAL.value
    meta = item.get("meta")
    why = meta.get("why") if isinstance(meta, dict) else None
    if not isinstance(why, str) or not why.strip():
        problems.append(f"{where}: meta.why must say in one sentence why the expectation is there")
        why = ""
    return ReadExpectation(item["type"], kwargs, Severity(severity), why, item)


def columns_named(kwargs: Mapping[str, Any]) -> Iterator[str]:
    """Every column that the arguments of an expectation name, those of its row condition included."""
    for key in COLUMN_KEYS:
        if key in kwargs:
            yield str(kwargs[key])
    for key in COLUMN_LIST_KEYS:
        yield from (str(name) for name in kwargs.get(key) or ())
    yield from _condition_columns(kwargs.get("row_condition"))


def _condition_columns(condition: Any) -> Iterator[str]:
    """Columns in a row condition: Spark SQL text, or an object of Great Expectations."""
    if isinstance(condition, str):
        names = SQL_NAME.findall(SQL_TEXT.sub("''", condition))
        yield from (name for name in names if name.lower() not in SQL_WORDS)
    elif isinstance(condition, Mapping):
        if condition.get("type") == "pass_through":
            yield from _condition_columns(condition.get("pass_through_filter"))
        if isinstance(condition.get("column"), Mapping):
            yield str(condition["column"].get("name"))
        for part in condition.get("conditions") or ():
            yield from _condition_columns(part)
