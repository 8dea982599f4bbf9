"""How far the trained score stands beside its pace."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from lifetide.ltv.histories import Histories
from lifetide.ltv.nbd import Nbd
from lifetide.ltv.order_model import Fit
from lifetide.ltv.trained import Trained

NO_FIT = Fit({}, float("nan"))


@dataclass(frozen=True)
class Always:
    """A score that expects as much of everybody."""

    orders: float

    def expected(self, features):
        return np.full(len(features), self.orders)

    def told(self):
        return ""


def foretold(orders: float, pace: float, weeks: float = 10.0) -> float:
    """Of somebody of whom the pace expects `pace` orders within the ten weeks that the score was taught."""
    one = Histories(*(np.array([value]) for value in (0.0, 0.0, 0.0, 0.0, 1.0)))
    model = Trained(Always(orders), 10.0, 1.0, Nbd(pace, 10.0, NO_FIT), NO_FIT)
    return float(model.expected_orders(one, weeks)[0])


def test_up_to_one_and_a_half_orders_the_score_stands_whatever_the_pace_says():
    assert foretold(1.2, pace=1e-6) == pytest.approx(1.2)
    assert foretold(5.0, pace=1e-6) == pytest.approx(1.5)  # a leaf of sixty others says nothing of one like nobody


def test_above_that_it_stands_up_to_five_times_the_pace():
    assert foretold(4.9, pace=1.0) == pytest.approx(4.9)
    assert foretold(9.0, pace=1.0) == pytest.approx(5.0)
    assert foretold(9.0, pace=1.0, weeks=20.0) == pytest.approx(10.0)  # other times follow the pace


def test_a_score_below_the_pace_stands():
    assert foretold(0.5, pace=20.0) == pytest.approx(0.5)
