"""What changed trade, clicks and links touch: days of source ids, and people."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F


def touched_cells(lines: DataFrame, parts: DataFrame, clicks: DataFrame | None) -> DataFrame:
    """One row per source_id × local date whose figures may differ: lines and parts as they were and as they are.

    `lines` are those of every order that may differ: an order's value stands on the date of one of them. A visit
    looks back one date, so a click touches the date after it as well. `clicks` is None where none are sent.
    """
    cells = lines.select(
        F.col("order_source_id").alias("source_id"), F.col("event_date").alias("local_date")
    ).unionByName(parts.select("source_id", F.col("credit_date").alias("local_date")))
    if clicks is not None:
        day = F.col("event_date")
        for date_ in (day, F.date_add(day, 1)):
            cells = cells.unionByName(clicks.select("source_id", date_.alias("local_date")))
    return cells.where(F.col("source_id").isNotNull()).distinct()


def touched_people(cells: DataFrame, links_before: DataFrame, links_now: DataFrame) -> DataFrame:
    """One row per `customer_id` to be worked out anew: whoever a touched or newly linked id was or is, and the id."""
    moved = links_before.exceptAll(links_now).unionByName(links_now.exceptAll(links_before))
    ids = cells.select("source_id").unionByName(moved.select("source_id")).distinct()
    people = ids.select(F.col("source_id").alias("customer_id"))
    for links in (links_before, links_now):
        linked = links.join(ids, "source_id", "left_semi")
        people = people.unionByName(linked.select(F.col("person_id").alias("customer_id")))
    return people.distinct()


def ids_of(people: DataFrame, links: DataFrame) -> DataFrame:
    """One row per source_id whose days may belong to one of the people: their own ids, and those linked to them."""
    own = people.select(F.col("customer_id").alias("source_id"))
    wanted = people.select(F.col("customer_id").alias("person_id"))
    return own.unionByName(links.join(wanted, "person_id", "left_semi").select("source_id")).distinct()
