"""Groups and comparisons of a document: {combinator, rules, not} and {field, operator, value, valueSource}."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from lifetide.audiences.fields import Field, collections_with
from lifetide.audiences.mappings import MOST_DEPTH, Reading, flag, mapping, word
from lifetide.audiences.problems import Path, said
from lifetide.audiences.tree import Compare, Group, Node
from lifetide.audiences.values import NUMERIC, number, read_value
from lifetide.audiences.words import BARE, COMPARISONS, OPPOSITES, Combinator, FieldKind, Operator

ReadRule = Callable[[Reading, Path, object, int], Node | None]
COMPARE_KEYS = ("field", "operator", "value", "valueSource", "scale", "ignore_case", "nulls")
OF_DATES = {"=": Operator.ON, "<": Operator.BEFORE, ">": Operator.AFTER}
"""What people write of numbers, and what it is of dates."""
DATE_COMPARISONS = (Operator.BEFORE, Operator.AFTER, Operator.ON)


def is_group(given: object) -> bool:
    """True for what has rules or a combinator."""
    return isinstance(given, dict) and ("rules" in given or "combinator" in given)


def read_group(reading: Reading, path: Path, given: object, depth: int, read_rule: ReadRule) -> Group:
    """A group and what lies in it; rules that are wrong become problems and are left out."""
    if isinstance(given, list) or (isinstance(given, dict) and "field" in given and not is_group(given)):
        what = "a list" if isinstance(given, list) else "a rule"
        reading.problems.add(path, f"expected a group, found {what}: write rules: in front of it, as a list")
        return Group()
    found = mapping(reading, path, given, ("combinator", "rules", "not"), ("rules",))
    if found is None:
        return Group()
    combinator = word(reading, (*path, "combinator"), found.get("combinator", "and"), Combinator, "a combinator")
    negated = flag(reading, (*path, "not"), found.get("not", False))
    rules = found.get("rules", [])
    if not isinstance(rules, list):
        reading.problems.add((*path, "rules"), f"expected a list of rules, found {said(rules)}")
        rules = []
    read: list[Node] = []
    for place, rule in enumerate(rules):
        where = (*path, "rules", place)
        if not is_group(rule):
            if not reading.count():
                break
            one = read_rule(reading, where, rule, depth)
        elif depth >= MOST_DEPTH:
            reading.problems.add(where, f"groups lie at most {MOST_DEPTH} deep")
            one = None
        else:
            one = read_group(reading, where, rule, depth + 1, read_rule)
        if one is not None:
            read.append(one)
    return Group(tuple(read), Combinator(combinator or "and"), negated)


def known_field(reading: Reading, path: Path, given: object, fields: Mapping[str, Field]) -> Field | None:
    """The field that a rule names."""
    name = given.get("field") if isinstance(given, dict) else None
    if isinstance(name, str) and name in fields:
        return fields[name]
    if not isinstance(given, dict):
        reading.problems.add(path, f"expected a rule or a group, found {said(given)}")
    elif "field" not in given:
        denies = "; not goes with a group: {not: true, rules: […]}" if "not" in given else ""
        reading.problems.add(path, f"field is missing{denies}")
    elif isinstance(name, str) and (collections := collections_with(name)) and not set(collections) & fields.keys():
        reading.problems.unknown((*path, "field"), "a field", name, fields)
    elif isinstance(name, str) and (collections := collections_with(name)):
        where = f"it is a field of {', '.join(collections)}: it goes into the value of a rule about them"
        reading.problems.add((*path, "field"), f"{said(name)} is not a field here; {where}")
    else:
        reading.problems.unknown((*path, "field"), "a field", name, fields)
    return None


def read_operator(reading: Reading, path: Path, found: Mapping[str, object], field: Field) -> Operator | None:
    """The operator, if it fits the field."""
    if "operator" not in found:
        reading.problems.add(path, f"operator is missing; {field.name} takes {', '.join(field.operators)}")
        return None
    given, where = found["operator"], (*path, "operator")
    if field.kind is FieldKind.DATE and given in OF_DATES:
        reading.problems.add(where, f"{said(given)} is not an operator of dates; did you mean {OF_DATES[given]}?")
        return None
    if given is None and Operator.NULL in field.operators:
        reading.problems.add(
            where, f"nothing is not an operator of {field.name}; if null is meant, write it in quotes"
        )
        return None
    operator = word(reading, where, given, field.operators, f"an operator of {field.name}")
    return operator if isinstance(operator, Operator) else None


def read_compare(
    reading: Reading, path: Path, given: object, field: Field, fields: Mapping[str, Field]
) -> Compare | None:
    """A comparison with a value or with another of `fields`."""
    found = mapping(reading, path, given, COMPARE_KEYS)
    operator = None if found is None else read_operator(reading, path, found, field)
    if found is None or operator is None:
        return None
    excludes = reads_nulls(reading, path, found) and operator in OPPOSITES
    ignores = flag(reading, (*path, "ignore_case"), found.get("ignore_case", False))
    if ignores and (field.kind is not FieldKind.STRING or operator in BARE):
        reading.problems.add((*path, "ignore_case"), f"{field.name} {operator} has no case to ignore")
    source = found.get("valueSource", "value")
    if source == "field":
        other, scale = _other(reading, path, found, field, operator, fields)
        return Compare(field.name, operator, None, other, scale, ignores, excludes)
    if source != "value":
        reading.problems.unknown((*path, "valueSource"), "a value source", source, ("value", "field"))
    if "scale" in found:
        reading.problems.add((*path, "scale"), "scale goes with valueSource: field")
    if "value" not in found and operator not in BARE:
        reading.problems.add(path, "value is missing")
        return None
    value = read_value(reading, (*path, "value"), found.get("value"), field, operator)
    return Compare(field.name, operator, value, None, Decimal(1), ignores, excludes)


def reads_nulls(reading: Reading, path: Path, found: Mapping[str, object]) -> bool:
    """True for `nulls: exclude`."""
    nulls = found.get("nulls", "include")
    if nulls not in ("include", "exclude"):
        reading.problems.unknown((*path, "nulls"), "a way with missing values", nulls, ("include", "exclude"))
    return nulls == "exclude"


def _other(
    reading: Reading, path: Path, found: Mapping[str, object], field: Field, operator: Operator,
    fields: Mapping[str, Field],
) -> tuple[str | None, Decimal]:  # fmt: skip
    """The other field and what it is multiplied by."""
    where = (*path, "value")
    comparable = {name: one for name, one in fields.items() if _are_comparable(field, one)}
    name = found.get("value")
    if not isinstance(name, str) or name not in fields:
        reading.problems.unknown(where, "a field", name, comparable)
    elif name not in comparable:
        reading.problems.add(
            where, f"{field.name} and {name} cannot be compared: {field.kind} and {fields[name].kind}"
        )
    allowed = [one for one in field.operators if one in (*COMPARISONS, *DATE_COMPARISONS)]
    if operator not in allowed:
        reading.problems.add((*path, "operator"), f"with a field {field.name} takes {', '.join(allowed)}")
    scale = number(reading, (*path, "scale"), found.get("scale", 1))
    if scale is not None and scale != 1 and field.kind not in NUMERIC:
        reading.problems.add((*path, "scale"), f"{field.name} is no number")
    if scale is not None and scale <= 0:
        reading.problems.add((*path, "scale"), "scale must be above 0")
    return (name if isinstance(name, str) else None), scale or Decimal(1)


def _are_comparable(one: Field, other: Field) -> bool:
    if one.name == other.name:
        return False
    if one.kind in NUMERIC:
        return other.kind in NUMERIC
    return one.kind is other.kind and one.words == other.words
