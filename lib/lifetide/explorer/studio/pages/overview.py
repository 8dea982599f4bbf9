"""Overview: the figures of the audience beside everyone's, where they stand, how the base grew, who was active."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from lifetide.explorer.charts.drawing import MIDDLE, NARROW, WIDE
from lifetide.explorer.facts import ZERO, total
from lifetide.explorer.figures import exact_money, money, percent, plain, whole
from lifetide.explorer.markup import Markup, element
from lifetide.explorer.months import months_before
from lifetide.explorer.names import CUSTOMER_STAGE_CSS, CUSTOMER_STAGE_NAMES, GROUP_CSS, GROUP_NAMES
from lifetide.explorer.sections.furniture import Cell, caption, card, empty, figures_behind, section
from lifetide.explorer.sections.lifecycle import active_card, growth_card
from lifetide.explorer.sections.plays import plays
from lifetide.explorer.studio.crowds import Crowd
from lifetide.explorer.studio.figures import Measure
from lifetide.explorer.studio.pages.beside import Beside, Counted, Row, classes_card, difference, nobody, of_both
from lifetide.vocabulary import LifecycleGroup

SPANS = {3: "3 months", 12: "12 months", 0: "all"}
NO_PREDICTION = "No predicted value is published for these customers yet, so nothing is shown in its place."


def figures(beside: Beside, measures: list[Measure]) -> Markup:
    """The seven figures of an audience, each with everyone's and the ratio."""
    cards = [_count(beside)]
    rows: list[list[object]] = [_row("Customers", [one.customers for one in beside.crowds], "count", beside)]
    asked = [(one.name, one.label, one.kind, False) for one in measures]
    if any(one.stats.get("lost") is not None for one in beside.crowds):
        asked.append(("lost", "Lost", "share", True))
    for name, label, kind, is_inverted in asked:
        values = [crowd.stats.get(name) for crowd in beside.crowds]
        cards.append(_card(label, values, kind, beside, is_inverted=is_inverted))
        rows.append(_row(label, values, kind, beside))
    columns = ["Figure", *beside.names, *(["Audience ÷ everyone"] if beside.audience else [])]
    lead = "Per customer; a year is the last 365 days, a basket the net value of an order that stands."
    return section(
        "figures", f"{beside.shown.name}: {whole(beside.shown.customers)} customers", lead, nobody(beside),
        element("div", *cards, class_="keys"), figures_behind("Figures per customer", columns, rows),
    )  # fmt: skip


def _count(beside: Beside) -> Markup:
    everyone = beside.everyone.customers
    under = None if beside.audience is None else f"{percent(beside.shown.customers, everyone)} of {whole(everyone)}"
    return element(
        "div", element("p", "Customers", class_="over"), element("p", whole(beside.shown.customers), class_="value"),
        element("p", under, class_="under") if under else None, class_="card key",
    )  # fmt: skip


def _card(
    label: str, values: list[float | None], kind: str, beside: Beside, *, is_inverted: bool
) -> Markup:  # fmt: skip
    currency = beside.everyone.facts.currency
    words, tone = difference(values[0], values[-1], is_inverted=is_inverted) if beside.audience else ("", "same")
    under = f"everyone {shown(values[-1], kind, currency)}" if beside.audience else None
    return element(
        "div", element("p", label, class_="over"),
        element("p", shown(values[0], kind, currency), " ", element("b", words, class_=f"delta {tone}"),
                class_="value"),
        element("p", under, class_="under") if under else None, class_="card key",
    )  # fmt: skip


def shown(value: float | None, kind: str, currency: str) -> str:
    """A figure in its kind."""
    if value is None:
        return "–"
    if kind == "money":
        return money(round(value, 2), currency)
    if kind == "share":
        return percent(value, 1)
    return whole(value) if kind == "count" else f"{value:.2f}" if value < 100 else plain(value)


def _row(label: str, values: list[float | None] | list[int], kind: str, beside: Beside) -> list[object]:
    currency = beside.everyone.facts.currency
    cells: list[object] = [label, *(Cell(shown(one, kind, currency), one) for one in values)]
    if beside.audience:
        held = values[0] / values[1] if values[0] is not None and values[1] else None
        cells.append(Cell("–" if held is None else f"{held:.2f}", held))
    return cells


