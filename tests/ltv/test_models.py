"""What holds for every order model, on CDNOW and on simulated shops whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from lifetide.ltv.bg_nbd import fit_bg_nbd
from lifetide.ltv.grid import fit_grid
from lifetide.ltv.histories import Histories, coarse, distinct, histories
from lifetide.ltv.mbg_cnbd import fit_mbg_cnbd
from lifetide.ltv.mbg_nbd import fit_mbg_nbd
from lifetide.ltv.nbd import fit_nbd
from lifetide.ltv.order_model import NO_DROPOUT
from lifetide.ltv.pareto_nbd import fit_pareto_nbd
from lifetide.ltv.pooled import NOTE, is_tiny, pooled_orders
from ltv.logs import cdnow

FITS = [
    fit_nbd, fit_bg_nbd, fit_mbg_nbd, fit_pareto_nbd, lambda of: fit_grid(of, (1,), "grid"),
    lambda of: fit_grid(of, (1, 2, 3, 5), "grid_k"),
]  # fmt: skip


def simulated(size: int, seed: int, *, k: int = 1, leaves: bool = True) -> Histories:
    """Customers of two years with Erlang-k gaps, gamma rates, and a beta chance of leaving after each purchase."""
    dice = np.random.default_rng(seed)
    found = []
    for _ in range(size):
        end, rate = float(dice.integers(100, 730)), dice.gamma(0.9, 1 / 50) + 1e-4
        chance = dice.beta(1, 4) if leaves else 0.0
        day = count = log_gaps = last = 0.0
        while dice.random() >= chance:
            gap = max(1.0, np.ceil(dice.gamma(k, 1 / (k * rate))))
            if day + gap > end:
                break
            day, count, log_gaps = day + gap, count + 1, log_gaps + np.log(gap)
            last = day
        found.append((count, last, end, log_gaps))
    columns = dict(zip(("frequency", "recency_days", "tenure_days", "log_gap_sum"), np.array(found).T, strict=True))
    return distinct(histories(columns))[0]


@pytest.mark.parametrize("fit", FITS)
def test_counts_probabilities_and_expectations_tell_the_same(fit):
    of = cdnow()
    model = fit(of)
    counts = model.count_probabilities(of, 39.0, 250)
    assert counts.min() > -1e-12
    assert counts.sum(axis=1) == pytest.approx(1.0, abs=1e-9)
    assert counts @ np.arange(251) == pytest.approx(model.expected_orders(of, 39.0), rel=1e-6, abs=1e-9)
    assert 1 - counts[:, 0] == pytest.approx(model.p_order(of, 39.0), abs=1e-9)


def test_a_shop_that_nobody_leaves_gets_nbd_and_a_note():
    of = simulated(1_500, 3, leaves=False)
    for fit in (fit_bg_nbd, fit_mbg_nbd, fit_pareto_nbd):
        model = fit(of)
        if model.name != "nbd":  # a sample may show a trace of dropout by chance
            assert model.fit.log_likelihood - fit_nbd(of).fit.log_likelihood < 3
            continue
        assert model.fit.notes == (NO_DROPOUT,)
        assert model.p_alive(of) == pytest.approx(1.0)
    assert fit_bg_nbd(of).name == "nbd"


def test_regular_customers_are_found_to_be_regular():
    assert fit_mbg_cnbd(simulated(1_500, 4, k=3)).k == 3


def test_the_grid_of_the_sample_is_likelier_than_any_parametric_model():
    assert fit_grid(cdnow(), (1,), "grid").fit.log_likelihood == pytest.approx(-9579.95, abs=0.05)


def test_weekly_cells_move_parameters_little():
    of = cdnow()
    assert coarse(of, 5_000) is of
    cells = coarse(of, 500)
    assert len(cells) < len(of)
    assert cells.size == of.size
    exact, near = fit_mbg_nbd(of).fit.parameters, fit_mbg_nbd(cells).fit.parameters
    assert near == pytest.approx(exact, rel=0.03)


@pytest.mark.parametrize("of", [
    histories({"frequency": [0] * 10, "recency_days": [0] * 10, "tenure_days": range(0, 100, 10)}),
    histories({"frequency": [3, 1, 0], "recency_days": [30, 10, 0], "tenure_days": [40, 40, 0]}),
])  # fmt: skip
def test_a_tiny_shop_has_one_rate_for_all_and_a_note(of):
    assert is_tiny(of)
    model = pooled_orders(of)
    assert model.fit.notes == (NOTE,)
    expected = model.expected_orders(of, 52.0)
    assert np.all((expected > 0) & (expected < 30))
    assert np.all(model.count_probabilities(of, 52.0, 5)[:, 0] < 1)
    assert not is_tiny(cdnow())
