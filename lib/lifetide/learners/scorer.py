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
from sklearn.ensemble import HistGradientBoostingRegressor

Floats: TypeAlias = NDArray[np.float64]
TREES, LEAVES, RATE, FEWEST_ROWS, RIDGE = 80, 6, 0.05, 60, 1.0
LEAF = -1


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
    model = HistGradientBoostingRegressor(
        loss="poisson", max_iter=TREES, learning_rate=RATE, max_leaf_nodes=LEAVES, min_samples_leaf=FEWEST_ROWS,
        l2_regularization=RIDGE, early_stopping=False, random_state=0,
    )  # fmt: skip
    model.fit(features, counts, sample_weight=weights)
    trees = [stage[0].nodes for stage in model._predictors]
    widest = max(len(nodes) for nodes in trees)

    def padded(name: str, empty: float) -> NDArray[np.float64]:
        return np.array([[*nodes[name], *[empty] * (widest - len(nodes))] for nodes in trees], dtype=np.float64)

    is_leaf = padded("is_leaf", 1) > 0
    return Scorer(
        start=float(np.ravel(model._baseline_prediction)[0]),
        feature=np.where(is_leaf, LEAF, padded("feature_idx", 0)).astype(np.int64),
        threshold=np.where(is_leaf, 0.0, np.minimum(padded("num_threshold", 0), 1e300)),
        left=padded("left", 0).astype(np.int64),
        right=padded("right", 0).astype(np.int64),
        value=np.where(is_leaf, padded("value", 0), 0.0),
        missing_left=padded("missing_go_to_left", 0) > 0,
    )


def _constant(expected: float) -> Scorer:
    nothing = np.zeros((0, 1))
    none = nothing.astype(np.int64)
    return Scorer(float(np.log(expected)), none, nothing, none, none, nothing, nothing > 0)
