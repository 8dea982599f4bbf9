"""A made-up shop of any size, to try the studio on before there is a warehouse: the same seed, the same customers.

Nothing is learned here: rates are drawn, purchases follow from them, and classes from simple limits. It has the
columns of customer_profiles that a shop with money and consents has.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from lifetide.explorer.studio.columns import EPOCH
from lifetide.vocabulary import CustomerStage, Importance, LifecycleGroup, Loyalty, RfmSegment, RfmStage

AS_OF = date(2026, 6, 30)
CATEGORIES = (
    "Shoes", "Dresses", "Denim", "Outerwear", "Knitwear", "Bags", "Jewellery", "Sportswear", "Swimwear", "Kids",
    "Beauty", "Home",
)  # fmt: skip
CHANNELS = ("organic", "paid_search", "social", "email", "affiliate", "direct", "referral", "marketplace")
CONSENT = ("subscribed", "unsubscribed")
Array = npt.NDArray[Any]


def made_up_shop(customers: int, seed: int = 7) -> pa.Table:
    """One row per customer."""
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
    columns: dict[str, Any] = {
        "customer_id": pa.array(np.arange(customers)).cast(pa.string()),
        "is_anonymous": pa.array(np.zeros(customers, bool)),
        "first_order_date": _days(-tenure), "last_order_date": _days(-silence),
        "order_count": pa.array(orders.astype(np.int64)), "annual_orders": pa.array(annual),
        "days_since_last_order": pa.array(silence.astype(np.int32)), "tenure_days": pa.array(tenure.astype(np.int32)),
        "own_interval_days": pa.array(rhythm, mask=orders < 2), "overdue_ratio": pa.array(ratio),
        "average_order_value": _money(basket), "order_value_sum": _money(cents),
        "ltv_historic": _money(cents), "ltv_predicted_365d": _money(predicted),
        "ltv_total": _money(cents + predicted), "annual_revenue": _money(annual * basket),
        "discount_share": pa.array(np.round(dice.beta(2, 5, customers), 4)),
        "p_order_90d": pa.array(np.round(np.clip(1 - ratio / 4, 0.01, 0.97), 4)),
    }  # fmt: skip
    columns |= _classes(dice, tenure, orders, silence, ratio, cents + predicted)
    columns |= _known(dice, customers, fondness)
    return pa.table(columns)


def _classes(
    dice: np.random.Generator, tenure: Array, orders: Array, silence: Array, ratio: Array, worth: Array
) -> Any:
    group = np.select([silence <= 30, ratio <= 1.5, ratio <= 3], [1, 2, 3], 4)
    stage = np.select([group == 4, ratio > 2, orders >= 6, orders > 1], [5, 4, 3, 2], 1)
    rank = np.searchsorted(np.quantile(worth, [0.5, 0.8, 0.95]), worth)
    recency = 5 - np.searchsorted(np.quantile(silence, [0.2, 0.4, 0.6, 0.8]), silence)
    value = 1 + np.searchsorted(np.quantile(worth, [0.2, 0.4, 0.6, 0.8]), worth)
    segment = np.select(
        [orders == 1, (recency >= 4) & (value >= 4), (recency >= 3) & (value >= 4), (recency >= 4) & (value == 3),
         (recency == 5), (recency >= 4), (recency == 3), (recency == 2) & (value >= 4), (recency == 1) & (value >= 5),
         (recency == 2) & (value == 3), (recency == 2), (recency == 1) & (value >= 3)],
        [2, 7, 6, 5, 3, 4, 10, 9, 8, 11, 11, 12], 13,
    )  # fmt: skip
    stages = np.array([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 4, 4, 4, 4])[segment]
    del dice, tenure
    return {
        "lifecycle_group": _words(LifecycleGroup, group), "customer_stage": _words(CustomerStage, stage),
        "rfm_segment": _words(RfmSegment, segment), "rfm_stage": _words(RfmStage, stages),
        "importance": _words(Importance, 3 - rank),
        "loyalty": _words(Loyalty, np.searchsorted([2, 5, 12], orders, side="right")),
    }  # fmt: skip


def _known(dice: np.random.Generator, customers: int, fondness: Array) -> dict[str, Any]:
    category = np.minimum(dice.exponential(3.5, customers).astype(int), len(CATEGORIES) - 1)
    asked = dice.random(customers)
    consent = np.where(dice.random(customers) < 0.35 + 0.4 * fondness, 0, 1)
    return {
        "main_category": _labels(CATEGORIES, category),
        "acquisition_channel": _labels(CHANNELS, dice.integers(0, len(CHANNELS), customers)),
        "has_email": pa.array(asked < 0.9),
        "consent_email": _labels(CONSENT, consent, asked > 0.8),
        "consent_sms": _labels(CONSENT, np.where(dice.random(customers) < 0.2, 0, 1), asked > 0.5),
        "visit_count": pa.array(dice.poisson(6 + 30 * fondness).astype(np.int64)),
    }


def _words(words: Any, places: Array) -> pa.Array:
    return _labels([str(word) for word in words], places)


def _labels(labels: Any, places: Array, missing: Array | None = None) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(places.astype(np.int8), mask=missing), pa.array(list(labels)))


def _days(offsets: Array) -> pa.Array:
    return pa.array(((AS_OF - EPOCH).days + offsets).astype(np.int32)).cast(pa.date32())


def _money(cents: Array) -> pa.Array:
    """Decimals from cents, without a Python object each: two words of 64 bits per value."""
    words = np.empty((len(cents), 2), np.int64)
    words[:, 0], words[:, 1] = cents, np.where(cents < 0, -1, 0)
    return pa.Array.from_buffers(pa.decimal128(18, 2), len(cents), [None, pa.py_buffer(words)])
