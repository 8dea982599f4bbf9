"""Tenths and tracking: sums agree, customers of one expectation are shared out evenly."""

from __future__ import annotations

import numpy as np
import pytest

from lifetide.ltv.choosing import Lesson
from lifetide.ltv.histories import histories
from lifetide.ltv.nbd import Nbd
from lifetide.ltv.order_model import Fit
from lifetide.ltv.proof import covered, proof_from
from lifetide.ltv.proving import proven, tracked_days

MODEL = Nbd(1.0, 10.0, Fit({}, float("nan")))


def lesson() -> Lesson:
    """Thirty customers: twenty who bought once (ten of them came again), ten who bought three times."""
    known = histories(
        {"frequency": [0, 0, 2], "recency_days": [0, 0, 70], "tenure_days": [70, 70, 140], "customers": [10, 10, 10]}
    )
    return Lesson(known, np.array([0.0, 1.0, 3.0]), 70)


def test_tenths_hold_a_tenth_each_and_add_up():
    found = proven(MODEL, lesson(), "2026-01-01", dict.fromkeys(tracked_days(70), 40.0))
    assert [one.customers for one in found.tenths] == pytest.approx([3.0] * 10)
    assert sum(one.actual for one in found.tenths) == pytest.approx(10 * 0 + 10 * 1 + 10 * 3)
    assert [one.expected for one in found.tenths[:6]] == pytest.approx([3 * 0.5] * 6)  # 1/(10 + 10 weeks) · 10 weeks
    assert [one.actual for one in found.tenths[:6]] == pytest.approx([1.5] * 6)  # who came again is spread evenly
    assert [one.expected for one in found.tenths[7:]] == pytest.approx([3 * 1.0] * 3)  # 3/(10 + 20) · 10
    assert sum(one.expected for one in found.tenths) == pytest.approx(20 * 0.5 + 10 * 1.0)
    assert covered(found.tenths) == 6 + 1


def test_the_track_grows_to_the_sum_of_the_tenths():
    found = proven(MODEL, lesson(), "2026-01-01", {day: float(day) for day in tracked_days(70)})
    assert [one.days for one in found.points] == [9, 18, 26, 35, 44, 52, 61, 70]
    assert found.points[-1].expected == pytest.approx(sum(one.expected for one in found.tenths))
    assert [one.actual for one in found.points] == [9, 18, 26, 35, 44, 52, 61, 70]
    assert proof_from(found.told()) == found


def test_a_horizon_of_a_few_days_has_as_many_points():
    assert tracked_days(3) == [1, 2, 3]
