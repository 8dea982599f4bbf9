"""The JSON Schema of an audience file, made from the catalogue of fields and words: what editors complete from.

Draft 7, which editors know best. It refuses unknown keys, fields, operators and words, and values of the wrong type.
What cannot be seen in one value (cycles, depth, swapped ends) `check` alone says; what `check` takes, it takes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from lifetide.audiences.fields import AUDIENCE, COLLECTION_FIELDS, FIELDS, INTEREST, PROFILE_FIELDS, Field
from lifetide.audiences.mappings import KEY, KEY_SAID, REFERENCE
from lifetide.audiences.reading import KEYS, MOST_DAYS
from lifetide.audiences.schema_behaviours import behaviour, span_schema, steps, timeframe
from lifetide.audiences.schema_values import comparisons, described, when
from lifetide.audiences.words import OPERATORS, SPEC, Combinator, FieldKind, MembershipType, Operator
from lifetide.vocabulary import ConsentChannel

Schema = dict[str, object]
LINE = r"^[^\u0000-\u001f]*[^\s\u0000-\u001f][^\u0000-\u001f]*$"
"""A text of one line that is not empty."""
COMMENT = (
    "Made by `lifetide audiences schema` from Lifetide's own catalogue. Name it in the first line of a file: "
    "# yaml-language-server: $schema=./audience.schema.json"
)


def audience_schema() -> Schema:
    """The schema of one file of a folder of audiences."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": "urn:lifetide:audience:v1",
        "$comment": COMMENT,
        "title": "A Lifetide audience",
        **_document(),
        "definitions": {
            "group": _group("rule_or_group"),
            "rule_or_group": _rule_or_group("group", "rule"),
            "rule": _rule("rule", FIELDS.values(), _dispatch()),
            "span": span_schema(),
            "timeframe": timeframe(),
            "step": steps(),
            AUDIENCE: _in_audience(FIELDS[AUDIENCE]),
            INTEREST: _interested(FIELDS[INTEREST]),
            **comparisons("profile", PROFILE_FIELDS),
            **{name: part for one in COLLECTION_FIELDS for name, part in _collection(one).items()},
        },
    }


def schema_text() -> str:
    """The schema as the file that ships: a definition to a line, so that a change of the catalogue reads as one."""
    head = audience_schema()
    definitions = head.pop("definitions")
    assert isinstance(definitions, dict)
    lines = [f"{json.dumps(name)}: {json.dumps(part, ensure_ascii=False)}" for name, part in head.items()]
    parts = [f"{json.dumps(name)}: {json.dumps(part, ensure_ascii=False)}" for name, part in definitions.items()]
    inside = ",\n  ".join(parts)
    return "{\n " + ",\n ".join([*lines, f'"definitions": {{\n  {inside}\n }}']) + "\n}\n"


def _document() -> Schema:
    """The keys of a file."""
    line = {"type": "string", "pattern": LINE, "maxLength": 200}
    days = {"type": "integer", "minimum": 0, "maximum": MOST_DAYS}
    flag = {"type": "boolean", "default": False}
    parts: dict[str, Schema] = {
        "spec": {"const": SPEC, "description": "version of the rule language"},
        "key": {"type": "string", "pattern": f"^{KEY.pattern}$", "description": f"name of the file; {KEY_SAID}"},
        "name": {**line, "description": "name for people"},
        "owner": {**line, "type": ["string", "null"], "description": "who answers for it"},
        "include": _closed({
            "anonymous": {**flag, "description": "visitors whom nobody knows are in too"},
            "control_group": {**flag, "description": "members of the global control group are in too"},
            "consent": {
                "type": "array", "items": {"enum": [str(one) for one in ConsentChannel]}, "default": [],
                "description": "channels that a member must be subscribed to, all of them",
            },
        }),
        "membership": _closed({
            "type": {"enum": [str(one) for one in MembershipType], "default": "dynamic",
                     "description": "dynamic = evaluated anew each day; static = frozen"},
            "min_days": {**days, "default": 0, "description": "who has entered stays at least so many days"},
            "exit_lag_days": {**days, "default": 0, "description": "who no longer fits leaves so many days later"},
        }),
        "rule": {"$ref": "#/definitions/group", "description": "who is in"},
    }  # fmt: skip
    return _closed({key: parts[key] for key in KEYS}, ("spec", "key", "name", "rule"))


