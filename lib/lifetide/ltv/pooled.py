"""Shops with too few customers to tell them apart: one rate for all, which each one's own history moves strongly.

The shape of one half is wide: with it nine tenths of the customers' rates lie between 0.4% and 384% of the mean.
"""

from __future__ import annotations

from lifetide.ltv.gamma_gamma import GammaGamma, Values
from lifetide.ltv.histories import Histories
from lifetide.ltv.nbd import Nbd
from lifetide.ltv.order_model import Fit

FEWEST_CUSTOMERS, FEWEST_REPEATERS = 100, 50
SHAPE, YEAR_OF_WEEKS = 0.5, 52.0
VALUE_SHAPE, VALUE_SPREAD = 2.0, 3.0
NOTE = "pooled: fewer than 100 customers or 50 repeat buyers, so one rate for all and wide intervals"


def is_tiny(of: Histories) -> bool:
    """Too few customers, or too few who came back."""
    return of.size < FEWEST_CUSTOMERS or of.repeaters < FEWEST_REPEATERS


def pooled_orders(of: Histories) -> Nbd:
    """Repeat purchases ÷ weeks over everybody, as if one more purchase had been seen in one more year."""
    repeats, weeks = float(of.customers @ of.frequency), float(of.customers @ of.tenure)
    rate = (repeats + 1) / (weeks + YEAR_OF_WEEKS)
    alpha = SHAPE / rate
    return Nbd(SHAPE, alpha, Fit({"r": SHAPE, "alpha": alpha}, float("nan"), {}, (NOTE,)), "pooled")


def pooled_values(of: Values) -> GammaGamma:
    """The mean value of everybody's purchase days, with a spread that real shops do not pass."""
    days = of.customers * of.days
    mean = float(days @ of.mean) / float(days.sum())
    gamma = mean * (VALUE_SPREAD - 1) / VALUE_SHAPE
    parameters = {"p": VALUE_SHAPE, "q": VALUE_SPREAD, "gamma": gamma}
    return GammaGamma(VALUE_SHAPE, VALUE_SPREAD, gamma, Fit(parameters, float("nan"), {}, (NOTE,)))
