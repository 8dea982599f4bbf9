"""Every business threshold, with its unit and its reason. Settings override them by name: [policy.lifecycle] …"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class LifecyclePolicy:
    """Rhythm and the four groups. `None` = learned from the shop; a value pins it."""

    just_ordered_days: float = 30  # days; "too soon to tell" after an order (feature row 000.5)
    shrinkage: float = 3  # κ, gaps; how many own gaps weigh as much as the group's rhythm
    default_interval_days: float = 60  # days; the group's rhythm where nobody ever came back
    min_gaps: int = 100  # gaps; fewer cannot carry a 95% quantile
    default_cut75: float = 1.5  # times the baseline; slipping above it, while there are too few gaps
    default_cut95: float = 3.5  # times the baseline; lost above it, while there are too few gaps
    cut75: float | None = None  # times the baseline; pins the slipping limit
    cut95: float | None = None  # times the baseline; pins the lost limit
    rate_drop_min_gaps: int = 5  # gaps; below five even the best test finds too little
    rate_drop_confidence: float = 0.95  # probability; one false alarm in twenty stationary purchase days
    rate_drop_shape: int = 1  # k of Erlang gaps; 1 = Poisson, the cautious choice
    grouping: str = "learned"  # main_category or everyone pins whose rhythm is compared with; learned = what predicts
    regular_quantile: float = 0.33  # share; the evenest third of customers counts as regular
    regularity_min_gaps: int = 3  # gaps; fewer say nothing about evenness
    regularity_learn_gaps: int = 4  # gaps; customers who teach the limit

    def problems(self) -> list[str]:
        """Everything that is wrong with the values, in words."""
        groupings = ("learned", "main_category", "everyone")
        above_zero = ("just_ordered_days", "default_interval_days", "default_cut75", "default_cut95")
        found = [
            f"{name} must be above 0, it is {getattr(self, name)}" for name in above_zero if getattr(self, name) <= 0
        ]
        if self.grouping not in groupings:
            found.append(f"grouping must be {', '.join(groupings)}, it is {self.grouping!r}")
        if self.shrinkage < 0:
            found.append(f"shrinkage must be 0 or more, it is {self.shrinkage}")
        if self.default_cut75 > self.default_cut95:
            found.append("default_cut75 must not be above default_cut95")
        for name in ("cut75", "cut95"):
            pinned = getattr(self, name)
            if pinned is not None and pinned <= 0:
                found.append(f"{name} must be above 0, it is {pinned}")
        if self.cut75 is not None and self.cut95 is not None and self.cut75 > self.cut95:
            found.append("cut75 must not be above cut95")
        if self.rate_drop_min_gaps < 3:
            found.append(f"rate_drop_min_gaps must be 3 or more, it is {self.rate_drop_min_gaps}")
        if not 0.5 <= self.rate_drop_confidence < 1:
            found.append(f"rate_drop_confidence must be between 0.5 and 1, it is {self.rate_drop_confidence}")
        if self.rate_drop_shape < 1:
            found.append(f"rate_drop_shape must be 1 or more, it is {self.rate_drop_shape}")
        if not 0 < self.regular_quantile < 1:
            found.append(f"regular_quantile must be between 0 and 1, it is {self.regular_quantile}")
        return found


@dataclass(frozen=True)
class StagePolicy:
    """CASA's seven stages. `None` = learned from the shop; a value pins it."""

    at_risk_days: float | None = None  # days of silence; pins X, from which a customer is at risk (feature row 002.2)
    drop_off_days: float | None = None  # days of silence; pins Y, from which a customer has dropped off (002.4)
    loyal_orders: float | None = None  # net orders; pins Z, which make a customer loyal (002.6)
    default_loyal_orders: float = 3  # net orders; Z where too few customers order again to learn it
    loyal_revenue: float | None = None  # shop currency; loyal by the value of net orders instead of their number
    ticket_orders: int = 8  # purchase days; how far back a decline of the ticket is looked for (002.3)
    ticket_min_orders: int = 6  # purchase days; fewer cannot show it
    ticket_recent_orders: int = 3  # purchase days; the recent ones that are set against those before
    ticket_ratio: float = 0.7  # share; recent mean ÷ earlier mean below it is a decline
    ticket_p: float = 0.1  # probability; one-sided Mann–Whitney, at most so often by chance

    def problems(self) -> list[str]:
        """Everything that is wrong with the values, in words."""
        found = []
        for name in ("at_risk_days", "drop_off_days", "loyal_orders", "default_loyal_orders", "loyal_revenue"):
            value = getattr(self, name)
            if value is not None and value <= 0:
                found.append(f"{name} must be above 0, it is {value}")
        at_risk, drop_off = self.at_risk_days, self.drop_off_days
        if at_risk is not None and drop_off is not None and drop_off <= at_risk:
            found.append("drop_off_days must be above at_risk_days")
        if not 0 < self.ticket_recent_orders < self.ticket_min_orders <= self.ticket_orders <= 12:
            found.append("ticket_recent_orders < ticket_min_orders ≤ ticket_orders ≤ 12 must hold")
        found += [
            f"{name} must be between 0 and 1, it is {getattr(self, name)}"
            for name in ("ticket_ratio", "ticket_p")
            if not 0 < getattr(self, name) < 1
        ]
        return found