def _closed(properties: dict[str, Schema], required: Iterable[str] = ()) -> Schema:
    """A mapping with these keys and no others."""
    needed = {"required": list(required)} if required else {}
    return {"type": "object", "additionalProperties": False, **needed, "properties": properties}


def _group(inside: str) -> Schema:
    """Rules joined by and or or."""
    return _closed(
        {
            "combinator": {"enum": [str(one) for one in Combinator], "default": "and"},
            "not": {"type": "boolean", "default": False, "description": "everybody of the universe who is not in it"},
            "rules": {"type": "array", "items": {"$ref": f"#/definitions/{inside}"}},
        },
        ("rules",),
    )


def _rule_or_group(group: str, rule: str) -> Schema:
    return {
        "type": "object",
        "if": {"anyOf": [{"required": ["rules"]}, {"required": ["combinator"]}]},
        "then": {"$ref": f"#/definitions/{group}"},
        "else": {"$ref": f"#/definitions/{rule}"},
    }


def _rule(what: str, fields: Iterable[Field], dispatch: list[Schema]) -> Schema:
    """A rule: its field says which form it has."""
    fields = list(fields)
    return {
        "type": "object", "required": ["field"], "title": what, "properties": {"field": described(fields)},
        "allOf": dispatch,
    }  # fmt: skip


def _dispatch() -> list[Schema]:
    """Which form a rule about each field has."""
    names = [*(one.name for one in COLLECTION_FIELDS), AUDIENCE, INTEREST]
    return [*_compared("profile", PROFILE_FIELDS), *(when("field", [name], name) for name in names)]


def _compared(place: str, fields: tuple[Field, ...]) -> list[Schema]:
    found = []
    for name, one in comparisons(place, fields).items():
        properties = one["properties"]
        assert isinstance(properties, dict)
        found.append(when("field", properties["field"]["enum"], name))
    return found


def _collection(field: Field) -> dict[str, Schema]:
    """Rules about a collection, and the groups of comparisons that its elements must fulfil."""
    name = field.name
    return {
        name: behaviour(field),
        f"{name}.group": _group(f"{name}.rule_or_group"),
        f"{name}.rule_or_group": _rule_or_group(f"{name}.group", f"{name}.rule"),
        f"{name}.rule": _rule(f"rule about {name}", field.elements, _compared(name, field.elements)),
        **comparisons(name, field.elements),
    }


def _in_audience(field: Field) -> Schema:
    reference = {"type": "string", "pattern": f"^{REFERENCE.pattern}$"}
    named = {"if": {"type": "array"}, "then": {"items": reference, "minItems": 1}, "else": reference}
    closed = _closed(
        {
            "field": {"const": field.name},
            "operator": {"enum": [str(one) for one in OPERATORS[FieldKind.AUDIENCE]]},
            "value": {**named, "description": "keys, or key@version"},
            "timeframe": {"$ref": "#/definitions/timeframe"},
        },
        ("field", "operator", "value"),
    )
    was_in = {"properties": {"operator": {"const": str(Operator.WAS_IN)}}}
    return closed | {
        "if": was_in, "then": {"required": ["timeframe"]}, "else": {"properties": {"timeframe": False}},
    }  # fmt: skip


def _interested(field: Field) -> Schema:
    categories = {"type": "array", "items": {"type": "string"}, "minItems": 1}
    return _closed(
        {
            "field": {"const": field.name},
            "operator": {"enum": [str(one) for one in OPERATORS[FieldKind.INTEREST]]},
            "value": _closed({"categories": categories}, ("categories",)),
            "minimum": {"type": "number", "minimum": 0, "maximum": 1, "description": field.meaning},
        },
        ("field", "operator", "value", "minimum"),
    )
