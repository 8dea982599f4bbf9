"""What the members of an audience did in the newest whole month and quarter, beside everyone's."""

from __future__ import annotations

from collections.abc import Sequence

from lifetide.explorer.figures import counted, day, month
from lifetide.explorer.flow_facts import StageMetrics
from lifetide.explorer.markup import Markup, join
from lifetide.explorer.sections.achieved import METRICS, NONE, quarter_name, said
from lifetide.explorer.sections.furniture import Cell, caption, data_table

KINDS = ("month", "quarter")


def audience_months(name: str, key: str | None, found: Sequence[StageMetrics], currency: str) -> Markup | None:
    """A table with a row per figure; None where nobody of it was a customer in a whole month. No key = everyone.

    `found` has rows of everyone (no stage, no audience) and of the audience, oldest first.
    """
    mine = [one for kind in KINDS if (one := _newest(found, key, kind)) is not None]
    if not mine:
        return None
    columns, shown = ["Figure"], list[StageMetrics]()
    for one in mine:
        shown.append(one)
        columns.append(month(one.start) if one.period == "month" else quarter_name(one))
        if key is not None:
            shown.append(_newest(found, None, one.period) or StageMetrics(one.start, one.period))
            columns.append("everyone")
    rows = [
        [metric.name, *(Cell(said(one, metric, currency, NONE), getattr(one, metric.column)) for one in shown)]
        for metric in METRICS
        if any(getattr(one, metric.column) is not None for one in mine)
    ]
    return join((data_table(f"What members of {name} did", columns, rows), caption(_whom(mine[0]))))


def _newest(found: Sequence[StageMetrics], key: str | None, kind: str) -> StageMetrics | None:
    theirs = (one for one in reversed(found) if one.period == kind and one.stage is None and one.audience == key)
    return next(theirs, None)


def _whom(one: StageMetrics) -> str:
    """Which customers, and what to think of it."""
    if one.members_on is None:
        return f"Of the {counted(one.customers, 'customer')} who had ordered by the end of the month."
    told = f"Of the {counted(one.customers, 'member')} of {day(one.members_on)}"
    if one.members_on < one.start:
        return f"{told}, the day before the month began, who had ordered by its end."
    return (
        f"{told} who had ordered by the end of the month. The audience was first evaluated on that day, so a rule "
        "about what they did shows in the figures."
    )
