"""What the order models know of customers: frequency, recency and tenure, and how many customers share them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
WEEK = 7.0
"""Days. The literature counts in weeks; nothing but the printed parameters depends on it."""


@dataclass(frozen=True)
class Histories:
    """One row per distinct history: arrays of equal length, times in weeks.

    frequency (x) = repeat purchase days; recency (t_x) = first to last; tenure (T) = first to as_of;
    log_gaps = sum of the logarithms of the gaps (0 without any); customers = how many share the history.
    """

    frequency: Floats
    recency: Floats
    tenure: Floats
    log_gaps: Floats
    customers: Floats

    @property
    def silence(self) -> Floats:
        """Weeks since the last purchase day."""
        return self.tenure - self.recency

    def __len__(self) -> int:
        return len(self.frequency)

    @property
    def size(self) -> float:
        """Customers."""
        return float(self.customers.sum())

    @property
    def repeaters(self) -> float:
        """Customers with two purchase days or more."""
        return float(self.customers[self.frequency > 0].sum())

    def part(self, rows: slice) -> Histories:
        """Some of the rows."""
        return replace(self, **{name: getattr(self, name)[rows] for name in self.__dataclass_fields__})


def histories(columns: Mapping[str, Any]) -> Histories:
    """From columns in days: frequency, recency_days, tenure_days; log_gap_sum (of days) and customers if there.

    A customer of today has tenure 0: bought and never seen again, for no time at all.
    """
    frequency, recency, tenure = (
        np.asarray(columns[name], dtype=np.float64) for name in ("frequency", "recency_days", "tenure_days")
    )
    days = np.asarray(columns.get("log_gap_sum", np.zeros(len(frequency))), dtype=np.float64)
    customers = np.asarray(columns.get("customers", np.ones(len(frequency))), dtype=np.float64)
    return Histories(frequency, recency / WEEK, tenure / WEEK, days - frequency * np.log(WEEK), customers)


@dataclass(frozen=True)
class Repeated:
    """An array as its distinct values and the place of each row among them: costly functions run on the values."""

    values: Floats
    places: NDArray[np.intp]

    def of(self, found: Floats) -> Floats:
        """What was worked out for each distinct value, for each row."""
        every: Floats = found[self.places]
        return every


def repeated(rows: Floats) -> Repeated:
    """The distinct values of the rows, ascending."""
    values, places = np.unique(rows, return_inverse=True)
    return Repeated(values, places.reshape(-1))


def distinct(found: Histories) -> tuple[Histories, NDArray[np.intp]]:
    """The distinct histories, and for each row of `found` the place of its own."""
    keys = np.stack([found.frequency, found.recency, found.tenure, np.round(found.log_gaps, 6)], axis=1)
    unique, places = np.unique(keys, axis=0, return_inverse=True)
    places = places.reshape(-1)
    customers = np.bincount(places, weights=found.customers, minlength=len(unique)).astype(np.float64)
    return Histories(unique[:, 0], unique[:, 1], unique[:, 2], unique[:, 3], customers), places


def coarse(found: Histories, at_most: int) -> Histories:
    """The histories, or, where they are more than `at_most`, weekly cells that carry their means.

    Cells share frequency and the whole weeks of recency and tenure. On simulated shops of 10^7 customers they move
    no parameter of BG/NBD by more than 0.4%.
    """
    if len(found) <= at_most:
        return found
    keys = np.stack([found.frequency, np.floor(found.recency), np.floor(found.tenure)], axis=1)
    unique, places = np.unique(keys, axis=0, return_inverse=True)
    places = places.reshape(-1)
    customers = np.bincount(places, weights=found.customers, minlength=len(unique)).astype(np.float64)
    means = [
        np.bincount(places, weights=values * found.customers, minlength=len(unique)) / customers
        for values in (found.recency, found.tenure, found.log_gaps)
    ]
    return Histories(unique[:, 0], means[0], means[1], means[2], customers)
