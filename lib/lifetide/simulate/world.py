"""The shop that is simulated: how its people behave, in numbers with units, and which stretch of it is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from lifetide.errors import UsageError

MOST_CUSTOMERS = 900_000_000  # ids have nine digits
PER_TASK = 25_000  # customers that one task simulates: a few hundred thousand rows, and files of some 20 MB


@dataclass(frozen=True)
class World:
    """Laws of behaviour. Purchases are a Gamma mixture of k-Erlang renewals with Beta-geometric dropout.

    That is BG/NBD (Fader, Hardie, Lee 2005, "Counting Your Customers" the Easy Way) with dropout also after the first
    purchase (Batislam, Denizel, Filiztekin 2007, MBG/NBD) and regularity k (Platzer, Reutterer 2016,
    "Ticking Away the Moments"). Shapes are whole numbers, so that sums of exponentials draw them exactly.
    """

    rate_shape: int = 2  # r of the rates' Gamma(r, α): the larger, the more alike the customers
    rate_days: float = 80.0  # α in days: the mean rate is r / α, one purchase in 40 days
    gap_shapes: int = 4  # regularity k is 1 (chance alone) to this, each as likely
    dropout_a: int = 2  # dropout after each purchase ~ Beta(a, b) …
    dropout_b: int = 10  # … mean 1/6
    season_amplitude: float = 0.4  # a, 0 to 0.9: the rate is 1 / (1 - a) at the peak, 1 / (1 + a) half a year away
    season_peak_day: int = 320  # day of the year of the peak: mid-November
    change_share: float = 0.15  # of buyers: their rate changes once, …
    change_factors: tuple[float, ...] = (0.3, 2.5)  # … times one of these
    prospect_share: float = 0.15  # of customers: signed up, never bought
    guest_share: float = 0.10  # guests, per customer: one order without any id
    visitor_share: float = 0.25  # anonymous visitors, per customer
    tracked_share: float = 0.6  # of orders on the web or in the app: their visit is recorded
    visit_days: float = 90.0  # days from one visit without an order to the next
    interest_days: float = 60.0  # mean days from first to last visit of those who never buy
    second_device_share: float = 0.4  # of customers: browse on two devices
    level_sigma: float = 0.4  # log-normal spread of customers' price level
    drift_share: float = 0.2  # of buyers: their price level grows or shrinks, …
    drift_a_year: float = 0.3  # … by this in logs, up or down
    noise_sigma: float = 0.15  # log-normal noise of one line's price
    loyal_share: float = 0.6  # of product choices: from the preferred category
    more_lines: float = 0.5  # chance of one more line, again and again: 2 lines an order
    more_units: float = 0.25  # chance of one more unit: 1.33 units a line
    discount_share: float = 0.15  # of orders: 10% off
    cancelled_share: float = 0.01  # of orders
    full_refund_share: float = 0.04  # of orders
    partial_refund_share: float = 0.04  # of orders: half of the first line's units
    named_refund_share: float = 0.7  # of refunds: say which order they refund; the others are matched by units
    duplicate_share: float = 0.005  # of orders and visits: delivered twice
    late_share: float = 0.02  # of orders, refunds and visits: arrive days late
    foreign_share: float = 0.1  # of people: pay in another currency, where there is one

    def problems(self) -> Iterator[str]:
        """What is outside the range in which the formulas hold."""
        for one in fields(self):
            value = getattr(self, one.name)
            if one.name.endswith("_share") and not 0 <= value <= 1:
                yield f"{one.name} is a share, it is {value}"
            if one.name.endswith("_days") and value <= 0:
                yield f"{one.name} must be above 0, it is {value}"
        if min(self.rate_shape, self.gap_shapes, self.dropout_a, self.dropout_b) < 1:
            yield "shapes must be 1 or more"
        if not 0 <= self.season_amplitude <= 0.9:
            yield f"season_amplitude must be between 0 and 0.9, it is {self.season_amplitude}"


@dataclass(frozen=True)
class Plan:
    """What is written: how many customers, the local dates (both inclusive), the seed, and the world they live in."""

    customers: int
    first: date
    last: date
    seed: int
    world: World = field(default_factory=World)
    timezone: str = "Europe/Vienna"
    currency: str = "EUR"
    currencies: tuple[str, ...] = ()  # others in which some people pay
    partitions: int | None = None  # None: by the number of customers

    def __post_init__(self) -> None:
        problems = list(self.world.problems())
        if not 1 <= self.customers <= MOST_CUSTOMERS:
            problems.append(f"customers must be between 1 and {MOST_CUSTOMERS:,}, it is {self.customers:,}")
        if self.days < 30:
            problems.append(f"{self.first} to {self.last} is too short: 30 days are the least")
        for code in self.currencies:
            if not (len(code) == 3 and code.isascii() and code.isalpha() and code.isupper()):
                problems.append(f"a currency is a code of three capitals such as GBP, it is {code!r}")
            if code == self.currency:
                problems.append(f"{code} is the shop's own currency")
        if problems:
            raise UsageError("This shop cannot be simulated:", problems)

    @property
    def days(self) -> int:
        """Local dates from first to last."""
        return (self.last - self.first).days + 1

    @property
    def tasks(self) -> int:
        """Partitions of the simulation; no row depends on it."""
        return self.partitions or max(2, -(-self.customers // PER_TASK))

    def zone_offsets(self) -> list[tuple[int, int]]:
        """(day, seconds east of UTC from that day on); day 0 is `first`. Taken at noon, as nobody shops at night."""
        zone, found = ZoneInfo(self.timezone), list[tuple[int, int]]()
        for day in range(self.days):
            noon = datetime.combine(self.first + timedelta(days=day), datetime.min.time(), zone).replace(hour=12)
            offset = noon.utcoffset() or timedelta(0)
            if not found or found[-1][1] != int(offset.total_seconds()):
                found.append((day, int(offset.total_seconds())))
        return found
