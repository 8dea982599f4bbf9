"""Which fit a build uses, of all that are kept."""

from __future__ import annotations

from datetime import date

import pytest

from lifetide.ltv.in_use import in_use

JAN, FEB, MAR, APR = (date(2026, month, 1) for month in (1, 2, 3, 4))


@pytest.mark.parametrize(
    ("fits", "as_of", "parameters_as_of", "expected"),
    [
        ([(JAN, "shop"), (FEB, "shop")], MAR, None, (FEB, "shop")),  # the newest on or before the day
        ([(JAN, "shop"), (FEB, "shop")], MAR, JAN, (JAN, "shop")),  # a fit brings parameters and models
        ([(JAN, "shop"), (APR, "shop")], MAR, APR, (APR, "shop")),  # also where it came later
        ([(JAN, "shop"), (APR, "shop")], MAR, None, (JAN, "shop")),
        ([(JAN, "shop"), (FEB, "past")], MAR, None, (JAN, "shop")),  # a past build's are its own
        ([(JAN, "shop"), (FEB, "past")], FEB, None, (FEB, "past")),
        ([(FEB, "past"), (FEB, "shop")], FEB, None, (FEB, "shop")),  # and come after the shop's
        ([(APR, "shop")], MAR, None, None),
        ([], MAR, None, None),
    ],
)
def test_a_build_uses(fits, as_of, parameters_as_of, expected):
    assert in_use(fits, as_of, parameters_as_of) == expected
