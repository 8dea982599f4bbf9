"""Which model of values a shop gets."""

from __future__ import annotations

from lifetide.ltv.gamma_gamma import GammaGamma, Values, fit_gamma_gamma
from lifetide.ltv.histories import Histories
from lifetide.ltv.pooled import is_tiny, pooled_values


def fit_values(of: Values, customers: Histories) -> GammaGamma:
    """Gamma-Gamma by likelihood; in a tiny shop the mean of everybody with a wide spread."""
    return pooled_values(of) if is_tiny(customers) else fit_gamma_gamma(of)
