"""What the builder holds while an audience is composed: plain groups and rules, each with an id.

A draft may hold rules that are switched off (`muted`) or ask nothing yet; they are left out of the tree. What is in
the tree is read by the language's own reader, so the studio knows no rules of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lifetide.audiences.conditions import read_compare
from lifetide.audiences.fields import Field
from lifetide.audiences.mappings import Reading
from lifetide.audiences.reading import read_rule
from lifetide.audiences.tree import Group, Node
from lifetide.audiences.words import PAIRS, Combinator, FieldKind

Draft = Mapping[str, Any]

OWN_KEYS = frozenset({"id", "muted"})
BEHAVIOUR = ("match", "aggregate", "sequence", "firstTime")
UNCOLUMNED = (FieldKind.COLLECTION, FieldKind.AUDIENCE, FieldKind.INTEREST)
EMPTY: Draft = {"id": "root", "combinator": "and", "rules": []}


@dataclass
class Reader:
    """Reads drafts against a catalogue of fields; a rule that was read before is not read again."""

    fields: Mapping[str, Field]
    _read: dict[str, tuple[Node | None, str]] = field(default_factory=dict)

    def tree(self, draft: Draft, without: str | None = None) -> Group:
        """The typed tree of a draft, as if the node of the id `without` were not there."""
        return self._group(draft, without) or Group()

    def rule(self, rule: Draft) -> Node | None:
        """One rule or group, muted or not; None where it asks nothing, or is wrong."""
        if "rules" in rule:
            return self._group({**rule, "muted": False}, None)
        return self._of(rule)[0]

    def problem(self, rule: Draft) -> str:
        """What is wrong with a rule, in words; empty where nothing is."""
        return "" if "rules" in rule or is_unfinished(rule) else self._of(rule)[1]

    def _group(self, draft: Draft, without: str | None) -> Group | None:
        """None for a group that has nothing to say."""
        nodes: list[Node] = []
        for one in draft["rules"]:
            if one.get("muted") or (without is not None and one.get("id") == without):
                continue
            node = self._group(one, without) if "rules" in one else self._of(one)[0]
            if node is not None:
                nodes.append(node)
        if not nodes:
            return None
        return Group(tuple(nodes), Combinator(draft.get("combinator", "and")), bool(draft.get("not")))

    def _of(self, rule: Draft) -> tuple[Node | None, str]:
        if is_unfinished(rule):
            return None, ""
        bare = {key: value for key, value in rule.items() if key not in OWN_KEYS}
        text = json.dumps(bare, sort_keys=True, default=str)
        if text not in self._read:
            self._read[text] = self._anew(bare)
        return self._read[text]

    def _anew(self, rule: Draft) -> tuple[Node | None, str]:
        reading = Reading()
        known = self.fields.get(str(rule.get("field")))
        if known is None or known.kind in UNCOLUMNED:
            node = read_rule(reading, (), dict(rule), 1)
        else:
            node = read_compare(reading, (), dict(rule), known, self.fields)
        wrong = "; ".join(one.message for one in reading.problems.found)
        return (None if wrong else node), wrong


def is_unfinished(rule: Draft) -> bool:
    """True for a rule that asks nothing yet."""
    if any(key in rule for key in BEHAVIOUR) or rule.get("operator") in ("null", "notNull"):
        return False
    value = rule.get("value")
    if value is None or value == "":
        return True
    if not isinstance(value, list):
        return False
    return not value or (rule.get("operator") in PAIRS and None in value)


def rules_of(draft: Draft) -> Iterator[Draft]:
    """Every rule and group below the outermost, depth first."""
    for one in draft["rules"]:
        yield one
        if "rules" in one:
            yield from rules_of(one)


def with_ids(draft: Draft, prefix: str = "root") -> dict[str, Any]:
    """The same draft with an id on each node that has none; ids tell the place."""
    made = {"id": prefix, **draft}
    if "rules" in draft:
        made["rules"] = [with_ids(one, f"{prefix}-{place}") for place, one in enumerate(draft["rules"])]
    return made
