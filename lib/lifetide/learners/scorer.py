"""The trained scorer: gradient boosting on numbers that tell a customer's rhythm, kept as plain trees.

scikit-learn learns it; what is stored and evaluated is ours, so a stored model answers the same under any version.
Sources: Friedman, Greedy Function Approximation, Annals of Statistics 29 (2001); histograms as in Ke et al., LightGBM
(2017). Loss: Poisson deviance.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from lifetide.learners.threads import one_thread

Floats: TypeAlias = NDArray[np.float64]
TREES, LEAVES, RATE, FEWEST_ROWS, RIDGE = 80, 6, 0.05, 60, 1.0
LEAF, MOST_BINS = -1, 255


@dataclass(frozen=True)
class Scorer:
    """exp(start + sum of trees). A row per tree, padded: feature (−1 = leaf), threshold, left, right, value."""

    start: float
    feature: NDArray[np.int64]
    threshold: Floats
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    value: Floats
    missing_left: NDArray[np.bool_]

    def expected(self, features: Floats) -> Floats:
        """One value per row: what is expected within the horizon it was taught."""
        found = np.full(len(features), self.start)
        rows = np.arange(len(features))
        for tree in range(len(self.feature)):
            at = np.zeros(len(features), dtype=np.int64)
            for _ in range(self.feature.shape[1]):
                asked = self.feature[tree, at]
                if np.all(asked == LEAF):
                    break
                seen = features[rows, np.maximum(asked, 0)]
                is_left = np.where(np.isnan(seen), self.missing_left[tree, at], seen <= self.threshold[tree, at])
                down = np.where(is_left, self.left[tree, at], self.right[tree, at])
                at = np.where(asked == LEAF, at, down)
            found += self.value[tree, at]
        expected: Floats = np.exp(found)
        return expected

    def told(self) -> str:
        """JSON that `scorer_from` reads."""
        names = ("feature", "threshold", "left", "right", "value", "missing_left")
        return json.dumps({"start": self.start, **{name: getattr(self, name).tolist() for name in names}})


def scorer_from(text: str) -> Scorer:
    """What `told` wrote."""
    told = json.loads(text)

    def rows(name: str, kind: str) -> NDArray[np.generic]:
        return np.array(told[name], dtype=kind).reshape(len(told[name]), -1 if told[name] else 1)

    return Scorer(
        float(told["start"]),
        rows("feature", "int64").astype(np.int64),
        rows("threshold", "float64").astype(np.float64),
        rows("left", "int64").astype(np.int64),
        rows("right", "int64").astype(np.int64),
        rows("value", "float64").astype(np.float64),
        rows("missing_left", "bool").astype(np.bool_),
    )


def learned(features: Floats, counts: Floats, weights: Floats) -> Scorer:
    """From rows of what is known, the mean count that followed, and the customers. Nothing is drawn at random."""
    if not np.any(counts > 0):
        return _constant(1e-6)
    from sklearn.ensemble import HistGradientBoostingRegressor  # a fit needs it, stored trees do not

    model = HistGradientBoostingRegressor(
        loss="poisson", max_iter=TREES, learning_rate=RATE, max_leaf_nodes=LEAVES, min_samples_leaf=FEWEST_ROWS,
        l2_regularization=RIDGE, early_stopping=False, random_state=0,
    )  # fmt: skip
    edges = [_edges(column, weights) for column in features.T]
    with one_thread():  # limits what the import has loaded, too
        model.fit(_bins(features, edges), counts, sample_weight=weights)
    trees = [stage[0].nodes for stage in model._predictors]
    widest = max(len(nodes) for nodes in trees)

    def padded(name: str, empty: float) -> NDArray[np.float64]:
        return np.array([[*nodes[name], *[empty] * (widest - len(nodes))] for nodes in trees], dtype=np.float64)

    is_leaf = padded("is_leaf", 1) > 0
    asked = padded("feature_idx", 0).astype(np.int64)
    return Scorer(
        start=float(np.ravel(model._baseline_prediction)[0]),
        feature=np.where(is_leaf, LEAF, asked),
        threshold=np.where(is_leaf, 0.0, _thresholds(asked, padded("num_threshold", 0), edges)),
        left=padded("left", 0).astype(np.int64),
        right=padded("right", 0).astype(np.int64),
        value=np.where(is_leaf, padded("value", 0), 0.0),
        missing_left=padded("missing_go_to_left", 0) > 0,
    )


def _edges(column: Floats, weights: Floats) -> Floats:
    """Where a feature may be split: at its values, of many at 254 quantiles of the customers.

    scikit-learn's own weighted quantiles differ between its releases, and take longer than all of the trees.
    """
    is_known = ~np.isnan(column)
    values, places = np.unique(column[is_known], return_inverse=True)
    if len(values) <= MOST_BINS:
        return np.asarray((values[:-1] + values[1:]) / 2, dtype=np.float64)
    passed = np.cumsum(np.bincount(places.reshape(-1), weights[is_known]))
    wanted = passed[-1] * np.arange(1, MOST_BINS) / MOST_BINS
    return np.unique(values[np.minimum(np.searchsorted(passed, wanted), len(values) - 2)])


def _bins(features: Floats, edges: list[Floats]) -> Floats:
    """The number of edges below each value; NaN stays."""
    found = [np.searchsorted(of, column).astype(np.float64) for of, column in zip(edges, features.T, strict=True)]
    return np.where(np.isnan(features), np.nan, np.stack(found, axis=1))


def _thresholds(asked: NDArray[np.int64], bins: Floats, edges: list[Floats]) -> Floats:
    """The edge that a split between two bins stands for; a split between known and unknown has none."""
    found = np.full(asked.shape, 1e300)
    for feature, of in enumerate(edges):
        here = (asked == feature) & np.isfinite(bins) & (bins < len(of))
        found[here] = of[np.floor(bins[here]).astype(np.int64)]
    return found


def _constant(expected: float) -> Scorer:
    nothing = np.zeros((0, 1))
    none = nothing.astype(np.int64)
    return Scorer(float(np.log(expected)), none, nothing, none, none, nothing, nothing > 0)
