"""`lifetide history CUSTOMER`: what was reported of a customer day by day, and what is known of those days now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pyspark.sql import functions as F

from lifetide.errors import NotFound
from lifetide.pipelines.context import Context
from lifetide.pipelines.going_on import published_builds
from lifetide.pipelines.snapshots import MOST_SNAPSHOTS, is_during, spells_of
from lifetide.storage import rows
from lifetide.tables import CUSTOMER_PROFILES

_REPORTED = (
    "as_of", "parameters_as_of", "lifecycle_group", "lifecycle_reason", "rfm_segment", "order_count", "ltv_historic",
)  # fmt: skip


@dataclass(frozen=True)
class History:
    """`reported`: a row per snapshot with the customer, with `published_at` and `restated_group`; `spells`: as known
    now, in time.

    `restated_group` is what the spells say of that day: null = by today's knowledge no order had been placed then.
    """

    customer_id: str
    reported: list[dict[str, Any]]
    spells: list[dict[str, Any]]


def history(context: Context, *, customer_id: str) -> History:
    """The history of one customer, oldest first. Raises NotFound where no snapshot and no spell has the customer."""
    store = context.store
    mine = F.col("customer_id") == customer_id
    built = published_builds(store).groupBy("as_of").agg(F.max("finished_at").alias("published_at"))
    snapshots = store.read(CUSTOMER_PROFILES).where(mine).select(*_REPORTED).join(built, "as_of", "left")
    reported = [row.asDict() for row in rows(snapshots.orderBy("as_of"), at_most=MOST_SNAPSHOTS)]
    spells = spells_of(store, customer_id)
    if not reported and not spells:
        raise NotFound(
            f"No snapshot has a customer {customer_id}: check the id, upper and lower case count. "
            "Snapshots are made by `lifetide build`."
        )
    for one in reported:
        one["restated_group"] = next((s["lifecycle_group"] for s in spells if is_during(s, one["as_of"])), None)
    return History(customer_id, reported, spells)
