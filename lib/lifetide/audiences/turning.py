"""Audiences whose calendar window moved on: the month is over, and they begin anew."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from lifetide.audiences.timeframes import Timeframe
from lifetide.audiences.together import leaves, references
from lifetide.audiences.tree import Audience

CALENDAR = ("this", "last")
"""How the modes of time begin that jump at the end of a week, month, quarter or year."""


def has_turned(audience: Audience, beside: Mapping[str, Audience], then: date, now: date) -> bool:
    """True where a calendar window of the rule, or of an audience that it names, is another one than it was."""
    for leaf in leaves(audience.rule):
        timeframe = getattr(leaf, "timeframe", None)
        if isinstance(timeframe, Timeframe) and _has_moved(timeframe, then, now):
            return True
    named = [beside[one] for one in references(audience) if one in beside]
    return any(has_turned(one, beside, then, now) for one in named)


def _has_moved(timeframe: Timeframe, then: date, now: date) -> bool:
    is_calendar = str(timeframe.mode).split("_")[0] in CALENDAR
    return is_calendar and timeframe.bounds(then) != timeframe.bounds(now)
