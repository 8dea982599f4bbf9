"""Finds, reads and proves suites. A wrong suite is refused with everything that is wrong with it."""

from __future__ import annotations

import difflib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lifetide.errors import SettingsError
from lifetide.gates.building import building_problems
from lifetide.gates.naming import check_names
from lifetide.gates.reading import ReadExpectation, read_expectations
from lifetide.tables import TABLES
from lifetide.vocabulary import Severity


@dataclass(frozen=True)
class Check:
    """One expectation of a suite: `configuration` is what Great Expectations builds it from, as written."""

    name: str
    configuration: dict[str, Any]
    severity: Severity
    why: str


@dataclass(frozen=True)
class Suite:
    """What must hold for one table, and the file that says so."""

    table: str
    path: Path
    checks: tuple[Check, ...]


def suite_folders(own: str | None, shipped: Path) -> tuple[Path, ...]:
    """Where suites are looked for: the user's own folder first, then the shipped one."""
    return (shipped,) if own is None else (Path(own), shipped)


def gated_tables(folders: Sequence[Path]) -> tuple[str, ...]:
    """Names of all tables with a suite, as data flows. A suite of an unknown table is refused."""
    problems = [f"{folder}: no such folder" for folder in folders if not folder.is_dir()]
    found = set()
    for path in sorted(file for folder in folders for file in folder.glob("*.json")):
        if path.stem in TABLES:
            found.add(path.stem)
        else:
            problems.append(f"{path}: no table is named {path.stem}{_near(path.stem)}")
    if problems:
        raise SettingsError("The folders of suites cannot be used:", problems)
    return tuple(name for name in TABLES if name in found)


def load_suite(table: str, folders: Sequence[Path]) -> Suite:
    """The suite of `table` from the first folder that has one. Raises SettingsError with all problems."""
    path = next((file for file in (folder / f"{table}.json" for folder in folders) if file.is_file()), None)
    if path is None:
        places = ", ".join(str(folder) for folder in folders)
        raise SettingsError(f"No suite for {table}: there is no {table}.json in {places}.")
    raw, problems = _read(path)
    expectations: tuple[ReadExpectation, ...] = ()
    if table not in TABLES:
        problems.append(f"no table is named {table}{_near(table)}")
    elif raw:
        expectations = read_expectations(TABLES[table], raw.get("expectations"), problems)
    names = check_names([(one.type, one.kwargs) for one in expectations], problems)
    if not problems:
        problems.extend(building_problems([one.configuration for one in expectations], names))
    if problems:
        raise SettingsError(f"The suite {path} cannot be used:", problems)
    named = zip(names, expectations, strict=True)
    checks = tuple(Check(name, one.configuration, one.severity, one.why) for name, one in named)
    return Suite(table, path, checks)


def _read(path: Path) -> tuple[dict[str, Any], list[str]]:
    """The object in the file, and what is wrong with its frame."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return {}, [f"it is not valid JSON: {error}"]
    if not isinstance(raw, dict):
        return {}, ["it must be a JSON object with name and expectations"]
    if raw.get("name") != path.stem:
        return raw, [f"its name must be {path.stem}, as the file's, it is {raw.get('name')!r}"]
    return raw, []


def _near(table: str) -> str:
    near = difflib.get_close_matches(table, TABLES, n=1)
    return f"; did you mean {near[0]}?" if near else ""
