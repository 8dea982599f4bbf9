"""A made-up shop of any size, to try the studio on before there is a warehouse: the same seed, the same customers.

Nothing is learned here: rates are drawn, purchases follow from them, and classes from simple limits. It has the
columns of customer_profiles that a shop with money and consents has.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from lifetide.explorer.studio.bits import of_flags
from lifetide.explorer.studio.columns import (
    EPOCH,
    TRUTH,
    Coded,
    Column,
    Kind,
    Numeric,
    code_type,
    narrow,
    words_of,
)
from lifetide.vocabulary import CustomerStage, Importance, LifecycleGroup, Loyalty, RfmSegment, RfmStage

if TYPE_CHECKING:
    import pyarrow as pa

AS_OF = date(2026, 6, 30)
CATEGORIES = (
    "Shoes", "Dresses", "Denim", "Outerwear", "Knitwear", "Bags", "Jewellery", "Sportswear", "Swimwear", "Kids",
    "Beauty", "Home",
)  # fmt: skip
CHANNELS = ("organic", "paid_search", "social", "email", "affiliate", "direct", "referral", "marketplace")
CONSENT = ("subscribed", "unsubscribed")
Array = npt.NDArray[Any]
FIFTHS = (0.2, 0.4, 0.6, 0.8)
FIRST_TIME = 2  # places in RfmSegment
GRID = np.array([  # from the shortest silence to the longest, and from the least value to the most
    [3, 3, 5, 7, 7],
    [4, 4, 5, 7, 7],
    [10, 10, 10, 6, 6],
    [11, 11, 11, 9, 9],
    [13, 13, 12, 12, 8],
], np.int8)  # fmt: skip
STAGES = np.array([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 4, 4, 4, 4], np.int8)  # the place in RfmStage of each segment
BLOCK = 1 << 15  # customers; a multiple of 64, so that sets of blocks can stand one after the other


def made_up_shop(customers: int, seed: int = 7) -> dict[str, Column]:
    """Packed columns by name, one row per customer: nothing has to be read before the first count.

    Made in blocks, on all cores: what is worked out on the way stays in the processor's cache.
    """

    def dice(place: int) -> np.random.Generator:
        return np.random.default_rng([seed, place])

    def count(place: int) -> int:
        return min(BLOCK, customers - place * BLOCK)

    limits = Limits.of(_people(dice(0), count(0)))

    def block(place: int) -> dict[str, Column]:
        own = dice(place)
        return _columns(own, _people(own, count(place)), limits)

    with ThreadPoolExecutor() as cores:
        blocks = list(cores.map(block, range(-(-customers // BLOCK))))
    return {name: _joined([one[name] for one in blocks]) for name in blocks[0]}


@dataclass(frozen=True)
class People:
    """What is drawn for each customer: days, counts, cents, and a fondness of the shop from 0 to 1."""

    fondness: Array
    tenure: Array
    silence: Array
    orders: Array
    basket: Array

    @cached_property
    def rhythm(self) -> Array:
        """Days between two orders, on average."""
        found: Array = (self.tenure - self.silence) / np.maximum(self.orders - 1, 1)
        return found

    @cached_property
    def overdue(self) -> Array:
        """Silence ÷ the usual interval: the own one, drawn towards 120 days as two gaps of that length would."""
        drawn = (120.0 * 2 + self.rhythm * (self.orders - 1)) / (self.orders + 1)
        found: Array = self.silence / np.maximum(np.where(self.orders > 1, drawn, 120.0), 1.0)
        return found

    @cached_property
    def years(self) -> Array:
        return np.clip(self.tenure / 365.0, 0.25, None)

    @cached_property
    def cents(self) -> Array:
        """What they have paid."""
        return self.orders * self.basket

    @cached_property
    def predicted(self) -> Array:
        """Cents in the year to come: those of a year so far, less the longer they are overdue."""
        return np.round(self.cents / self.years * np.clip(1 - self.overdue / 4, 0, 1)).astype(np.int64)

    @cached_property
    def worth(self) -> Array:
        return self.cents + self.predicted


def _people(dice: np.random.Generator, count: int) -> People:
    tenure = dice.integers(0, 1500, count)
    fondness = dice.beta(1.3, 3.5, count)
    orders = 1 + dice.poisson(np.minimum(tenure / 365.0, 4) * fondness * 6)
    silence = np.minimum(tenure, (dice.exponential(1, count) * (20 + 400 * (1 - fondness) ** 2)).astype(int))
    basket = np.round(dice.lognormal(3.9, 0.55, count) * 100).astype(np.int64)
    return People(fondness, tenure, silence, orders, basket)


@dataclass(frozen=True)
class Limits:
    """Where fifths, the half, four fifths and nineteen twentieths end: those of the first customers, for everyone."""

    silence: Array
    worth: Array
    importance: Array

    @classmethod
    def of(cls, people: People) -> Limits:
        """Those of the given people."""
        return cls(*(_where_they_end(one, shares) for one, shares in (
            (people.silence, FIFTHS), (people.worth, FIFTHS), (people.worth, (0.5, 0.8, 0.95)))))  # fmt: skip


def _columns(dice: np.random.Generator, people: People, limits: Limits) -> dict[str, Column]:
    """Some customers' columns; those of all blocks have the same labels."""
    once, cents = people.orders < 2, people.cents
    annual = np.minimum(people.orders, np.ceil(people.orders / people.years)).astype(np.int64)
    return {
        "is_anonymous": _truths(np.zeros(len(cents), bool)),
        "first_order_date": _days(-people.tenure), "last_order_date": _days(-people.silence),
        "order_count": _whole(people.orders), "annual_orders": _whole(annual),
        "days_since_last_order": _whole(people.silence), "tenure_days": _whole(people.tenure),
        "own_interval_days": Numeric(np.where(once, 0.0, people.rhythm), Kind.DOUBLE, 0, of_flags(once)),
        "overdue_ratio": Numeric(people.overdue, Kind.DOUBLE),
        "average_order_value": _money(people.basket), "order_value_sum": _money(cents),
        "ltv_historic": _money(cents), "ltv_predicted_365d": _money(people.predicted),
        "ltv_total": _money(people.worth), "annual_revenue": _money(annual * people.basket),
        "discount_share": Numeric(np.round(1 - np.sqrt(np.sqrt(dice.random(len(cents)))), 4), Kind.DOUBLE),
        "p_order_90d": Numeric(np.round(np.clip(1 - people.overdue / 4, 0.01, 0.97), 4), Kind.DOUBLE),
        **_classes(people, limits), **_known(dice, people.fondness),
    }  # fmt: skip


