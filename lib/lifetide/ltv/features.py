"""What the trained scorer is told of a history: plain numbers in weeks, NaN where there is nothing to say."""

from __future__ import annotations

import numpy as np

from lifetide.ltv.histories import Floats, Histories

DAY = 1 / 7


def features(of: Histories) -> Floats:
    """A row per history: x, t_x, T, silence, orders per week, mean gap, silence ÷ mean gap, silence ÷ tenure."""
    x, silence = of.frequency, of.silence
    gap = np.where(x > 0, of.recency / np.maximum(x, 1), np.nan)
    return np.stack(
        [
            x, of.recency, of.tenure, silence, (x + 1) / (of.tenure + 1), gap, silence / np.maximum(gap, DAY),
            silence / np.maximum(of.tenure, DAY),
        ],
        axis=1,
    )  # fmt: skip
