"""How well groups and stages of past days foretold who would order again."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from lifetide.explorer.charts import rate_bar
from lifetide.explorer.facts import ReportFacts
from lifetide.explorer.figures import counted, percent, short_day, whole
from lifetide.explorer.flow_facts import KINDS, Backtest
from lifetide.explorer.markup import Markup, element
from lifetide.explorer.moves import classes
from lifetide.explorer.names import KIND_NAMES
from lifetide.explorer.sections.furniture import caption, card, data_table, empty, section
from lifetide.metrics.returns import LADDER
from lifetide.vocabulary import ClassKind


def proof(facts: ReportFacts) -> Markup:
    """Per kind: who came back of each class, seen beside expected, at every cut-off."""
    heading = "Do the groups foretell who comes back?"
    shown = [kind for kind in KINDS if any(one.kind == kind for one in facts.backtests)]
    if not shown:
        words = element(
            "span",
            "Run ",
            element("code", "lifetide backtest --groups"),
            " to see how well the groups foretell who comes back.",
        )
        return section("proof", heading, None, card(empty("Not tested yet", words)))
    horizon = facts.backtests[0].horizon_days
    lead = (
        "Customers were put into classes with nothing but what was known on a past day, the cut-off. Then it was "
        f"counted who ordered again within {counted(horizon, 'day')}."
    )
    return section("proof", heading, lead, element("div", *(_kind(kind, facts) for kind in shown), class_="pair"))


def _kind(kind: ClassKind, facts: ReportFacts) -> Markup:
    found = [one for one in facts.backtests if one.kind == kind]
    cutoffs = sorted({one.cutoff for one in found})
    newest = {one.class_value: one for one in found if one.cutoff == cutoffs[-1]}
    bars = [_bar(name, css, newest[value]) for value, name, css in _classes(kind) if value in newest]
    said = falls(found) if kind is ClassKind.LIFECYCLE else most_likely(list(newest.values()))
    return card(
        element("p", said, class_="said") if said else None,
        element("ul", *bars, class_="rates"),
        caption("Bar: who came back. Upright mark: what the cut-off before made expected."),
        _history(kind, found),
        caption(_auc(list(newest.values()))),
        heading=KIND_NAMES[kind],
        note=f"cut-off {short_day(cutoffs[-1])}",
    )


def _classes(kind: str) -> list[tuple[str, str, str]]:
    return [(one.value, one.name, one.css) for one in classes(kind)]


def _bar(name: str, css: str, one: Backtest) -> Markup:
    rate = one.rate
    expected = "nothing expected yet" if one.expected_rate is None else f"expected {percent(one.expected_rate, 1)}"
    return element(
        "li",
        element("span", name, class_="name"),
        element("b", "–" if rate is None else percent(rate, 1)),
        rate_bar(rate or 0.0, one.expected_rate, css),
        element("span", f"{whole(one.returned)} of {whole(one.customers)}; {expected}", class_="mut"),
    )


def _history(kind: ClassKind, found: Sequence[Backtest]) -> Markup:
    """One row per cut-off, newest first; the expected rate under the one seen."""
    seen = {one.class_value for one in found}
    shown = [(value, name) for value, name, _ in _classes(kind) if value in seen]
    by_place = {(one.cutoff, one.class_value): one for one in found}
    rows: list[list[object]] = []
    for cutoff in sorted({one.cutoff for one in found}, reverse=True):
        here = [one for one in found if one.cutoff == cutoff]
        auc = next((one.auc for one in here if one.auc is not None), None)
        cells = [_cell(by_place.get((cutoff, value))) for value, _ in shown]
        rows.append([short_day(cutoff), *cells, "–" if auc is None else f"{auc:.2f}"])
    columns = ["Cut-off", *(name for _, name in shown), "AUC"]
    return data_table(f"{KIND_NAMES[kind]}: share who came back, and what was expected", columns, rows)


def _cell(one: Backtest | None) -> object:
    if one is None or one.rate is None:
        return "–"
    if one.expected_rate is None:
        return percent(one.rate, 1)
    expected = element("span", f"exp. {percent(one.expected_rate, 1)}", class_="expected")
    return element("span", percent(one.rate, 1), " ", expected)


def falls(found: Sequence[Backtest]) -> str:
    """Whether return rates fall strictly over the four groups, cut-off by cut-off."""
    judged = fallen = 0
    for cutoff in {one.cutoff for one in found}:
        rates = {one.class_value: one.rate for one in found if one.cutoff == cutoff}
        known = [rate for group in LADDER if (rate := rates.get(group.value)) is not None]
        if len(known) == len(LADDER):
            judged += 1
            fallen += all(earlier > later for earlier, later in pairwise(known))
    if judged == 0:
        return "At no cut-off did all four groups have customers, so it cannot be said whether the rates fall."
    order = "from Just ordered over Active and Slipping away to Lost"
    if fallen == judged:
        every = "the one cut-off" if judged == 1 else f"each of {judged} cut-offs"
        return f"At {every} the rate falls strictly {order}: the groups keep their promise."
    return f"At {fallen} of {counted(judged, 'cut-off')} the rate falls strictly {order}; at the others it does not."


def most_likely(newest: Sequence[Backtest]) -> str:
    """The stage that came back most, and the one that did least."""
    names = {value: name for value, name, _ in _classes("stage")}
    ranked = sorted((one for one in newest if one.rate is not None and one.class_value in names),
                    key=lambda one: (-(one.rate or 0.0), one.class_value))  # fmt: skip
    if len(ranked) < 2:
        return ""
    most, least = ranked[0], ranked[-1]
    return (
        f"“{names[most.class_value]}” came back most often ({percent(most.rate or 0.0, 1)}), "
        f"“{names[least.class_value]}” least ({percent(least.rate or 0.0, 1)})."
    )


def _auc(newest: Sequence[Backtest]) -> str:
    auc = next((one.auc for one in newest if one.auc is not None), None)
    if auc is None:
        return "AUC is not known here: all came back, or none did."
    return (
        f"AUC {auc:.2f}: of one who came back and one who did not, the classes put the right one first "
        f"{round(auc * 100)} times in 100 (ties count half; 50 is chance)."
    )
