"""The page of plain text: what the shop's figures say, for somebody who knows the shop and no statistics."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from lifetide.explorer import story
from lifetide.explorer.facts import STAGES, ReportFacts
from lifetide.explorer.figures import change, counted, day, money, percent, ratio, short_money, whole
from lifetide.explorer.names import GROUP_MEANINGS, GROUP_NAMES, SEGMENT_NAMES
from lifetide.vocabulary import LifecycleGroup

BAR = 18
NARROWEST = 60


def summary_text(facts: ReportFacts, width: int = 78) -> str:
    """About a page of text, lines at most `width` wide (never below 60)."""
    page = max(width, NARROWEST)
    parts = [_title(facts, page), _who(facts, page)]
    if facts.buyers:
        parts += [_rhythm(facts, page), _slipping(facts, page), _first(facts, page), _money(facts, page)]
    parts.append(_trust(facts, page))
    return "\n\n".join(part for part in parts if part)


def _title(facts: ReportFacts, width: int) -> str:
    words = f"{facts.shop}: the customers on {day(facts.as_of)}"
    return f"{words[:width]}\n{'═' * min(len(words), width)}"


def _who(facts: ReportFacts, width: int) -> str:
    text = _prose(f"{story.who(facts)} {story.money_from(facts)}", width)
    if facts.buyers == 0:
        return _part("Who your customers are", text)
    groups = [facts.group(group) for group in GROUP_NAMES]
    largest = max(group.customers for group in groups)
    rows = [
        (
            GROUP_NAMES[one.group],
            whole(one.customers),
            percent(one.customers, facts.customers),
            _bar(one.customers, largest, width),
            short_money(one.net_revenue, facts.currency),
        )
        for one in groups
        if one.customers
    ]
    meanings = [f"{GROUP_NAMES[one.group]}: {GROUP_MEANINGS[one.group]}." for one in groups if one.customers]
    return _part("Who your customers are", text, _aligned(rows, "<>><>"), _prose(" ".join(meanings), width))


def _rhythm(facts: ReportFacts, width: int) -> str:
    said = f"{story.rhythm(facts)} {story.cuts(facts)}"
    lines = [_prose(said, width)]
    for name, one in zip(("often", "now and then", "rarely"), facts.rhythm.examples, strict=False):
        if len(facts.rhythm.examples) == 3:
            lines.append(
                _prose(
                    f"Those who buy {name} come every {whole(one.interval_days)} days: slipping away after "
                    f"{whole(one.slip_after_days)} days of silence, lost after {whole(one.lost_after_days)}.",
                    width,
                    indent="  ",
                )
            )
    return "\n".join([_heading("How they buy"), *lines])


def _slipping(facts: ReportFacts, width: int) -> str:
    said = f"{story.slipping(facts)} {story.lost(facts)}"
    return _part("Who is slipping away", _prose(said, width), _prose(_pulse(facts), width))


def _pulse(facts: ReportFacts) -> str:
    """Active customers now and before."""
    now = facts.active_now
    known = [then for then in facts.active_then if then.active is not None]
    if now is None or not known:
        return ""
    then = next((one for one in known if one.months_ago == 3), known[0])
    before = counted(then.months_ago, "month")
    active = then.active or 0
    told = "as many as" if active == now else f"{change(now, active)} against"
    return (
        f"{counted(now, 'customer')} who first bought more than 30 days ago "
        f"{'is' if now == 1 else 'are'} still active: {told} the {whole(active)} of {before} before."
    )


def _first(facts: ReportFacts, width: int) -> str:
    steps = story.first_steps(facts)
    lines = [
        textwrap.fill(
            f"{SEGMENT_NAMES[step.facts.segment]}: {step.why} {step.what}",
            width,
            initial_indent=f"  {place}. ",
            subsequent_indent="     ",
        )
        for place, step in enumerate(steps, start=1)
    ]
    slipping = facts.playbook.lifecycle[LifecycleGroup.SLIPPING_AWAY].goal
    if facts.group(LifecycleGroup.SLIPPING_AWAY).customers:
        lines.append(_prose(f"And to everybody who is slipping away: {slipping[0].lower()}{slipping[1:]}", width))
    return "\n".join([_heading("What to do first"), *lines])


def _money(facts: ReportFacts, width: int) -> str:
    segments = [one for stage in STAGES for one in facts.stage(stage) if one.customers]
    segments.sort(key=lambda one: one.net_revenue, reverse=True)
    best = segments[:6]
    most = max(float(one.net_revenue) for one in best)
    rows = [
        (
            SEGMENT_NAMES[one.segment],
            whole(one.customers),
            money(one.net_revenue, facts.currency),
            percent(one.net_revenue, facts.customer_revenue),
            _bar(float(one.net_revenue), most, width),
        )
        for one in best
    ]
    sold = ""
    if facts.sellers:
        names = ", ".join(f"{one.name} ({short_money(one.net_revenue, facts.currency)})" for one in facts.sellers[:3])
        kind = "category" if facts.seller_kind == "category" else "product"
        sold = f"Best {kind if len(facts.sellers) == 1 else kind.replace('ory', 'orie') + 's'}: {names}."
    return _part("Where the money is", _prose(story.where_money_is(facts), width), _aligned(rows, "<>>><"),
                 _prose(sold, width))  # fmt: skip


def _trust(facts: ReportFacts, width: int) -> str:
    if not facts.checks:
        return ""
    checks, passed = sum(one.checks for one in facts.checks), sum(one.passed for one in facts.checks)
    said = f"{whole(passed)} of {counted(checks, 'check')} on these figures held."
    failed = [(one.table, failure) for one in facts.checks for failure in one.failures]
    for table, failure in failed[:2]:
        said += f" To look at in {table}: {failure.why or failure.name}"
        said += f" Seen: {failure.observed.rstrip('.')}." if failure.observed else ""
    if len(failed) > 2:
        said += f" {whole(len(failed) - 2)} more: see the report."
    refused = facts.rejected_rows
    said += f" {counted(refused, 'row')} that came in could not be used." if refused else " Every row could be used."
    return _part("Can you trust this", _prose(said, width))


def _part(heading: str, *blocks: str) -> str:
    return "\n".join([_heading(heading), "\n\n".join(block for block in blocks if block)])


def _heading(words: str) -> str:
    return f"{words}\n{'─' * len(words)}"


def _prose(words: str, width: int, indent: str = "") -> str:
    return textwrap.fill(words, width, initial_indent=indent, subsequent_indent=indent) if words else ""


def _bar(value: float, most: float, width: int) -> str:
    """A bar of full blocks, shorter on a narrow page; the least that exists is a thin one."""
    if value <= 0 or most <= 0:
        return ""
    return "█" * round(min(BAR, width - 50) * ratio(value, most)) or "▏"


def _aligned(rows: Sequence[tuple[str, ...]], sides: str) -> str:
    """Rows as columns, two spaces apart and two in; `sides` says < or > for each column."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(sides))]
    lines = []
    for row in rows:
        cells = [f"{cell:{side}{width}}" for cell, side, width in zip(row, sides, widths, strict=True)]
        lines.append(("  " + "  ".join(cells)).rstrip())
    return "\n".join(lines)
