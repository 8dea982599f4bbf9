"""`lifetide explain CUSTOMER`: why this customer is where they are, with the observed values and the limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pyspark.sql import functions as F

from lifetide.errors import NotFound
from lifetide.pipelines.build import built_day
from lifetide.pipelines.context import Context
from lifetide.pipelines.models import model_rows_of
from lifetide.pipelines.parameters import values_of
from lifetide.pipelines.snapshots import no_snapshot, spells_of
from lifetide.storage import rows
from lifetide.tables import CUSTOMER_PROFILES, LEARNED_PARAMETERS, LTV_MODELS
from lifetide.vocabulary import ParameterScope


@dataclass(frozen=True)
class Explanation:
    """A customer's profile, the parameters and models (rows of ltv_models) behind it, and the spells around it."""

    profile: dict[str, Any]
    parameters: dict[str, float]
    spells: list[dict[str, Any]]
    models: list[dict[str, Any]] = field(default_factory=list)


def explain(context: Context, *, customer_id: str, as_of: date | None) -> Explanation:
    """The explanation for one customer. Raises NotFound where there is no such snapshot or customer in it."""
    store = context.store
    day = built_day(store, as_of)
    snapshots = store.read(CUSTOMER_PROFILES)
    mine = snapshots.where((F.col("as_of") == F.lit(day)) & (F.col("customer_id") == customer_id))
    found = rows(mine, at_most=1)
    if not found:
        raise NotFound(_nobody(context, customer_id, day))
    profile = found[0].asDict()
    learned = store.read(LEARNED_PARAMETERS).where(F.col("as_of") == F.lit(profile["parameters_as_of"]))
    shop = values_of(learned.where(F.col("scope") == str(ParameterScope.SHOP)))
    past = values_of(learned.where(F.col("scope") == str(ParameterScope.PAST)))
    models = [row.asDict() for row in model_rows_of(store.read(LTV_MODELS), day, profile["parameters_as_of"])]
    return Explanation(profile, shop or past, spells_of(store, customer_id), models)


def _nobody(context: Context, customer_id: str, day: date) -> str:
    unknown = f"No customer {customer_id} in the snapshot of {day}: check the id, upper and lower case count."
    return no_snapshot(context.store.read(CUSTOMER_PROFILES), day) or unknown
