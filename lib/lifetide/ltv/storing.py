"""Fitted models as JSON and back: a stored model answers the same to the last bit, under any release of a library.

The trained scorer is kept as its trees (some 60 KB), not as the rows that taught it: what a build says then depends
on nothing but the stored row (DESIGN, law 3), and no later scikit-learn can teach it otherwise.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from lifetide.ltv.beta_geometric import BetaGeometric
from lifetide.ltv.gamma_gamma import GammaGamma
from lifetide.ltv.grid import Cell, Grid
from lifetide.ltv.histories import WEEK
from lifetide.ltv.mean_model import Mean
from lifetide.ltv.nbd import Nbd
from lifetide.ltv.order_model import Fit, OrderModel
from lifetide.ltv.pareto_nbd import ParetoNbd
from lifetide.ltv.trained import Score, Trained

ScoreFrom = Callable[[str], Score]
PACE = "pareto_nbd"
BETA_GEOMETRIC = {"bg_nbd": False, "mbg_nbd": True}
"""Whether the first purchase can be the last."""


def told(model: OrderModel | GammaGamma) -> str:
    """Its parameters, and standard errors where they are known (null = the likelihood is flat there)."""
    return json.dumps(_told(model))


def _told(model: OrderModel | GammaGamma) -> dict[str, Any]:
    if isinstance(model, Mean):
        return {"members": [member.name for member in model.members]}
    if isinstance(model, Grid):
        cells = zip(model.cells, model.weights, strict=True)
        return {"cells": [[cell.k, cell.rate, cell.dropout, float(weight)] for cell, weight in cells]}
    if isinstance(model, Trained):
        days = round(model.taught_weeks * WEEK)
        return {"shape": model.shape, "taught_days": days, "trees": json.loads(model.score.told())}
    errors = {name: value if math.isfinite(value) else None for name, value in model.fit.standard_errors.items()}
    family = {"family": "nbd"} if isinstance(model, Nbd) else {}
    return {**family, **model.fit.parameters, **({"standard_errors": errors} if errors else {})}


def order_models(rows: Mapping[str, str], score_from: ScoreFrom) -> dict[str, OrderModel]:
    """The models of `told` texts by name; the pace of the trained scorer and the members of the mean among them."""
    known = {name: json.loads(text) for name, text in rows.items()}
    found: dict[str, OrderModel] = {}
    for name, parameters in known.items():
        if name not in ("trained", "mean"):
            found[name] = _single(name, parameters)
    if "trained" in known:
        of = known["trained"]
        score = score_from(json.dumps(of["trees"]))
        found["trained"] = Trained(score, of["taught_days"] / WEEK, of["shape"], found[PACE], _fit({}))
    if "mean" in known:
        found["mean"] = Mean(tuple(found[name] for name in known["mean"]["members"]), _fit({}))
    return found


def value_model(text: str) -> GammaGamma:
    """The Gamma-Gamma of a `told` text."""
    of = json.loads(text)
    return GammaGamma(of["p"], of["q"], of["gamma"], _fit(of))


def _single(name: str, of: Mapping[str, Any]) -> OrderModel:
    if "cells" in of:
        cells: Sequence[Sequence[float]] = of["cells"]
        weights = np.array([cell[3] for cell in cells])
        return Grid(tuple(Cell(int(k), rate, p) for k, rate, p, _ in cells), weights, _fit({}), name)
    if of.get("family") == "nbd":
        return Nbd(of["r"], of["alpha"], _fit(of), name)
    if name in BETA_GEOMETRIC:
        return BetaGeometric(of["r"], of["alpha"], of["a"], of["b"], _fit(of), BETA_GEOMETRIC[name], name)
    return ParetoNbd(of["r"], of["alpha"], of["s"], of["beta"], _fit(of))


def _fit(of: Mapping[str, Any]) -> Fit:
    numbers = {name: value for name, value in of.items() if isinstance(value, float | int)}
    return Fit(numbers, float("nan"), of.get("standard_errors", {}))
