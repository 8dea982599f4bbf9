"""Intervals of the median cv and of the limit of regular: leaving each group out, by brute force."""

from __future__ import annotations

import numpy as np
import pytest

from lifetide.lifecycle.intervals import intervals_of_evenness
from lifetide.lifecycle.jackknife import GROUPS, interval


def test_they_are_those_of_leaving_each_group_of_customers_out() -> None:
    dice = np.random.default_rng(4)
    own, gaps, group = dice.gamma(2, 0.4, 700).round(3), dice.integers(4, 12, 700), dice.integers(0, GROUPS, 700)
    found = intervals_of_evenness(
        {"value": own, "gaps": gaps, "hash_group": group, "times": np.ones(700)}, 3.0, 1 / 3
    )
    medians, limits = [], []
    for left_out in range(-1, GROUPS):
        stays = group != left_out
        medians.append(np.median(own[stays]))
        shrunk = (3 * medians[-1] + gaps[stays] * own[stays]) / (3 + gaps[stays])
        limits.append(np.quantile(shrunk, 1 / 3))
    assert found["interval_cv_median"] == pytest.approx(interval(np.array(medians)))
    assert found["regular_cv_cut"] == pytest.approx(interval(np.array(limits)))


def test_where_nobody_has_gaps_enough_there_is_none() -> None:
    assert intervals_of_evenness({"value": [], "gaps": [], "hash_group": [], "times": []}, 3.0, 1 / 3) == {}
