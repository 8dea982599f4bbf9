"""Products: typed, and each with every reason why it cannot be used."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.events.judging import House, bad_date, bad_texts, is_given, judged, text, when
from lifetide.tables.model import UNIT_PRICE
from lifetide.vocabulary import RejectReason


def clean_products(mapped: DataFrame, house: House) -> DataFrame:
    """One row per mapped product: typed columns of `products`, `reasons` (empty = usable) and `payload`."""
    names = ("product_id", "name", "category")
    typed = {
        **{name: text(name) for name in names},
        **{name: F.col(name).try_cast(UNIT_PRICE) for name in ("price", "unit_cost")},
        "published_at": when(mapped, "published_at", house),
    }
    return judged(
        mapped,
        typed,
        lambda: [
            (RejectReason.MISSING_PRODUCT_ID, F.col("product_id").isNull()),
            (RejectReason.BAD_PRICE, _is_bad("price")),
            (RejectReason.BAD_UNIT_COST, _is_bad("unit_cost")),
            bad_date("published_at", "published_at"),
        ],
        bad_texts(names, house.policy),
    )


def _is_bad(name: str) -> Column:
    return is_given(name) & F.coalesce(F.col(name) < 0, F.lit(True))
