"""The sentences that the report and the page of text share: exact figures, plain words, nothing left to guess."""

from __future__ import annotations

from dataclasses import dataclass

from lifetide.explorer.facts import ReportFacts, SegmentFacts
from lifetide.explorer.figures import counted, day, money, percent, plain, whole
from lifetide.explorer.names import SEGMENT_NAMES
from lifetide.vocabulary import LifecycleGroup, RfmSegment

WIN_BACK_ORDER = (
    RfmSegment.CANT_LOSE_THEM,
    RfmSegment.AT_RISK,
    RfmSegment.NEEDS_ATTENTION,
    RfmSegment.ABOUT_TO_SLEEP,
)


@dataclass(frozen=True)
class Step:
    """Something to do first: for whom, and the two sentences that say why and what."""

    facts: SegmentFacts
    why: str
    what: str


def headline(facts: ReportFacts) -> str:
    """The one sentence at the top."""
    if facts.customers == 0:
        return "No customers yet"
    if facts.buyers == 0:
        return f"{counted(facts.customers, 'person', 'people')} known, no order that stands yet"
    on_rhythm = _on_rhythm(facts)
    return f"{whole(on_rhythm)} of {counted(facts.buyers, 'customer')} {_is(on_rhythm)} on track"


def who(facts: ReportFacts) -> str:
    """Who the customers are."""
    if facts.customers == 0:
        return f"Up to {day(facts.as_of)} nobody has bought under a name, so there is nothing to tell apart yet."
    known = f"{counted(facts.customers, 'person', 'people')} {_is(facts.customers)} known"
    bought = f"{whole(facts.buyers)} of them {_has(facts.buyers)} bought"
    if facts.prospects == 0:
        return f"{known}, and has bought." if facts.customers == 1 else f"{known}, and all of them have bought."
    return f"{known}: {bought}, and {whole(facts.prospects)} {_has(facts.prospects)} no order that stands."


def money_from(facts: ReportFacts) -> str:
    """What they brought, and what guests did."""
    orders = facts.orders
    if orders.orders == 0:
        return "No order stands so far."
    brought = (
        f"{counted(orders.orders, 'order')} brought {money(orders.net_revenue, facts.currency)} "
        "after discounts and returns."
    )
    if orders.guest_orders == 0:
        return brought
    return (
        f"{brought} {whole(orders.guest_orders)} of the orders, worth "
        f"{money(orders.guest_revenue, facts.currency)}, came from guests who left no name."
    )


def on_track(facts: ReportFacts) -> str:
    """How many are fine."""
    fresh = facts.group(LifecycleGroup.JUST_ORDERED).customers
    active = facts.group(LifecycleGroup.ACTIVE).customers
    share = percent(fresh + active, facts.buyers)
    return (
        f"{whole(fresh)} ordered a short while ago and {whole(active)} {_is(active)} within their own usual rhythm: "
        f"together {share} of those who have bought."
    )


def rhythm(facts: ReportFacts) -> str:
    """How they come back."""
    typical = facts.rhythm.population_interval
    if typical is None or typical.sample_count == 0:
        return (
            "Nobody has come back for a second day of shopping yet, so a preset rhythm is used until somebody does."
        )
    fresh = facts.rhythm.just_ordered
    known = (
        f"A typical returning customer buys every {plain(typical.value)} days; everyone is measured against "
        "their own interval, not against one deadline for all."
    )
    if fresh is None:
        return known
    return f"{known} For {plain(fresh.value)} days after an order it is too soon to tell."


def cuts(facts: ReportFacts) -> str:
    """What slipping and lost mean in this shop."""
    slip, lost = facts.rhythm.cut75, facts.rhythm.cut95
    if slip is None or lost is None:
        return ""
    learned = (
        f"Silence beyond {slip.value:.1f} times the own interval counts as slipping away, "
        f"beyond {lost.value:.1f} times as lost"
    )
    if slip.sample_count == 0 or slip.method == "default":
        return f"{learned}; these are presets, until there are enough returns to learn from."
    return f"{learned}; both were learned from {counted(slip.sample_count, 'return')} in this shop."


def slipping(facts: ReportFacts) -> str:
    """Who is slipping away and what they are worth."""
    group = facts.group(LifecycleGroup.SLIPPING_AWAY)
    if group.customers == 0:
        return "Nobody is slipping away."
    one = group.customers == 1
    return (
        f"{counted(group.customers, 'customer')} {_is(group.customers)} slipping away. "
        f"{'That one has' if one else 'They have'} spent {money(group.net_revenue, facts.currency)} so far, "
        f"{money(group.annual_revenue, facts.currency)} of it in the last 365 days."
    )


def lost(facts: ReportFacts) -> str:
    """Who is lost."""
    group = facts.group(LifecycleGroup.LOST)
    if group.customers == 0:
        return "Nobody is lost."
    return (
        f"{counted(group.customers, 'customer')} {_is(group.customers)} lost: silent so long that few come back "
        f"unasked. {'It was' if group.customers == 1 else 'They were'} worth "
        f"{money(group.net_revenue, facts.currency)} in all."
    )


def first_steps(facts: ReportFacts) -> tuple[Step, ...]:
    """At most three things to do first, in the order in which a budget is spent."""
    plays = facts.playbook.segment
    steps: list[Step] = []
    for segment in WIN_BACK_ORDER:
        here = facts.segment(segment)
        if here.customers and len(steps) < 2:
            steps.append(Step(here, _worth(here, facts), plays[segment].goal))
    for segment in (
        RfmSegment.FIRST_TIME,
        RfmSegment.CHAMPION,
        RfmSegment.LOYAL,
        RfmSegment.POTENTIAL_LOYALIST,
    ):
        here = facts.segment(segment)
        if here.customers and len(steps) < 3:
            steps.append(Step(here, _worth(here, facts), plays[segment].goal))
    return tuple(steps)


def where_money_is(facts: ReportFacts) -> str:
    """The segment that brings most."""
    ranked = sorted(facts.segments, key=lambda segment: segment.net_revenue, reverse=True)
    if not ranked or ranked[0].net_revenue <= 0 or facts.customer_revenue <= 0:
        return "No money has been earned from known customers yet."
    best = ranked[0]
    return (
        f"The group “{SEGMENT_NAMES[best.segment]}” earns most: {counted(best.customers, 'customer')}, "
        f"{percent(best.customers, facts.buyers)} of those who have bought, brought "
        f"{money(best.net_revenue, facts.currency)}, {percent(best.net_revenue, facts.customer_revenue)} "
        "of what known customers spent."
    )


def story(facts: ReportFacts) -> str:
    """The paragraph under the headline."""
    if facts.customers == 0:
        return f"{who(facts)} {money_from(facts)} This page fills itself with the first customers."
    if facts.buyers == 0:
        return f"{who(facts)} {money_from(facts)}"
    return f"{who(facts)} {on_track(facts)} {slipping(facts)} {lost(facts)}"


def _worth(here: SegmentFacts, facts: ReportFacts) -> str:
    return (
        f"{counted(here.customers, 'customer')} who brought {money(here.net_revenue, facts.currency)}"
        f" ({percent(here.net_revenue, facts.customer_revenue)} of the money)."
    )


def _on_rhythm(facts: ReportFacts) -> int:
    return facts.group(LifecycleGroup.JUST_ORDERED).customers + facts.group(LifecycleGroup.ACTIVE).customers


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def _has(count: int) -> str:
    return "has" if count == 1 else "have"
