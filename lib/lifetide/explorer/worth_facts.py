"""What a report says about worth: sums by group and class, values of categories, the models and their proof."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from lifetide.ltv.proof import Proof
from lifetide.vocabulary import Importance, LifecycleGroup

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class GroupWorth:
    """Buyers of a lifecycle group: the last year, the coming one, and a year at everyone's own normal rhythm."""

    group: LifecycleGroup
    customers: int
    annual_revenue: Decimal
    predicted: Decimal
    potential: float
    annual_orders: int
    expected_orders: float


@dataclass(frozen=True)
class ImportanceWorth:
    """Buyers of a class of importance; net revenue so far, and with what is to come."""

    importance: Importance
    customers: int
    net_revenue: Decimal
    total: Decimal


@dataclass(frozen=True)
class CategoryWorth:
    """Buyers by main category: their mean predicted value ÷ everyone's, with its 90% interval (None = too few)."""

    name: str
    customers: int
    mean: float
    ratio: float
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class ModelFacts:
    """A row of ltv_models; `parameters` = name, value, standard error (None = not known)."""

    name: str
    is_chosen: bool
    weight: float | None
    deviance: float | None
    log_likelihood: float | None
    parameters: tuple[tuple[str, float, float | None], ...]
    notes: str | None


@dataclass(frozen=True)
class WorthFacts:
    """Empty where no model was fitted yet."""

    groups: tuple[GroupWorth, ...] = ()
    importance: tuple[ImportanceWorth, ...] = ()
    categories: tuple[CategoryWorth, ...] = ()
    models: tuple[ModelFacts, ...] = field(default=())
    horizon_days: int | None = None
    drift: float | None = None
    proof: Proof | None = None
