"""A ledger of members in plain Python: what is so on each evaluated day, and a log of what was believed when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

Stretch = tuple[date, date | None]
Pair = tuple[str, str]
DAY = timedelta(days=1)


def stretches(days: Iterable[date], is_in: Mapping[date, bool]) -> list[Stretch]:
    """Runs of evaluated days on which it is so; the end is the first evaluated day on which it is not."""
    found: list[Stretch] = []
    since = None
    for day in sorted(days):
        if is_in.get(day, False) and since is None:
            since = day
        elif not is_in.get(day, False) and since is not None:
            found.append((since, day))
            since = None
    return [*found, (since, None)] if since else found


def waited(held: list[Stretch], min_days: int, lag: int, until: date) -> list[Stretch]:
    """The same day by day: a member leaves when the rule has failed for `lag` days and `min_days` are over."""
    if not held:
        return []
    found: list[Stretch] = []
    since = failed_since = None
    day = min(first for first, _ in held)
    while day <= until:
        holds = any(first <= day and (last is None or day < last) for first, last in held)
        if holds:
            since, failed_since = since or day, None
        elif since:
            failed_since = failed_since or day
            if day >= failed_since + lag * DAY and day >= since + min_days * DAY:
                found.append((since, day))
                since = failed_since = None
        day += DAY
    return [*found, (since, None)] if since else found


@dataclass
class Log:
    """What was believed after each run, whole."""

    kept: dict[datetime, dict[Pair, list[Stretch]]] = field(default_factory=dict)

    def write(self, at: datetime, believed: Mapping[Pair, list[Stretch]]) -> None:
        self.kept[at] = {pair: sorted(found) for pair, found in believed.items() if found}
