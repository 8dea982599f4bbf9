"""Membership over time: what was observed on days becomes stretches, and what differs from the belief is recorded.

A stretch runs from the evaluated day on which the rule began to hold to the evaluated day on which it held no longer.
Of an audience and version (`reference`, as key@version) only those customers are looked at whose membership moves on
the day of the run, and those whom late news touches, on every evaluated day since the date of the news.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.audiences.memberships import MEMBER
from lifetide.vocabulary import EnterReason, ExitReason

PAIR = ("customer_id", "reference")
ABOUT = ("is_here", "outside")
REFERENCES = "array<string>"
_SAID = ("valid_to", "enter_reason", "exit_reason", "recorded_from", "recorded_to", "run_id")
STRETCHES = "array<struct<valid_from:date,valid_to:date>>"


def told(found: DataFrame, references: Mapping[str, str], day: date) -> DataFrame:
    """One row per customer: `customer_id, day, holding` = the references of the audiences that the customer is in.

    `found` of `memberships`; `references` by the name that it gave each audience.
    """
    each = [F.when(F.col(f"`{MEMBER}{name}`"), F.lit(one)) for name, one in references.items()]
    holding = F.filter(F.array(*each).cast(REFERENCES), lambda one: one.isNotNull())
    return found.select("customer_id", F.lit(day).alias("day"), holding.alias("holding"))


def believed(members: DataFrame) -> DataFrame:
    """One row per stretch of audience_members as it is believed now, with `reference`."""
    return members.where(F.col("recorded_to").isNull()).withColumn("reference", reference())


def reference() -> Column:
    """key@version of a row."""
    return F.concat("audience_key", F.lit("@"), F.col("version").cast("string"))


def covers(day: date) -> Column:
    """A stretch is in force on the day."""
    return (F.col("valid_from") <= F.lit(day)) & (F.col("valid_to").isNull() | (F.col("valid_to") > F.lit(day)))


def moved(now: DataFrame, stretches: DataFrame, day: date) -> DataFrame:
    """One row per customer × reference whose membership on the day is not what is believed: `day, is_in`."""
    was = stretches.where(covers(day)).groupBy("customer_id").agg(F.collect_set("reference").alias("was"))
    both = now.select("customer_id", "holding").join(was, "customer_id", "full")
    nothing = F.array().cast(REFERENCES)
    held, before = F.coalesce("holding", nothing), F.coalesce("was", nothing)
    moves = F.concat(
        _moves(F.array_except(held, before), F.lit(True)), _moves(F.array_except(before, held), F.lit(False))
    )
    return both.select("customer_id", F.explode(moves).alias("one")).select(
        "customer_id",
        F.col("one.reference").alias("reference"),
        F.lit(day).alias("day"),
        F.col("one.is_in").alias("is_in"),
    )


def _moves(references: Column, is_in: Column) -> Column:
    return F.transform(references, lambda one: F.struct(one.alias("reference"), is_in.alias("is_in")))


def looked_at_again(then: DataFrame, people: DataFrame, stretches: DataFrame, days: Sequence[date]) -> DataFrame:
    """One row per customer of `people` × reference × day: `is_in`.

    `then` is what `told` says of the days, of the people at least; a reference that it does not name on a day was
    not in force on it. References are those that the people are in on one of the days, or are believed to be.
    """
    first = F.lit(min(days))
    theirs = then.join(people, "customer_id", "left_semi")
    reached = stretches.where(F.col("valid_to").isNull() | (F.col("valid_to") >= first))
    pairs = (
        theirs.select("customer_id", F.explode("holding").alias("reference"))
        .unionByName(reached.join(people, "customer_id", "left_semi").select(*PAIR))
        .distinct()
    )
    every = pairs.withColumn("day", F.explode(F.array(*(F.lit(day) for day in days))))
    is_in = F.coalesce(F.array_contains("holding", F.col("reference")), F.lit(False))
    return every.join(theirs, ["customer_id", "day"], "left").select(*PAIR, "day", is_in.alias("is_in"))


def stretched(observed: DataFrame, stretches: DataFrame) -> DataFrame:
    """One row per customer × reference that was observed: `first` day, and what is so by these days.

    `observed` has `day, is_in`, and of the customer `is_here, outside` (see `recorded`), which stay.
    `renewed` = the stretches that reach `first`, as observed; `kept` = those that ended before, as they were.
    """
    days = F.sort_array(F.collect_list(F.struct("day", "is_in"))).alias("seen")
    about = [F.first(name).alias(name) for name in ABOUT]
    seen = observed.groupBy(*PAIR).agg(days, *about)
    pairs = observed.select(*PAIR).distinct()
    old = (
        stretches.join(pairs, list(PAIR), "left_semi")
        .groupBy(*PAIR)
        .agg(F.collect_list(F.struct("valid_from", "valid_to")).cast(STRETCHES).alias("old"))
    )
    both = seen.join(old, list(PAIR), "left").withColumns(
        {"first": F.get("seen", F.lit(0))["day"], "old": F.coalesce("old", F.array().cast(STRETCHES))}
    )
    ended = F.filter("old", lambda one: F.coalesce(one["valid_to"] < F.col("first"), F.lit(False)))
    return both.select(*PAIR, *ABOUT, "first", _renewed().alias("renewed"), ended.alias("kept"))


def _renewed() -> Column:
    """The days of `seen` one after the other, from the stretch of `old` that lasts up to the first of them."""
    first = F.col("first")
    lasting = F.filter(
        "old", lambda one: (one["valid_from"] < first) & F.coalesce(one["valid_to"] >= first, F.lit(True))
    )
    nothing = F.array().cast(STRETCHES)
    start = F.struct(nothing.alias("done"), F.get(lasting, F.lit(0))["valid_from"].alias("since"))

    def next_day(so_far: Column, one: Column) -> Column:
        since, is_in, day = so_far["since"], one["is_in"], one["day"]
        over = F.array(F.struct(since.alias("valid_from"), day.alias("valid_to"))).cast(STRETCHES)
        ends = ~is_in & since.isNotNull()
        return F.struct(
            F.when(ends, F.concat(so_far["done"], over)).otherwise(so_far["done"]).alias("done"),
            F.when(is_in, F.coalesce(since, day)).alias("since"),
        )

    def at_the_end(so_far: Column) -> Column:
        lasts = F.array(F.struct(so_far["since"].alias("valid_from"), F.lit(None).cast("date").alias("valid_to")))
        is_open = so_far["since"].isNotNull()
        return F.when(is_open, F.concat(so_far["done"], lasts.cast(STRETCHES))).otherwise(so_far["done"])

    return F.aggregate("seen", start, next_day, at_the_end)


@dataclass(frozen=True)
class Recording:
    """What the rows that a run writes say besides stretches: `at` = now; `current` = the version in force by key.

    `begun` = references evaluated for the first time on `begun_on`, and what entries on it are due to.
    """

    at: datetime
    run_id: str
    day: date
    current: Mapping[str, int]
    begun: Mapping[str, EnterReason]
    begun_on: date


def recorded(pairs: DataFrame, members: DataFrame, recording: Recording) -> DataFrame:
    """Rows of audience_members to merge: beliefs that end now, and those that begin.

    `pairs` has `wanted` (stretches), `since` (null = these are all stretches; else those that reach it), and of the
    customer on the day `is_here` and `outside` (references whose universe leaves the customer out). `members` are
    believed rows.
    """
    both = _paired(pairs, members)
    is_same = F.col("is_wanted") & F.col("old").isNotNull() & F.col("valid_to").eqNullSafe(F.col("old.valid_to"))
    moment = F.lit(recording.at).cast("timestamp")
    old = {name: F.col(f"old.{name}") for name in _SAID}
    ended = F.when(F.col("old").isNotNull(), _row(**old | {"recorded_to": moment}))
    is_out = F.col("valid_to").isNotNull()
    is_today = F.col("valid_to") == F.lit(recording.day)
    why_out = F.when(is_today, _why_out(recording.current)).otherwise(_word(ExitReason.RULE_FAILS))
    begins = _row(
        valid_to=F.col("valid_to"),
        enter_reason=F.coalesce("old.enter_reason", _why_in(recording)),
        exit_reason=F.when(is_out, why_out),
        recorded_from=moment,
        recorded_to=F.lit(None).cast("timestamp"),
        run_id=F.lit(recording.run_id),
    )
    parts = F.filter(F.array(ended, F.when(F.col("is_wanted"), begins)), lambda one: one.isNotNull())
    moved_ = both.where(~is_same).select(*PAIR, "valid_from", F.explode(parts).alias("one"))
    split = F.split("reference", "@")
    return moved_.select(
        split[0].alias("audience_key"), split[1].cast("int").alias("version"), "customer_id", "valid_from",
        *(F.col(f"one.{name}").alias(name) for name in _SAID),
    )  # fmt: skip


def _paired(pairs: DataFrame, members: DataFrame) -> DataFrame:
    """One row per stretch that is wanted or believed: `is_wanted`, and the believed row as `old`."""
    about = (*PAIR, *ABOUT)
    wanted = pairs.select(*about, F.explode("wanted").alias("one")).select(
        *about, F.col("one.valid_from").alias("valid_from"), F.col("one.valid_to").alias("valid_to")
    )
    is_reached = F.col("since").isNull() | F.coalesce(F.col("valid_to") >= F.col("since"), F.lit(True))
    old = members.join(pairs.select(*PAIR, "since"), list(PAIR)).where(is_reached)
    old = old.select(*PAIR, "valid_from", F.struct(*_SAID).alias("old"))
    both = wanted.withColumn("is_wanted", F.lit(True)).join(old, [*PAIR, "valid_from"], "full")
    return both.withColumn("is_wanted", F.coalesce("is_wanted", F.lit(False)))


def _row(**said: Column) -> Column:
    return F.struct(*(said[name].alias(name) for name in _SAID))


def _word(word: EnterReason | ExitReason) -> Column:
    return F.lit(str(word))


def _why_in(recording: Recording) -> Column:
    found = _word(EnterReason.RULE_HOLDS)
    for one, why in recording.begun.items():
        is_it = (F.col("reference") == one) & (F.col("valid_from") == F.lit(recording.begun_on))
        found = F.when(is_it, _word(why)).otherwise(found)
    return found


def _why_out(current: Mapping[str, int]) -> Column:
    """Of a stretch that ends on the day: `current` = the version in force by key."""
    in_force = F.lit(False)
    if current:
        in_force = F.col("reference").isin([f"{key}@{version}" for key, version in current.items()])
    replaced = F.split("reference", "@")[0].isin(list(current)) if current else F.lit(False)
    return (
        F.when(~in_force & replaced, _word(ExitReason.NEW_VERSION))
        .when(~in_force, _word(ExitReason.AUDIENCE_REMOVED))
        .when(~F.coalesce("is_here", F.lit(False)), _word(ExitReason.CUSTOMER_GONE))
        .when(F.array_contains("outside", F.col("reference")), _word(ExitReason.NOT_SPOKEN_OF))
        .otherwise(_word(ExitReason.RULE_FAILS))
    )
