"""The days that `build --from … --to …` asks for."""

from __future__ import annotations

from argparse import Namespace
from datetime import date, timedelta

from lifetide.errors import UsageError

MOST_DAYS = 10_000


def asked_days(arguments: Namespace) -> list[date]:
    """The days of `--from`, `--to`, `--every`, oldest first; empty where none of them is given.

    Raises UsageError where they do not fit each other.
    """
    first, last, every = arguments.first, arguments.last, arguments.every
    if first is None and last is None and every is None:
        return []
    if first is None or last is None:
        raise UsageError("--from and --to go together, and --every needs them: name the first and the last day.")
    if arguments.as_of is not None:
        raise UsageError("--as-of names one day, --from and --to name several: use one of them.")
    if first > last:
        raise UsageError(f"--from {first} is after --to {last}: name the earlier day first.")
    every_day = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    if every == "week":
        every_day = [day for day in every_day if (last - day).days % 7 == 0]
    elif every == "month":
        every_day = [day for day in every_day if day == last or (day + timedelta(days=1)).day == 1]
    if len(every_day) > MOST_DAYS:
        raise UsageError(f"That is {len(every_day):,} builds: ask for a shorter time, or for --every month.")
    return every_day
