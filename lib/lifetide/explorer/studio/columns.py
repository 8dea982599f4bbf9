"""Columns of a snapshot in memory: text as small codes, numbers exactly, what is missing beside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import Enum
from typing import Any

import numpy as np
import numpy.typing as npt

from lifetide.audiences.fields import FIELDS
from lifetide.explorer.studio.bits import Words

EPOCH = date(1970, 1, 1)
TRUTH = ("false", "true")


class Kind(str, Enum):
    """What a number is: `scaled` = an integer that counts units of 10^-scale (cents, whole numbers)."""

    SCALED = "scaled"
    DOUBLE = "double"
    DATE = "date"


@dataclass(frozen=True)
class Coded:
    """One code per customer into `labels`; 0 = missing, k = labels[k - 1]. Booleans are 'false' and 'true'."""

    codes: npt.NDArray[Any]
    labels: tuple[str, ...]

    @property
    def count(self) -> int:
        return len(self.codes)

    def code(self, label: str) -> int | None:
        """The code of a label; None where nobody has it."""
        try:
            return self.labels.index(label) + 1
        except ValueError:
            return None


@dataclass(frozen=True)
class Numeric:
    """One number per customer; where `missing` has a bit the value is 0 and means nothing.

    Money and whole numbers are integers in the narrowest type that holds them, dates are days since 1970-01-01.
    """

    values: npt.NDArray[Any]
    kind: Kind
    scale: int = 0
    missing: Words | None = None

    @property
    def count(self) -> int:
        return len(self.values)

    def floor(self, value: Decimal) -> int | float:
        """The greatest stored number ≤ value."""
        return float(value) if self.kind is Kind.DOUBLE else int(self._scaled(value).to_integral_value(ROUND_FLOOR))

    def ceiling(self, value: Decimal) -> int | float:
        """The smallest stored number ≥ value."""
        return float(value) if self.kind is Kind.DOUBLE else int(self._scaled(value).to_integral_value(ROUND_CEILING))

    def shown(self, stored: float) -> float:
        """A stored number as people read it."""
        return float(stored) if self.kind is Kind.DOUBLE else float(stored) / 10**self.scale

    def _scaled(self, value: Decimal) -> Decimal:
        return value.scaleb(self.scale)


Column = Coded | Numeric


def narrow(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Integers in the narrowest signed type that holds them all."""
    low, high = (int(values.min()), int(values.max())) if len(values) else (0, 0)
    for dtype in (np.int8, np.int16, np.int32):
        if np.iinfo(dtype).min <= low and high <= np.iinfo(dtype).max:
            return values.astype(dtype)
    return values.astype(np.int64)


def code_type(labels: int) -> type[np.unsignedinteger[Any]]:
    """The narrowest type for the codes 0 to `labels`."""
    for dtype in (np.uint8, np.uint16):
        if labels <= np.iinfo(dtype).max:
            return dtype
    return np.uint32


def words_of(name: str) -> tuple[str, ...]:
    """The words of a column of customer_profiles, least to most where they are ordered; empty for other columns."""
    known = FIELDS.get(name)
    return () if known is None else known.words
