"""Who moved between classes in the newest whole month, and where value leaked and came back in twelve."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from lifetide.explorer.charts import Band, MatrixRow, Stop, flow_picture, heat_matrix
from lifetide.explorer.facts import ReportFacts, total
from lifetide.explorer.figures import counted, money, month, percent, plain, whole
from lifetide.explorer.flow_facts import KINDS, Flow
from lifetide.explorer.markup import Markup, element
from lifetide.explorer.moves import (
    NEWCOMERS,
    Class,
    Moves,
    class_name,
    classes,
    leaks,
    newest_month,
    recoveries,
    summed,
)
from lifetide.explorer.names import CUSTOMER_STAGE_NAMES, KIND_NAMES
from lifetide.explorer.sections.furniture import Cell, caption, card, empty, figures_behind, section
from lifetide.explorer.sections.plays import plays
from lifetide.vocabulary import ClassKind

NOBODY = ""  # the key of those who were not yet customers
COLUMNS = ("From", "To", "Customers", "Share", "Spent", "Predicted for 365 days")
MOST_WAYS = 4
LONG_STAY = 730  # days


def flows(facts: ReportFacts) -> Markup:
    """A picture and a table for each kind, then the lists of leaks and recoveries."""
    heading = "Where customers move, and where value leaks"
    newest = newest_month(facts.flows)
    if newest is None:
        words = "The flows appear when the first calendar month with customers is over."
        return section("flows", heading, None, card(empty("No whole month yet", words)))
    lead = (
        f"Classes when {month(newest)} began and when it ended, with today’s knowledge. No order is enforced: "
        "a customer may skip any class."
    )
    shown = [kind for kind in KINDS if any(one.kind == kind for one in facts.flows)]
    return section("flows", heading, lead, *(_kind(kind, facts) for kind in shown))


def _kind(kind: ClassKind, facts: ReportFacts) -> Markup:
    flows = [one for one in facts.flows if one.kind == kind]
    newest = newest_month(flows)
    latest = [one for one in flows if one.month == newest]
    when = month(newest) if newest else None
    is_stage = kind is ClassKind.STAGE
    acts = [(CUSTOMER_STAGE_NAMES[stage], play) for stage, play in facts.playbook.customer_stage.items()]
    return element(
        "div",
        card(
            picture(kind, latest, f"flow-{kind}"),
            caption("Bands take the colour of where they lead; those who stayed are fainter."),
            figures_behind(f"{KIND_NAMES[kind]}: customers who moved", COLUMNS,
                           [_row(one, facts) for one in ordered(kind, latest)]),
            plays("What to do, stage by stage", acts) if is_stage else None,
            heading=KIND_NAMES[kind],
            note=when,
            css="whole",
        ),
        card(
            matrix(kind, latest),
            caption(how_to_read(kind, latest)),
            heading="Where each class went",
            note=when,
            css="whole",
        ),
        ways_card(f"{KIND_NAMES[kind]}: where value leaks", leaks(summed(flows)), kind, facts),
        ways_card(f"{KIND_NAMES[kind]}: what comes back", recoveries(summed(flows)), kind, facts),
        class_="pair",
    )  # fmt: skip


def _everybody(kind: str, latest: Sequence[Flow]) -> list[Class]:
    """The classes that anybody is in, newcomers first."""
    seen = {one.from_value or NOBODY for one in latest} | {one.to_value for one in latest}
    known = [Class(NOBODY, NEWCOMERS, "new"), *classes(kind)]
    strange = sorted(seen - {one.value for one in known})
    return [one for one in known if one.value in seen] + [
        Class(value, class_name(kind, value), "prospect") for value in strange
    ]


def ordered(kind: str, latest: Sequence[Flow]) -> list[Flow]:
    """The flows in the order of their classes."""
    order = {one.value: place for place, one in enumerate(_everybody(kind, latest))}
    return sorted(latest, key=lambda one: (order[one.from_value or NOBODY], order[one.to_value]))


def picture(kind: ClassKind, latest: Sequence[Flow], key: str) -> Markup:
    """Bands from the classes at the start of a month to those at its end."""
    stops = [Stop(one.value, one.name, one.css) for one in _everybody(kind, latest)]
    bands = [
        Band(one.from_value or NOBODY, one.to_value, one.customers, one.from_value == one.to_value) for one in latest
    ]
    moved = sum(band.count for band in bands if not band.is_stay and band.start != NOBODY)
    stayed = sum(band.count for band in bands if band.is_stay)
    new = sum(band.count for band in bands if band.start == NOBODY)
    told = f"{counted(stayed, 'customer')} stayed where they were, {whole(moved)} moved, {whole(new)} were new."
    return flow_picture(key, f"{KIND_NAMES[kind]}: from and to", told, stops, stops, bands)


def _row(one: Flow, facts: ReportFacts) -> list[object]:
    return [
        class_name(one.kind, one.from_value),
        class_name(one.kind, one.to_value),
        Cell(whole(one.customers), one.customers),
        Cell("–" if one.share is None else percent(one.share, 1), one.share),
        Cell(money(one.net_revenue, facts.currency), one.net_revenue),
        Cell("–" if one.predicted is None else money(one.predicted, facts.currency), one.predicted),
    ]


def matrix(kind: ClassKind, latest: Sequence[Flow], whose: str = "") -> Markup:
    """The shares of each class that went to each, and how long one stays."""
    everybody = _everybody(kind, latest)
    ends = [one for one in everybody if any(flow.to_value == one.value for flow in latest)]
    starts = [one for one in everybody if any((flow.from_value or NOBODY) == one.value for flow in latest)]
    by_way = {(flow.from_value or NOBODY, flow.to_value): flow for flow in latest}
    rows = []
    for start in starts:
        went = [by_way.get((start.value, end.value)) for end in ends]
        stayed = by_way.get((start.value, start.value))
        rows.append(MatrixRow(start.name, [flow.share if flow else None for flow in went], _stay(stayed)))
    columns = [end.name for end in ends]
    return heat_matrix(
        f"{KIND_NAMES[kind]}: shares that went from and to{whose}", "From", columns, "Stay about", rows
    )


def _stay(stayed: Flow | None) -> str:
    if stayed is None or stayed.expected_days is None:
        return "–"
    if stayed.expected_days > LONG_STAY:
        return f"over {plain(LONG_STAY // 365)} years"
    return counted(round(stayed.expected_days), "day")


def how_to_read(kind: str, latest: Sequence[Flow]) -> str:
    """What a row of the matrix means."""
    known = "Each row adds up to 100% of those who began there."
    if any(one.from_value is None for one in latest):
        known += f" {NEWCOMERS} were not yet customers."
    return (
        f"{known} Stay about: the days that one spends in a class if people go on leaving it as in this month; "
        "– where nobody left or all did."
    )


def ways_card(heading: str, ways: Sequence[Moves], kind: str, facts: ReportFacts) -> Markup:
    """The ways by money, the largest first."""
    months = len({one.month for one in facts.flows if one.kind == kind})
    note = "the last whole month" if months == 1 else f"last {months} whole months"
    if not ways:
        return card(empty("Nobody", "No customer went this way in these months."), heading=heading, note=note)
    is_leak = bool(leaks(ways))
    css = "down" if is_leak else "up"
    sums = (
        f"{counted(sum(one.customers for one in ways), 'move')} in all; these customers had brought "
        f"{money(total(one.annual_revenue for one in ways), facts.currency)} in the year before they moved. "
        "Who moved twice is counted twice."
    )
    items = [
        element(
            "li",
            element("b", f"{class_name(kind, one.start)} → {class_name(kind, one.end)}"),
            element("span", counted(one.customers, "customer"), class_="mut"),
            element(
                "span", element("b", money(one.annual_revenue, facts.currency), class_=css), " in the year before"
            ),
            None if is_leak else element("span", f"{money(one.net_revenue, facts.currency)} on return", class_="mut"),
        )
        for one in ways[:MOST_WAYS]
    ]
    return card(element("ul", *items, class_="ways"), caption(sums), heading=heading, note=note)


def _money(amount: Decimal, facts: ReportFacts, css: str) -> Markup:
    return element("b", money(amount, facts.currency), class_=css)
