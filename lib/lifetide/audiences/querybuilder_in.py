"""A query of react-querybuilder as the rule of a document: only what it spells another way is spelled ours.

Its ids, paths and locks are the page's own and go. Texts of numbers and flags become what they say, lists by commas
become lists, a collection without a timeframe is of any time, and dates take our operators. `check` judges the rest,
so that a key that nobody knows is refused. A comparison with a missing value means what it means in an audience.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from lifetide.audiences.fields import FIELDS, Field
from lifetide.audiences.mappings import MOST_DEPTH
from lifetide.audiences.problems import Path, Problem
from lifetide.audiences.timeframes import Span, shifted
from lifetide.audiences.values import NUMERIC
from lifetide.audiences.words import BARE, COUNTING, LISTS, PAIRS, FieldKind, Unit

OF_THE_PAGE = frozenset({"id", "path", "disabled", "muted", "combinatorPreceding"})
DATES = {"=": "on", "<": "before", ">": "after", "<=": "before", ">=": "after"}
BEYOND = {"<=": 1, ">=": -1}
"""At most a day is before the next one, at least a day is after the one before."""
INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
DECIMAL = re.compile(r"[-+]?[0-9]{0,18}\.[0-9]{1,18}")
COMMA = re.compile(r"(?<!\\),")
WORDS = {"true": True, "false": False}
BETWEEN_RULES = "a combinator between rules is not read: make groups of them first (convertFromIC does)"
MUTED = "it is muted, so it does not count there: take it out, or let it count"

Fields = Mapping[str, Field]
Plain = dict[str, object]


def rule_of(query: object) -> tuple[object, tuple[Problem, ...]]:
    """The query as a document's rule, and what stands in the way before `check` looks at it."""
    problems: list[Problem] = []
    return _group(query, ("rule",), FIELDS, problems), tuple(problems)


def _group(given: object, path: Path, fields: Fields, problems: list[Problem]) -> object:
    if not isinstance(given, dict):
        return given
    _refuse_muted(given, path, problems)
    found = _without_page(given)
    rules = found.get("rules")
    if not isinstance(rules, list):
        return found
    if any(isinstance(one, str) for one in rules):
        problems.append(Problem((*path, "rules"), BETWEEN_RULES))
    elif path.count("rules") <= MOST_DEPTH:
        found["rules"] = [_one(one, (*path, "rules", place), fields, problems) for place, one in enumerate(rules)]
    return found


def _one(given: object, path: Path, fields: Fields, problems: list[Problem]) -> object:
    if not isinstance(given, dict) or "rules" in given or "combinator" in given:
        return _group(given, path, fields, problems)
    _refuse_muted(given, path, problems)
    name = given.get("field")
    field = fields.get(name) if isinstance(name, str) else None
    found = _without_page(given)
    if field is None:
        return found
    if field.kind is FieldKind.COLLECTION:
        return _matched(found, path, field, problems)
    if found.get("valueSource", "value") == "field":
        return found
    if field.kind is FieldKind.AUDIENCE:
        found.pop("valueSource", None)
    return _compared(found, field)


def _without_page(given: Plain) -> Plain:
    return {name: part for name, part in given.items() if name not in OF_THE_PAGE}


def _refuse_muted(given: Plain, path: Path, problems: list[Problem]) -> None:
    if given.get("muted", False) is not False:
        problems.append(Problem(path, MUTED))


def _matched(found: Plain, path: Path, field: Field, problems: list[Problem]) -> Plain:
    """A collection: its operator means nothing, nor does the threshold of a mode that does not count."""
    if "match" not in found:
        return found
    said_too = {name: part for name, part in found.items() if name not in ("operator", "valueSource")}
    match = found["match"]
    if isinstance(match, dict) and match.get("mode") in {str(one) for one in COUNTING}:
        said_too["match"] = {name: _number(part) if name == "threshold" else part for name, part in match.items()}
    elif isinstance(match, dict):
        said_too["match"] = {name: part for name, part in match.items() if name != "threshold"}
    elements = {one.name: one for one in field.elements}
    said_too["value"] = _group(found.get("value"), (*path, "value"), elements, problems)
    if said_too["value"] is None:
        problems.append(Problem((*path, "value"), "what its elements must be is missing: expected a group"))
    return {"timeframe": "any_time", **said_too}


def _compared(found: Plain, field: Field) -> Plain:
    operator, value = found.get("operator"), found.get("value")
    if operator in {str(one) for one in BARE}:
        return {name: part for name, part in found.items() if name != "value" or part not in (None, "")}
    if field.kind is FieldKind.DATE and isinstance(operator, str) and operator in DATES:
        return found | {"operator": DATES[operator], "value": _day(value, BEYOND.get(operator, 0))}
    if "value" not in found:
        return found
    if operator in {str(one) for one in LISTS | PAIRS} and field.kind is not FieldKind.INTEREST:
        value = _listed(value) if isinstance(value, str) else value
    many = [_scalar(one, field) for one in value] if isinstance(value, list) else _scalar(value, field)
    return found | {"value": many}


def _listed(text: str) -> list[object]:
    """Parts between commas; a comma after a backslash is a part's own."""
    parts = [part.strip().replace("\\,", ",") for part in COMMA.split(text)]
    return [part for part in parts if part]


def _scalar(value: object, field: Field) -> object:
    if field.kind in NUMERIC:
        return _number(value)
    return WORDS.get(value, value) if field.kind is FieldKind.BOOLEAN and isinstance(value, str) else value


def _number(value: object) -> object:
    """A text that is a number as the number."""
    if not isinstance(value, str):
        return value
    if INTEGER.fullmatch(value.strip()):
        return int(value)
    return float(value) if DECIMAL.fullmatch(value.strip()) else value


def _day(value: object, days: int) -> object:
    if days == 0 or not isinstance(value, str) or len(value) != 10:
        return value
    try:
        return shifted(date.fromisoformat(value), Span(days, Unit.DAY)).isoformat()
    except ValueError:
        return value
