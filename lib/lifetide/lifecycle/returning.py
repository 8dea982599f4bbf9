"""X, Y and Z: when customers are at risk, when they have dropped off, and how many orders make them loyal.

From Kaplan–Meier curves of the days between purchases, present silences censored (spec: statistics, section 3).
Arrays: a leading axis of replicates (place 0 = the whole shop), then whole days 0, 1, 2, …
Source: Kaplan and Meier, Nonparametric Estimation from Incomplete Observations, JASA 53 (1958).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor

import numpy as np

from lifetide.lifecycle.jackknife import Floats, quantiles
from lifetide.vocabulary import LearnedMethod as Method

LONGEST_HORIZON = 365
HORIZON_SHARE = 0.4
FEWEST_AT_RISK = 50
AT_RISK_BELOW, DROP_OFF_BELOW = 0.5, 0.1
AT_RISK_GAPS, DROP_OFF_GAPS = 2, 4
MOST_ORDERS = 20
ANY = 0
"""Instead of a number of orders: all of them."""
PLATEAU = 0.9


@dataclass(frozen=True)
class Learned:
    """A value per replicate (NaN = none) and how it came about, judged on the whole shop."""

    estimates: Floats
    method: Method

    @property
    def value(self) -> float:
        """The whole shop's."""
        return float(self.estimates[0])


def horizon_days(span_days: int) -> int:
    """H: 40% of the log's days, both ends counted, rounded down; at most a year."""
    return min(LONGEST_HORIZON, floor(HORIZON_SHARE * span_days + 1e-9))


def at_risk(completed: Floats, silent: Floats) -> Floats:
    """How many gaps and silences reach each day."""
    both = completed + silent
    reached: Floats = np.cumsum(both[..., ::-1], axis=-1)[..., ::-1]
    return reached


def survival(completed: Floats, silent: Floats) -> Floats:
    """S(s): the share of gaps longer than s days; after the last day that anything reaches it stays as it is."""
    reached = at_risk(completed, silent)
    hazard = np.divide(completed, reached, out=np.zeros_like(reached), where=reached > 0)
    curve: Floats = np.cumprod(1 - hazard, axis=-1)
    return curve


def return_probability(completed: Floats, silent: Floats, horizon: int) -> Floats:
    """1 − S(s + H) / S(s) for each silence s; NaN where fewer than 50 gaps are at risk at s + H."""
    curve, reached = survival(completed, silent), at_risk(completed, silent)
    days = curve.shape[-1]
    found = np.full(curve.shape, np.nan)
    if not 1 <= horizon < days:
        return found
    now, then = curve[..., : days - horizon], curve[..., horizon:]
    is_known = (reached[..., horizon:] >= FEWEST_AT_RISK) & (now > 0)
    ratio = np.divide(then, now, out=np.ones_like(now), where=now > 0)
    found[..., : days - horizon] = np.where(is_known, 1 - ratio, np.nan)
    return found


def silence_limits(completed: Floats, silent: Floats, population: Floats, horizon: int) -> tuple[Learned, Learned]:
    """X and Y: the smallest silence, from the population's gap on, after which less than 50% or 10% return within H.

    Where there is none, 2 × and 4 × the 75% quantile of completed gaps; Y is at least X + 1. NaN without any gap.
    `population` is the population's interval in days per replicate.
    """
    chance = return_probability(completed, silent, horizon)
    upper = quantiles(np.arange(completed.shape[-1], dtype=np.float64), completed, [0.75])[:, 0]
    found = []
    for below, times in ((AT_RISK_BELOW, AT_RISK_GAPS), (DROP_OFF_BELOW, DROP_OFF_GAPS)):
        learned = np.array([_first_below(row, below, start) for row, start in zip(chance, population, strict=True)])
        is_learned = bool(np.isfinite(learned[0]))
        found.append(Learned(learned, Method.SURVIVAL) if is_learned else Learned(times * upper, Method.FALLBACK))
    x, y = found
    return x, Learned(np.maximum(y.estimates, x.estimates + 1), y.method)


def _first_below(chance: Floats, below: float, start: float) -> float:
    first = ceil(start - 1e-9) if np.isfinite(start) else 0
    (places,) = np.nonzero(chance[first:] < below)  # NaN is never below
    return float(first + places[0]) if len(places) else np.nan


def loyal_orders(completed: Floats, silent: Floats, horizon: int) -> Learned | None:
    """Z: the smallest k at which P(order k + 1 within H | k orders) reaches 90% of its maximum over k ≤ 20.

    Arrays by k (first axis, k = 1 first), then replicate and day. Only k with 50 customers at risk at H count; None
    where there is no such k.
    """
    if not 1 <= horizon < completed.shape[-1]:
        return None
    reached = at_risk(completed, silent)[:, :, horizon]
    chance = np.where(reached >= FEWEST_AT_RISK, 1 - survival(completed, silent)[:, :, horizon], np.nan)
    is_any = np.asarray(np.isfinite(chance).any(axis=0))
    if not is_any[0]:
        return None
    best = np.where(is_any, np.nanmax(np.where(is_any, chance, 0.0), axis=0), np.nan)
    is_there = chance >= PLATEAU * best
    first = np.argmax(is_there, axis=0) + 1.0
    return Learned(np.where(is_there.any(axis=0), first, np.nan), Method.SURVIVAL)