@dataclass(frozen=True)
class RfmPolicy:
    """Scores and segments. Cuts are learned as quintiles unless pinned here, ascending."""

    monetary: str = "ltv_historic"  # what M scores: ltv_historic or average_order_value
    preset: str = "exponea"  # which map from scores to segments: exponea, chart or own
    map: tuple[str, ...] = ()  # segments of preset own for the 125 cells, by R, then F, then M; settings name a file
    recency_cuts: tuple[float, ...] = ()  # days; pins the limits of R
    frequency_cuts: tuple[float, ...] = ()  # net orders; pins the limits of F
    monetary_cuts: tuple[float, ...] = ()  # shop currency; pins the limits of M

    def problems(self) -> list[str]:
        """Everything that is wrong with the values, in words."""
        found = []
        if self.monetary not in ("ltv_historic", "average_order_value"):
            found.append(f"monetary must be ltv_historic or average_order_value, it is {self.monetary!r}")
        if self.preset not in ("exponea", "chart", "own"):
            found.append(f"preset must be exponea, chart or own, it is {self.preset!r}")
        if self.preset == "own" and len(self.map) != 125:
            found.append(f"preset own needs a map with a segment for each of the 125 cells, it has {len(self.map)}")
        if self.map and self.preset in ("exponea", "chart"):
            found.append(f"a map is read with preset own only, the preset is {self.preset}")
        for name in ("recency_cuts", "frequency_cuts", "monetary_cuts"):
            cuts = getattr(self, name)
            if len(cuts) > 4 or list(cuts) != sorted(cuts):
                found.append(f"{name} must be at most four ascending numbers, it is {list(cuts)}")
        return found


@dataclass(frozen=True)
class GrowthPolicy:
    """The customer base over time."""

    new_days: int = 30  # days; a customer is new this long after the first order (feature row 003.6)

    def problems(self) -> list[str]:
        """Everything that is wrong with the values, in words."""
        return [] if self.new_days >= 0 else [f"new_days must be 0 or more, it is {self.new_days}"]


@dataclass(frozen=True)
class IngestPolicy:
    """What a row must look like to become an event."""

    earliest_date: str = "1970-01-01"  # local date; anything before it is a broken clock
    max_units: float = 1_000_000  # units; a line above it is a typing error
    max_amount: float = 100_000_000  # shop currency; a line above it is a typing error
    max_text_length: int = 1_000  # characters; ids and names are shorter
    fx_max_age_days: int = 7  # days; banks are closed over holidays, an older rate is none

    def problems(self) -> list[str]:
        """Everything that is wrong with the values, in words."""
        names = ("max_units", "max_amount", "max_text_length")
        found = [f"{name} must be above 0, it is {getattr(self, name)}" for name in names if getattr(self, name) <= 0]
        if self.fx_max_age_days < 0:
            found.append(f"fx_max_age_days must be 0 or more, it is {self.fx_max_age_days}")
        return found


