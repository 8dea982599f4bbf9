"""Extreme parameters and histories: against 25 digits, and never NaN or infinite."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifetide.ltv import beta_geometric, pareto_nbd
from lifetide.ltv.beta_geometric import BetaGeometric
from lifetide.ltv.gamma_gamma import GammaGamma
from lifetide.ltv.grid import Cell, Grid
from lifetide.ltv.histories import Histories
from lifetide.ltv.mbg_cnbd import MbgCnbd
from lifetide.ltv.nbd import Nbd
from lifetide.ltv.order_model import Fit
from lifetide.ltv.pareto_nbd import ParetoNbd

NOTHING = Fit({}, 0.0)
WITHIN = 1e-8
SETS = pytest.mark.parametrize("sets", [20, pytest.param(200, marks=pytest.mark.prove)])


def one(x: float, recency: float, tenure: float) -> Histories:
    return Histories(*(np.array([value]) for value in (x, recency, tenure, 0.0, 1.0)))


def extremes(seed: int, sets: int):
    """Parameters over many powers of ten, x up to 20,000, and a horizon."""
    dice = np.random.default_rng(seed)
    for _ in range(sets):
        scales = 10 ** dice.uniform([-3, -2, -5, -2], [2, 4, 2, 4])
        x = float(np.floor(10 ** dice.uniform(0, 4.301))) if dice.random() < 0.8 else 0.0
        tenure = float(np.ceil(10 ** dice.uniform(0, 3.6))) / 7
        recency = 0.0 if x == 0 else max(float(np.ceil(dice.random() * tenure * 7)) / 7, 1 / 7)
        yield scales, x, min(recency, tenure), tenure, float(10 ** dice.uniform(-0.5, 2.5))


def agree(found: float, exact: mp.mpf, least: float = 1e-250) -> bool:
    return abs(mp.mpf(found) - exact) <= mp.mpf(WITHIN) * max(abs(exact), mp.mpf(least))


def agree_in_log(found: float, exact: mp.mpf) -> bool:
    """Of a log-likelihood near 0 it is the likelihood that has to agree."""
    return agree(found, exact, 1.0)


def exact_purchases(a, b, shape, horizon):
    """E[(1 − (1 + p·h)^(−R)) / p], p ~ Beta(a, b), in pieces of logit p; below the first piece p is as good as 0.

    mpmath's own ₂F₁ is of no use here: for thousands of purchases it answers −10^424.
    """

    def density(place):
        p, q = 1 / (1 + mp.exp(-place)), 1 / (1 + mp.exp(place))
        return p**a * q**b * (1 - (1 + p * horizon) ** -shape) / p / whole

    whole = mp.beta(a, b)
    first, last = -mp.log(max(b, shape * horizon, 1)) - 30, mp.log(max(a, shape, 1)) + 30 + 30 / b
    mode, width = mp.log(a / b), mp.sqrt(1 / a + 1 / b)
    near = {mode + sign * width * mp.mpf(2) ** k for k in range(-1, 6) for sign in (-1, 1)} if width < 3 else set()
    pieces = int((last - first) / 4) + 1
    even = {first + (last - first) * k / pieces for k in range(pieces + 1)}
    places = sorted(place for place in near | even if first <= place <= last)
    return mp.quad(density, places, method="gauss-legendre") + mp.exp(a * first) / a * shape * horizon / whole


@SETS
def test_beta_geometric_against_many_digits(sets):
    mp.mp.dps = 25
    for place, (scales, x, recency, tenure, weeks) in enumerate(extremes(1, sets)):
        first_can_be_last = place % 2 == 0
        model = BetaGeometric(*scales, NOTHING, first_can_be_last, "bg")
        r, alpha, a, b = map(mp.mpf, map(float, scales))
        z, end, last = x + first_can_be_last, mp.mpf(tenure), mp.mpf(recency)
        alive = (alpha + end) ** -(r + x)
        left = a / (b + z - 1) * (alpha + last) ** -(r + x) if z > 0 else mp.mpf(0)
        log = (mp.loggamma(r + x) - mp.loggamma(r) + r * mp.log(alpha) + mp.log(mp.beta(a, b + z) / mp.beta(a, b))
               + mp.log(alive + left))  # fmt: skip
        p_alive = alive / (alive + left)
        orders = p_alive * exact_purchases(a, b + z, r + x, weeks / (alpha + end))
        within = p_alive * (1 - ((alpha + end) / (alpha + end + weeks)) ** (r + x))
        of = one(x, recency, tenure)
        assert agree_in_log(beta_geometric.log_likelihood(scales, of, first_can_be_last)[0], log)
        assert agree(model.p_alive(of)[0], p_alive)
        assert agree(model.p_order(of, weeks)[0], within)
        assert agree(model.expected_orders(of, weeks)[0], orders), (scales, x, recency, tenure, weeks)


def exact_integral(a, p, b, q, width):
    """∫ (a+u)^(−p) (b+u)^(−q) du in ln(1 + u/a), on pieces that double."""
    slope = 1 / (1 + p + q * a / min(a, b))
    end = mp.log1p(width / a)
    places = [mp.mpf(0)] + [slope * mp.mpf(2) ** k for k in range(-2, 40) if slope * mp.mpf(2) ** k < end] + [end]
    return mp.quad(lambda v: a * mp.exp(v) * (a * mp.exp(v)) ** -p * (b + a * mp.expm1(v)) ** -q, places)


@SETS
def test_pareto_nbd_against_many_digits(sets):
    mp.mp.dps = 25
    for scales, x, recency, tenure, weeks in extremes(2, sets):
        parameters = scales[[0, 1, 2, 3]]
        model = ParetoNbd(*parameters, NOTHING)
        r, alpha, s, beta = map(mp.mpf, map(float, parameters))
        end, last = mp.mpf(tenure), mp.mpf(recency)
        alive = (alpha + end) ** -(r + x) * (beta + end) ** -s
        left = s * exact_integral(alpha + last, r + x, beta + last, s + 1, end - last)
        log = mp.loggamma(r + x) - mp.loggamma(r) + r * mp.log(alpha) + s * mp.log(beta) + mp.log(alive + left)
        p_alive = alive / (alive + left)
        lived = (beta + end) / (s - 1) * (1 - ((beta + end) / (beta + end + weeks)) ** (s - 1))
        of = one(x, recency, tenure)
        assert agree_in_log(pareto_nbd.log_likelihood(parameters, of)[0], log), (scales, x, recency, tenure)
        assert agree(model.p_alive(of)[0], p_alive)
        assert agree(model.expected_orders(of, weeks)[0], p_alive * (r + x) / (alpha + end) * lived)


def test_expectations_are_continuous_where_formulas_divide_by_zero():
    of = one(3, 10, 20)
    for first_can_be_last in (False, True):
        at, near = (
            BetaGeometric(0.5, 5, a, 2, NOTHING, first_can_be_last, "bg").expected_orders(of, 39)[0]
            for a in (1.0, 1 + 1e-7)
        )
        assert at == pytest.approx(near, rel=1e-6)
        nobody_leaves = BetaGeometric(0.5, 5, 1e-12, 2, NOTHING, first_can_be_last, "bg").expected_orders(of, 39)
        assert nobody_leaves == pytest.approx(Nbd(0.5, 5, NOTHING).expected_orders(of, 39), rel=1e-9)
    at, near = (ParetoNbd(0.5, 5, s, 12, NOTHING).expected_orders(of, 39)[0] for s in (1.0, 1 + 1e-7))
    assert at == pytest.approx(near, rel=1e-6)


positive = st.floats(-4, 4).map(lambda power: 10**power)


@given(
    scales=st.tuples(positive, positive, positive, positive), x=st.integers(0, 20_000), days=st.integers(0, 8_000),
    share=st.floats(0, 1), horizon=st.sampled_from([1, 30, 90, 365]), k=st.integers(1, 5),
)  # fmt: skip
@settings(deadline=None, max_examples=150)
def test_no_customer_gets_nan_infinity_or_more_than_can_be(scales, x, days, share, horizon, k):
    days = max(days, x)
    recency = 0 if x == 0 else max(round(share * days), x)
    log_gaps = x * np.log(max(recency, 1) / max(x, 1) / 7)
    of = Histories(*(np.array([float(value)]) for value in (x, recency / 7, days / 7, log_gaps, 1)))
    r, alpha = scales[:2]
    cells = tuple(Cell(k, 10**power, chance) for power in (-3.0, 0.0, 1.5) for chance in (0.002, 0.5, 0.97))
    models = [
        Nbd(r, alpha, NOTHING),
        BetaGeometric(*scales, NOTHING, False, "bg"),
        BetaGeometric(*scales, NOTHING, True, "mbg"),
        ParetoNbd(*scales, NOTHING),
        Grid(cells, np.full(9, 1 / 9), NOTHING, "grid"),
    ]
    if x < 500 and r / alpha < 5:
        models.append(MbgCnbd(k, *scales, NOTHING))
    weeks = horizon / 7
    for model in models:
        alive, some, orders = model.p_alive(of)[0], model.p_order(of, weeks)[0], model.expected_orders(of, weeks)[0]
        later = model.p_order(of, weeks * 1.5)[0]
        assert 0 <= alive <= 1, model.name
        assert 0 <= some <= 1, model.name
        assert np.isfinite(orders), model.name
        assert some <= orders + 1e-9, model.name
        assert some <= later + 1e-9, model.name


@given(days=st.integers(1, 20_000), mean=st.floats(0.01, 1e8), scales=st.tuples(positive, positive, positive))
def test_the_value_of_an_order_is_finite_and_above_zero(days, mean, scales):
    p, q, gamma = scales
    found = GammaGamma(p, 1.05 + q, gamma, NOTHING).expected_value(np.array([float(days)]), np.array([mean]))[0]
    assert 0 < found < np.inf
