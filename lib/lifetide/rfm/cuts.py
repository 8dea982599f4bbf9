"""Stored cut points, and the scores that they give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pyspark.sql import Column
from pyspark.sql import functions as F


@dataclass(frozen=True)
class RfmCuts:
    """Ascending cut points in days, net orders and money; fewer than four where values are few."""

    recency: tuple[float, ...]
    frequency: tuple[float, ...]
    monetary: tuple[float, ...]


@dataclass(frozen=True)
class Scores:
    """R, F and M from 1 to 5; 5 is best."""

    recency: Column
    frequency: Column
    monetary: Column


def rfm_cuts_of(values: Mapping[str, float]) -> RfmCuts:
    """The cut points among learned parameters by name."""

    def of(measure: str) -> tuple[float, ...]:
        names = [f"rfm_{measure}_cut_{place}" for place in range(1, 5)]
        return tuple(values[name] for name in names if name in values)

    return RfmCuts(of("recency"), of("frequency"), of("monetary"))


def scores_of(silence: Column, order_count: Column, money: Column, cuts: RfmCuts) -> Scores:
    """Scores of days since the last order, net orders and money; M takes F's score where money is null."""
    frequency = 1 + _passed(order_count, cuts.frequency)
    monetary = F.when(money.isNull(), frequency).otherwise(1 + _passed(money, cuts.monetary))
    return Scores(5 - _passed(silence, cuts.recency), frequency, monetary)


def _passed(value: Column, cuts: tuple[float, ...]) -> Column:
    """How many cut points the value lies above; equal values always get equal scores."""
    passed = F.lit(0)
    for cut in cuts:
        passed = passed + F.when(value.cast("double") > cut, 1).otherwise(0)
    return passed
