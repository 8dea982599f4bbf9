"""An audience under way: the draft, its history, and every change that can be made to it. No widget is needed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lifetide.audiences import Audience, plain
from lifetide.audiences.brief import bare
from lifetide.audiences.tree import Group, Include, Membership
from lifetide.explorer.studio.bits import Words, size
from lifetide.explorer.studio.drafts import EMPTY, Draft, Reader, rules_of, with_ids
from lifetide.explorer.studio.elsewhere import Elsewhere
from lifetide.explorer.studio.engine import Engine
from lifetide.explorer.studio.exact import Exact, Question
from lifetide.explorer.studio.figures import MOST_WORDS, Figures
from lifetide.explorer.studio.offered import Offer, words_told
from lifetide.explorer.studio.sampling import scaled, wilson
from lifetide.explorer.studio.saying import sentence_of

Told = dict[str, Any]


@dataclass(frozen=True)
class Standing:
    """What is known of an audience besides its rules."""

    key: str = ""
    name: str = ""
    owner: str | None = None
    include: Include = field(default_factory=Include)
    membership: Membership = field(default_factory=Membership)


class Session:
    """The draft on the desk and what can be said of it."""

    def __init__(self, engine: Engine, reader: Reader, offers: list[Offer], symbol: str) -> None:
        self.engine, self.reader, self.symbol = engine, reader, symbol
        self.offers = {one.field.name: one for one in offers}
        self.standing = Standing()
        self.draft: Draft = EMPTY
        self.factor = float(getattr(engine.source, "factor", 1.0))
        self.elsewhere = Elsewhere(None)
        self.exact: Exact | None = None
        self.beside: Callable[[Group], tuple[tuple[str, Audience], ...]] = lambda _: ()
        self._figures: dict[Include, Figures] = {}

    @property
    def figures(self) -> Figures:
        """Figures against the universe of this audience."""
        return self.figures_of(self.standing.include)

    def figures_of(self, include: Include) -> Figures:
        """Figures against another universe."""
        if include not in self._figures:
            self._figures[include] = Figures(self.engine, self.reader, self.offers, include)
        return self._figures[include]

    def take(self, audience: Audience) -> None:
        """Puts a definition on the desk."""
        self.standing = Standing(
            audience.key, audience.name, audience.owner, audience.include, audience.membership
        )  # fmt: skip
        self.draft = with_ids(_as_draft(audience.rule))

    def clear(self) -> None:
        """Everyone, without a name."""
        self.standing, self.draft = Standing(), EMPTY

    def rename(self, name: str) -> None:
        self.standing = replace(self.standing, name=name)

    def named(self, audience: Audience) -> None:
        """Takes over the key and the name that a saved definition has."""
        self.standing = replace(self.standing, key=audience.key, name=audience.name)

    def audience(self, key: str = "", name: str = "") -> Audience:
        """The definition on the desk; rules that are switched off, unfinished or wrong are not in it."""
        at = self.standing
        tree = self.reader.tree(self.draft)
        key, name = key or at.key or "unnamed", name or at.name or "Unnamed audience"
        return Audience(key, name, tree, at.owner, at.include, at.membership)

    def problems(self) -> list[str]:
        """What is wrong with rules of the draft; they are left out of the count, so this has to be said."""
        found = []
        for one in rules_of(self.draft):
            problem = self.reader.problem(one)
            if problem:
                found.append(f"{self.label(str(one.get('field')))}: {problem}")
        return found

    def label(self, field: str) -> str:
        return self.offers[field].label if field in self.offers else field

    def count(self, draft: Draft, clock: Callable[[], float] = time.perf_counter) -> tuple[Told, Words]:
        """The count of a draft and who they are: exact, or a sample's until everybody is counted."""
        self.draft = draft
        begun = clock()
        self.elsewhere.missed = []
        members = self.figures.members(draft)
        count, waits = size(members), self.elsewhere.waits_for(self.elsewhere.missed)
        told: Told = {"n": count, "of": self.figures.total, "ms": (clock() - begun) * 1e3}
        if self.factor != 1:
            everyone = round(self.figures.total * self.factor)
            told |= {"interval": list(wilson(count, self.figures.total, everyone)), "of": everyone}
            told = scaled(told, self.factor) | self._exactly()
        return told | ({"wait": waits} if waits else {}), members

    def question(self) -> Question:
        """What would have to be counted to say exactly how many are in the draft."""
        rule = self.reader.tree(self.draft)
        return Question(rule, self.standing.include, self.beside(rule))

    def _exactly(self) -> Told:
        return {} if self.exact is None else dict(self.exact.of(self.question()))

    def everyone(self) -> Told:
        """The figures of the universe."""
        return scaled(self.figures.everyone(), self.factor)

    def details(self, draft: Draft, members: Words) -> Iterator[Told]:
        """Everything else that is shown, in steps."""
        for step in self.figures.steps(draft, members):
            for rule_id, told in step.get("rules", {}).items():
                said = self.said(draft, rule_id)
                if said:
                    told["said"] = said
            yield scaled(step, self.factor)
        yield {"words": sentence_of(self.reader.tree(draft), self.offers, self.symbol)}

    def said(self, draft: Draft, rule_id: str) -> str:
        """The words of a rule, for one that has no control."""
        rule = next((one for one in rules_of(draft) if one.get("id") == rule_id), None)
        node = None if rule is None else self.reader.rule(rule)
        return "" if node is None else sentence_of(Group((node,)), self.offers, self.symbol, is_whole=False)

    def base(self, name: str) -> Told | None:
        """What a control draws with; None for a field that has nothing to draw."""
        offer = self.offers.get(name)
        if offer is None or name not in self.engine.source.names:
            return None
        base = scaled(self.figures.base(name), self.factor)
        if "labels" in base:
            words = words_told(offer.field, base.pop("labels"))
            commonest = sorted(words, key=lambda one: -base["all"][one["place"]])[:MOST_WORDS]
            base["words"] = words if len(words) <= MOST_WORDS else commonest
        return base


def sign_of(told: Told) -> str:
    """What stands before a count: a sign where a sample answers for everybody."""
    return "≈ " if "interval" in told and "exact" not in told else ""


def _as_draft(node: Group) -> Mapping[str, Any]:
    """A tree as the builder holds it: defaults are left out."""
    draft = bare(plain(node))
    assert isinstance(draft, dict)
    return draft
