"""What every fitted order model answers for a history, and what is known of how it was fitted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from lifetide.ltv.histories import Floats, Histories

NO_DROPOUT = "no dropout found: the likelihood is highest where nobody ever leaves, so NBD is used"
LEAST_GAIN = 0.01
"""Log-likelihood over NBD's; with less a model has found no dropout."""


@dataclass(frozen=True)
class Fit:
    """How a model was found: parameters by name (weeks), standard errors (NaN = not known), what to tell."""

    parameters: Mapping[str, float]
    log_likelihood: float
    standard_errors: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


class OrderModel(Protocol):
    """One value per history. `weeks` is how far the answer looks ahead from as_of."""

    @property
    def name(self) -> str:
        """As in ltv_models."""

    @property
    def fit(self) -> Fit:
        """How it was found."""

    def p_alive(self, of: Histories) -> Floats:
        """Probability of not having dropped out."""

    def p_order(self, of: Histories, weeks: float) -> Floats:
        """Probability of at least one purchase day."""

    def expected_orders(self, of: Histories, weeks: float) -> Floats:
        """Expected purchase days."""

    def variance(self, of: Histories, weeks: float) -> Floats:
        """Variance of the number of purchase days."""

    def count_probabilities(self, of: Histories, weeks: float, most: int) -> Floats:
        """A row per history: the probabilities of 0, 1, …, `most` purchase days."""


@runtime_checkable
class ByHorizon(Protocol):
    """A model that tells the expected orders of several horizons for little more than those of one."""

    def expected_by(self, of: Histories, weeks: Sequence[float]) -> tuple[Floats, ...]:
        """As `expected_by`."""


def expected_by(model: OrderModel, of: Histories, weeks: Sequence[float]) -> tuple[Floats, ...]:
    """Expected purchase days by horizon."""
    if isinstance(model, ByHorizon):
        return model.expected_by(of, weeks)
    return tuple(model.expected_orders(of, one) for one in weeks)


@dataclass(frozen=True)
class Outlook:
    """One value per history: P(not having dropped out); by horizon P(order) and expected orders; of the last horizon
    the variance of the number of orders.
    """

    p_alive: Floats
    p_order: tuple[Floats, ...]
    expected: tuple[Floats, ...]
    variance: Floats
