"""Which fitted models a build uses, and the rows that they are kept as."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any

from pyspark.sql import DataFrame, Row
from pyspark.sql import functions as F

from lifetide.learners import scorer_from
from lifetide.ltv.choosing import Choice
from lifetide.ltv.gamma_gamma import GammaGamma
from lifetide.ltv.in_use import in_use
from lifetide.ltv.order_model import OrderModel
from lifetide.ltv.storing import order_models, told, value_model
from lifetide.storage import Store, rows
from lifetide.tables import LTV_MODELS
from lifetide.vocabulary import ParameterScope

MOST_ROWS, MOST_FITS = 1_000, 100_000
VALUES = "gamma_gamma"


@dataclass(frozen=True)
class Models:
    """The models in use: of orders, and of their value (None = nothing was worth anything); `drift` as in Choice."""

    orders: OrderModel
    values: GammaGamma | None
    drift: float = 0.0


def chosen_models(store: Store, as_of: date, parameters_as_of: date | None) -> Models | None:
    """The models for a build of as_of; None where it has to fit its own."""
    return models_of(model_rows_of(store.read(LTV_MODELS), as_of, parameters_as_of))


def model_rows_of(known: DataFrame, as_of: date, parameters_as_of: date | None) -> list[Row]:
    """The rows of ltv_models (`known`) that a build of as_of uses."""
    fits = rows(known.select("as_of", "scope").distinct(), at_most=MOST_FITS)
    chosen = in_use(((row["as_of"], row["scope"]) for row in fits), as_of, parameters_as_of)
    if chosen is None:
        return []
    day, scope = chosen
    return rows(known.where((F.col("as_of") == F.lit(day)) & (F.col("scope") == str(scope))), at_most=MOST_ROWS)


def models_of(found: Sequence[Row]) -> Models | None:
    """The chosen models among the rows of one day and scope."""
    orders = {row["model"]: row["parameters"] for row in found if row["model"] != VALUES}
    chosen = [row for row in found if row["is_chosen"] and row["model"] != VALUES]
    if not chosen:
        return None
    values = [value_model(row["parameters"]) for row in found if row["model"] == VALUES]
    model = order_models(orders, scorer_from)[chosen[0]["model"]]
    return Models(model, values[0] if values else None, chosen[0]["drift"] or 0.0)


def model_rows(
    fitted: Mapping[str, OrderModel],
    choice: Choice,
    values: GammaGamma | None,
    proof: str | None,
    scope: ParameterScope,
    as_of: date,
) -> list[list[Any]]:
    """Rows of ltv_models, in catalogue order."""
    members = [member.name for member in getattr(fitted[choice.name], "members", ())]
    found = []
    for name, model in fitted.items():
        is_chosen = name == choice.name
        of_model = {
            "poisson_deviance": choice.deviances.get(name),
            "horizon_days": choice.horizon_days if name in choice.deviances else None,
            "weight": _weight(name, members, is_chosen=is_chosen),
            "drift": choice.drift if is_chosen and choice.deviances else None,
            "proof": proof if is_chosen else None,
        }
        found.append(_row(name, model, is_chosen=is_chosen) | of_model)
    if values is not None:
        found.append(_row(VALUES, values, is_chosen=True))
    dated = {"scope": str(scope), "as_of": as_of}
    return [[(row | dated).get(name) for name in LTV_MODELS.column_names] for row in found]


def _row(name: str, model: OrderModel | GammaGamma, *, is_chosen: bool) -> dict[str, Any]:
    return {
        "model": name,
        "parameters": told(model),
        "log_likelihood": model.fit.log_likelihood if isfinite(model.fit.log_likelihood) else None,
        "is_chosen": is_chosen,
        "notes": "; ".join(model.fit.notes) or None,
    }


def _weight(name: str, members: Sequence[str], *, is_chosen: bool) -> float | None:
    """The share in what is predicted; a chosen mean leaves it to its members."""
    if is_chosen:
        return None if members else 1.0
    return 1 / len(members) if name in members else 0.0
