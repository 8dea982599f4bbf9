"""From the columns that Spark counted to what the models are fitted on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from lifetide.ltv.choosing import Lesson
from lifetide.ltv.compressing import HISTORY
from lifetide.ltv.gamma_gamma import Values
from lifetide.ltv.histories import Histories, histories


def histories_in(columns: Mapping[str, Any]) -> Histories:
    """Of `compressed`, in an order that does not depend on how Spark counted."""
    return histories(_ordered(columns, HISTORY))


def values_in(columns: Mapping[str, Any]) -> Values:
    """Of `valued`."""
    found = _ordered(columns, ("days", "mean"))
    return Values(*(np.asarray(found[name], dtype=np.float64) for name in ("days", "mean", "customers")))


def lesson_of(columns: Mapping[str, Any], place: int, days: int) -> Lesson:
    """Of `lessons`, the cut at `place`, which looks `days` ahead."""
    rows = np.asarray(columns["cut"]) == place
    found = _ordered({name: np.asarray(column)[rows] for name, column in columns.items()}, (*HISTORY, "later"))
    return Lesson(histories(found), np.asarray(found["later"], dtype=np.float64), days)


def _ordered(columns: Mapping[str, Any], by: tuple[str, ...]) -> dict[str, Any]:
    order = np.lexsort([np.asarray(columns[name]) for name in reversed(by)])
    return {name: np.asarray(column)[order] for name, column in columns.items()}
