"""`lifetide diff`: what a change of definitions would do to the members, on a published snapshot."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from pyspark.sql import Column
from pyspark.sql import functions as F

from lifetide.audiences import Audience, Group, Node, rule_hash
from lifetide.audiences.memberships import MEMBER
from lifetide.audiences.sentence import sentence
from lifetide.audiences.together import references
from lifetide.audiences.tree import InAudience
from lifetide.counting import count_where
from lifetide.pipelines.audiences import evaluate, snapshot_on
from lifetide.pipelines.context import Context
from lifetide.pipelines.definitions import definition_text
from lifetide.pipelines.frozen import with_frozen
from lifetide.storage import rows

BASE, HEAD = "base ", "head "


@dataclass(frozen=True)
class Side:
    """Members, and means of theirs; None = no member or unknown."""

    members: int
    orders: float | None
    net_revenue: float | None
    lost_share: float | None


@dataclass(frozen=True)
class Change:
    """One audience: added, removed, changed, or moved (by an audience that it names).

    `shift` = (entered + left) ÷ members before; None where there was no audience or nobody in it. `base_said` and
    `head_said` = the rule as a sentence, None where there is none.
    """

    key: str
    kind: str
    text: str
    base: Side | None
    head: Side | None
    entered: int
    left: int
    base_said: str | None = None
    head_said: str | None = None

    @property
    def shift(self) -> float | None:
        """Share of the members before that the change moves in or out."""
        if self.base is None or not self.base.members:
            return None
        return (self.entered + self.left) / self.base.members


def changes(
    context: Context, base: Mapping[str, Audience], head: Mapping[str, Audience], as_of: date | None
) -> tuple[date, list[Change]]:
    """Every audience whose members may differ; both states are evaluated in one pass over each table."""
    day, _ = snapshot_on(context, as_of)
    kinds = changed_kinds(base, head)
    if not kinds:
        return day, []
    before, after = (with_frozen(context.store, state, day) for state in (base, head))
    states = {**renamed(before, BASE), **renamed(after, HEAD)}
    asked = {name: one for name, one in states.items() if name[len(BASE) :] in kinds}
    found = evaluate(context, asked, states, day)
    told = found.profiles.select("customer_id", "order_count", "ltv_historic", "lifecycle_group")
    counts = found.rows.join(told, "customer_id").agg(*_figures(asked, kinds))
    seen = rows(counts, at_most=1)[0].asDict()
    return day, [_change(key, kind, base, head, seen) for key, kind in kinds.items()]


def changed_kinds(base: Mapping[str, Audience], head: Mapping[str, Audience]) -> dict[str, str]:
    """What happened to each audience that is not the same, in the order of keys."""
    found = {key: "removed" for key in base if key not in head}
    found |= {key: "added" for key in head if key not in base}
    found |= {key: "changed" for key in base if key in head and rule_hash(base[key]) != rule_hash(head[key])}
    while moved := {
        key: "moved"
        for key in head
        if key not in found and any(one.split("@")[0] in found for one in references(head[key]))
    }:
        found |= moved
    return dict(sorted(found.items()))


def renamed(audiences: Mapping[str, Audience], prefix: str) -> dict[str, Audience]:
    """The audiences under other names, naming one another by them; published versions keep theirs."""

    def inside(node: Node) -> Node:
        if isinstance(node, Group):
            return replace(node, rules=tuple(inside(rule) for rule in node.rules))
        if isinstance(node, InAudience) and node.timeframe is None:
            names = tuple(one if "@" in one else prefix + one for one in node.audiences)
            return replace(node, audiences=names)
        return node

    found = {}
    for key, audience in audiences.items():
        rule = inside(audience.rule)
        assert isinstance(rule, Group)
        found[prefix + key] = replace(audience, rule=rule)
    return found


def _figures(asked: Mapping[str, Audience], kinds: Mapping[str, str]) -> list[Column]:
    found = []
    for name in asked:
        is_in = F.col(f"`{MEMBER}{name}`")
        found.append(count_where(is_in).alias(f"{name} members"))
        found.append(F.avg(F.when(is_in, F.col("order_count"))).cast("double").alias(f"{name} orders"))
        found.append(F.avg(F.when(is_in, F.col("ltv_historic"))).cast("double").alias(f"{name} net_revenue"))
        lost = F.avg(F.when(is_in, (F.col("lifecycle_group") == "lost").cast("int")))
        found.append(lost.cast("double").alias(f"{name} lost_share"))
    for key in kinds:
        before, after = (
            F.col(f"`{MEMBER}{prefix}{key}`") if prefix + key in asked else F.lit(False) for prefix in (BASE, HEAD)
        )
        found += [
            count_where(after & ~before).alias(f"{key} entered"),
            count_where(before & ~after).alias(f"{key} left"),
        ]
    return found


def _change(
    key: str, kind: str, base: Mapping[str, Audience], head: Mapping[str, Audience], seen: Mapping[str, float]
) -> Change:
    sides = []
    for prefix, state in ((BASE, base), (HEAD, head)):
        at = {name: seen.get(f"{prefix}{key} {name}") for name in ("orders", "net_revenue", "lost_share")}
        sides.append(Side(int(seen[f"{prefix}{key} members"]), **at) if key in state else None)
    text = text_diff(base.get(key), head.get(key))
    entered, left = (int(seen[f"{key} {name}"]) for name in ("entered", "left"))
    said = [sentence(state[key]) if key in state else None for state in (base, head)]
    return Change(key, kind, text, sides[0], sides[1], entered, left, said[0], said[1])


def text_diff(before: Audience | None, after: Audience | None) -> str:
    """The lines of both definitions, every default said, as a unified diff."""
    sides = ["" if one is None else definition_text(one) for one in (before, after)]
    lines = difflib.unified_diff(sides[0].splitlines(), sides[1].splitlines(), "base", "head", lineterm="", n=2)
    return "\n".join(list(lines)[2:])