@dataclass(frozen=True)
class IdentityPolicy:
    """Who is who."""

    claims_anonymous_past: bool = True  # what a visitor did before the link belongs to the person
    most_people_per_id: int = 3  # people; an id linked to more is a shared device and is not merged

    def problems(self) -> list[str]:
        """Everything that is wrong with the values, in words."""
        least = self.most_people_per_id
        return [] if least >= 1 else [f"most_people_per_id must be 1 or more, it is {least}"]


@dataclass(frozen=True)
class WorthPolicy:
    """What a customer is worth to the shop."""

    margin_rates: tuple[str, ...] = ()  # "category = rate"; share of the money that stays, where no cost is known
    default_margin_rate: float | None = None  # share; for every other category
    price_min_items: int = 100  # items sold that a category needs before its usual price is known
    price_spread: float = 0.5  # standard deviations of customers' mean scores; beyond it a sensitivity is high or low
    discount_rate: float = 0.0  # share per year; what money of the coming year is worth less today
    vip_by: str = "customers"  # customers = the top vip_share; revenue = the fewest who bring vip_revenue_share
    vip_share: float = 0.1  # share of customers with a net order (feature row 001.12)
    vip_revenue_share: float = 0.2  # share of all customers' net revenue so far (feature row 001.12)

    def problems(self) -> list[str]:
        """Everything that is wrong with the values, in words."""
        found = []
        if self.default_margin_rate is not None and not -1 <= self.default_margin_rate <= 1:
            found.append(f"default_margin_rate must be between -1 and 1, it is {self.default_margin_rate}")
        if self.price_min_items < 2:
            found.append(f"price_min_items must be 2 or more, it is {self.price_min_items}")
        if self.price_spread <= 0:
            found.append(f"price_spread must be above 0, it is {self.price_spread}")
        if not 0 <= self.discount_rate <= 1:
            found.append(f"discount_rate must be between 0 and 1, it is {self.discount_rate}")
        if self.vip_by not in ("customers", "revenue"):
            found.append(f"vip_by must be customers or revenue, it is {self.vip_by!r}")
        found += [
            f"{name} must be above 0 and below {most}, it is {getattr(self, name)}"
            for name, most in (("vip_share", 0.4), ("vip_revenue_share", 1))
            if not 0 < getattr(self, name) < most
        ]
        for entry in self.margin_rates:
            _, equals, rate = entry.rpartition("=")
            if not equals or not _is_share(rate):
                found.append(
                    f"margin_rates must be like 'Shoes = 0.4', with a rate between -1 and 1; seen: {entry!r}"
                )
        return found

    def rate_by_category(self) -> dict[str, float]:
        """The rates as numbers by category."""
        split = (entry.rpartition("=") for entry in self.margin_rates)
        return {category.strip(): float(rate) for category, _, rate in split}


@dataclass(frozen=True)
class AudiencePolicy:
    """The members of audiences over time, and what they buy."""

    restate_days: int = 35  # days; news of older dates changes no membership; each evaluated day costs a small build
    fewest_members: int = 100  # members; smaller audiences jump by chance and are not judged against yesterday
    furthest_days: int = 7  # days; a longer time since the last evaluation says nothing about a bad day
    products: int = 20  # products of an audience and logic that are listed

    def problems(self) -> list[str]:
        """Everything that is wrong with the values, in words."""
        least = {"restate_days": 0, "fewest_members": 1, "furthest_days": 1, "products": 1}
        return [
            f"{name} must be {bound} or more, it is {getattr(self, name)}"
            for name, bound in least.items()
            if getattr(self, name) < bound
        ]


def _is_share(text: str) -> bool:
    try:
        return -1 <= float(text) <= 1
    except ValueError:
        return False


@dataclass(frozen=True)
class Policy:
    """All thresholds. Functions get their own part, never all of it."""

    lifecycle: LifecyclePolicy = field(default_factory=LifecyclePolicy)
    stages: StagePolicy = field(default_factory=StagePolicy)
    rfm: RfmPolicy = field(default_factory=RfmPolicy)
    growth: GrowthPolicy = field(default_factory=GrowthPolicy)
    ingest: IngestPolicy = field(default_factory=IngestPolicy)
    identity: IdentityPolicy = field(default_factory=IdentityPolicy)
    worth: WorthPolicy = field(default_factory=WorthPolicy)
    audiences: AudiencePolicy = field(default_factory=AudiencePolicy)
