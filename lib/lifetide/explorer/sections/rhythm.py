"""How customers come back: how late is late, and how far apart purchases are."""

from __future__ import annotations

from lifetide.explorer import story
from lifetide.explorer.charts import Cut, histogram
from lifetide.explorer.facts import Bin, Learned, ReportFacts, RhythmExample
from lifetide.explorer.figures import counted, plain, short_day, times, whole
from lifetide.explorer.markup import Markup, element
from lifetide.explorer.names import method_name
from lifetide.explorer.sections.furniture import Cell, caption, card, empty, figures_behind, section
from lifetide.vocabulary import LearnedMethod

EXAMPLE_NAMES = ("Frequent", "Typical", "Rare")


def rhythm(facts: ReportFacts) -> Markup:
    """Two distributions, what was learned from them, and what it means for typical customers."""
    lead = " ".join(words for words in (story.rhythm(facts), story.cuts(facts)) if words)
    return section(
        "rhythm",
        "How customers come back",
        lead,
        element("div", _gaps(facts), _intervals(facts), class_="pair"),
        element("div", examples_card(facts), learned_card(facts), class_="pair"),
    )


def _gaps(facts: ReportFacts) -> Markup:
    heading, note = "How long they wait", "gap ÷ own interval"
    bins = facts.rhythm.gap_ratios
    if not any(bin_.count for bin_ in bins):
        words = "The chart appears when customers come back for a second day of shopping."
        return card(empty("Nobody has come back yet", words), heading=heading, note=note)
    cuts = learned_cuts(facts)
    gaps = sum(bin_.count for bin_ in bins)
    told = f"{counted(gaps, 'gap')}; " + ", ".join(cut.words for cut in cuts)
    chart = histogram("gaps-chart", "Gaps between purchases, in own intervals", told, bins, cuts, unit="×")
    made = (
        f"{counted(gaps, 'gap')}: up to the last eight of each customer, divided by the interval expected of them "
        "today. The cuts are the learned ones, from all gaps, each judged by what was known before it."
    )
    return card(chart, caption(made), bin_table("Gaps in own intervals", bins, "×"), heading=heading, note=note)


def learned_cuts(facts: ReportFacts) -> list[Cut]:
    """Where slipping away and lost begin, in own intervals."""
    return [
        Cut(one.value, f"{words} {times(one.value)}", css, one.lower, one.upper)
        for one, words, css in (
            (facts.rhythm.cut75, "slipping away above", "slip"),
            (facts.rhythm.cut95, "lost above", "lost"),
        )
        if one is not None
    ]


def _intervals(facts: ReportFacts) -> Markup:
    heading, note = "How far apart they buy", "mean gap of each customer, in days"
    bins = facts.rhythm.own_intervals
    if not any(bin_.count for bin_ in bins):
        words = "An own interval needs two days of shopping by the same customer."
        return card(empty("No own interval yet", words), heading=heading, note=note)
    typical = facts.rhythm.population_interval
    cuts = [Cut(typical.value, f"typical: every {plain(typical.value)} days", "soft", typical.lower,
                typical.upper)] if typical else []  # fmt: skip
    customers = sum(bin_.count for bin_ in bins)
    told = f"{counted(customers, 'customer')}; " + ", ".join(cut.words for cut in cuts)
    chart = histogram("own-chart", "Customers by their own mean interval", told, bins, cuts, unit="days", css="soft")
    made = (
        f"{counted(customers, 'customer')} with at least two shopping days; the others borrow their group’s rhythm."
    )
    return card(chart, caption(made), bin_table("Own intervals", bins, "days"), heading=heading, note=note)


def bin_table(name: str, bins: tuple[Bin, ...], unit: str) -> Markup:
    """The bars as a table."""
    rows = []
    for bin_ in bins:
        upper = "and more" if bin_.upper is None else f"to {bin_.upper:g}"
        rows.append([f"{bin_.lower:g} {upper} {unit}", Cell(whole(bin_.count), bin_.count)])
    return figures_behind(name, ["From, to", "Count"], rows)


def examples_card(facts: ReportFacts) -> Markup:
    """What the limits are for frequent, typical and rare buyers."""
    heading, note = "What that means", "days of silence; medians of three equal groups"
    examples = facts.rhythm.examples
    if not examples:
        words = "Examples appear when some customers have bought on two days."
        return card(empty("No example yet", words), heading=heading, note=note)
    names = EXAMPLE_NAMES if len(examples) == len(EXAMPLE_NAMES) else ("Typical",) * len(examples)
    return card(
        element("ul", *(_example(name, one) for name, one in zip(names, examples, strict=True)), class_="examples"),
        heading=heading,
        note=note,
    )


def _example(name: str, one: RhythmExample) -> Markup:
    return element(
        "li",
        element("b", f"{name}: every {counted(float(one.interval_days), 'day')}"),
        element("span", f"slips after {counted(float(one.slip_after_days), 'day')}", class_="slips"),
        element("span", f"lost after {counted(float(one.lost_after_days), 'day')}", class_="losts"),
        element("span", counted(one.customers, "customer"), class_="mut"),
    )


def learned_card(facts: ReportFacts) -> Markup:
    """The learned values, with their intervals."""
    heading = "What was learned"
    found = facts.rhythm
    named = (
        ("Typical interval", found.population_interval, "days"),
        ("Too soon to tell", found.just_ordered, "days"),
        ("Slipping away above", found.cut75, "× interval"),
        ("Lost above", found.cut95, "× interval"),
    )
    items = [_parameter(name, one, unit) for name, one, unit in named if one is not None]
    if not items:
        return card(empty("Nothing learned yet", "The first build learns from the first orders."), heading=heading)
    note = f"as of {short_day(facts.parameters_as_of)}" if facts.parameters_as_of else None
    return card(element("ul", *items, class_="learned"), heading=heading, note=note)


def _parameter(name: str, one: Learned, unit: str) -> Markup:
    value = plain(one.value) if unit == "days" else f"{one.value:.2f}"
    spread = ""
    if one.lower is not None and one.upper is not None:
        spread = f" (90%: {plain(one.lower)} to {plain(one.upper)})" if unit == "days" else (
            f" (90%: {one.lower:.2f} to {one.upper:.2f})"
        )  # fmt: skip
    is_learned = one.sample_count and one.method not in (LearnedMethod.DEFAULT, LearnedMethod.PINNED)
    rests = f", from {whole(one.sample_count)}" if is_learned else ""
    return element(
        "li",
        element("span", name),
        element("b", f"{value} {unit}"),
        element("span", f"{method_name(one.method)}{rests}{spread}", class_="mut"),
    )
