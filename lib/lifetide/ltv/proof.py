"""What a chosen model foretold at the newest origin beside what came, as it is stored and shown."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Tenth:
    """A tenth of the customers, by expected orders: how many, expected, its 80% limits, and what came."""

    customers: float
    expected: float
    lower: float
    upper: float
    actual: float


@dataclass(frozen=True)
class Point:
    """Orders of all customers from the cut-off to so many days after it."""

    days: int
    expected: float
    actual: float


@dataclass(frozen=True)
class Proof:
    """What the model, fitted on what was known at the cut-off, foretold of the days after it."""

    cutoff: str
    horizon_days: int
    tenths: tuple[Tenth, ...]
    points: tuple[Point, ...]

    def told(self) -> str:
        """JSON that `proof_from` reads."""
        parts = [list(one.__dict__.values()) for one in self.tenths]
        points = [list(one.__dict__.values()) for one in self.points]
        return json.dumps({"cutoff": self.cutoff, "horizon_days": self.horizon_days,
                           "tenths": parts, "tracking": points})  # fmt: skip


def proof_from(text: str) -> Proof:
    """What `told` wrote."""
    of: dict[str, Any] = json.loads(text)
    parts = tuple(Tenth(*one) for one in of["tenths"])
    return Proof(of["cutoff"], of["horizon_days"], parts, tuple(Point(*one) for one in of["tracking"]))


def covered(parts: Sequence[Tenth]) -> int:
    """Tenths whose orders lie within their 80% limits."""
    return sum(one.lower <= one.actual <= one.upper for one in parts)
