"""Moves between classes in words: which way is worse, what leaks, what comes back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from lifetide.explorer.flow_facts import ZERO, Flow
from lifetide.explorer.names import CUSTOMER_STAGE_CSS, CUSTOMER_STAGE_NAMES, GROUP_CSS, GROUP_NAMES
from lifetide.vocabulary import CustomerStage, LifecycleGroup

NEWCOMERS = "Newcomers"

WORSE: dict[str, int] = {
    **{group.value: 0 for group in (LifecycleGroup.JUST_ORDERED, LifecycleGroup.ACTIVE)},
    LifecycleGroup.SLIPPING_AWAY.value: 1,
    LifecycleGroup.LOST.value: 2,
    **{stage.value: 0 for stage in (CustomerStage.NEW, CustomerStage.REPEAT, CustomerStage.LOYAL)},
    CustomerStage.REACTIVATED.value: 0,
    CustomerStage.AT_RISK.value: 1,
    CustomerStage.DROP_OFF.value: 2,
}
"""How far a class is from coming back by itself: a move to a higher number leaks, to a lower one recovers.

Prospects are left out: a first order is no recovery, an order that was returned no leak.
"""


@dataclass(frozen=True)
class Class:
    """A class of a kind as the report shows it."""

    value: str
    name: str
    css: str


@dataclass(frozen=True)
class Moves:
    """A way from one class to another, summed over months: moves (one customer may make several) and money."""

    start: str
    end: str
    customers: int
    net_revenue: Decimal = ZERO
    annual_revenue: Decimal = ZERO


def classes(kind: str) -> tuple[Class, ...]:
    """The classes of a kind in the order of the vocabulary."""
    if kind == "lifecycle":
        return tuple(Class(one.value, GROUP_NAMES[one], GROUP_CSS[one]) for one in LifecycleGroup)
    return tuple(Class(one.value, CUSTOMER_STAGE_NAMES[one], CUSTOMER_STAGE_CSS[one]) for one in CustomerStage)


def class_name(kind: str, value: str | None) -> str:
    """A class as people read it; one that the vocabulary does not know keeps its own word."""
    if value is None:
        return NEWCOMERS
    return next((one.name for one in classes(kind) if one.value == value), value.replace("_", " "))


def newest_month(flows: Iterable[Flow]) -> date | None:
    """The newest whole month; None where there is none yet."""
    return max((flow.month for flow in flows), default=None)


def summed(flows: Iterable[Flow]) -> list[Moves]:
    """Moves over all months given, by way."""
    found: dict[tuple[str, str], Moves] = {}
    for flow in flows:
        if flow.from_value is None or flow.from_value == flow.to_value:
            continue
        way = (flow.from_value, flow.to_value)
        so_far = found.get(way, Moves(*way, 0))
        found[way] = replace(
            so_far,
            customers=so_far.customers + flow.customers,
            net_revenue=so_far.net_revenue + flow.net_revenue,
            annual_revenue=so_far.annual_revenue + flow.annual_revenue,
        )
    return list(found.values())


def leaks(moves: Iterable[Moves]) -> list[Moves]:
    """Ways into worse classes, the most money first."""
    return _ranked(one for one in moves if _change(one) > 0)


def recoveries(moves: Iterable[Moves]) -> list[Moves]:
    """Ways back into better classes, the most money first."""
    return _ranked(one for one in moves if _change(one) < 0)


def _change(one: Moves) -> int:
    if one.start not in WORSE or one.end not in WORSE:
        return 0
    return WORSE[one.end] - WORSE[one.start]


def _ranked(moves: Iterable[Moves]) -> list[Moves]:
    return sorted(moves, key=lambda one: (-one.annual_revenue, -one.customers, one.start, one.end))
