"""Segments: fourteen by five stages, with count, share, money, movement, and what to do, everyone's share ticked."""

from __future__ import annotations

from datetime import date

from lifetide.explorer.charts import bar
from lifetide.explorer.facts import STAGES, SegmentFacts
from lifetide.explorer.figures import MINUS, money, percent, ratio, short_day, short_money, whole
from lifetide.explorer.markup import Markup, element
from lifetide.explorer.names import SEGMENT_NAMES, STAGE_NAMES
from lifetide.explorer.sections.furniture import Cell, caption, card, empty, figures_behind, section
from lifetide.explorer.sections.plays import plays
from lifetide.explorer.sections.segments import other_plays, stage_plays
from lifetide.explorer.studio.pages.beside import Beside, lift, nobody
from lifetide.vocabulary import RfmSegment, RfmStage

NO_SNAPSHOT = "Came and left need an earlier snapshot of the profiles, and there is none yet."


def segments(beside: Beside, since: date | None) -> Markup:
    """Everybody in exactly one segment; bars are shares on one scale."""
    heading = "The fourteen segments in their five stages"
    if not beside.everyone.facts.segments:
        words = "These rows have no RFM segments: they come with the profiles that `lifetide build` publishes."
        return section("segments", heading, None, card(empty("No segments here", words)))
    widest = max(
        ratio(one.customers, crowd.customers) for crowd in beside.crowds for one in crowd.facts.segments
    )  # fmt: skip
    told = f"Came and left: since the snapshot of {short_day(since)}." if since else NO_SNAPSHOT
    ticks = "" if beside.audience is None else " The tick and × compare with everyone’s share."
    return section(
        "segments", heading, "By how recently, how often and for how much each customer has bought." + ticks,
        nobody(beside),
        card(*(_stage(stage, beside, widest or 1.0) for stage in STAGES), other_plays(beside.everyone.facts),
             caption(told), _table(beside), css="segments"),
    )  # fmt: skip


def _stage(stage: RfmStage, beside: Beside, widest: float) -> Markup:
    facts = beside.shown.facts
    here = facts.stage(stage)
    customers = sum(one.customers for one in here)
    everyone = sum(one.customers for one in beside.everyone.facts.stage(stage))
    revenue = sum(one.net_revenue for one in here)
    told = [whole(customers), percent(customers, beside.shown.customers)]
    if beside.audience:
        told.append(f"everyone {percent(everyone, beside.everyone.customers)}")
    told.append(short_money(revenue, facts.currency))
    return element(
        "div",
        element(
            "div", element("h3", STAGE_NAMES[stage]),
            element("p", facts.playbook.rfm_stage[stage].goal, class_="note"),
            element("p", " · ".join(told), class_="sum"), class_="stage-top",
        ),
        element("ul", *(_segment(one, stage, beside, widest) for one in here), class_="rows"),
        plays(f"What to do: {STAGE_NAMES[stage]}", stage_plays(stage, facts)),
        class_="stage",
    )  # fmt: skip


def _segment(one: SegmentFacts, stage: RfmStage, beside: Beside, widest: float) -> Markup:
    facts, everyone = beside.shown.facts, beside.everyone
    base = everyone.facts.segment(one.segment).customers
    share, all_ = ratio(one.customers, beside.shown.customers), ratio(base, everyone.customers)
    tick = all_ / widest if beside.audience else None
    compared = lift(one.customers, beside.shown.customers, base, everyone.customers) if beside.audience else None
    return element(
        "li",
        element("span", SEGMENT_NAMES[one.segment], class_="name"),
        element("span", facts.playbook.segment[one.segment].goal, class_="goal"),
        bar(share / widest, f"s-{stage.value.replace('_', '-')}", tick=tick),
        element("span", percent(one.customers, beside.shown.customers), class_="share-of"),
        element("span", whole(one.customers), element("i", " customers"), class_="count"),
        element("span", money(one.net_revenue, facts.currency), class_="money"),
        element("span", " · ".join(part for part in (compared, _moves(one.segment, beside)) if part), class_="moves"),
        class_="none" if one.customers == 0 else None,
    )


def _moves(segment: RfmSegment, beside: Beside) -> str:
    then = beside.shown.segments_then
    if then is None:
        return ""
    came, left = then[segment]
    return f"+{whole(came)} {MINUS}{whole(left)}"


def _table(beside: Beside) -> Markup:
    what = ["customers", "share", "net revenue", "came", "left"]
    columns = ["Segment", "Stage", *(f"{name}: {one}" for name in beside.names for one in what)]
    rows: list[list[object]] = []
    for stage in STAGES:
        for segment in STAGES[stage]:
            row: list[object] = [SEGMENT_NAMES[segment], STAGE_NAMES[stage]]
            for crowd in beside.crowds:
                one, currency = crowd.facts.segment(segment), crowd.facts.currency
                share = ratio(one.customers, crowd.customers)
                row += [Cell(whole(one.customers), one.customers),
                        Cell(percent(one.customers, crowd.customers), share),
                        Cell(money(one.net_revenue, currency), one.net_revenue)]  # fmt: skip
                moves = (None, None) if crowd.segments_then is None else crowd.segments_then[segment]
                row += [Cell("–" if count is None else whole(count), count) for count in moves]
            rows.append(row)
    return figures_behind("Segments", columns, rows)
