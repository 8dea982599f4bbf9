"""Rules about collections in the JSON Schema of an audience file, and their timeframes."""

from __future__ import annotations

from lifetide.audiences.behaviours import KEYS, KINDS, MOST_STEPS, MOST_THRESHOLD, NEEDED
from lifetide.audiences.fields import COLLECTION_FIELDS, Field
from lifetide.audiences.schema_values import DATE, described, nulls, operated
from lifetide.audiences.values import MOST_QUANTITY, NUMERIC
from lifetide.audiences.words import (
    COUNTING,
    MEASURED,
    OF_ANYTHING,
    OF_NUMBERS,
    UNITS,
    FieldKind,
    MatchMode,
    Measure,
    TimeMode,
)

Schema = dict[str, object]
UNIT: Schema = {"enum": [str(one) for one in UNITS]}
QUANTITY: Schema = {"type": "integer", "minimum": 1, "maximum": MOST_QUANTITY}


def span_schema() -> Schema:
    """A stretch of time such as {quantity: 90, unit: day}."""
    return {
        "type": "object", "additionalProperties": False, "required": ["quantity", "unit"],
        "properties": {"quantity": QUANTITY, "unit": UNIT},
    }  # fmt: skip


def timeframe() -> Schema:
    """Which local dates count: a mode alone, or with what it needs."""
    bare = [str(one) for one in TimeMode if one not in NEEDED and one is not TimeMode.BETWEEN]
    with_more = [
        _mode([str(one)], list(NEEDED[one]), list(NEEDED[one]), least=0 if one is TimeMode.BETWEEN_AGO else 1)
        for one in TimeMode
        if one in NEEDED
    ]
    between = _mode([str(TimeMode.BETWEEN)], ["from", "to"], [])
    an_end = [{"required": [key], "properties": {key: {"type": "string"}}} for key in ("from", "to")]
    between["then"] = {**_then(between), "anyOf": an_end}
    return {
        "description": "which local dates count, seen from as_of",
        "if": {"type": "string"},
        "then": {"enum": bare},
        "else": {
            "type": "object", "required": ["mode"],
            "properties": {"mode": {"enum": [str(one) for one in TimeMode]}},
            "allOf": [*with_more, between, _mode(bare, [], [])],
        },
    }  # fmt: skip


def _then(one: Schema) -> Schema:
    found = one["then"]
    assert isinstance(found, dict)
    return found


def _mode(modes: list[str], keys: list[str], required: list[str], *, least: int = 1) -> Schema:
    """What these modes take; the ends of `between` are dates, those of `between_ago` are numbers of units."""
    kinds: dict[str, Schema] = {"quantity": QUANTITY, "unit": UNIT}
    end: Schema = {**QUANTITY, "minimum": 0} if least == 0 else {**DATE, "type": ["string", "null"]}
    properties = {key: kinds.get(key, end) for key in keys}
    return {
        "if": {"properties": {"mode": {"enum": modes}}, "required": ["mode"]},
        "then": {"additionalProperties": False, "required": required, "properties": {"mode": True, **properties}},
    }


def behaviour(field: Field) -> Schema:
    """A rule about the elements of one collection: one of four questions, and when."""
    group = _optional(f"{field.name}.group")
    return {
        "type": "object", "required": ["field", "timeframe"], "description": field.meaning,
        "properties": {
            "field": {"const": field.name}, "match": _match(field), "aggregate": _aggregate(field),
            "sequence": _sequence(field), "firstTime": {"const": True},
            "where": group, "nulls": nulls(), "timeframe": {"$ref": "#/definitions/timeframe"},
            "operator": {"enum": [str(one) for one in MEASURED]},
        },
        "oneOf": [{"required": [kind]} for kind in KINDS],
        "allOf": [
            *({"if": {"required": [kind]}, "then": {"propertyNames": {"enum": list(KEYS[kind])}}} for kind in KINDS),
            {
                "if": {"required": ["aggregate"]},
                "then": {"required": ["operator"], "allOf": operated(FieldKind.NUMBER, (), MEASURED)},
                "else": {"properties": {"value": group}},
            },
        ],
    }  # fmt: skip


