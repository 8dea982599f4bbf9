"""Rhythm: how long they wait, how far apart they buy, how overdue they are, and what was learned from it."""

from __future__ import annotations

from collections.abc import Sequence

from lifetide.explorer import story
from lifetide.explorer.charts import Cut, histogram
from lifetide.explorer.charts.curve import Curve, curves
from lifetide.explorer.facts import Bin
from lifetide.explorer.figures import counted, percent, plain, whole
from lifetide.explorer.markup import Markup, element
from lifetide.explorer.sections.foretold import tenths_card, tracking_card
from lifetide.explorer.sections.furniture import Cell, caption, card, empty, figures_behind, section
from lifetide.explorer.sections.rhythm import examples_card, learned_card, learned_cuts
from lifetide.explorer.studio.pages.beside import Beside, nobody
from lifetide.ltv.proof import Proof


def rhythm(beside: Beside) -> Markup:
    """Three distributions with the learned cuts; the line over the bars is everyone's."""
    everyone = beside.everyone.facts
    typical = everyone.rhythm.population_interval
    cuts = learned_cuts(everyone)
    usual = [Cut(typical.value, f"typical: every {plain(typical.value)} days", "soft", typical.lower,
                 typical.upper)] if typical else []  # fmt: skip
    lead = " ".join(words for words in (story.rhythm(everyone), story.cuts(everyone)) if words)
    return section(
        "rhythm", "How they come back", lead, nobody(beside),
        element(
            "div",
            _spread("gaps", "How long they wait", "gap ÷ own interval, up to the last eight gaps of each", "gap", "×",
                    [one.facts.rhythm.gap_ratios for one in beside.crowds], cuts, beside),
            _spread("silence", "How overdue they are", "silence ÷ own interval, on the day of the snapshot",
                    "customer", "×", [one.overdue for one in beside.crowds], cuts, beside),
            class_="pair",
        ),
        element(
            "div",
            _spread("own", "How far apart they buy", "mean gap of each customer with two shopping days, in days",
                    "customer", "days", [one.facts.rhythm.own_intervals for one in beside.crowds], usual, beside,
                    css="soft"),
            _survival(beside),
            class_="pair",
        ),
        element("div", examples_card(beside.shown.facts), learned_card(everyone), class_="pair"),
    )  # fmt: skip


def foretold(proof: Proof | None) -> Markup:
    """Everyone's orders of days that were held out, as the model in use foretold them."""
    lead = "Everyone's orders after an earlier cut-off, foretold by the model that the predictions come from."
    cards = element("div", tracking_card(proof), tenths_card(proof), class_="pair")
    return section("foretold", "How far to trust what is foretold", lead, cards)


def _spread(
    key: str, heading: str, note: str, what: str, unit: str, bins: Sequence[tuple[Bin, ...]], cuts: list[Cut],
    beside: Beside, *, css: str = "active",
) -> Markup:  # fmt: skip
    own, all_ = bins[0], bins[-1]
    if not any(one.count for one in own):
        words = "It needs customers who came back for a second day of shopping."
        return card(empty("Nothing to spread yet", words), heading=heading, note=note)
    total = sum(one.count for one in own)
    told = f"{counted(total, what)}; " + ", ".join(cut.words for cut in cuts)
    others = all_ if beside.audience else ()
    chart = histogram(f"rhythm-{key}", heading, told, own, cuts, unit=unit, css=css, beside=others)
    words = f"{counted(total, what)}."
    if others:
        words += f" The line: {counted(sum(one.count for one in others), what)} of everyone, by share."
    return card(chart, caption(words), _table(heading, bins, unit, beside), heading=heading, note=note)


def _table(heading: str, bins: Sequence[tuple[Bin, ...]], unit: str, beside: Beside) -> Markup:
    rows: list[list[object]] = []
    for place, one in enumerate(bins[-1]):
        upper = "and more" if one.upper is None else f"to {one.upper:g}"
        counts = [of[place].count if of else 0 for of in bins]
        rows.append([f"{one.lower:g} {upper} {unit}", *(Cell(whole(count), count) for count in counts)])
    return figures_behind(heading, ["From, to", *beside.names], rows)


def _survival(beside: Beside) -> Markup:
    """Of the gaps that ended, how many were longer than so many own intervals: what silence still means."""
    heading, note = "How many gaps were longer", "share of gaps above so many own intervals"
    steps = [one.lower for one in beside.everyone.facts.rhythm.gap_ratios]
    if not steps:
        return card(empty("No gap yet", "It needs customers who came back."), heading=heading, note=note)
    shares = [_longer(crowd.facts.rhythm.gap_ratios, len(steps)) for crowd in beside.crowds]
    rows = [
        [f"{step:.1f}×", *(Cell(percent(one[place], 1), one[place]) for one in shares)]
        for place, step in enumerate(steps)
    ]  # fmt: skip
    made = [
        Curve(crowd.name, "lost" if beside.audience and crowd is beside.everyone else "active", one)
        for crowd, one in zip(beside.crowds, shares, strict=True)
    ]  # fmt: skip
    marks = [(cut.value, cut.words) for cut in learned_cuts(beside.everyone.facts)]
    chart = curves("survival", "Share of gaps that were longer", steps, made, marks)
    words = "Of all gaps that ended, so many lasted at least that long: who is silent beyond the cuts rarely returns."
    if beside.audience:
        words += " Solid: the audience; dashed: everyone."
    return card(chart, caption(words), figures_behind(heading, ["At least", *beside.names], rows), heading=heading,
                note=note)  # fmt: skip


def _longer(bins: Sequence[Bin], count: int) -> list[float]:
    """Share of the gaps that lie in each bin or above it."""
    total = sum(one.count for one in bins)
    return [sum(one.count for one in bins[place:]) / total if total else 0.0 for place in range(count)]