def standing(beside: Beside) -> Markup:
    """Lifecycle groups and customer stages of both, and what to do with each group."""
    book = beside.everyone.facts.playbook
    groups = [
        Row(GROUP_NAMES[group], GROUP_CSS[group], tuple(one.facts.group(group).customers for one in beside.crowds),
            book.lifecycle[group].goal)
        for group in GROUP_NAMES
    ]  # fmt: skip
    acts = plays("What to do, group by group", [(GROUP_NAMES[key], book.lifecycle[key]) for key in GROUP_NAMES])
    made = [classes_card("life", "Lifecycle groups", groups, beside, acts)]
    if beside.everyone.stages:
        stages = [
            Row(CUSTOMER_STAGE_NAMES[stage], CUSTOMER_STAGE_CSS[stage],
                tuple(one.stages.get(stage, 0) for one in beside.crowds), book.customer_stage[stage].goal)
            for stage in CUSTOMER_STAGE_NAMES
        ]  # fmt: skip
        acts = plays("What to do, stage by stage",
                     [(CUSTOMER_STAGE_NAMES[key], play) for key, play in book.customer_stage.items()])  # fmt: skip
        made.append(classes_card("stage", "Customer stages", stages, beside, acts))
    lead = "Each customer is compared with their own usual interval, on the day of the snapshot."
    return section("standing", "Where they stand", lead, element("div", *made, class_="pair"), worth(beside))


def worth(beside: Beside) -> Markup:
    """Money so far by lifecycle group beside what is expected of a year, and both as a table."""
    shop = beside.everyone.facts
    money_of = Counted("net revenue", lambda amount: money(amount, shop.currency))
    so_far = [
        Row(GROUP_NAMES[group], GROUP_CSS[group],
            tuple(one.facts.group(group).net_revenue for one in beside.crowds))
        for group in GROUP_NAMES
    ]  # fmt: skip
    known = classes_card("money", "Value so far by lifecycle group", so_far, beside, _money_table(beside),
                         counted=money_of)  # fmt: skip
    return element("div", known, _potential(beside), class_="pair")


def _potential(beside: Beside) -> Markup:
    """What the next year would bring, by group; an audience's share of everyone's in words."""
    heading, potential = "Potential by lifecycle group", beside.shown.potential
    if potential is None or beside.everyone.potential is None:
        return card(empty("No prediction yet", NO_PREDICTION), heading=heading)
    currency = beside.everyone.facts.currency
    own, everything = total(potential.values()), total(beside.everyone.potential.values())
    said = f"{exact_money(own, currency)} expected in the next 365 days"
    said += f", {percent(own, everything)} of everyone’s." if beside.audience else "."
    rows = [
        Row(
            GROUP_NAMES[group],
            GROUP_CSS[group],
            tuple((one.potential or {}).get(group, ZERO) for one in beside.crowds),
        )
        for group in GROUP_NAMES
    ]
    counted = Counted("predicted value", lambda amount: money(amount, currency))
    return classes_card("worth", heading, rows, beside, caption(said), counted=counted)


def _money_table(beside: Beside) -> Markup:
    """Money so far, and of the last year, of each group."""
    currency = beside.everyone.facts.currency
    columns = ["Group", *(f"{name}: {what}" for name in beside.names for what in ("so far", "last 365 days"))]
    rows: list[list[object]] = []
    for group in LifecycleGroup:
        sums = [
            amount for crowd in beside.crowds
            for amount in (crowd.facts.group(group).net_revenue, crowd.facts.group(group).annual_revenue)
        ]  # fmt: skip
        rows.append([GROUP_NAMES[group], *(Cell(money(one, currency), one) for one in sums)])
    return figures_behind("Money by lifecycle group", columns, rows, words="Show with the last 365 days")


def history(beside: Beside, as_of: date, months: int) -> Iterator[Markup]:
    """Base growth of both over some months, and active customers now and before."""
    since = months_before(as_of, months) if months else date.min
    choose = element(
        "p", "Show ", *(_span(value, words, months) for value, words in SPANS.items()), class_="choose"
    )  # fmt: skip

    widths = (NARROW, MIDDLE) if beside.audience else (NARROW, MIDDLE, WIDE)

    def growth(crowd: Crowd, key: str) -> Markup:
        days = [day for day in crowd.facts.growth if day.date >= since]
        return growth_card(days, f"growth-{key}", heading=crowd.name, widths=widths)

    lead = "Today’s members on earlier days: where each of them stood then, as is known today."
    yield section("growth", "How the base grew", lead, choose, of_both(beside, growth))

    def active(crowd: Crowd, key: str) -> Markup:
        return active_card(
            crowd.facts.active_now, crowd.facts.active_then, as_of, f"active-{key}", heading=crowd.name
        )

    yield section("active", "Active customers, now and before", "They need no paid reactivation.",
                  of_both(beside, active))  # fmt: skip


def _span(value: int, words: str, months: int) -> Markup:
    return element("button", words, type="button", data_ask="months", data_value=value,
                   aria_pressed="true" if value == months else "false", class_="pick")  # fmt: skip