def steps() -> Schema:
    """What a step may say, whichever collection it is of."""
    groups = [
        {
            "if": {"properties": {"field": {"const": one.name}}, "required": ["field"]},
            "then": {"properties": {"value": _optional(f"{one.name}.group")}},
        }
        for one in COLLECTION_FIELDS
    ]
    return {
        "type": "object", "additionalProperties": False, "allOf": groups,
        "properties": {
            "field": described(COLLECTION_FIELDS),
            "value": {},
            "within": {"$ref": "#/definitions/span", "description": "at most so long after the step before"},
            "negate": {"type": "boolean", "default": False, "description": "no such element may follow"},
        },
    }  # fmt: skip


def _optional(definition: str) -> Schema:
    return {"if": {"type": "null"}, "else": {"$ref": f"#/definitions/{definition}"}}


def _match(field: Field) -> Schema:
    names = [one.name for one in field.elements]
    counting = {"properties": {"mode": {"enum": [str(one) for one in MatchMode if one in COUNTING]}}}
    is_all = {"properties": {"mode": {"const": str(MatchMode.ALL)}}}
    return {
        "type": "object", "additionalProperties": False, "required": ["mode"],
        "properties": {
            "mode": {"enum": [str(one) for one in MatchMode]},
            "threshold": {"type": "integer", "minimum": 0, "maximum": MOST_THRESHOLD, "default": 1},
            "count_by": {"enum": [*names, None], "description": "count its different values, not the elements"},
            "vacuous": {"type": "boolean", "default": False, "description": "all of nothing is true"},
        },
        "allOf": [
            {"if": counting, "else": {"properties": {"threshold": False, "count_by": {"type": "null"}}}},
            {"if": is_all, "else": {"properties": {"vacuous": {"const": False}}}},
        ],
    }  # fmt: skip


def _aggregate(field: Field) -> Schema:
    numbers = [one for one in field.elements if one.kind in NUMERIC]
    measures = [one for one in Measure if numbers or one not in OF_NUMBERS]

    def takes(which: list[Measure], of: Schema) -> Schema:
        return {
            "if": {"properties": {"measure": {"enum": [str(one) for one in which]}}, "required": ["measure"]}, **of,
        }  # fmt: skip

    of_numbers = {"required": ["of"], "properties": {"of": {"enum": [one.name for one in numbers]}}}
    of_anything = {"required": ["of"], "properties": {"of": {"enum": [one.name for one in field.elements]}}}
    return {
        "type": "object", "additionalProperties": False, "required": ["measure"],
        "properties": {"measure": {"enum": [str(one) for one in measures]}, "of": {}},
        "allOf": [
            *([takes([one for one in measures if one in OF_NUMBERS], {"then": of_numbers})] if numbers else []),
            takes([Measure.COUNT_DISTINCT], {"then": of_anything}),
            takes([one for one in measures if one in OF_ANYTHING], {"else": {"properties": {"of": False}}}),
        ],
    }  # fmt: skip


def _sequence(field: Field) -> Schema:
    """Steps; one that names no collection is of this one. The first can neither be denied nor follow in time."""
    step = {
        "allOf": [{"$ref": "#/definitions/step"}],
        "if": {"required": ["field"]},
        "else": {"properties": {"value": _optional(f"{field.name}.group")}},
    }
    first = {**step, "properties": {"negate": {"const": False}, "within": False}}
    names = list(dict.fromkeys(one.name for each in COLLECTION_FIELDS for one in each.elements))
    return {
        "type": "object", "additionalProperties": False, "required": ["steps"],
        "properties": {
            "steps": {
                "type": "array", "minItems": 2, "maxItems": MOST_STEPS, "items": [first], "additionalItems": step,
            },
            "same": {"type": "array", "items": {"enum": names}, "description": "equal across the steps"},
        },
    }  # fmt: skip
