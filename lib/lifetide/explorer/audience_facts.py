"""What the report says of audiences: plain facts, taken from tables elsewhere and drawn elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lifetide.explorer.growth_facts import ActiveThen, GrowthDay


@dataclass(frozen=True)
class Worth:
    """The figures of an audience, or of everyone; None = nobody, or not known."""

    members: int = 0
    ltv: Decimal | None = None
    orders: float | None = None
    basket: Decimal | None = None
    annual_orders: float | None = None
    annual_revenue: Decimal | None = None
    lost_share: float | None = None
    predicted: Decimal | None = None
    predicted_lower: Decimal | None = None
    predicted_upper: Decimal | None = None


@dataclass(frozen=True)
class ClassOf:
    """Members of one class: how many, how much more often than among everyone, their potential and its share."""

    kind: str
    value: str
    members: int
    share: float
    lift: float
    potential: Decimal | None
    potential_share: float | None


@dataclass(frozen=True)
class Product:
    """A product that members buy, by a logic; `name` is the id where the shop names none."""

    logic: str
    rank: int
    name: str
    buyers: int
    units: Decimal
    net_revenue: Decimal | None
    lift: float


@dataclass(frozen=True)
class AudienceFacts:
    """One audience on the day of the report; `growth` at month ends and on that day, of today's members."""

    key: str
    name: str
    worth: Worth
    entered: int = 0
    left: int = 0
    waiting: int = 0
    growth: tuple[GrowthDay, ...] = ()
    active_then: tuple[ActiveThen, ...] = ()
    classes: tuple[ClassOf, ...] = ()
    overlaps: tuple[tuple[str, int, float], ...] = ()
    products: tuple[Product, ...] = ()

    def of_kind(self, kind: str) -> tuple[ClassOf, ...]:
        """The classes of one kind, largest first."""
        return tuple(sorted((one for one in self.classes if one.kind == kind), key=lambda one: -one.members))

    def of_logic(self, logic: str) -> tuple[Product, ...]:
        """The products of one logic, in their order."""
        return tuple(one for one in self.products if one.logic == logic)


@dataclass(frozen=True)
class AudiencesFacts:
    """All audiences that were evaluated for the day, and everyone beside them."""

    everyone: Worth = Worth()
    audiences: tuple[AudienceFacts, ...] = ()
    evaluated_as_of: date | None = None
