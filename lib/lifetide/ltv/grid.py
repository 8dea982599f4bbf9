"""Grid empirical Bayes: rates, chances of leaving and regularity without a parametric distribution.

A customer has a purchase rate, a chance p of leaving after each purchase (the first included) and Erlang-k gaps; how
these are spread over customers is a weight on each cell of a grid, found by EM: the nonparametric maximum likelihood
of a mixture. Sources: Laird, JASA 73 (1978); the process as in Reutterer, Platzer and Schröder, International Journal
of Research in Marketing 38 (2021), with the grid in place of gamma and beta.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lifetide.ltv import erlang
from lifetide.ltv.histories import Floats, Histories, repeated
from lifetide.ltv.order_model import Fit, Outlook

RATES, CHANCES = 30, 14
MOST_ROUNDS, STEPS_PER_ROUND, TOLERANCE = 10, 25, 1e-7
LEAST_WEIGHT = 1e-6
ROWS = 2048


@dataclass(frozen=True)
class Cell:
    """One kind of customer: events at `rate` per week, every k-th of them a purchase, then leaving with `dropout`."""

    k: int
    rate: float
    dropout: float


@dataclass(frozen=True)
class Grid:
    """Kinds of customers and their shares; only those that carry weight are kept."""

    cells: tuple[Cell, ...]
    weights: Floats
    fit: Fit
    name: str

    def p_alive(self, of: Histories) -> Floats:
        """Posterior mean over the cells."""
        return self._mean(of, [np.ones((cell.k, 1)) for cell in self.cells])[:, 0]

    def p_order(self, of: Histories, weeks: float) -> Floats:
        """Posterior mean over cells and stages."""
        answers = [erlang.p_any(cell.k, erlang.events_ahead(cell.rate, weeks))[:, None] for cell in self.cells]
        return self._mean(of, answers)[:, 0]

    def expected_orders(self, of: Histories, weeks: float) -> Floats:
        """Posterior mean over cells and stages."""
        answers = [
            erlang.expected_purchases(cell.k, cell.dropout, erlang.events_ahead(cell.rate, weeks))[:, None]
            for cell in self.cells
        ]
        return self._mean(of, answers)[:, 0]

    def variance(self, of: Histories, weeks: float) -> Floats:
        """Of the posterior mixture of cells and stages."""
        answers = []
        for cell in self.cells:
            events = erlang.events_ahead(cell.rate, weeks)
            answers.append(
                np.stack(
                    [
                        erlang.expected_purchases(cell.k, cell.dropout, events),
                        erlang.expected_squares(cell.k, cell.dropout, events),
                    ],
                    axis=1,
                )
            )
        found = self._mean(of, answers)
        return np.maximum(found[:, 1] - found[:, 0] ** 2, 0.0)

    def count_probabilities(self, of: Histories, weeks: float, most: int) -> Floats:
        """Posterior mean over cells and stages; whoever has left buys nothing."""
        answers = []
        for cell in self.cells:
            found = erlang.purchases(cell.k, cell.dropout, erlang.events_ahead(cell.rate, weeks), most)
            found[:, 0] -= 1
            answers.append(found)
        counts = self._mean(of, answers)
        counts[:, 0] += 1
        return counts

    def outlook(self, of: Histories, weeks: Sequence[float]) -> Outlook:
        """All answers at once: the posterior is worked out a single time."""
        answers = []
        for cell in self.cells:
            ahead = [erlang.events_ahead(cell.rate, one) for one in weeks]
            columns = [
                np.ones(cell.k),
                *(erlang.p_any(cell.k, events) for events in ahead),
                *(erlang.expected_purchases(cell.k, cell.dropout, events) for events in ahead),
                erlang.expected_squares(cell.k, cell.dropout, ahead[-1]),
            ]
            answers.append(np.stack(columns, axis=1))
        found, size = self._mean(of, answers), len(weeks)
        p_order = tuple(found[:, 1 + place] for place in range(size))
        expected = tuple(found[:, 1 + size + place] for place in range(size))
        return Outlook(found[:, 0], p_order, expected, np.maximum(found[:, -1] - expected[-1] ** 2, 0.0))

    def _mean(self, of: Histories, answers: list[Floats]) -> Floats:
        """Σ over cells and stages of P(cell, alive, stage | history) · the cell's answer for that stage."""
        table = np.concatenate(answers)
        found = np.empty((len(of), table.shape[1]))
        for first in range(0, len(of), ROWS):
            rows = slice(first, first + ROWS)
            found[rows] = self._states(of.part(rows)) @ table
        return found

    def _states(self, of: Histories) -> Floats:
        """A row per history: P(cell, alive, stage | history), the stages of a cell side by side."""
        log = log_likelihoods(self.cells, of) + np.log(self.weights)
        share = np.exp(log - log.max(axis=1, keepdims=True))
        share /= share.sum(axis=1, keepdims=True)
        found = np.empty((len(of), sum(cell.k for cell in self.cells)), order="F")
        silences = repeated(of.silence)
        before, silent, stages, column = None, np.empty(0), np.empty(0), 0
        for place, cell in enumerate(self.cells):
            if (cell.k, cell.rate) != before:
                before = (cell.k, cell.rate)
                silent = silences.of(erlang.p_silent(cell.k, cell.rate, silences.values))
                stages = silences.of(erlang.stages(cell.k, cell.rate, silences.values))
            stays = (1 - cell.dropout) * silent
            alive = share[:, place] * stays / (cell.dropout + stays)
            found[:, column : column + cell.k] = alive[:, None] * stages
            column += cell.k
        return found


