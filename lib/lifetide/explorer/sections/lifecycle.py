"""Lifecycle groups, the customer base over time, and active customers now against before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from lifetide.explorer.charts import Column, Layer, Part, column_compare, legend, share_bar, stacked_area
from lifetide.explorer.charts.drawing import MIDDLE, NARROW, WIDE
from lifetide.explorer.facts import ActiveThen, GroupFacts, GrowthDay, ReportFacts
from lifetide.explorer.figures import change, money, month, percent, ratio, short_day, short_money, whole
from lifetide.explorer.markup import Markup, element
from lifetide.explorer.names import GROUP_CSS, GROUP_MEANINGS, GROUP_NAMES
from lifetide.explorer.sections.furniture import Cell, caption, card, empty, figures_behind, section
from lifetide.explorer.sections.plays import plays

FEW_DAYS = 2
ALL_WIDTHS = (NARROW, MIDDLE, WIDE)


def lifecycle_groups(facts: ReportFacts) -> Markup:
    """Where everybody stands, what they are worth, and what to do with them."""
    lead = "Each customer is compared with their own usual interval, on the day of the report."
    if facts.customers == 0:
        nobody = empty("No customers yet", "The groups appear with the first order that carries a name.")
        return section("lifecycle", "Where customers stand", lead, card(nobody))
    groups = [facts.group(group) for group in GROUP_NAMES]
    actions = facts.playbook.lifecycle
    parts = [Part(GROUP_NAMES[one.group], one.customers, GROUP_CSS[one.group]) for one in groups]
    return section(
        "lifecycle",
        "Where customers stand",
        lead,
        card(
            share_bar("lifecycle-bar", "Customers by lifecycle group", parts),
            element("div", *(_group(one, facts) for one in groups), class_="groups"),
            plays("What to do, group by group", [(GROUP_NAMES[key], actions[key]) for key in GROUP_NAMES]),
            figures_behind(
                "Lifecycle groups",
                ["Group", "Customers", "Share", "Net revenue", "Last 365 days"],
                [
                    [
                        GROUP_NAMES[one.group],
                        Cell(whole(one.customers), one.customers),
                        Cell(percent(one.customers, facts.customers), ratio(one.customers, facts.customers)),
                        Cell(money(one.net_revenue, facts.currency), one.net_revenue),
                        Cell(money(one.annual_revenue, facts.currency), one.annual_revenue),
                    ]
                    for one in groups
                ],
            ),
        ),
    )


def _group(one: GroupFacts, facts: ReportFacts) -> Markup:
    spent = short_money(one.net_revenue, facts.currency)
    lately = short_money(one.annual_revenue, facts.currency)
    return element(
        "div",
        element("h3", element("span", class_=f"key-dot b-{GROUP_CSS[one.group]}"), GROUP_NAMES[one.group]),
        element("p", whole(one.customers), class_="value"),
        element("p", element("b", percent(one.customers, facts.customers)), " of customers", class_="under"),
        element("p", f"{spent} in all, {lately} in 365 days", class_="under"),
        element("p", GROUP_MEANINGS[one.group].capitalize() + ".", class_="means"),
        element("p", facts.playbook.lifecycle[one.group].goal, class_="goal"),
        class_="group",
    )


def base_growth(facts: ReportFacts) -> Markup:
    """The stacked base, day by day, with today's knowledge."""
    lead = "Everybody who had bought by a day, told apart as of that day."
    return section("growth", "How the customer base grew", lead, growth_card(facts.growth, "growth-chart"))


