"""From plain data to the tree: `parse` and `check`. Everything that is wrong is said at once."""

from __future__ import annotations

from collections.abc import Mapping

from lifetide.audiences.behaviours import read_behaviour, read_timeframe
from lifetide.audiences.conditions import known_field, read_compare, read_group, read_operator
from lifetide.audiences.fields import FIELDS, PROFILE_FIELDS, Field
from lifetide.audiences.mappings import (
    KEY,
    KEY_SAID,
    REFERENCE,
    Reading,
    flag,
    mapping,
    text,
    whole,
    word,
)
from lifetide.audiences.problems import Path, Problem, said
from lifetide.audiences.tree import Audience, InAudience, Include, Interested, Membership, Node
from lifetide.audiences.values import number
from lifetide.audiences.words import SPEC, FieldKind, MembershipType, Operator
from lifetide.errors import DefinitionError
from lifetide.vocabulary import ConsentChannel

KEYS = ("spec", "key", "name", "owner", "include", "membership", "rule")
COMPARABLE: dict[str, Field] = {one.name: one for one in PROFILE_FIELDS}
MOST_DAYS = 366
LATER = "products and text wait for interests per product; categories can be named now"


def parse(document: object, *, stem: str | None = None) -> Audience:
    """The audience that a document says. Raises DefinitionError with every problem and its path."""
    audience, problems = check(document, stem=stem)
    if audience is None:
        raise DefinitionError("The definition of the audience is wrong:", [str(one) for one in problems])
    return audience


def check(document: object, *, stem: str | None = None) -> tuple[Audience | None, tuple[Problem, ...]]:
    """The audience, or None and every problem. `stem` = the name of its file, which its key must equal."""
    reading = Reading()
    found = mapping(reading, (), document, KEYS, ("spec", "key", "name", "rule"))
    if found is None:
        return None, tuple(reading.problems.found)
    if "spec" in found and found["spec"] != SPEC:
        reading.problems.add(("spec",), f"{said(found['spec'])} is not known here; this release reads {SPEC}")
    audience = Audience(
        key=_key(reading, found, stem),
        name=text(reading, ("name",), found["name"], 200) if "name" in found else "",
        rule=read_group(reading, ("rule",), found.get("rule", {"rules": []}), 1, read_rule),
        owner=None if found.get("owner") is None else text(reading, ("owner",), found["owner"], 200),
        include=_include(reading, found.get("include", {})),
        membership=_membership(reading, found.get("membership", {})),
    )
    problems = tuple(reading.problems.found)
    return (None if problems else audience), problems


def read_rule(reading: Reading, path: Path, given: object, depth: int) -> Node | None:
    """One rule: about the profile, a collection, another audience, or interest."""
    field = known_field(reading, path, given, FIELDS)
    if field is None or not isinstance(given, dict):
        return None
    if field.kind is FieldKind.COLLECTION:
        return read_behaviour(reading, path, given, field, depth)
    if field.kind is FieldKind.AUDIENCE:
        return _in_audience(reading, path, given, field)
    if field.kind is FieldKind.INTEREST:
        return _interested(reading, path, given, field)
    return read_compare(reading, path, given, field, COMPARABLE)


def _key(reading: Reading, found: Mapping[str, object], stem: str | None) -> str:
    key = found.get("key")
    if "key" not in found:
        return ""
    if not isinstance(key, str) or not KEY.fullmatch(key):
        reading.problems.add(("key",), f"{said(key)} is no key: {KEY_SAID}")
        return ""
    if stem is not None and key != stem:
        reading.problems.add(
            ("key",), f"{said(key)} is not the name of the file, {said(stem)}: they must be the same"
        )
    return key


def _include(reading: Reading, given: object) -> Include:
    found = mapping(reading, ("include",), given, ("anonymous", "control_group", "consent")) or {}
    flags = {
        name: flag(reading, ("include", name), found.get(name, False)) for name in ("anonymous", "control_group")
    }
    channels = found.get("consent", [])
    if not isinstance(channels, list):
        reading.problems.add(("include", "consent"), f"expected a list of channels, found {said(channels)}")
        channels = []
    for place, one in enumerate(channels):
        word(reading, ("include", "consent", place), one, ConsentChannel, "a channel")
    wanted = tuple(str(one) for one in ConsentChannel if str(one) in channels)
    return Include(flags["anonymous"], flags["control_group"], wanted)


def _membership(reading: Reading, given: object) -> Membership:
    found = mapping(reading, ("membership",), given, ("type", "min_days", "exit_lag_days")) or {}
    kind = word(reading, ("membership", "type"), found.get("type", "dynamic"), MembershipType, "a membership")
    waits = [
        whole(reading, ("membership", name), found.get(name, 0), 0, MOST_DAYS) or 0
        for name in ("min_days", "exit_lag_days")
    ]
    return Membership(MembershipType(kind or "dynamic"), *waits)


def _in_audience(reading: Reading, path: Path, given: dict[str, object], field: Field) -> InAudience | None:
    found = mapping(reading, path, given, ("field", "operator", "value", "timeframe"), ("value",))
    operator = None if found is None else read_operator(reading, path, found, field)
    if found is None or operator is None or "value" not in found:
        return None
    value = found["value"]
    keys = value if isinstance(value, list) else [value]
    for place, key in enumerate(keys):
        if not isinstance(key, str) or not REFERENCE.fullmatch(key):
            where = (*path, "value", place) if isinstance(value, list) else (*path, "value")
            reading.problems.add(where, f"{said(key)} names no audience: write key or key@version")
    if not keys:
        reading.problems.add((*path, "value"), "name at least one audience")
    was_in = operator is Operator.WAS_IN
    if was_in != ("timeframe" in found):
        need = "wasIn needs a timeframe" if was_in else f"{operator} takes no timeframe; wasIn does"
        reading.problems.add(path, need)
    timeframe = read_timeframe(reading, (*path, "timeframe"), found["timeframe"]) if "timeframe" in found else None
    return InAudience(operator, tuple(sorted({key for key in keys if isinstance(key, str)})), timeframe)


def _interested(reading: Reading, path: Path, given: dict[str, object], field: Field) -> Interested | None:
    found = mapping(reading, path, given, ("field", "operator", "value", "minimum"), ("value", "minimum"))
    if found is None:
        return None
    read_operator(reading, path, found, field)
    where = (*path, "value")
    products = mapping(reading, where, found.get("value", {}), ("products", "categories", "text")) or {}
    if "products" in products or "text" in products:
        reading.problems.add(where, LATER)
    categories = products.get("categories", [])
    if not isinstance(categories, list) or not categories or not all(isinstance(one, str) for one in categories):
        reading.problems.add((*where, "categories"), "expected a list of at least one category")
        categories = []
    minimum = number(reading, (*path, "minimum"), found["minimum"]) if "minimum" in found else None
    if minimum is not None and not 0 <= minimum <= 1:
        reading.problems.add((*path, "minimum"), f"expected a score from 0 to 1, found {said(found['minimum'])}")
    return None if minimum is None else Interested(tuple(sorted({str(one) for one in categories})), minimum)
