"""A made-up shop of any size, to try the studio on before there is a warehouse: the same seed, the same customers.

Nothing is learned here: rates are drawn, purchases follow from them, and classes from simple limits. It has the
columns of customer_profiles that a shop with money and consents has.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
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
FIFTHS = (0.2, 0.4, 0.6, 0.8)
LOOKED_AT = 20_000  # customers; enough to place limits
Array = npt.NDArray[Any]


def made_up_shop(customers: int, seed: int = 7) -> dict[str, Column]:
    """Packed columns by name, one row per customer: nothing has to be read before the first count."""
    dice = np.random.default_rng(seed)
    tenure = dice.integers(0, 1500, customers)
    fondness = dice.beta(1.3, 3.5, customers)
    orders = 1 + dice.poisson(np.minimum(tenure / 365.0, 4) * fondness * 6)
    silence = np.minimum(tenure, (dice.exponential(1, customers) * (20 + 400 * (1 - fondness) ** 2)).astype(int))
    basket = np.round(dice.lognormal(3.9, 0.55, customers) * 100).astype(np.int64)
    cents = orders * basket
    rhythm = (tenure - silence) / np.maximum(orders - 1, 1)
    usual = np.where(orders > 1, (120.0 * 2 + rhythm * (orders - 1)) / (orders + 1), 120.0)
    ratio = silence / np.maximum(usual, 1.0)
    years = np.clip(tenure / 365.0, 0.25, None)
    annual = np.minimum(orders, np.ceil(orders / years)).astype(np.int64)
    predicted = np.round(cents / years * np.clip(1 - ratio / 4, 0, 1)).astype(np.int64)
    columns: dict[str, Column] = {
        "is_anonymous": _truths(np.zeros(customers, bool)),
        "first_order_date": _days(-tenure), "last_order_date": _days(-silence),
        "order_count": _whole(orders), "annual_orders": _whole(annual),
        "days_since_last_order": _whole(silence), "tenure_days": _whole(tenure),
        "own_interval_days": Numeric(np.where(orders < 2, 0.0, rhythm), Kind.DOUBLE, 0, of_flags(orders < 2)),
        "overdue_ratio": Numeric(ratio, Kind.DOUBLE),
        "average_order_value": _money(basket), "order_value_sum": _money(cents),
        "ltv_historic": _money(cents), "ltv_predicted_365d": _money(predicted),
        "ltv_total": _money(cents + predicted), "annual_revenue": _money(annual * basket),
        "discount_share": Numeric(np.round(1 - np.sqrt(np.sqrt(dice.random(customers))), 4), Kind.DOUBLE),
        "p_order_90d": Numeric(np.round(np.clip(1 - ratio / 4, 0.01, 0.97), 4), Kind.DOUBLE),
    }  # fmt: skip
    columns |= _classes(orders, silence, ratio, cents + predicted)
    columns |= _known(dice, customers, fondness)
    return columns


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


def _classes(orders: Array, silence: Array, ratio: Array, worth: Array) -> dict[str, Column]:
    group = np.select([silence <= 30, ratio <= 1.5, ratio <= 3], [1, 2, 3], 4)
    stage = np.select([group == 4, ratio > 2, orders >= 6, orders > 1], [5, 4, 3, 2], 1)
    rank = _rank(worth, [0.5, 0.8, 0.95])
    recency, value = 5 - _rank(silence, FIFTHS), 1 + _rank(worth, FIFTHS)
    segment = np.select(
        [orders == 1, (recency >= 4) & (value >= 4), (recency >= 3) & (value >= 4), (recency >= 4) & (value == 3),
         (recency == 5), (recency >= 4), (recency == 3), (recency == 2) & (value >= 4), (recency == 1) & (value >= 5),
         (recency == 2) & (value == 3), (recency == 2), (recency == 1) & (value >= 3)],
        [2, 7, 6, 5, 3, 4, 10, 9, 8, 11, 11, 12], 13,
    )  # fmt: skip
    stages = np.array([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 4, 4, 4, 4])[segment]
    return {
        "lifecycle_group": _coded("lifecycle_group", LifecycleGroup, group),
        "customer_stage": _coded("customer_stage", CustomerStage, stage),
        "rfm_segment": _coded("rfm_segment", RfmSegment, segment), "rfm_stage": _coded("rfm_stage", RfmStage, stages),
        "importance": _coded("importance", Importance, 3 - rank),
        "loyalty": _coded("loyalty", Loyalty, np.searchsorted([2, 5, 12], orders, side="right")),
    }  # fmt: skip


def _rank(values: Array, shares: Sequence[float]) -> Array:
    """How many of the quantiles lie below each value; they are those of every so many-th one."""
    limits = np.quantile(values[:: max(1, len(values) // LOOKED_AT)], shares)
    found: Array = np.sum([values > one for one in limits], axis=0)
    return found


def _known(dice: np.random.Generator, customers: int, fondness: Array) -> dict[str, Column]:
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
