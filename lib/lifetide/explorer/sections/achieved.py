"""What the stages achieve month by month: a small picture, the newest figure and a plain sentence for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from lifetide.explorer.charts import trend
from lifetide.explorer.facts import ReportFacts
from lifetide.explorer.figures import MINUS, exact_money, month, percent
from lifetide.explorer.flow_facts import StageMetrics
from lifetide.explorer.markup import Markup, element
from lifetide.explorer.moves import class_name
from lifetide.explorer.sections.furniture import card, data_table, empty, section
from lifetide.vocabulary import CustomerStage

MOST_MONTHS, MOST_QUARTERS = 13, 4
NONE = "–"


@dataclass(frozen=True)
class Metric:
    """A figure of the stages: its column, its name, what it means, what null means, and how it is written."""

    column: str
    name: str
    meaning: str
    missing: str
    written: Callable[[float, str], str]


def _share(value: float, _: str) -> str:
    return percent(value, 1)


def _score(value: float, _: str) -> str:
    """Net promoter score in points, −100 to 100."""
    points = round(value * 100)
    return f"{'+' if points > 0 else MINUS if points < 0 else ''}{abs(points)}"


def _orders(value: float, _: str) -> str:
    return f"{value:.2f}"


def _money(value: float, currency: str) -> str:
    return exact_money(Decimal(str(value)), currency)


METRICS = (
    Metric("repeat_ratio", "Repeat ratio", "Of those who began the month with one order, the share who reordered.",
           "nobody had one order", _share),
    Metric("activation_ratio", "Activation", "Of those who began the month dropped off, the share who ordered.",
           "nobody had dropped off", _share),
    Metric("loyal_activation_ratio", "Loyal activation",
           "Of those who began the month dropped off, the share who ordered and became loyal.",
           "nobody had dropped off", _share),
    Metric("frequency_ratio", "Order frequency", "Orders per customer who bought in the month.", "nobody bought",
           _orders),
    Metric("customer_value", "Customer value", "Net revenue per order of the month.", "no order", _money),
    Metric("nps", "Net promoter score",
           "Share of answers 9 and 10, less the share of 0 to 6; the band is where it lies with 90% certainty.",
           "no survey", _score),
    Metric("referred_share", "Referred", "Of those with their first order in the month, the share who were referred.",
           "no referrals", _share),
)  # fmt: skip


def achieved(facts: ReportFacts) -> Markup:
    """Small multiples by month, the quarter beside; the newest month stage by stage in a table."""
    heading = "What the stages achieve"
    everyone = [one for one in facts.stage_metrics if one.stage is None and one.audience is None]
    months = [one for one in everyone if one.period == "month"][-MOST_MONTHS:]
    quarters = [one for one in everyone if one.period == "quarter"][-MOST_QUARTERS:]
    if not months:
        words = "The first figures appear when a calendar month with customers is over."
        return section("achieved", heading, None, card(empty("No whole month yet", words)))
    lead = f"{month(months[-1].start)} is the newest whole month; the line shows the months before it, from zero."
    newest = [one for one in facts.stage_metrics if one.stage and one.period == "month"
              and one.start == months[-1].start]  # fmt: skip
    return section(
        "achieved",
        heading,
        lead,
        element("div", *(_small(metric, months, quarters, facts) for metric in METRICS), class_="smalls"),
        card(
            _table("Month by month", "Month", [(month(one.start), one) for one in reversed(months)], facts),
            _table("Quarter by quarter", "Quarter", [(quarter_name(one), one) for one in reversed(quarters)], facts),
            _table("Stage by stage", "Began the month as", _by_stage(newest), facts),
            css="tables",
        ),
    )


def _small(
    metric: Metric, months: Sequence[StageMetrics], quarters: Sequence[StageMetrics], facts: ReportFacts
) -> Markup:
    values = [_value(one, metric) for one in months]
    quarter = quarters[-1] if quarters else None
    beside = (
        f"{quarter_name(quarter)}: {said(quarter, metric, facts.currency)}" if quarter else "No whole quarter yet"
    )
    interval = _interval(months[-1]) if metric.column == "nps" else ""
    is_empty = all(value is None for value in values)
    return element(
        "div",
        element("h3", metric.name),
        element("p", metric.missing.capitalize() if values[-1] is None else said(months[-1], metric, facts.currency),
                class_="value" if values[-1] is not None else "value missing"),
        element("p", interval, class_="under") if interval else None,
        None if is_empty else _line(metric, months, facts),
        None if is_empty else element("p", beside, class_="under"),
        element("p", metric.meaning, class_="means"),
        class_="card small",
    )  # fmt: skip


def _line(metric: Metric, months: Sequence[StageMetrics], facts: ReportFacts) -> Markup:
    words = [f"{month(one.start)}: {said(one, metric, facts.currency)}" for one in months]
    is_nps = metric.column == "nps"
    return trend(
        f"small-{metric.column.replace('_', '-')}",
        f"{metric.name} by month",
        "; ".join(words) + ".",
        [_value(one, metric) for one in months],
        words=words,
        lower=[one.nps_lower for one in months] if is_nps else (),
        upper=[one.nps_upper for one in months] if is_nps else (),
    )


def _interval(one: StageMetrics) -> str:
    if one.nps_lower is None or one.nps_upper is None:
        return ""
    return f"between {_score(one.nps_lower, '')} and {_score(one.nps_upper, '')}"


def _by_stage(found: Sequence[StageMetrics]) -> list[tuple[str, StageMetrics]]:
    order = [stage.value for stage in CustomerStage]
    known = sorted((one for one in found if one.stage in order), key=lambda one: order.index(one.stage or ""))
    return [(class_name("stage", one.stage), one) for one in known]


def _table(name: str, first: str, rows: Sequence[tuple[str, StageMetrics]], facts: ReportFacts) -> Markup | None:
    if not rows:
        return None
    cells = [[label, *(said(one, metric, facts.currency, NONE) for metric in METRICS)] for label, one in rows]
    shown = data_table(f"What the stages achieve, {name.lower()}", [first, *(one.name for one in METRICS)], cells)
    return element("details", element("summary", name), shown)


def quarter_name(one: StageMetrics) -> str:
    """Q3 2011."""
    return f"Q{(one.start.month + 2) // 3} {one.start.year}"


def _value(one: StageMetrics, metric: Metric) -> float | None:
    value = getattr(one, metric.column)
    return None if value is None else float(value)


def said(one: StageMetrics, metric: Metric, currency: str, nothing: str | None = None) -> str:
    """A figure as people read it; what is missing where there is none, or `nothing`."""
    value = _value(one, metric)
    return (nothing or metric.missing) if value is None else metric.written(value, currency)
