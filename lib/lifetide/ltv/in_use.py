"""Which of the fits that are kept a build uses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from lifetide.vocabulary import ParameterScope


def in_use(
    fits: Iterable[tuple[date, str]], as_of: date, parameters_as_of: date | None
) -> tuple[date, ParameterScope] | None:
    """Day and scope among `fits` (as_of and scope of rows of ltv_models) for a build of as_of; None without any.

    Those that were fitted with the parameters in use, since a fit brings both; else the newest on or before as_of. A
    past build's own are read by that as_of alone, and after the shop's.
    """
    mine = {(day, scope) for day, scope in fits if scope == str(ParameterScope.SHOP) or day == as_of}
    wanted = parameters_as_of or as_of
    days = {day for day, _ in mine}
    day = wanted if wanted in days else max((one for one in days if one <= as_of), default=None)
    if day is None:
        return None
    return day, ParameterScope.SHOP if (day, str(ParameterScope.SHOP)) in mine else ParameterScope.PAST
