"""The settings file: read, checked as a whole, every problem named at once."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from lifetide.errors import SettingsError
from lifetide.policy import Policy
from lifetide.settings.model import (
    CANONICAL,
    FORMATS,
    ONE_OF,
    Gates,
    Settings,
    Shop,
    Source,
    Spark,
    Storage,
    is_address,
)
from lifetide.settings.sections import Problems
from lifetide.settings.segment_map import segment_map
from lifetide.vocabulary import Severity, SourceKind

if sys.version_info >= (3, 11):
    import tomllib
else:  # pragma: no cover
    import tomli as tomllib

KEPT_DAYS = ("keep_raw_days", "keep_daily_days", "keep_versions_days")
LEAST_VERSIONS_DAYS = 7
SECTIONS = ("shop", "storage", "audiences", "playbook", "sources", "policy", "gates", "spark")
SOURCE_KEYS = ("name", "kind", "format", "path", "table", "where", "duplicates", "columns", "options")


def read_settings(path: Path) -> Settings:
    """The settings at `path`. Raises SettingsError with every problem of the file."""
    settings, problems = inspect_settings(path)
    if problems:
        raise SettingsError(f"{path} has {_count(problems)}:", problems)
    return settings


def inspect_settings(path: Path) -> tuple[Settings, list[str]]:
    """The settings at `path`, filled with defaults where they are wrong, and every problem of the file.

    Raises SettingsError where there is no file or no TOML in it.
    """
    try:
        with path.open("rb") as file:
            raw = tomllib.load(file)
    except FileNotFoundError:
        raise SettingsError(
            f"No settings file at {path}. Name one with --settings FILE, or make one: `lifetide demo` leaves "
            "lifetide-demo/settings.toml, and jobs/settings.toml explains every key."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}") from None
    problems = Problems()
    settings = _settings(path, raw, problems)
    return settings, problems.found


def _settings(path: Path, raw: Mapping[str, Any], problems: Problems) -> Settings:
    problems.unknown("", raw, SECTIONS)
    folder = path.resolve().parent
    storage = problems.section("storage", raw, "storage")
    problems.unknown("storage", storage, [field.name for field in fields(Storage)])
    kept_in = _storage(storage, folder, problems)
    audiences = problems.section("audiences", raw, "audiences")
    problems.unknown("audiences", audiences, ("folder",))
    playbook = problems.section("playbook", raw, "playbook")
    problems.unknown("playbook", playbook, ("file",))
    return Settings(
        path=path,
        shop=_shop(problems.section("shop", raw, "shop"), problems),
        storage=kept_in,
        sources=_sources(raw.get("sources", []), folder, problems),
        policy=_policy(problems.section("policy", raw, "policy"), folder, problems),
        gates=_gates(problems.section("gates", raw, "gates"), folder, problems),
        spark=_spark(problems.section("spark", raw, "spark"), problems),
        audiences_folder=_maybe(problems.text("audiences", audiences, "folder"), folder),
        playbook_file=_maybe(problems.text("playbook", playbook, "file"), folder),
    )


def _shop(raw: Mapping[str, Any], problems: Problems) -> Shop:
    problems.unknown("shop", raw, [field.name for field in fields(Shop)])
    zone = problems.text("shop", raw, "timezone", required=True) or "UTC"
    if zone not in available_timezones():
        problems.add("shop.timezone", f"unknown time zone {zone!r}; use a name such as Europe/London")
        zone = "UTC"
    ZoneInfo(zone)
    currency = problems.text("shop", raw, "currency", required=True) or "XXX"
    if not (len(currency) == 3 and currency.isalpha() and currency.isupper()):
        problems.add("shop.currency", f"must be an ISO code of three capitals such as GBP, it is {currency!r}")
    name = problems.text("shop", raw, "name") or "The shop"
    return Shop(zone, currency, name, problems.text("shop", raw, "attribution"))


def _sources(raw: Any, folder: Path, problems: Problems) -> tuple[Source, ...]:
    if not isinstance(raw, list) or not all(isinstance(item, Mapping) for item in raw):
        problems.add("sources", "must be written as [[sources]], one block per source")
        return ()
    sources = tuple(_source(item, f"sources[{index}]", folder, problems) for index, item in enumerate(raw))
    names = [source.name for source in sources]
    for name in sorted({name for name in names if names.count(name) > 1}):
        problems.add("sources", f"the name {name!r} is used twice")
    return sources


def _source(raw: Mapping[str, Any], place: str, folder: Path, problems: Problems) -> Source:
    name = problems.text(place, raw, "name", required=True) or place
    where = f"sources.{name}"
    problems.unknown(where, raw, SOURCE_KEYS)
    kind_text = problems.text(where, raw, "kind", required=True)
    kinds = [kind.value for kind in SourceKind]
    if kind_text is not None and kind_text not in kinds:
        problems.add(f"{where}.kind", f"unknown kind {kind_text!r}; known kinds are {', '.join(kinds)}")
        kind_text = None
    kind = SourceKind(kind_text or SourceKind.ORDER_LINES)
    columns = problems.texts(where, raw, "columns")
    if kind_text:
        _check_columns(where, kind, columns, problems)
    path, table = problems.text(where, raw, "path"), problems.text(where, raw, "table")
    format_ = problems.text(where, raw, "format")
    if (path is None) == (table is None):
        problems.add(where, "needs either path (with format) or table")
    if path is not None and format_ not in FORMATS:
        problems.add(f"{where}.format", f"must be one of {', '.join(FORMATS)}, it is {format_!r}")
    if path is not None and not is_address(path) and not Path(_resolve(path, folder)).exists():
        problems.add(f"{where}.path", f"no file or folder at {_resolve(path, folder)}")
    duplicates = problems.text(where, raw, "duplicates") or "keep"
    if duplicates not in ("keep", "drop"):
        problems.add(f"{where}.duplicates", f"must be keep or drop, it is {duplicates!r}")
    where_sql = problems.text(where, raw, "where")
    options = problems.texts(where, raw, "options")
    return Source(name, kind, columns, format_, _maybe(path, folder), table, where_sql, duplicates, options)


def _check_columns(where: str, kind: SourceKind, columns: Mapping[str, str], problems: Problems) -> None:
    known = CANONICAL[kind]
    problems.unknown(f"{where}.columns", columns, known)
    for name, required in known.items():
        if required and name not in columns:
            problems.add(f"{where}.columns.{name}", f"missing; a source of kind {kind} must map it")
    either, why = ONE_OF.get(kind, (("", ""), ""))
    if why and not set(either) & set(columns):
        problems.add(f"{where}.columns", f"needs {' or '.join(either)}: {why}")


def _storage(raw: Mapping[str, Any], folder: Path, problems: Problems) -> Storage:
    root = problems.text("storage", raw, "root", required=True)
    names = {key: problems.text("storage", raw, key) for key in ("catalog", "schema")}
    for key, name in names.items():
        if name is not None and not re.fullmatch(r"\w+", name):
            problems.add(f"storage.{key}", f"must be one plain name of letters, digits and _, it is {name!r}")
    if names["catalog"] and not names["schema"]:
        problems.add("storage.catalog", "needs a schema beside it: tables are named catalog.schema.table")
    days = {key: _days("storage", raw, key, problems) for key in KEPT_DAYS if key in raw}
    if days.get("keep_versions_days", LEAST_VERSIONS_DAYS) < LEAST_VERSIONS_DAYS:
        what = "a reader that is still at work may need them"
        problems.add("storage.keep_versions_days", f"must be {LEAST_VERSIONS_DAYS} or more: {what}")
    known = Storage(_resolve(root or "", folder), catalog=names["catalog"], schema=names["schema"])
    return replace(known, **days)  # type: ignore[arg-type]


def _policy(raw: Mapping[str, Any], folder: Path, problems: Problems) -> Policy:
    default = Policy()
    names = [field.name for field in fields(Policy)]
    problems.unknown("policy", raw, names)
    parts = {}
    for name in names:
        where = f"policy.{name}"
        section = problems.section(where, raw, name)
        is_whole = True
        if name == "rfm":
            section, is_whole = _with_map(section, folder, problems)
        part = problems.numbers(where, section, getattr(default, name))
        for problem in part.problems() if is_whole else []:
            problems.add(where, problem)
        parts[name] = part
    return Policy(**parts)


def _with_map(section: Mapping[str, Any], folder: Path, problems: Problems) -> tuple[Mapping[str, Any], bool]:
    """[policy.rfm] with what the file of its map says in place of the file's name; false where that is wrong."""
    path = problems.text("policy.rfm", section, "map")
    rest = {key: value for key, value in section.items() if key != "map"}
    if path is None:
        return rest, "map" not in section
    segments, found = segment_map(Path(_resolve(path, folder)))
    for problem in found:
        problems.add("policy.rfm.map", problem)
    return {**rest, "map": list(segments)}, not found


