"""`lifetide ingest --withdraw BATCH`: takes a batch out of the events again, and puts back what it had replaced."""

from __future__ import annotations

from pyspark.sql import DataFrame, Row
from pyspark.sql import functions as F

from lifetide.errors import NotFound
from lifetide.events.arrivals import ARRIVAL, REPLACED, REPLACES
from lifetide.pipelines.context import Context
from lifetide.pipelines.publishing import Candidate, Outcome, Run
from lifetide.storage import rows
from lifetide.tables import EVENTS, REJECTED_EVENTS, RUNS
from lifetide.vocabulary import RunStatus

MOST_RUNS = 1_000


def withdraw(context: Context, *, batch: str) -> Outcome:
    """Publishes the events as if the batch had never come; later batches stay. Then `build` again.

    Raises NotFound where no batch has that name.
    """
    brought = _run_of(context, batch)
    with Run(context, "withdraw", batch=batch) as run:
        if brought["status"] != str(RunStatus.PUBLISHED):
            run.outcome.notes.append(f"batch {batch} was {brought['status']}: nothing of it was ever published")
            return run.unchanged()
        events = context.store.read(EVENTS)
        version = (brought["input_versions"] or {}).get(EVENTS.name)
        earlier = context.store.read(EVENTS, version=version) if version is not None else events.limit(0)
        staged = run.aside("withdrawn", _taken_back(events, earlier, batch))
        rejects = context.store.read(REJECTED_EVENTS).where(F.col("batch") == batch)
        refused = run.aside("withdrawn_rejects", rejects.withColumn(ARRIVAL, F.lit(REPLACED)))
        taken_out = f"s.{ARRIVAL} = '{REPLACED}'"
        run.offer(Candidate(EVENTS, staged.rows, staged.count, "merge", delete_when=taken_out))
        run.offer(Candidate(REJECTED_EVENTS, refused.rows, refused.count, "merge", delete_when=taken_out))
        if staged.count == 0 and refused.count == 0:
            run.outcome.notes.append(f"batch {batch} has no rows left: it was withdrawn before, or replaced since")
            return run.unchanged()
        run.outcome.notes.append("run `lifetide build` to bring the other tables in line")
        return run.publish()


def _run_of(context: Context, batch: str) -> Row:
    """The run that brought the batch."""
    ingests = context.store.read(RUNS).where(F.col("job") == "ingest")
    found = rows(ingests.where(F.col("batch") == batch).orderBy(F.col("finished_at").desc()), at_most=MOST_RUNS)
    published = [row for row in found if row["status"] == str(RunStatus.PUBLISHED)]
    if not found:
        newest = rows(ingests.orderBy(F.col("finished_at").desc()).select("batch").limit(5), at_most=5)
        known = ", ".join(row[0] for row in newest) or "there is none yet"
        raise NotFound(f"No batch is named {batch}. Newest batches: {known}.")
    return (published or found)[0]


def _taken_back(events: DataFrame, earlier: DataFrame, batch: str) -> DataFrame:
    """Rows of the batch to delete, rows to put back as they were, and lines of its orders that it had dropped."""
    mine = events.where(F.col("batch") == batch)
    was = earlier.select(*EVENTS.column_names)
    gone = mine.join(was.select("event_id"), "event_id", "left_anti").withColumn(ARRIVAL, F.lit(REPLACED))
    back = was.join(mine.select("event_id"), "event_id", "left_semi")
    orders = mine.where(F.col("order_id").isNotNull()).select("event_type", "order_id").distinct()
    dropped = was.join(orders, ["event_type", "order_id"], "left_semi").join(
        events.select("event_id"), "event_id", "left_anti"
    )
    restored = back.unionByName(dropped).withColumn(ARRIVAL, F.lit(REPLACES))
    return gone.select(*EVENTS.column_names, ARRIVAL).unionByName(restored.select(*EVENTS.column_names, ARRIVAL))