def _joined(parts: Sequence[Column]) -> Column:
    """The same column of several blocks as one."""
    first = parts[0]
    if isinstance(first, Coded):
        return Coded(np.concatenate([one.codes for one in parts if isinstance(one, Coded)]), first.labels)
    numbers = [one for one in parts if isinstance(one, Numeric)]
    missing = [one.missing for one in numbers if one.missing is not None]
    values = np.concatenate([one.values for one in numbers])
    return Numeric(values, first.kind, first.scale, np.concatenate(missing) if missing else None)


def made_up_table(customers: int, seed: int = 7) -> pa.Table:
    """The same as a table, with customer_id."""
    import pyarrow as pa

    from lifetide.explorer.studio.packing import arrow_of

    columns = {name: arrow_of(one) for name, one in made_up_shop(customers, seed).items()}
    return pa.table({"customer_id": made_up_ids(customers), **columns})


def made_up_ids(customers: int) -> pa.Array:
    """What its customers are called."""
    import pyarrow as pa

    return pa.array(np.arange(customers)).cast(pa.string())


def _classes(people: People, limits: Limits) -> dict[str, Column]:
    orders, silence, ratio = people.orders, people.silence, people.overdue
    group = np.where(silence <= 30, 1, _above(ratio, (1.5, 3)) + 2)
    stage = np.where(ratio > 2, 4, _above(orders, (1, 5)) + 1)
    recency, value = _above(silence, limits.silence), _above(people.worth, limits.worth)
    segment = np.where(orders == 1, FIRST_TIME, GRID[recency, value])
    return {
        "lifecycle_group": _coded("lifecycle_group", LifecycleGroup, group),
        "customer_stage": _coded("customer_stage", CustomerStage, np.where(group == 4, 5, stage)),
        "rfm_segment": _coded("rfm_segment", RfmSegment, segment),
        "rfm_stage": _coded("rfm_stage", RfmStage, STAGES[segment]),
        "importance": _coded("importance", Importance, 3 - _above(people.worth, limits.importance)),
        "loyalty": _coded("loyalty", Loyalty, _above(orders, (1, 4, 11))),
    }


def _above(values: Array, limits: Iterable[float]) -> Array:
    """How many of the limits lie below each value."""
    found = np.zeros(len(values), np.int8)
    for one in limits:
        found += values > one
    return found


def _where_they_end(values: Array, shares: Iterable[float]) -> Array:
    """The value that each share of them does not exceed, by the nearest rank."""
    found: Array = np.sort(values)[np.ceil(np.array(shares) * len(values)).astype(int) - 1]
    return found


def _known(dice: np.random.Generator, fondness: Array) -> dict[str, Column]:
    customers = len(fondness)
    category = np.minimum(dice.exponential(3.5, customers).astype(int), len(CATEGORIES) - 1)
    asked = dice.random(customers)
    consent = np.where(dice.random(customers) < 0.35 + 0.4 * fondness, 0, 1)
    return {
        "main_category": _coded("main_category", CATEGORIES, category),
        "acquisition_channel": _coded("acquisition_channel", CHANNELS, dice.integers(0, len(CHANNELS), customers)),
        "has_email": _truths(asked < 0.9),
        "consent_email": _coded("consent_email", CONSENT, consent, asked > 0.8),
        "consent_sms": _coded("consent_sms", CONSENT, np.where(dice.random(customers) < 0.2, 0, 1), asked > 0.5),
        "visit_count": _whole(_about(dice, 6 + 30 * fondness)),
    }


def _about(dice: np.random.Generator, means: Array) -> Array:
    """Whole numbers that scatter about as counts with these means do."""
    return np.rint(np.maximum(means + np.sqrt(means) * dice.standard_normal(len(means)), 0)).astype(np.int64)


def _coded(name: str, words: Iterable[str], places: Array, missing: Array | None = None) -> Coded:
    """One of `words` by its place; the labels stand in the order that the column has elsewhere."""
    given = [str(word) for word in words]
    labels = (*words_of(name), *sorted(set(given) - set(words_of(name))))
    codes = np.array([labels.index(word) + 1 for word in given], code_type(len(labels)))[places]
    return Coded(codes if missing is None else np.where(missing, codes.dtype.type(0), codes), labels)


def _truths(values: Array) -> Coded:
    return Coded(values.astype(np.uint8) + np.uint8(1), TRUTH)


def _days(offsets: Array) -> Numeric:
    return Numeric(narrow((AS_OF - EPOCH).days + offsets), Kind.DATE)


def _whole(values: Array) -> Numeric:
    return Numeric(narrow(values), Kind.SCALED)


def _money(cents: Array) -> Numeric:
    return Numeric(narrow(cents), Kind.SCALED, 2)