def growth_card(
    days: Sequence[GrowthDay], key: str, *, heading: str | None = None, widths: tuple[int, ...] = ALL_WIDTHS
) -> Markup:
    """The base of some customers over the days given."""
    if len(days) < FEW_DAYS:
        words = "One day of history so far: the chart begins with the second." if days else "No order yet."
        return card(empty("Too early for a chart", words), heading=heading)
    layers = [
        Layer("Active", "active", [one.active for one in days]),
        Layer("New", "new", [one.new for one in days]),
        Layer("Slipping away", "slip", [one.slipping_away for one in days]),
        Layer("Lost", "lost", [one.lost for one in days]),
    ]
    first, last = days[0], days[-1]
    described = (
        f"From {whole(first.base)} customers on {short_day(first.date)} to {whole(last.base)} on "
        f"{short_day(last.date)}: {', '.join(f'{layer.name} {whole(layer.counts[-1])}' for layer in layers)}."
    )
    chart = stacked_area(key, "Customer base over time", described, [one.date for one in days], layers, widths)
    parts = [Part(layer.name, layer.counts[-1], layer.css) for layer in layers]
    told = (
        f"Shares on {short_day(last.date)}. New: first order at most 30 days before. Active: not new, and on rhythm"
        f" or just ordered ({whole(last.just_ordered)} just ordered). Restated with today’s knowledge."
    )
    return card(
        legend(parts),
        chart,
        caption(told),
        _growth_table(_named("Customer base at month ends", heading), _month_ends(days)),
        heading=heading,
    )


def _named(name: str, whose: str | None) -> str:
    """The name of a table; two of the same page are told apart by whose they are."""
    return f"{name}: {whose}" if whose else name


def _growth_table(name: str, days: Sequence[GrowthDay]) -> Markup:
    return figures_behind(
        name,
        ["Day", "New", "Active", "Slipping away", "Lost", "Together"],
        [
            [
                Cell(short_day(one.date), one.date),
                *(Cell(whole(n), n) for n in (one.new, one.active, one.slipping_away, one.lost, one.base)),
            ]
            for one in reversed(days)
        ],
    )


def _month_ends(days: Sequence[GrowthDay]) -> list[GrowthDay]:
    """The last day of each month that the table has, the day of the report included."""
    last_of_month = {(one.date.year, one.date.month): one for one in days}
    return list(last_of_month.values())


def active_compared(facts: ReportFacts) -> Markup:
    """Active customers now against 1, 3, 6 and 12 calendar months ago."""
    heading, lead = (
        "Active customers, now and before",
        "They need no paid reactivation.",
    )
    made = active_card(facts.active_now, facts.active_then, facts.as_of, "active-chart")
    return section("active", heading, lead, made)


def active_card(
    now: int | None, then: Sequence[ActiveThen], as_of: date, key: str, *, heading: str | None = None
) -> Markup:
    """Active customers at a few moments, side by side."""
    if now is None:
        return card(empty("No order yet", "The comparison starts with the first one."), heading=heading)
    if all(one.active is None for one in then):
        words = f"{whole(now)} active now. Last month’s figure will stand here in a month."
        return card(empty("Nothing to compare with yet", words), heading=heading)
    before = sorted(then, key=lambda one: -one.months_ago)
    columns = [_then(one, now) for one in before]
    columns.append(Column("Now", month(as_of), now, css="active"))
    told = ", ".join(f"{one.name} {'unknown' if one.count is None else whole(one.count)}" for one in columns)
    chart = column_compare(key, "Active customers now and before", told, columns)
    rows = [
        [one.name, one.under, Cell("–" if one.count is None else whole(one.count), one.count), one.remark]
        for one in columns
    ]
    table = figures_behind(
        _named("Active customers now and before", heading),
        ["When", "Month", "Active customers", "Change since"],
        rows,
    )
    said = "Calendar months before the day of the report; the percentages say how the figure changed since."
    if any(one.active == 0 for one in then):
        said += " A customer is new for the first 30 days, so a young shop has none yet."
    return card(chart, caption(said), table, heading=heading)


def _then(then: ActiveThen, now: int) -> Column:
    name = "1 month" if then.months_ago == 1 else f"{then.months_ago} months"
    if then.active is None:
        return Column(name, month(then.date), None)
    return Column(name, month(then.date), then.active, change(now, then.active))
