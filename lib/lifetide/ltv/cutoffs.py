"""At which earlier days a log is cut: to teach the trained scorer, and to choose among models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_SHARE = 0.45
LESSONS, ORIGINS, BACK = 5, 3, 0.1
FEWEST_DAYS = 14


@dataclass(frozen=True)
class Cut:
    """The log known up to `day`, held against the `days` after it. Days are counted from any one day."""

    day: int
    days: int

    @property
    def until(self) -> int:
        """The last day it looks at."""
        return self.day + self.days


def lessons_until(first: int, last: int, horizon: int) -> list[Cut]:
    """Five cut-offs, all looking ahead min(horizon, 45% of the log), none beyond `last`; none in too short a log."""
    days = min(horizon, int(LONGEST_SHARE * (last - first)))
    if days < FEWEST_DAYS:
        return []
    newest = last - days
    return [Cut(int(newest - (newest - first) * step / LESSONS), days) for step in range(LESSONS)]


def origins_until(first: int, last: int, horizon: int) -> list[Cut]:
    """Three cut-offs a tenth of the log apart, all looking ahead min(horizon, 45% of the log)."""
    days = min(horizon, int(LONGEST_SHARE * (last - first)))
    if days < FEWEST_DAYS:
        return []
    newest = last - days
    cuts = [Cut(int(newest - BACK * (last - first) * step), days) for step in range(ORIGINS)]
    return [cut for cut in cuts if lessons_until(first, cut.day, horizon)]


def every_cut(first: int, last: int, horizon: int) -> list[Cut]:
    """All that a fit on `last` asks of the log: its lessons, its origins and the lessons of each."""
    origins = origins_until(first, last, horizon)
    found: Sequence[Cut] = [
        *lessons_until(first, last, horizon),
        *origins,
        *(lesson for origin in origins for lesson in lessons_until(first, origin.day, horizon)),
    ]
    return list(dict.fromkeys(found))
