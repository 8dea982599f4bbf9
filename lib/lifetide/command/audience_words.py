"""Counts, changes and verdicts of audiences in a person's words, as Markdown, as JSON, as notes of a pull request."""

from __future__ import annotations

import re
from typing import Any

from lifetide.audiences import Group
from lifetide.audiences.judging import Finding
from lifetide.audiences.problems import path_text
from lifetide.audiences.sentence import said, sentence, universe_sentence
from lifetide.audiences.timeframes import Bounds
from lifetide.pipelines.comparing import Change, Side
from lifetide.pipelines.person import Told

NAMES = ("order_id", "product_id", "category", "query", "page", "campaign", "event_type")
"""Fields of an element that are told as evidence, where it has them."""


def share(part: int, whole: int) -> str:
    """A part of a whole in percent."""
    return f"{part / whole:.1%}" if whole else "-"


def verdict_text(told: Told) -> str:
    """Whether a customer is a member, and for each part of the rule what was seen."""
    verdict = told.verdict
    state = "is in" if verdict.is_member else "is not in"
    lines = [
        f"Customer {told.customer_id} {state} {told.audience.key} ({told.audience.name}) on {told.as_of}",
        "",
        f"  {_mark(verdict.is_in_universe)} {universe_sentence(told.audience.include)}",
        *_finding(verdict.rule, 1),
    ]
    return "\n".join(lines)


def verdict_json(told: Told) -> dict[str, Any]:
    """The same for `--json`."""
    return {
        "customer_id": told.customer_id,
        "audience": told.audience.key,
        "as_of": told.as_of,
        "is_member": told.verdict.is_member,
        "is_in_universe": told.verdict.is_in_universe,
        "sentence": sentence(told.audience),
        "rule": _finding_json(told.verdict.rule),
    }


def _mark(holds: bool) -> str:  # noqa: FBT001 - one word for a mark
    return "✓" if holds else "✗"


def _finding(finding: Finding, depth: int) -> list[str]:
    indent = "  " * depth
    if isinstance(finding.node, Group):
        how = "all of" if finding.node.combinator == "and" else "any of"
        head = f"{indent}{_mark(finding.holds)} {'not ' if finding.node.negated else ''}{how}"
        return [head, *(line for part in finding.parts for line in _finding(part, depth + 1))]
    text = f"{indent}{_mark(finding.holds)} {said(finding.node)}; seen: {_seen(finding.seen)}"
    if finding.line is not None:
        text += f"; the line lies at {finding.line:,.10g}"
    if finding.window is not None and finding.window != (None, None):
        text += f"; window {_window(finding.window)}"
    return [text, *(f"{indent}    {_evidence(one)}" for one in _evidence_of(finding))]


def _evidence_of(finding: Finding) -> list[dict[str, Any]]:
    found = []
    for one in finding.evidence:
        named = {name: value for name in NAMES if (value := one.fields.get(name)) is not None}
        found.append({"date": one.day, **named})
    return found


def _evidence(one: dict[str, Any]) -> str:
    named = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in one.items() if name != "date")
    return f"{one['date']}" + (f": {named}" if named else "")


def _seen(value: object) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, tuple):
        return ", ".join(str(one) for one in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,.10g}" if isinstance(value, float) else str(value)


def _window(window: Bounds) -> str:
    first, last = window
    return f"{first or 'the beginning'} to {last or 'the end'}"


def _finding_json(finding: Finding) -> dict[str, Any]:
    told: dict[str, Any] = {"path": path_text(finding.path), "holds": finding.holds}
    if isinstance(finding.node, Group):
        return told | {"parts": [_finding_json(part) for part in finding.parts]}
    window = None if finding.window is None else list(finding.window)
    return told | {
        "sentence": said(finding.node), "seen": finding.seen, "line": finding.line, "window": window,
        "evidence": _evidence_of(finding),
    }  # fmt: skip


def changes_text(found: list[Change]) -> str:
    """Every change with its rule, its members and what they are worth."""
    return "\n\n".join(_change_text(one) for one in found) or "No audience differs."


KINDS = {"added": "added", "removed": "removed", "changed": "changed", "moved": "moved by an audience that it names"}


def _difference(one: Change) -> list[str]:
    """The rule in words before and after, where they differ, and the lines of the definition."""
    if not one.text:
        return []
    said = [f"{mark} {words}" for mark, words in (("-", one.base_said), ("+", one.head_said)) if words]
    return [*(said if one.base_said != one.head_said else []), *one.text.splitlines()]


def _change_text(one: Change) -> str:
    lines = [f"{one.key}: {KINDS[one.kind]}", *(f"    {line}" for line in _difference(one))]
    before, after = _count(one.base), _count(one.head)
    moved = "" if one.shift is None else f" ({one.shift:.1%} of those before)"
    lines.append(f"  members  {before} → {after}; {one.entered:,} enter, {one.left:,} leave{moved}")
    for name, attribute in (("orders", "orders"), ("net revenue", "net_revenue"), ("lost", "lost_share")):
        lines.append(f"  {name:<12} per member {_figure(one.base, attribute)} → {_figure(one.head, attribute)}")
    return "\n".join(lines)


def changes_markdown(found: list[Change], day: object, limit: float | None) -> str:
    """The changes as a comment on a pull request."""
    lines = [f"### Audiences on the snapshot of {day}", ""]
    if not found:
        return "\n".join([*lines, "No audience differs."])
    lines += ["| audience | | members | enter | leave | shift | net revenue per member | lost |",
              "|---|---|---|---|---|---|---|---|"]  # fmt: skip
    for one in found:
        shift = "" if one.shift is None else f"{one.shift:.1%}"
        if limit is not None and one.shift is not None and one.shift > limit:
            shift = f"**{shift}**"
        lines.append(
            f"| `{one.key}` | {KINDS[one.kind]} | {_count(one.base)} → {_count(one.head)} "
            f"| {one.entered:,} | {one.left:,} | {shift} "
            f"| {_figure(one.base, 'net_revenue')} → {_figure(one.head, 'net_revenue')} "
            f"| {_figure(one.base, 'lost_share')} → {_figure(one.head, 'lost_share')} |"
        )
    for one in found:
        if one.text:
            fence = "`" * max(3, 1 + max(map(len, re.findall("`+", one.text)), default=0))
            lines += ["", f"<details><summary><code>{one.key}</code></summary>", "", f"{fence}diff",
                      *_difference(one), fence, "", "</details>"]  # fmt: skip
    return "\n".join(lines)


def changes_json(found: list[Change]) -> list[dict[str, Any]]:
    """The changes for `--json`."""
    return [
        {
            "audience": one.key, "kind": one.kind, "entered": one.entered, "left": one.left, "shift": one.shift,
            "base": None if one.base is None else one.base.__dict__,
            "head": None if one.head is None else one.head.__dict__, "base_said": one.base_said,
            "head_said": one.head_said, "diff": one.text,
        }
        for one in found
    ]  # fmt: skip


def _count(side: Side | None) -> str:
    return "none" if side is None else f"{side.members:,}"


def _figure(side: Side | None, attribute: str) -> str:
    value = None if side is None else getattr(side, attribute)
    if value is None:
        return "-"
    return f"{value:.1%}" if attribute == "lost_share" else f"{value:,.2f}"
