"""Which learned parameters a build uses, and what happens where there are none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lifetide.errors import NotFound
from lifetide.storage import Store, rows
from lifetide.tables import CUSTOMER_PROFILES, LEARNED_PARAMETERS
from lifetide.vocabulary import ParameterScope

MOST_PARAMETERS = 10_000


@dataclass(frozen=True)
class Parameters:
    """Values by name, and the local date and scope that they were learned for."""

    values: dict[str, float]
    as_of: date
    scope: ParameterScope


def chosen_parameters(store: Store, as_of: date, asked: date | None) -> Parameters | None:
    """The parameters for a build of as_of; None where it has to learn its own.

    Those of `asked` where given; else those that the snapshot of as_of used (a rerun repeats itself); else the
    newest that a fit learned on or before as_of. Raises NotFound where `asked` names a day without parameters.
    """
    known = store.read(LEARNED_PARAMETERS)
    mine = (F.col("scope") == str(ParameterScope.SHOP)) | (F.col("as_of") == F.lit(as_of))
    if asked is not None:
        found = _of_day(known.where(F.col("scope") == str(ParameterScope.SHOP)), asked)
        if found is None:
            raise NotFound(f"There are no learned parameters of {asked}: {_days(known)}.")
        return found
    used = rows(
        store.read(CUSTOMER_PROFILES).where(F.col("as_of") == F.lit(as_of)).select("parameters_as_of").limit(1),
        at_most=1,
    )
    if used:
        return _of_day(known.where(mine), used[0][0])
    usable = known.where(mine & (F.col("as_of") <= F.lit(as_of)))
    newest = rows(usable.agg(F.max("as_of")), at_most=1)[0][0]
    return None if newest is None else _of_day(usable, newest)


def values_of(frame: DataFrame) -> dict[str, float]:
    """Values by name of rows of learned_parameters."""
    return {row["name"]: row["value"] for row in rows(frame.select("name", "value"), at_most=MOST_PARAMETERS)}


def _of_day(known: DataFrame, day: date) -> Parameters | None:
    """A day's parameters; those of a fit before those of a past build."""
    for scope in (ParameterScope.SHOP, ParameterScope.PAST):
        values = values_of(known.where((F.col("as_of") == F.lit(day)) & (F.col("scope") == str(scope))))
        if values:
            return Parameters(values, day, scope)
    return None


def _days(known: DataFrame) -> str:
    shop = known.where(F.col("scope") == str(ParameterScope.SHOP))
    days = sorted(row[0] for row in rows(shop.select("as_of").distinct(), at_most=MOST_PARAMETERS))
    if not days:
        return "none were ever learned; run `lifetide fit` or a first build"
    return f"they were learned on {', '.join(str(day) for day in days[-5:])}"
