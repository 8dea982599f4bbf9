"""Which model a shop gets: every candidate foretells what the log has shown; the mean must be beaten clearly.

Rolling origin: the log is cut at several earlier days; each candidate is fitted on what was known by then and held
against the orders of the horizon that followed. A fit never sees what came after its own day, the trained scorer and
its lessons included. Source: Tashman, Out-of-sample tests of forecasting accuracy, International Journal of
Forecasting 16 (2000).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from lifetide.ltv.bg_nbd import fit_bg_nbd
from lifetide.ltv.features import features
from lifetide.ltv.grid import fit_grid
from lifetide.ltv.histories import WEEK, Floats, Histories, coarse, distinct
from lifetide.ltv.mbg_nbd import fit_mbg_nbd
from lifetide.ltv.mean_model import Mean
from lifetide.ltv.nbd import fit_nbd
from lifetide.ltv.order_model import Fit, OrderModel
from lifetide.ltv.pareto_nbd import fit_pareto_nbd
from lifetide.ltv.tenths import squared_misses
from lifetide.ltv.trained import Score, Trained, fitted_shape

MOST_TUPLES, MOST_GRID_TUPLES = 50_000, 10_000
MEAN = "mean"
MEMBERS = ("pareto_nbd", "grid", "grid_k", "trained")
LEAST_EXPECTED = 1e-4
CLEARLY = 0.95


@dataclass(frozen=True)
class Lesson:
    """What was known at a cut-off, and the purchase days of the `days` after it: one row per distinct pair."""

    known: Histories
    later: Floats
    days: int


class Learn(Protocol):
    """Teaches the scorer: features, mean counts, customers → a score of features."""

    def __call__(self, features: Floats, counts: Floats, weights: Floats) -> Score:
        """The taught scorer."""


@dataclass(frozen=True)
class Candidates:
    """Fitted models by name; the mean last."""

    models: Mapping[str, OrderModel]

    @property
    def mean(self) -> OrderModel:
        """Of Pareto/NBD, both grids and the trained scorer."""
        return self.models[MEAN]


@dataclass(frozen=True)
class Choice:
    """The deviance of each candidate over all origins, and the name of the chosen one.

    `newest`: the chosen one as it was fitted at the newest origin, to be held against what followed. `drift`: by what
    share of the orders it foretold for a tenth of the customers it was wrong beyond chance, root mean square over
    tenths and origins: shops change.
    """

    name: str
    deviances: Mapping[str, float] = field(default_factory=dict)
    horizon_days: int | None = None
    origins: int = 0
    newest: OrderModel | None = None
    drift: float = 0.0


def fit_candidates(
    known: Histories, lessons: Sequence[Lesson], learn: Learn, *, with_spread: bool = True
) -> Candidates:
    """Every candidate, fitted on `known`; the trained scorer on lessons that ended before it was known.

    Without its spread the trained scorer foretells means alone, for a third of the work.
    """
    few, fewer = coarse(known, MOST_TUPLES), coarse(known, MOST_GRID_TUPLES)
    models: dict[str, OrderModel] = {
        "nbd": fit_nbd(few),
        "bg_nbd": fit_bg_nbd(few),
        "mbg_nbd": fit_mbg_nbd(few),
        "pareto_nbd": fit_pareto_nbd(few),
        "grid": fit_grid(fewer, (1,), "grid"),
        "grid_k": fit_grid(fewer, (1, 2, 3, 5), "grid_k"),
    }
    if lessons:
        models["trained"] = trained(lessons, learn, models["pareto_nbd"], with_spread=with_spread)
    members = tuple(models[name] for name in MEMBERS if name in models)
    return Candidates({**models, MEAN: Mean(members, Fit({}, float("nan")))})


def trained(lessons: Sequence[Lesson], learn: Learn, pace: OrderModel, *, with_spread: bool = True) -> Trained:
    """The scorer taught by all lessons together, which share one horizon."""
    told = np.concatenate([features(lesson.known) for lesson in lessons])
    counts = np.concatenate([lesson.later for lesson in lessons])
    customers = np.concatenate([lesson.known.customers for lesson in lessons])
    rows, means, sizes = _merged(told, counts, customers)
    score = learn(rows, means, sizes)
    shape = float("nan")
    if with_spread:
        shape = fitted_shape(_unseen(told, counts, customers, learn), counts, customers)
    return Trained(score, lessons[0].days / WEEK, shape, pace, Fit({"shape": shape}, float("nan")))


def _unseen(told: Floats, counts: Floats, customers: Floats, learn: Learn) -> Floats:
    """What a scorer expects of each row that was taught by the other half of the rows."""
    is_even = np.arange(len(told)) % 2 == 0
    found = np.empty(len(told))
    for half in (is_even, ~is_even):
        taught = learn(*_merged(told[~half], counts[~half], customers[~half]))
        found[half] = taught.expected(told[half])
    return found


def _merged(told: Floats, counts: Floats, customers: Floats) -> tuple[Floats, Floats, Floats]:
    """One row per distinct features: mean count, customers."""
    rows, places = np.unique(told, axis=0, return_inverse=True, equal_nan=True)
    places = places.reshape(-1)
    sizes = np.bincount(places, customers).astype(np.float64)
    return rows, np.bincount(places, customers * counts) / sizes, sizes


def deviance(counts: Floats, expected: Floats) -> Floats:
    """Poisson deviance of each row: 2 (y ln(y/e) − (y − e)), e at least 0.0001."""
    safe = np.maximum(expected, LEAST_EXPECTED)
    some = np.where(counts > 0, counts, 1.0)
    found: Floats = 2 * (np.where(counts > 0, counts * np.log(some / safe), 0.0) - (counts - safe))
    return found


def mean_deviance(counts: Floats, expected: Floats, customers: Floats) -> float:
    """Per customer."""
    return float(customers @ deviance(counts, expected) / customers.sum())


def choose(origins: Sequence[tuple[Lesson, Sequence[Lesson]]], learn: Learn) -> Choice:
    """The mean, unless a single model's deviance is lower by more than a twentieth; origins come newest first.

    Smaller leads do not carry over: an origin lies in a younger shop, where the trained scorer has little to learn
    from. On the CDNOW sample MBG/NBD leads by 1% inside the log and is 6% behind the mean after it.
    """
    if not origins:
        return Choice(MEAN)
    totals: dict[str, list[float]] = {}
    misses: dict[str, list[float]] = {}
    newest: Mapping[str, OrderModel] = {}
    for origin, lessons in origins:
        weeks, customers = origin.days / WEEK, origin.known.customers
        models = fit_candidates(distinct(origin.known)[0], lessons, learn, with_spread=not newest).models
        newest = newest or models
        for name, model in models.items():
            expected = model.expected_orders(origin.known, weeks)
            totals.setdefault(name, []).append(mean_deviance(origin.later, expected, customers))
            misses.setdefault(name, []).extend(squared_misses(expected, origin.later, customers))
    deviances = {name: float(np.mean(each)) for name, each in totals.items() if len(each) == len(origins)}
    lowest = min(deviances, key=deviances.__getitem__)
    chosen = lowest if deviances[lowest] < CLEARLY * deviances[MEAN] else MEAN
    drift = max(float(np.mean(misses[chosen] or [0.0])), 0.0) ** 0.5
    return Choice(chosen, deviances, origins[0][0].days, len(origins), newest[chosen], drift)
