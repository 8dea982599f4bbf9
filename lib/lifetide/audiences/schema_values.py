"""Comparisons in the JSON Schema of an audience file: one definition for all fields that are compared alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lifetide.audiences.conditions import DATE_COMPARISONS
from lifetide.audiences.fields import Field
from lifetide.audiences.values import MOST_NUMBER, MOST_TEXT, MOST_VALUES, NUMERIC
from lifetide.audiences.words import (
    BARE,
    COMPARISONS,
    LISTS,
    OPERATORS,
    PAIRS,
    SHARES,
    SPANS,
    FieldKind,
    Operator,
)

Schema = dict[str, object]
NOT_COMPARED = (FieldKind.COLLECTION, FieldKind.AUDIENCE, FieldKind.INTEREST)
NUMBER: Schema = {"type": "number", "exclusiveMinimum": -MOST_NUMBER, "exclusiveMaximum": MOST_NUMBER}
DATE: Schema = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "format": "date"}
NOTHING: Schema = {"enum": [None, ""]}


def described(fields: Sequence[Field]) -> Schema:
    """The names of fields, each with its meaning."""
    return {"enum": [one.name for one in fields], "enumDescriptions": [one.meaning for one in fields]}


def when(key: str, values: Iterable[str], definition: str) -> Schema:
    """Where `key` has one of the values, the definition holds."""
    return {
        "if": {"properties": {key: {"enum": list(values)}}, "required": [key]},
        "then": {"$ref": f"#/definitions/{definition}"},
    }


def comparisons(place: str, fields: Sequence[Field]) -> dict[str, Schema]:
    """A definition for each set of fields of one kind with the same words; `place` = the profile, or a collection."""
    alike: dict[tuple[FieldKind, tuple[str, ...]], list[Field]] = {}
    for one in fields:
        if one.kind not in NOT_COMPARED:
            alike.setdefault((one.kind, one.words), []).append(one)
    return {
        f"{place}.{many[0].name if words else kind}": _comparison(many, _others(many[0], fields))
        for (kind, words), many in alike.items()
    }


def operated(kind: FieldKind, words: tuple[str, ...], operators: Iterable[Operator]) -> list[Schema]:
    """What value each operator takes."""
    by_value: dict[str, tuple[list[str], Schema]] = {}
    for operator in operators:
        value = _value(operator, kind, words)
        by_value.setdefault(repr(value), ([], value))[0].append(str(operator))
    return [_takes(names, value) for names, value in by_value.values()]


def _takes(names: list[str], value: Schema) -> Schema:
    needed = {} if value == NOTHING else {"required": ["value"]}
    return {
        "if": {"properties": {"operator": {"enum": names}}, "required": ["operator"]},
        "then": {"properties": {"value": value}, **needed},
    }


def _comparison(fields: Sequence[Field], others: Sequence[Field]) -> Schema:
    """A field against a value, or against another field that it can be compared with."""
    kind, words = fields[0].kind, fields[0].words
    operators = OPERATORS[kind]
    with_fields = [str(one) for one in operators if one in (*COMPARISONS, *DATE_COMPARISONS)]
    scale: Schema = {"type": "number", "exclusiveMinimum": 0} if kind in NUMERIC else {"const": 1}
    case: Schema = {"type": "boolean"} if kind is FieldKind.STRING else {"const": False}
    return {
        "type": "object", "additionalProperties": False, "required": ["field", "operator"],
        "properties": {
            "field": {"enum": [one.name for one in fields]},
            "operator": {"enum": [str(one) for one in operators]},
            "value": {},
            "valueSource": {"enum": ["value", "field"] if others else ["value"], "default": "value"},
            "scale": {**scale, "description": "what the other field is multiplied by"},
            "ignore_case": {**case, "description": "A to Z as a to z"},
            "nulls": nulls(),
        },
        "if": {"properties": {"valueSource": {"const": "field"}}, "required": ["valueSource"]},
        "then": {
            "required": ["value"],
            "properties": {"operator": {"enum": with_fields}, "value": {"enum": [one.name for one in others]}},
        },
        "else": {"properties": {"scale": False}, "allOf": operated(kind, words, operators)},
    }  # fmt: skip


def nulls() -> Schema:
    """How the operators that deny treat a missing value."""
    return {"enum": ["include", "exclude"], "default": "include",
            "description": "with exclude, an operator that denies is false of a missing value"}  # fmt: skip


def _others(field: Field, fields: Sequence[Field]) -> list[Field]:
    if field.kind in NUMERIC:
        return [one for one in fields if one.kind in NUMERIC]
    return [one for one in fields if one.kind is field.kind and one.words == field.words]


def _value(operator: Operator, kind: FieldKind, words: tuple[str, ...]) -> Schema:
    """The value that an operator takes."""
    scalar = _scalar(kind, words)
    if operator in BARE:
        return NOTHING
    if operator in LISTS:
        many = {"items": scalar, "minItems": 1, "maxItems": MOST_VALUES}
        return {"if": {"type": "array"}, "then": many, "else": scalar}
    if operator in PAIRS or (kind is FieldKind.DATE and operator is Operator.BETWEEN):
        return {"type": "array", "items": scalar, "minItems": 2, "maxItems": 2}
    if operator in SPANS:
        return {"$ref": "#/definitions/span"}
    if operator in SHARES:
        return {"type": "number", "exclusiveMinimum": 0, "maximum": 100}
    if operator is Operator.TOP_N:
        return {"type": "integer", "minimum": 1, "maximum": 1_000_000_000}
    if kind is FieldKind.STRING and operator not in (Operator.EQUAL, Operator.UNEQUAL):
        return {**scalar, "minLength": 1}
    return scalar


def _scalar(kind: FieldKind, words: tuple[str, ...]) -> Schema:
    if words:
        return {"enum": list(words)}
    if kind in NUMERIC:
        return NUMBER
    if kind is FieldKind.BOOLEAN:
        return {"type": "boolean"}
    return DATE if kind is FieldKind.DATE else {"type": "string", "maxLength": MOST_TEXT}
