"""The shop's year: time runs faster in autumn. Behaviour is drawn in season time and read off the calendar."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from pyspark.sql import Column
from pyspark.sql import functions as F

from lifetide.simulate.world import Plan

YEAR = 365.25


@dataclass(frozen=True)
class Season:
    """Season time from `start` (the first local midnight) to `end` (the last), and the calendar day of each moment.

    day(s) = s - (aY / 2π) sin 2π(s - p)/Y, with amplitude a, year Y and peak p. A process that is even in season time
    so has the rate 1 / (1 - a cos 2π(s - p)/Y) by the calendar: 1 / (1 - a) at the peak, 1 / (1 + a) half a year
    away, and 1 over whole years. (Inversion of the cumulative rate, Çinlar 1975; it is the inverse that is given.)
    """

    start: float
    end: float
    peak: float
    amplitude: float

    def day_of(self, moment: Column) -> Column:
        """Days since the first local midnight, with fraction."""
        swing = self.amplitude * YEAR / (2 * math.pi)
        return moment - swing * F.sin((moment - self.peak) * (2 * math.pi / YEAR))


def season(plan: Plan) -> Season:
    """The plan's season; the peak is that of the first year."""
    peak, amplitude = plan.world.season_peak_day - plan.first.timetuple().tm_yday, plan.world.season_amplitude
    swing = amplitude * YEAR / (2 * math.pi)

    def day(moment: float) -> float:
        return moment - swing * math.sin((moment - peak) * (2 * math.pi / YEAR))

    return Season(_inverted(day, 0.0), _inverted(day, float(plan.days)), float(peak), amplitude)


def _inverted(day: Callable[[float], float], wanted: float) -> float:
    """The moment of a calendar day, by bisection: `day` grows, and differs from its argument by less than a year."""
    low, high = wanted - YEAR, wanted + YEAR
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if day(middle) < wanted else (low, middle)
    return (low + high) / 2
