"""The fourteen segments, in their five stages, each with its goal; and what sells best."""

from __future__ import annotations

from lifetide.explorer import story
from lifetide.explorer.charts import bar
from lifetide.explorer.facts import STAGES, ReportFacts, SegmentFacts, Seller
from lifetide.explorer.figures import exact_money, money, percent, ratio, short_money, whole
from lifetide.explorer.markup import Markup, element
from lifetide.explorer.names import SEGMENT_NAMES, STAGE_NAMES
from lifetide.explorer.playbook import Play
from lifetide.explorer.sections.furniture import Cell, caption, card, empty, figures_behind, section
from lifetide.explorer.sections.plays import plays
from lifetide.vocabulary import Importance, Loyalty, RfmStage


def segments_by_stage(facts: ReportFacts) -> Markup:
    """Everybody in exactly one segment; bars share one scale."""
    heading, lead = (
        "The fourteen segments",
        "By how recently, how often and for how much each customer has bought.",
    )
    if facts.customers == 0:
        return section("segments", heading, lead, card(empty("No customers yet", "Segments appear with the first.")))
    largest = max(segment.customers for segment in facts.segments)
    stages = [_stage(stage, facts, largest) for stage in STAGES]
    return section(
        "segments",
        heading,
        f"{lead} {story.where_money_is(facts)}",
        card(*stages, other_plays(facts), _table(facts), css="segments"),
    )


def other_plays(facts: ReportFacts) -> Markup:
    """Two kinds of customers who want a message of their own, in whatever segment they are."""
    book = facts.playbook
    return plays(
        "What to do: VIPs and one-time buyers",
        [("VIPs", book.importance[Importance.VIP]), ("One-time buyers", book.loyalty[Loyalty.ONE_TIME])],
    )


def _stage(stage: RfmStage, facts: ReportFacts, largest: int) -> Markup:
    here = facts.stage(stage)
    customers = sum(one.customers for one in here)
    revenue = sum(one.net_revenue for one in here)
    told = f"{whole(customers)} · {percent(customers, facts.customers)} · {short_money(revenue, facts.currency)}"
    return element(
        "div",
        element(
            "div",
            element("h3", STAGE_NAMES[stage]),
            element("p", facts.playbook.rfm_stage[stage].goal, class_="note"),
            element("p", told, class_="sum"),
            class_="stage-top",
        ),
        element("ul", *(_segment(one, stage, facts, largest) for one in here), class_="rows"),
        plays(f"What to do: {STAGE_NAMES[stage]}", stage_plays(stage, facts)),
        class_="stage",
    )


def stage_plays(stage: RfmStage, facts: ReportFacts) -> list[tuple[str, Play]]:
    """The stage's own play, then its segments', in the order in which money is spent."""
    everybody = [("All of them", facts.playbook.rfm_stage[stage])]
    return everybody + [(SEGMENT_NAMES[segment], facts.playbook.segment[segment]) for segment in STAGES[stage]]


def _segment(one: SegmentFacts, stage: RfmStage, facts: ReportFacts, largest: int) -> Markup:
    return element(
        "li",
        element("span", SEGMENT_NAMES[one.segment], class_="name"),
        element("span", facts.playbook.segment[one.segment].goal, class_="goal"),
        bar(ratio(one.customers, largest), f"s-{stage.value.replace('_', '-')}"),
        element("span", percent(one.customers, facts.customers), class_="share-of"),
        element("span", whole(one.customers), element("i", " customers"), class_="count"),
        element("span", money(one.net_revenue, facts.currency), class_="money"),
        class_="none" if one.customers == 0 else None,
    )


def _table(facts: ReportFacts) -> Markup:
    rows = [
        [
            SEGMENT_NAMES[one.segment],
            STAGE_NAMES[stage],
            Cell(whole(one.customers), one.customers),
            Cell(percent(one.customers, facts.customers), ratio(one.customers, facts.customers)),
            Cell(exact_money(one.net_revenue, facts.currency), one.net_revenue),
            Cell(percent(one.net_revenue, facts.customer_revenue), ratio(one.net_revenue, facts.customer_revenue)),
        ]
        for stage in STAGES
        for one in facts.stage(stage)
    ]
    columns = ["Segment", "Stage", "Customers", "Share", "Net revenue", "Share of revenue"]
    return figures_behind("Segments", columns, rows)


def sellers(facts: ReportFacts) -> Markup:
    """Categories, or products where the shop names none, by net revenue."""
    is_category = facts.seller_kind == "category"
    heading = "Categories that earn most" if is_category else "Products that earn most"
    lead = "Bought by known customers, after returns; services such as postage are left out."
    if not is_category:
        lead += " The shop sends no categories, so these are products."
    if not facts.sellers:
        words = "They appear with the first product that a known customer buys."
        return section("sellers", heading, lead, card(empty("Nothing sold yet", words)))
    best = max(one.net_revenue for one in facts.sellers)
    items = [_seller(place, one, float(best), facts) for place, one in enumerate(facts.sellers, start=1)]
    rows = [
        [
            one.name,
            Cell(exact_money(one.net_revenue, facts.currency), one.net_revenue),
            Cell(whole(one.units), one.units),
        ]
        for one in facts.sellers
    ]
    table = figures_behind(heading, ["Name", "Net revenue", "Units"], rows)
    share = f"Bars compare with the first; the first {len(items)} are shown."
    return section("sellers", heading, lead, card(element("ol", *items, class_="sellers"), caption(share), table))


def _seller(place: int, one: Seller, best: float, facts: ReportFacts) -> Markup:
    return element(
        "li",
        element("span", place, class_="place", aria_hidden="true"),
        element("span", one.name, class_="name"),
        bar(ratio(one.net_revenue, best), "accent"),
        element("span", money(one.net_revenue, facts.currency), class_="money"),
        element("span", f"{whole(one.units)} units", class_="units"),
    )
