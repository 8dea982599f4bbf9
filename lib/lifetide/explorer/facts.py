"""What a report says, as plain Python values: no Spark, no clock, no person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from lifetide.explorer.audience_facts import AudiencesFacts
from lifetide.explorer.flow_facts import Backtest, Flow, StageMetrics
from lifetide.explorer.growth_facts import ActiveThen as ActiveThen
from lifetide.explorer.growth_facts import GrowthDay as GrowthDay
from lifetide.explorer.playbook import Playbook, playbook
from lifetide.explorer.worth_facts import WorthFacts
from lifetide.vocabulary import LifecycleGroup, ParameterScope, RfmSegment, RfmStage

ZERO = Decimal("0.00")

STAGES: dict[RfmStage, tuple[RfmSegment, ...]] = {
    RfmStage.ACQUIRE: (RfmSegment.ENGAGED_VISITOR, RfmSegment.LOYAL_VISITOR),
    RfmStage.RETAIN: (RfmSegment.FIRST_TIME, RfmSegment.RECENT),
    RfmStage.INCREASE_VALUE: (RfmSegment.PROMISING, RfmSegment.POTENTIAL_LOYALIST),
    RfmStage.CHERISH: (RfmSegment.LOYAL, RfmSegment.CHAMPION),
    RfmStage.REACTIVATE: (
        RfmSegment.CANT_LOSE_THEM,
        RfmSegment.AT_RISK,
        RfmSegment.NEEDS_ATTENTION,
        RfmSegment.ABOUT_TO_SLEEP,
        RfmSegment.HIBERNATING,
        RfmSegment.LOST,
    ),
}


@dataclass(frozen=True)
class GroupFacts:
    """A lifecycle group: its customers and their money (all time, and of the 365 days up to as_of)."""

    group: LifecycleGroup
    customers: int
    net_revenue: Decimal = ZERO
    annual_revenue: Decimal = ZERO


@dataclass(frozen=True)
class SegmentFacts:
    """One of the fourteen segments: its customers and their net revenue of all time."""

    segment: RfmSegment
    customers: int
    net_revenue: Decimal = ZERO


@dataclass(frozen=True)
class Learned:
    """A learned parameter as used: the value, how it came about, and what it rests on."""

    name: str
    value: float
    method: str
    sample_count: int
    lower: float | None = None
    upper: float | None = None
    is_pinned: bool = False


RHYTHM_NAMES = ("population_interval_days", "just_ordered_days", "cut75", "cut95")


def learned_by_name(found: Iterable[Any]) -> dict[str, Learned]:
    """Rows of learned_parameters by name; those of the shop before those of a past build."""
    return {
        row["name"]: Learned(
            row["name"], row["value"], row["method"], row["sample_count"], row["lower"], row["upper"],
            is_pinned=row["is_pinned"],
        )
        for row in sorted(found, key=lambda row: row["scope"] == ParameterScope.SHOP.value)
    }  # fmt: skip


@dataclass(frozen=True)
class Bin:
    """Values from `lower` up to, not with, `upper` (None = and everything above)."""

    lower: float
    upper: float | None
    count: int


@dataclass(frozen=True)
class RhythmExample:
    """What the cuts mean for a third of the returning customers: medians in days."""

    customers: int
    interval_days: float
    slip_after_days: float
    lost_after_days: float


@dataclass(frozen=True)
class RhythmFacts:
    """How customers come back: learned values, two distributions, typical customers."""

    population_interval: Learned | None = None
    just_ordered: Learned | None = None
    cut75: Learned | None = None
    cut95: Learned | None = None
    gap_ratios: tuple[Bin, ...] = ()
    own_intervals: tuple[Bin, ...] = ()
    examples: tuple[RhythmExample, ...] = ()


@dataclass(frozen=True)
class Seller:
    """A category, or a product where the shop names no categories, with its money and units net of returns."""

    name: str
    net_revenue: Decimal
    units: Decimal


@dataclass(frozen=True)
class FailedCheck:
    """A check that did not hold; `observed` carries counts only."""

    name: str
    severity: str
    observed: str
    why: str


@dataclass(frozen=True)
class TableChecks:
    """The gate of one table."""

    table: str
    checks: int
    passed: int
    failed_critical: int = 0
    failed_warnings: int = 0
    failures: tuple[FailedCheck, ...] = ()


@dataclass(frozen=True)
class RunStep:
    """A step of the run that published the tables, and how long it took."""

    name: str
    seconds: float


@dataclass(frozen=True)
class RunFacts:
    """The run that published what the report shows."""

    run_id: str
    published_at: datetime | None = None
    status: str | None = None
    seconds: float | None = None
    steps: tuple[RunStep, ...] = ()


@dataclass(frozen=True)
class OrderFacts:
    """Orders of everybody, guests included; `restated_on` = the later date whose refunds are in the figures."""

    orders: int = 0
    net_revenue: Decimal = ZERO
    voided_orders: int = 0
    returned_money: Decimal = ZERO
    guest_orders: int = 0
    guest_revenue: Decimal = ZERO
    first_date: date | None = None
    last_date: date | None = None
    restated_on: date | None = None


@dataclass(frozen=True)
class ReportFacts:
    """Everything that the report and the page of text say about a shop on a day."""

    shop: str
    currency: str
    as_of: date
    parameters_as_of: date | None = None
    run: RunFacts | None = None
    orders: OrderFacts = OrderFacts()
    groups: tuple[GroupFacts, ...] = ()
    segments: tuple[SegmentFacts, ...] = ()
    growth: tuple[GrowthDay, ...] = ()
    active_then: tuple[ActiveThen, ...] = ()
    rhythm: RhythmFacts = RhythmFacts()
    sellers: tuple[Seller, ...] = ()
    seller_kind: str = "category"
    checks: tuple[TableChecks, ...] = ()
    rejected_rows: int = 0
    rejections: tuple[tuple[str, int], ...] = ()
    row_counts: tuple[tuple[str, int], ...] = ()
    attribution: str | None = None
    flows: tuple[Flow, ...] = ()
    stage_metrics: tuple[StageMetrics, ...] = ()
    backtests: tuple[Backtest, ...] = ()
    worth: WorthFacts = field(default_factory=WorthFacts)
    playbook: Playbook = field(default_factory=playbook)
    audiences: AudiencesFacts = field(default_factory=AudiencesFacts)

    @property
    def customers(self) -> int:
        """Everybody known, prospects included."""
        return sum(group.customers for group in self.groups)

    @property
    def prospects(self) -> int:
        """Known people without a net order."""
        return self.group(LifecycleGroup.PROSPECT).customers

    @property
    def buyers(self) -> int:
        """People with at least one net order."""
        return self.customers - self.prospects

    @property
    def customer_revenue(self) -> Decimal:
        """Net revenue of everybody known; with the guests' it is the shop's."""
        return total(group.net_revenue for group in self.groups)

    @property
    def active_now(self) -> int | None:
        """Active customers on as_of as the growth table counts them; None without any order."""
        return self.growth[-1].active if self.growth else None

    def group(self, group: LifecycleGroup) -> GroupFacts:
        """That lifecycle group, with zeros where nobody is in it."""
        return next((facts for facts in self.groups if facts.group == group), GroupFacts(group, 0))

    def segment(self, segment: RfmSegment) -> SegmentFacts:
        """That segment, with zeros where nobody is in it."""
        return next((facts for facts in self.segments if facts.segment == segment), SegmentFacts(segment, 0))

    def stage(self, stage: RfmStage) -> tuple[SegmentFacts, ...]:
        """The segments of a stage, in the order of the stages' table."""
        return tuple(self.segment(segment) for segment in STAGES[stage])

    @property
    def failed_critical(self) -> int:
        return sum(table.failed_critical for table in self.checks)

    @property
    def failed_warnings(self) -> int:
        return sum(table.failed_warnings for table in self.checks)


def total(amounts: Iterable[Decimal]) -> Decimal:
    """Their sum as money."""
    return sum(amounts, start=ZERO)
