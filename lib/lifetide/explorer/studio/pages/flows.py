"""Flows: who moved between classes in the newest whole month, the audience beside everyone; and a year's leaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lifetide.explorer.figures import month, percent, whole
from lifetide.explorer.flow_facts import Flow
from lifetide.explorer.markup import Markup, element
from lifetide.explorer.moves import class_name, leaks, newest_month, recoveries, summed
from lifetide.explorer.names import KIND_NAMES
from lifetide.explorer.sections.flows import how_to_read, matrix, ordered, picture, ways_card
from lifetide.explorer.sections.furniture import Cell, caption, card, empty, figures_behind, section
from lifetide.explorer.studio.crowds import Crowd
from lifetide.explorer.studio.pages.beside import Beside, nobody, of_both
from lifetide.vocabulary import ClassKind

LIFE = ClassKind.LIFECYCLE
STAGES = KIND_NAMES[ClassKind.STAGE]


def lifecycle_flows(beside: Beside) -> Markup:
    """The lifecycle of both: a picture and a table of shares each."""
    heading = "Where they moved in the newest whole month"
    newest = newest_month(beside.everyone.facts.flows)
    if newest is None:
        words = "The flows appear when the first calendar month with customers is over."
        return section("moved", heading, None, card(empty("No whole month yet", words)))

    def made(crowd: Crowd, key: str) -> Markup:
        flows = crowd.facts.flows
        if not flows:
            return card(empty("Nobody", "None of them was a customer in that month."), heading=crowd.name)
        return card(
            picture(LIFE, flows, f"moved-{key}"), matrix(LIFE, flows, f", {crowd.name}"),
            caption(how_to_read(LIFE, flows)),
            _table(f"Moves of {crowd.name}", LIFE, flows), heading=crowd.name, note=month(newest),
        )  # fmt: skip

    lead = (
        "Lifecycle groups when the month began and when it ended, with today’s knowledge. No order is enforced: a "
        "customer may skip any class. Bands take the colour of where they lead."
    )
    return section("moved", heading, lead, nobody(beside), of_both(beside, made))


def _table(name: str, kind: ClassKind, flows: Sequence[Flow]) -> Markup:
    rows: list[list[object]] = [
        [class_name(kind, one.from_value), class_name(kind, one.to_value), Cell(whole(one.customers), one.customers),
         Cell("–" if one.share is None else percent(one.share, 1), one.share)]
        for one in ordered(kind, flows)
    ]  # fmt: skip
    return figures_behind(name, ["From", "To", "Customers", "Share"], rows)


def everyones_flows(everyone: Crowd, flows: Sequence[Flow]) -> Markup:
    """Customer stages, and the leaks and recoveries of a year: of everyone, since an audience's are not kept."""
    facts = replace(everyone.facts, flows=tuple(flows))
    cards: list[Markup] = []
    stages = [one for one in flows if one.kind == ClassKind.STAGE]
    newest = newest_month(stages)
    latest = [one for one in stages if one.month == newest]
    if latest and newest:
        when = month(newest)
        drawn = card(picture(ClassKind.STAGE, latest, "moved-stage"),
                     _table("Moves between stages", ClassKind.STAGE, latest), heading=STAGES, note=when)  # fmt: skip
        shares = card(matrix(ClassKind.STAGE, latest), caption(how_to_read(ClassKind.STAGE, latest)),
                      heading="Where each stage went", note=when)  # fmt: skip
        cards.append(element("div", drawn, shares, class_="pair"))
    ways: list[Markup] = []
    for kind in (LIFE, ClassKind.STAGE):
        moved = summed(one for one in flows if one.kind == kind)
        ways += [ways_card(f"{KIND_NAMES[kind]}: where value leaks", leaks(moved), kind, facts),
                 ways_card(f"{KIND_NAMES[kind]}: what comes back", recoveries(moved), kind, facts)]  # fmt: skip
    lead = "Customer stages and money are published for everyone alone, so there is no audience beside them."
    return section("year", "Everyone: stages, leaks and recoveries", lead, *cards,
                   element("div", *ways, class_="pair"))  # fmt: skip
