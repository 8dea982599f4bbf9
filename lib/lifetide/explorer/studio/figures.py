"""What is said of an audience beside its count, step by step, so that a newer question need not wait for the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import sqrt
from typing import Any

from lifetide.audiences.tree import Include
from lifetide.explorer.studio.bits import Words, size
from lifetide.explorer.studio.drafts import Draft, Reader, rules_of
from lifetide.explorer.studio.engine import Engine
from lifetide.explorer.studio.labels import CLASSES, CONSENT, PROFILE
from lifetide.explorer.studio.offered import OWN, Offer, label_of

Told = dict[str, Any]

MOST_WORDS = 2_000  # words of a field that are offered, and counted at each click
MOST_TRAIT_WORDS = 24
LEAST_SHARE, LEAST_LIFT, SURE = 0.03, 1.15, 3.0
TRAITS = 6
TELLING = (CLASSES, CONSENT, PROFILE, OWN)


@dataclass(frozen=True)
class Measure:
    """A figure per customer: Σ of a column ÷ the customers of whom it is known, or ÷ Σ of another column."""

    name: str
    label: str
    kind: str
    top: str
    per: str | None = None


MEASURES = (
    Measure("ltv", "Lifetime value", "money", "ltv_total"),
    Measure("ltv", "Value so far", "money", "ltv_historic"),
    Measure("predicted", "Predicted, next year", "money", "ltv_predicted_365d"),
    Measure("orders", "Average orders", "number", "order_count"),
    Measure("basket", "Average basket", "money", "order_value_sum", "order_count"),
    Measure("basket", "Value of an order", "money", "ltv_historic", "order_count"),
    Measure("annual_orders", "Orders in a year", "number", "annual_orders"),
    Measure("annual_revenue", "Revenue in a year", "money", "annual_revenue"),
)


@dataclass
class Figures:
    """Works out the details of a draft; `everyone` is the universe of the audience."""

    engine: Engine
    reader: Reader
    offers: dict[str, Offer]
    include: Include = field(default_factory=Include)

    def __post_init__(self) -> None:
        self.universe = self.engine.universe(self.include)
        self.total = size(self.universe)
        self._everyone: Told | None = None
        self._facets: dict[str, list[int]] = {}

    @property
    def measures(self) -> list[Measure]:
        """The measures that the columns can answer, the first of each name."""
        found: dict[str, Measure] = {}
        for one in MEASURES:
            if {one.top, one.per or one.top} <= set(self.engine.source.names):
                found.setdefault(one.name, one)
        return list(found.values())

    def members(self, draft: Draft, without: str | None = None) -> Words:
        """Who is in the audience, or would be without one rule."""
        return self.engine.members(self.reader.tree(draft, without), self.universe)

    def everyone(self) -> Told:
        """The figures of the universe."""
        if self._everyone is None:
            self._everyone = self.stats(self.universe)
        return self._everyone

    def stats(self, members: Words) -> Told:
        """Count, measures, classes."""
        count = size(members)
        told: Told = {"n": count}
        for one in self.measures:
            told[one.name] = self.mean(one, members, count)
        for name in ("lifecycle_group", "rfm_segment"):
            if name in self.engine.source.names:
                told[name] = self.engine.facets(name, members)
        if "lifecycle_group" in told and count:
            labels = self.engine.labels("lifecycle_group")
            told["lost"] = told["lifecycle_group"][labels.index("lost")] / count if "lost" in labels else None
        return told

    def mean(self, one: Measure, members: Words, count: int) -> float | None:
        """The figure of `members`, of whom there are `count`; None where nothing divides."""
        top = self.engine.total(one.top, members, count)
        per = (
            self.engine.known(one.top, members, count)
            if one.per is None
            else self.engine.total(one.per, members, count)
        )
        return top / per if per else None

    def steps(self, draft: Draft, members: Words) -> Iterator[Told]:
        """Parts of the details, the quickest to be looked at first."""
        yield {"funnel": self._funnel(draft)}
        rules: dict[str, Told] = {}
        for one in rules_of(draft):
            rules[str(one["id"])] = self._rule(draft, one)
            yield {}
        yield {"rules": rules}
        yield {"stats": self.stats(members)}
        traits: list[list[Any]] = []
        for found in self._traits(draft, members):
            traits += found
            yield {}
        yield {"traits": sorted(traits, key=lambda one: -one[3])[:TRAITS]}

    def base(self, name: str) -> Told:
        """What a control needs to draw a field: words or bars, with everyone's counts."""
        offer = self.offers[name]
        if offer.control in ("number", "money", "share", "date"):
            bins = self.engine.bins(name)
            column = self.engine.source.column(name)
            scale = 1.0 if getattr(column, "kind", "") == "double" else 10.0 ** -getattr(column, "scale", 0)
            return {
                "lowest": bins.lowest * scale, "step": bins.step * scale, "count": bins.count,
                "isWhole": scale == 1.0 and getattr(column, "kind", "") != "double",
                "all": self.engine.bars(name, self.universe),
            }  # fmt: skip
        return {"labels": list(self.engine.labels(name)), "all": self._of_everyone(name)}

    def _of_everyone(self, name: str) -> list[int]:
        if name not in self._facets:
            self._facets[name] = self.engine.facets(name, self.universe)
        return self._facets[name]

    def _funnel(self, draft: Draft) -> list[list[Any]]:
        """Customers and value left after each rule of an outermost `and`."""
        if draft.get("combinator", "and") != "and" or draft.get("not"):
            return []
        left, found = self.universe, []
        worth = next((one for one in self.measures if one.name == "ltv"), None)
        for one in draft["rules"]:
            node = None if one.get("muted") else self.reader.rule(one)
            if node is None:
                continue
            left = left & self.engine.met(node, self.universe)
            count = size(left)
            value = self.mean(worth, left, count) if worth and count else None
            found.append([one["id"], count, value])
        return found

    def _rule(self, draft: Draft, rule: Draft) -> Told:
        """A rule alone, and what would be without it; the bars of its control are of those who meet the others."""
        rest = self.members(draft, without=str(rule["id"]))
        node = self.reader.rule(rule)
        own = self.total if node is None else size(self.engine.met(node, self.universe) & self.universe)
        told: Told = {"own": own, "rest": size(rest)}
        problem = self.reader.problem(rule)
        if problem:
            told["problem"] = problem
        offer = self.offers.get(str(rule.get("field")))
        if offer is None or "rules" in rule:
            return told
        if offer.control in ("number", "money", "share", "date"):
            told["facet"] = self.engine.bars(offer.field.name, rest)
        elif self._is_faceted(offer.field.name):
            told["facet"] = self.engine.facets(offer.field.name, rest)
        return told

    def _is_faceted(self, name: str) -> bool:
        return name in self.engine.source.names and len(self.engine.labels(name)) <= MOST_WORDS

    def _traits(self, draft: Draft, members: Words) -> Iterator[list[list[Any]]]:
        """The word of each field that is commonest among the members against everyone, beyond chance."""
        count = size(members)
        if not count or count == self.total:
            return
        used = {str(one.get("field")) for one in rules_of(draft)}
        for name, offer in self.offers.items():
            if name not in used and _is_telling(offer) and 1 < len(self.engine.labels(name)) <= MOST_TRAIT_WORDS:
                yield self._commoner(offer, members, count)

    def _commoner(self, offer: Offer, members: Words, count: int) -> list[list[Any]]:
        """At most one row: field, word, share, share against everyone's, label."""
        name = offer.field.name
        found: list[list[Any]] = []
        facets = self.engine.facets(name, members)
        for label, here, all_ in zip(self.engine.labels(name), facets, self._of_everyone(name), strict=True):
            share, base = here / count, all_ / self.total
            if base and share >= LEAST_SHARE and share / base >= LEAST_LIFT:
                chance = sqrt(base * (1 - base) / count) or 1.0
                if (share - base) / chance > SURE:
                    found.append([name, label, share, share / base, label_of(offer.field, label)])
        return sorted(found, key=lambda one: -one[3])[:1]


def _is_telling(offer: Offer) -> bool:
    """Classes and what is known of people; reasons of classes would say the same twice."""
    is_word = offer.control in ("choice", "ordered", "text")
    return is_word and (offer.group in TELLING or offer.field.name in ("main_category", "regularity"))
