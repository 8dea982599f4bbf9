"""How customers move between classes, what the stages achieve, and how well classes foretold who came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from lifetide.vocabulary import ClassKind

ZERO = Decimal("0.00")
KINDS = (ClassKind.LIFECYCLE, ClassKind.STAGE)


@dataclass(frozen=True)
class Flow:
    """Customers who were in one class when a whole month began and in one when it ended.

    `from_value` is None for those who were not yet customers; `share` is of everybody who began in it (0 to 1).
    `net_revenue` is their money in the month, `annual_revenue` that of the year before it. `expected_days`: how long
    one stays at this month's rate of leaving; None where the classes differ or nobody left. `predicted`: what they
    are expected to bring in the 365 days after the day of the report; None where that is not known.
    """

    month: date
    kind: str
    from_value: str | None
    to_value: str
    customers: int
    share: float | None = None
    net_revenue: Decimal = ZERO
    annual_revenue: Decimal = ZERO
    expected_days: float | None = None
    predicted: Decimal | None = None


@dataclass(frozen=True)
class StageMetrics:
    """What everybody, one customer stage or one audience did in a whole month or quarter; None where nothing divides.

    `customers` is how many are spoken of; an audience's are those of its members of `members_on` who are customers.
    Ratios and shares run from 0 to 1, `frequency_ratio` is orders per buyer, `customer_value` money per order, and
    `nps` with its 90% interval runs from -1 to 1.
    """

    start: date
    period: str
    stage: str | None = None
    repeat_ratio: float | None = None
    activation_ratio: float | None = None
    loyal_activation_ratio: float | None = None
    frequency_ratio: float | None = None
    customer_value: Decimal | None = None
    nps: float | None = None
    nps_lower: float | None = None
    nps_upper: float | None = None
    referred_share: float | None = None
    audience: str | None = None
    members_on: date | None = None
    customers: int = 0


@dataclass(frozen=True)
class Backtest:
    """A class at a past day: its customers, and those who ordered again within the horizon after it.

    `expected_rate` is the class's rate at the cut-off before (0 to 1; None at the first), `auc` is of the whole kind
    at that cut-off (None where all or none returned).
    """

    cutoff: date
    horizon_days: int
    kind: str
    class_value: str
    customers: int
    returned: int
    expected_rate: float | None = None
    auc: float | None = None

    @property
    def rate(self) -> float | None:
        """Share who came back; None in a class of nobody."""
        return self.returned / self.customers if self.customers else None


METRICS_READ = (
    "period_start", "period", "stage", "repeat_ratio", "activation_ratio", "loyal_activation_ratio",
    "frequency_ratio", "customer_value", "nps", "nps_lower", "nps_upper", "referred_share", "audience_key",
    "members_on", "customer_count",
)  # fmt: skip
"""Columns of stage_metrics in the order of the fields of StageMetrics."""


def whole_quarter_before(as_of: date) -> date:
    """The first day of the first quarter that is not over when as_of is."""
    end = whole_before(as_of)
    return date(end.year, end.month - (end.month - 1) % 3, 1)


def whole_before(as_of: date) -> date:
    """The first day of the first month that is not over when as_of is."""
    return (as_of + timedelta(days=1)).replace(day=1)
