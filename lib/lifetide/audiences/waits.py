"""Hysteresis: `min_days` and `exit_lag_days` hold a member whom the rule lets go (spec lifetide.audience/v1, 4.4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pyspark.sql import Column
from pyspark.sql import functions as F

from lifetide.audiences.ledger import STRETCHES
from lifetide.audiences.tree import Membership


def has_waits(membership: Membership) -> bool:
    """True where membership is more than the rule of the day."""
    return bool(membership.min_days or membership.exit_lag_days)


def waited(holding: Column, waits: Mapping[str, Membership], day: date) -> Column:
    """Stretches of membership from the stretches in which the rule held (`holding`, in any order), as of `day`.

    A member enters as the rule holds, and leaves on the first date on which the rule has failed for `exit_lag_days`
    in a row, and which lies `min_days` or more after the entry. `waits` by reference; others are left as they are.
    """
    shortest, lag = _days(waits, "min_days"), _days(waits, "exit_lag_days")
    nothing = F.array().cast(STRETCHES)
    no_date = F.lit(None).cast("date")
    start = F.struct(nothing.alias("done"), no_date.alias("since"), no_date.alias("until"))

    def next_stretch(so_far: Column, one: Column) -> Column:
        goes_on = so_far["since"].isNotNull() & F.coalesce(one["valid_from"] <= so_far["until"], F.lit(True))
        since = F.when(goes_on, so_far["since"]).otherwise(one["valid_from"])
        is_over = so_far["since"].isNotNull() & ~goes_on
        over = F.array(F.struct(so_far["since"].alias("valid_from"), so_far["until"].alias("valid_to"))).cast(
            STRETCHES
        )
        leaves = F.greatest(F.date_add(one["valid_to"], lag), F.date_add(since, shortest))
        return F.struct(
            F.when(is_over, F.concat(so_far["done"], over)).otherwise(so_far["done"]).alias("done"),
            since.alias("since"),
            F.when(one["valid_to"].isNotNull(), leaves).alias("until"),
        )

    def at_the_end(so_far: Column) -> Column:
        until = F.when(so_far["until"] <= F.lit(day), so_far["until"])
        last = F.array(F.struct(so_far["since"].alias("valid_from"), until.alias("valid_to"))).cast(STRETCHES)
        return F.when(so_far["since"].isNotNull(), F.concat(so_far["done"], last)).otherwise(so_far["done"])

    return F.aggregate(F.sort_array(holding), start, next_stretch, at_the_end)


def _days(waits: Mapping[str, Membership], name: str) -> Column:
    found = F.lit(0)
    for reference, membership in waits.items():
        found = F.when(F.col("reference") == reference, F.lit(getattr(membership, name))).otherwise(found)
    return found
