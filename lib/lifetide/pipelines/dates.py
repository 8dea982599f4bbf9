"""Reading the events of given dates alone: only the files that hold them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.pipelines.publishing import Run
from lifetide.storage import rows
from lifetide.tables import EVENTS

MOST_DATES = 20_000


def dates_of(*named: tuple[DataFrame, str]) -> list[date]:
    """The distinct dates in columns of frames, in order."""
    frames = [frame.select(F.col(name).alias("day")) for frame, name in named]
    whole = frames[0]
    for frame in frames[1:]:
        whole = whole.unionByName(frame)
    found = rows(whole.where(F.col("day").isNotNull()).distinct(), at_most=MOST_DATES)
    return sorted(row["day"] for row in found)


def events_on(run: Run, what: str, dates: Sequence[date], as_of: date) -> DataFrame:
    """Events of the dates up to as_of; the run's notes say how many files that reads."""
    events = run.store.read(EVENTS)
    found = events.where(_is_on(F.col("event_date"), [day for day in dates if day <= as_of]))
    read, kept = len(found.inputFiles()), len(events.inputFiles())
    run.outcome.notes.append(f"{what}: {len(dates)} dates, {read} of {kept} files of events read")
    return found


def _is_on(column: Column, dates: Sequence[date]) -> Column:
    """A condition of literal ranges, by which Delta leaves files out (of a list it would take only the ends)."""
    ranges: list[tuple[date, date]] = []
    for day in sorted(dates):
        if ranges and day - ranges[-1][1] == timedelta(days=1):
            ranges[-1] = (ranges[-1][0], day)
        else:
            ranges.append((day, day))
    conditions = [column.between(F.lit(first), F.lit(last)) for first, last in ranges] or [F.lit(False)]
    while len(conditions) > 1:  # in pairs, so that the tree stays flat
        pairs = zip(conditions[::2], [*conditions[1::2], None], strict=False)
        conditions = [left if right is None else left | right for left, right in pairs]
    return conditions[0]
