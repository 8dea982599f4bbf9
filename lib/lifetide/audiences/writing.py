"""From the tree back to plain data, with every default said; canonical JSON and its hash."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from decimal import Decimal
from functools import singledispatch

from lifetide.audiences.timeframes import Span, Timeframe
from lifetide.audiences.tree import (
    Aggregate,
    Audience,
    Compare,
    FirstTime,
    Group,
    InAudience,
    Interested,
    Match,
    Node,
    Sequence,
    Step,
    Value,
)
from lifetide.audiences.words import BARE, OPPOSITES, SPEC, TimeMode

Plain = dict[str, object]


def document(audience: Audience) -> Plain:
    """The document of an audience; `parse(document(a)) == a`."""
    head: Plain = {"spec": SPEC, "key": audience.key, "name": audience.name}
    if audience.owner is not None:
        head["owner"] = audience.owner
    return {**head, **{name: part for name, part in canonical(audience).items() if name != "spec"}}


def canonical(audience: Audience) -> Plain:
    """What decides membership: a change of it is a new version. Key, name and owner are not in it."""
    include, membership = audience.include, audience.membership
    return {
        "spec": SPEC,
        "include": {
            "anonymous": include.anonymous,
            "control_group": include.control_group,
            "consent": list(include.consent),
        },
        "membership": {
            "type": str(membership.type),
            "min_days": membership.min_days,
            "exit_lag_days": membership.exit_lag_days,
        },
        "rule": plain(audience.rule),
    }


def canonical_json(audience: Audience) -> str:
    """`canonical` with sorted keys, without spaces."""
    return json.dumps(canonical(audience), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def rule_hash(audience: Audience) -> str:
    """SHA-256 of the canonical JSON, in hex."""
    return hashlib.sha256(canonical_json(audience).encode()).hexdigest()


@singledispatch
def plain(node: Node) -> Plain:
    """A node as a document says it, every default said."""
    raise TypeError(f"{type(node).__name__} is no node of a rule")


@plain.register
def _(node: Group) -> Plain:
    return {"combinator": str(node.combinator), "not": node.negated, "rules": [plain(rule) for rule in node.rules]}


@plain.register
def _(node: Compare) -> Plain:
    said: Plain = {"field": node.field, "operator": str(node.operator)}
    if node.other is not None:
        said |= {"value": node.other, "valueSource": "field", "scale": plain_value(node.scale)}
    elif node.operator not in BARE:
        said |= {"value": plain_value(node.value), "valueSource": "value"}
    if node.ignores_case:
        said["ignore_case"] = True
    return said | _nulls(node)


@plain.register
def _(node: Match) -> Plain:
    match: Plain = {"mode": str(node.mode)}
    if node.threshold is not None:
        match["threshold"] = node.threshold
    if node.count_by is not None:
        match["count_by"] = node.count_by
    if node.is_vacuous:
        match["vacuous"] = True
    return {
        "field": node.collection, "match": match, "value": plain(node.where), "timeframe": _timeframe(node.timeframe),
    }  # fmt: skip


@plain.register
def _(node: Aggregate) -> Plain:
    figure: Plain = {"measure": str(node.measure)}
    if node.of is not None:
        figure["of"] = node.of
    said: Plain = {"field": node.collection, "aggregate": figure, "operator": str(node.operator)}
    if node.operator not in BARE:
        said["value"] = plain_value(node.value)
    said |= {"where": plain(node.where), "timeframe": _timeframe(node.timeframe)}
    return said | _nulls(node)


@plain.register
def _(node: Sequence) -> Plain:
    sequence = {"steps": [_step(step) for step in node.steps], "same": list(node.same)}
    return {"field": node.steps[0].collection, "sequence": sequence, "timeframe": _timeframe(node.timeframe)}


@plain.register
def _(node: FirstTime) -> Plain:
    return {
        "field": node.collection, "firstTime": True, "value": plain(node.where),
        "timeframe": _timeframe(node.timeframe),
    }  # fmt: skip


@plain.register
def _(node: InAudience) -> Plain:
    said: Plain = {"field": "audience", "operator": str(node.operator), "value": list(node.audiences)}
    return said | ({"timeframe": _timeframe(node.timeframe)} if node.timeframe else {})


@plain.register
def _(node: Interested) -> Plain:
    return {
        "field": "interest", "operator": "interestedIn", "value": {"categories": list(node.categories)},
        "minimum": plain_value(node.minimum),
    }  # fmt: skip


def plain_value(value: Value) -> object:
    """Dates as text, whole numbers as integers, other numbers as floats, spans as mappings."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Span):
        return _span(value)
    return [plain_value(one) for one in value] if isinstance(value, tuple) else value


def _nulls(node: Compare | Aggregate) -> Plain:
    """Said of the operators alone that are true of a missing value by default."""
    return {"nulls": "exclude" if node.excludes_missing else "include"} if node.operator in OPPOSITES else {}


def _step(step: Step) -> Plain:
    said: Plain = {"field": step.collection, "value": plain(step.where), "negate": step.negated}
    return said | ({"within": _span(step.within)} if step.within else {})


def _span(span: Span) -> Plain:
    return {"quantity": span.quantity, "unit": str(span.unit)}


def _timeframe(timeframe: Timeframe) -> Plain:
    said: Plain = {"mode": str(timeframe.mode)}
    if timeframe.mode is TimeMode.BETWEEN_AGO and timeframe.span and timeframe.nearer:
        nearer, farther = timeframe.nearer, timeframe.span
        return said | {"from": nearer.quantity, "to": farther.quantity, "unit": str(farther.unit)}
    if timeframe.span is not None:
        return said | _span(timeframe.span)
    ends = {"from": timeframe.first, "to": timeframe.last}
    return said | {name: end.isoformat() for name, end in ends.items() if end is not None}
