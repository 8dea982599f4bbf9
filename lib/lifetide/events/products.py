"""Products: typed, and each with every reason why it cannot be used."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lifetide.events.cleaning import payload
from lifetide.events.instants import instant
from lifetide.tables.model import UNIT_PRICE
from lifetide.vocabulary import RejectReason


def clean_products(mapped: DataFrame, *, timezone: str) -> DataFrame:
    """One row per mapped product: typed columns of `products`, `reasons` (empty = usable) and `payload`."""
    types = dict(mapped.dtypes)
    faults = [
        (RejectReason.MISSING_PRODUCT_ID, F.col("product_id").isNull()),
        (RejectReason.BAD_PRICE, _is_bad("price")),
        (RejectReason.BAD_UNIT_COST, _is_bad("unit_cost")),
    ]
    texts = {
        name: F.nullif(F.trim(F.col(name).cast("string")), F.lit("")) for name in ("product_id", "name", "category")
    }
    whole = mapped.withColumn("given", F.struct(*mapped.columns))
    return (
        whole.withColumn("payload", payload(whole, "given"))
        .drop("given")
        .withColumns(texts)
        .withColumn(
            "reasons",
            F.array_compact(F.array(*(F.when(fault, F.lit(str(reason))) for reason, fault in faults))),
        )
        .withColumns({name: F.col(name).try_cast(UNIT_PRICE) for name in ("price", "unit_cost")})
        .withColumn("published_at", instant(F.col("published_at"), types["published_at"], timezone))
    )


def one_per_product(products: DataFrame) -> DataFrame:
    """One row per product_id: the latest published; ties go to the higher content hash."""
    content = F.xxhash64(
        *(
            F.coalesce(F.col(name).cast("string"), F.lit("\u0000"))
            for name in ("name", "category", "price", "unit_cost")
        )
    )
    latest = Window.partitionBy("product_id").orderBy(F.col("published_at").desc_nulls_last(), content.desc())
    return products.withColumn("_rank", F.row_number().over(latest)).where(F.col("_rank") == 1).drop("_rank")


def _is_bad(name: str) -> Column:
    number = F.col(name).try_cast(UNIT_PRICE)
    return F.col(name).isNotNull() & (number.isNull() | (number < 0))