def log_likelihoods(cells: tuple[Cell, ...], of: Histories) -> Floats:
    """A row per history, a column per cell: the gaps, staying after x purchases, and the silence, left or not."""
    found = np.empty((len(of), len(cells)), order="F")
    silences = repeated(of.silence)
    before, density, silent = None, np.empty(0), np.empty(0)
    for place, cell in enumerate(cells):
        if (cell.k, cell.rate) != before:
            before = (cell.k, cell.rate)
            density = erlang.log_density(cell.k, cell.rate, of.frequency, of.recency, of.log_gaps)
            silent = erlang.p_silent(cell.k, cell.rate, silences.values)
        p = cell.dropout
        found[:, place] = density + of.frequency * np.log1p(-p) + silences.of(np.log(p + (1 - p) * silent))
    return found


def fit_grid(of: Histories, shapes: tuple[int, ...], name: str) -> Grid:
    """The weights of highest likelihood on cells between the slowest and the fastest plausible rate."""
    slowest = 0.2 / max(float(of.tenure.max()), 1.0)
    fastest = max(1.2 * float(np.max((of.frequency + 1) / np.maximum(of.tenure, 1.0))), 10 * slowest)
    rates = np.exp(np.linspace(np.log(slowest), np.log(fastest), RATES))
    chances = 1 / (1 + np.exp(-np.linspace(-6.5, 3.5, CHANCES)))
    cells = tuple(Cell(k, float(k * rate), float(p)) for k in shapes for rate in rates for p in chances)
    weights, log_likelihood = _maximised(log_likelihoods(cells, of), of.customers)
    kept = [place for place, weight in enumerate(weights) if weight > LEAST_WEIGHT]
    share = weights[kept] / weights[kept].sum()
    fit = Fit({"cells": float(len(kept))}, log_likelihood)
    return Grid(tuple(cells[place] for place in kept), share, fit, name)


def _maximised(log: Floats, customers: Floats) -> tuple[Floats, float]:
    """EM from equal weights, at most 250 steps; cells that have lost their weight are left out as it goes."""
    height = log.max(axis=1)
    likelihood = np.exp(log - height[:, None]).astype(np.float32)  # half the memory to move, six digits are enough
    share = customers / customers.sum()
    kept = np.arange(log.shape[1])
    weights, last = np.full(len(kept), 1 / len(kept)), -np.inf
    for _ in range(MOST_ROUNDS):
        for _ in range(STEPS_PER_ROUND):
            mixed = np.maximum(likelihood @ weights.astype(np.float32), np.float32(1e-37)).astype(np.float64)
            weights = weights * ((share / mixed).astype(np.float32) @ likelihood)
            weights /= weights.sum()
        carries = weights > LEAST_WEIGHT
        kept, weights, likelihood = kept[carries], weights[carries], likelihood[:, carries]
        found = float(customers @ (np.log(mixed) + height))
        if found - last < STEPS_PER_ROUND * TOLERANCE * abs(found):
            break
        last = found
    whole = np.zeros(log.shape[1])
    whole[kept] = weights / weights.sum()
    return whole, float(customers @ (np.log(np.exp(log - height[:, None]) @ whole) + height))
