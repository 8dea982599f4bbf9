"""Bars of a histogram that a hand can drag over: round edges, and the set of customers in each bar."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from lifetide.explorer.studio.bits import Words, packed
from lifetide.explorer.studio.columns import Kind, Numeric

BARS = 40
LOOKED_AT = 200_000  # customers; enough to place edges
LOW, HIGH = 0.005, 0.97  # quantiles between which the bars lie; the last bar holds all that is above
STEPS = (1, 2, 5)
DAYS = (1, 7, 14, 30, 61, 91, 183, 365)


@dataclass(frozen=True)
class Bins:
    """Bar k holds lowest + k·step ≤ value < lowest + (k+1)·step; the first and last hold what lies beyond, too."""

    lowest: float
    step: float
    count: int

    @property
    def edges(self) -> list[float]:
        return [self.lowest + self.step * place for place in range(self.count + 1)]


def bins_of(column: Numeric) -> Bins:
    """Round edges that fit the column's values; of integers they are integers."""
    known = _looked_at(column)
    if not len(known):
        return Bins(0, 1, 1)
    low, high = (float(one) for one in np.quantile(known, [LOW, HIGH]))
    if column.kind is Kind.DATE:
        step = next((one for one in DAYS if (high - low) / one <= BARS), DAYS[-1] * max(1, int((high - low) / 14600)))
        return _laid(low, high, float(step))
    if 0 <= low <= 0.35 * high:
        low = 0.0
    unit = 10.0**column.scale if column.kind is Kind.SCALED else None
    return _laid(low, high, _round_step((high - low) / BARS, unit, column.scale))


def members_of_bins(column: Numeric, bins: Bins) -> list[Words]:
    """The set of customers in each bar; nobody whose value is missing is in any."""
    places = _places(column, bins)
    known = None if column.missing is None else ~column.missing
    found = []
    for bar in range(bins.count):
        inside = packed(len(places), lambda part, bar=bar: places[part] == bar)  # type: ignore[misc]
        found.append(inside if known is None else inside & known)
    return found


def _places(column: Numeric, bins: Bins) -> npt.NDArray[np.uint8]:
    places = np.empty(len(column.values), np.uint8)
    block = 1 << 16
    edges = np.array(bins.edges[1:-1])
    for start in range(0, len(places), block):
        part = slice(start, start + block)
        values = column.values[part]
        if column.kind is Kind.DOUBLE:
            places[part] = np.searchsorted(edges, values, side="right")
        else:
            whole = (values.astype(np.int64) - int(bins.lowest)) // int(bins.step)
            places[part] = np.clip(whole, 0, bins.count - 1)
    return places


def _laid(low: float, high: float, step: float) -> Bins:
    first = np.floor(low / step) * step
    count = int(np.clip(np.ceil((high - first) / step + 1e-9), 1, 2 * BARS))
    return Bins(float(first), step, max(count, 2))


def _round_step(rough: float, unit: float | None, scale: int) -> float:
    """The round number at or above `rough`; in stored units (cents), at least one, where the column has them."""
    smallest = Decimal(1) / 10**9 if unit is None else Decimal(10**scale if scale > 2 else 1)
    if rough <= smallest:
        return float(smallest)
    power = 10 ** int(np.floor(np.log10(rough)))
    return float(next(one * power for one in (*STEPS, 10) if one * power >= rough * 0.999))


def _looked_at(column: Numeric) -> npt.NDArray[Any]:
    """Every so many-th known value."""
    stride = max(1, len(column.values) // LOOKED_AT)
    values: npt.NDArray[Any] = column.values[::stride]
    if column.missing is None:
        return values
    flags = np.unpackbits(column.missing.view(np.uint8), bitorder="little")[: len(column.values) : stride]
    known: npt.NDArray[Any] = values[flags == 0]
    return known
