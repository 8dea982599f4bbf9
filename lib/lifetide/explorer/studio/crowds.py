"""What a set of customers is like: the report's facts, for everyone and for an audience alike."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from lifetide.explorer.facts import (
    ZERO,
    Bin,
    GroupFacts,
    ReportFacts,
    SegmentFacts,
)
from lifetide.explorer.flow_facts import Flow, whole_before
from lifetide.explorer.growth_facts import active_then
from lifetide.explorer.studio.bits import Words, size
from lifetide.explorer.studio.engine import Engine
from lifetide.explorer.studio.history import History
from lifetide.explorer.studio.past import GROUPS, Past
from lifetide.explorer.studio.session import Session, Told
from lifetide.explorer.studio.shop import Shop
from lifetide.vocabulary import CustomerStage, LifecycleGroup, RfmSegment, Word

PREDICTED = "ltv_predicted_365d"
EVERYONE = "Everyone"
KINDS = ("lifecycle_group", "importance", "loyalty", "buying_frequency", "price_sensitivity")


@dataclass(frozen=True)
class Crowd:
    """A set of customers with its figures. `potential` = predicted value by group; None where nothing predicts."""

    name: str
    members: Words
    stats: Told
    facts: ReportFacts
    stages: dict[CustomerStage, int] = field(default_factory=dict)
    potential: dict[LifecycleGroup, Decimal] | None = None
    overdue: tuple[Bin, ...] = ()
    segments_then: dict[RfmSegment, tuple[int, int]] | None = None

    @property
    def customers(self) -> int:
        return int(self.stats["n"])


@dataclass(frozen=True)
class Category:
    """One class of a kind: its figures among the members, and how many of everyone are in it."""

    kind: str
    word: str
    stats: Told
    everyone: int


@dataclass(frozen=True)
class Crowds:
    """Makes crowds of one session."""

    session: Session
    shop: Shop
    as_of: date

    @property
    def engine(self) -> Engine:
        return self.session.engine

    def everyone(self) -> Crowd:
        """The universe of the audience on the desk."""
        return self.crowd(EVERYONE, self.session.figures.universe)

    def crowd(self, name: str, members: Words) -> Crowd:
        """Counts and sums from the profiles."""
        stats = self.session.figures.stats(members)
        facts = ReportFacts(
            self.shop.name, self.shop.currency, self.as_of, groups=self._groups(members),
            segments=self._segments(members), playbook=self.shop.playbook,
        )  # fmt: skip
        return Crowd(
            name, members, stats, facts, stages=self._stages(members), potential=self._potential(members)
        )  # fmt: skip

    def _with(self, field_: str, word: Word, members: Words) -> tuple[Words, int]:
        here = members & self.engine.with_word(field_, str(word))
        return here, size(here)

    def _amount(self, name: str, here: Words, count: int) -> Decimal:
        return self.engine.amount(name, here, count) if name in self.engine.source.names else ZERO

    def _groups(self, members: Words) -> tuple[GroupFacts, ...]:
        made = []
        for group in LifecycleGroup:
            here, count = self._with("lifecycle_group", group, members)
            money = (self._amount(name, here, count) for name in ("ltv_historic", "annual_revenue"))
            made.append(GroupFacts(group, count, *money))
        return tuple(made)

    def _segments(self, members: Words) -> tuple[SegmentFacts, ...]:
        if "rfm_segment" not in self.engine.source.names:
            return ()
        made = []
        for segment in RfmSegment:
            here, count = self._with("rfm_segment", segment, members)
            made.append(SegmentFacts(segment, count, self._amount("ltv_historic", here, count)))
        return tuple(made)

    def _stages(self, members: Words) -> dict[CustomerStage, int]:
        if "customer_stage" not in self.engine.source.names:
            return {}
        return {stage: self._with("customer_stage", stage, members)[1] for stage in CustomerStage}

    def _potential(self, members: Words) -> dict[LifecycleGroup, Decimal] | None:
        if PREDICTED not in self.engine.source.names:
            return None
        found = {}
        for group in LifecycleGroup:
            here, count = self._with("lifecycle_group", group, members)
            found[group] = self.engine.amount(PREDICTED, here, count)
        return found

    def categories(self, crowd: Crowd) -> list[Category]:
        """The figures of each class of each kind with anybody in it."""
        figures, found = self.session.figures, []
        for kind in (one for one in KINDS if one in self.engine.source.names):
            for word in self.engine.labels(kind):
                everyone = figures.universe & self.engine.with_word(kind, word)
                count = size(everyone)
                if count:
                    found.append(Category(kind, word, figures.stats(crowd.members & everyone), count))
        return found

    # With history

    def with_growth(self, crowd: Crowd, history: History) -> Crowd:
        """The base over time, and active customers on earlier days."""
        growth = history.past.growth(crowd.members) if history.has("past") else history.growth
        facts = replace(crowd.facts, growth=growth, active_then=active_then(growth, self.as_of))
        return replace(crowd, facts=facts)

    def with_flows(self, crowd: Crowd, history: History) -> Crowd:
        """Lifecycle flows of the newest whole month."""
        return replace(crowd, facts=replace(crowd.facts, flows=_flows(history.past, crowd.members, self.as_of)))

    def with_rhythm(self, crowd: Crowd, history: History) -> Crowd:
        """Gaps, intervals, overdue ratios."""
        rhythm, overdue = history.rhythms.facts(crowd.members)
        return replace(crowd, facts=replace(crowd.facts, rhythm=rhythm), overdue=overdue)

    def with_moves(self, crowd: Crowd, history: History) -> Crowd:
        """Who came into each segment and who left it since the earlier snapshot, if there is one."""
        return replace(crowd, segments_then=history.segment_moves(crowd.members))


def _flows(past: Past, members: Words, as_of: date) -> tuple[Flow, ...]:
    """The month's ways of a set, without money: who stood where on its eve and at its end."""
    end = whole_before(as_of)
    last = end - timedelta(days=1)
    first = last.replace(day=1)
    counts = past.moved(past.stood(first - timedelta(days=1)), past.stood(last), members)
    flows = []
    for start, row in enumerate(counts.tolist()):
        for stop, count in enumerate(row):
            if count and stop:
                share, stays = count / sum(row[1:]), start == stop
                days = (end - first).days / (1 - share) if stays and share < 1 else None
                from_value = GROUPS[start - 1] if start else None
                flows.append(Flow(first, "lifecycle", from_value, GROUPS[stop - 1], count, share, expected_days=days))
    return tuple(flows)
