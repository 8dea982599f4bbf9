"""The document of an audience as people write it: what says the default is left out."""

from __future__ import annotations

from lifetide.audiences.tree import Audience, Include, Membership
from lifetide.audiences.writing import Plain, document

DEFAULTS: Plain = {
    "not": False, "valueSource": "value", "scale": 1, "ignore_case": False, "nulls": "include", "vacuous": False,
}  # fmt: skip


def brief(audience: Audience) -> Plain:
    """The document without what says the default; `parse(brief(a)) == a`."""
    found = document(audience)
    if audience.include == Include():
        found.pop("include")
    if audience.membership == Membership():
        found.pop("membership")
    return {**found, "rule": bare(found["rule"])}


def bare(rule: object) -> object:
    """A plain rule, or a part of one, without what says the default."""
    if isinstance(rule, list):
        return [bare(one) for one in rule]
    if not isinstance(rule, dict):
        return rule
    kept = {key: bare(value) for key, value in rule.items() if key not in DEFAULTS or value != DEFAULTS[key]}
    return {key: value for key, value in kept.items() if not (key == "value" and _says_nothing(value))}


def _says_nothing(value: object) -> bool:
    return value is None or (isinstance(value, dict) and value.get("rules") == [])