def _gates(raw: Mapping[str, Any], folder: Path, problems: Problems) -> Gates:
    problems.unknown("gates", raw, ("suites", "severity"))
    severity = {}
    for check, text in problems.texts("gates", raw, "severity").items():
        if text in (Severity.CRITICAL, Severity.WARNING):
            severity[check] = Severity(text)
        else:
            problems.add(f"gates.severity.{check}", f"must be critical or warning, it is {text!r}")
    return Gates(_maybe(problems.text("gates", raw, "suites"), folder), severity)


def _spark(raw: Mapping[str, Any], problems: Problems) -> Spark:
    problems.unknown("spark", raw, [field.name for field in fields(Spark)])
    default = Spark()
    return Spark(
        problems.text("spark", raw, "master") or default.master,
        problems.text("spark", raw, "memory") or default.memory,
        problems.texts("spark", raw, "options"),
    )


def _days(where: str, raw: Mapping[str, Any], key: str, problems: Problems) -> int:
    days = raw[key]
    if isinstance(days, bool) or not isinstance(days, int) or days < 0:
        problems.add(f"{where}.{key}", f"must be a whole number of days, 0 or more, it is {days!r}")
        return 0
    return days


def _resolve(path: str, folder: Path) -> str:
    return path if is_address(path) or Path(path).is_absolute() else str(folder / path)


def _maybe(path: str | None, folder: Path) -> str | None:
    return None if path is None else _resolve(path, folder)


def _count(found: list[str]) -> str:
    return "a problem" if len(found) == 1 else f"{len(found)} problems"
