"""Figures of each customer from the elements of collections: one aggregation for all audiences of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.audiences.comparing import compared, within
from lifetide.audiences.fields import FIELDS, Field
from lifetide.audiences.figures import AnyFigure, Figure, Listing, Overlap, Score, kind_of
from lifetide.audiences.tree import Compare, Group, Node
from lifetide.audiences.words import Combinator, Measure
from lifetide.counting import count_where

IS_GATHERED = "is_gathered"
"""True of every customer with an element."""
Columns = Mapping[AnyFigure, str]
"""The column of each figure."""


def columns_of(figures: Sequence[AnyFigure]) -> dict[AnyFigure, str]:
    """A column name for each figure."""
    return {figure: f"figure_{place}" for place, figure in enumerate(figures)}


def gathered(elements: DataFrame, columns: Columns, as_of: date) -> DataFrame:
    """One row per customer with an element: a column per figure, null where a figure of nothing is missing.

    `elements` as `audiences.elements` makes them, with `customer_id`; in it also stretches of membership
    (kind `stretches`: audience_key, version, valid_from, valid_to) and interests (kind `interests`: category, score).
    """
    by_customer = elements.repartition("customer_id").sortWithinPartitions("customer_id")
    return by_customer.groupBy("customer_id").agg(
        F.lit(True).alias(IS_GATHERED), *(_aggregated(figure, as_of).alias(name) for figure, name in columns.items())
    )


def group_holds(group: Group, fields: Mapping[str, Field], as_of: date) -> Column:
    """The condition that a group of comparisons is of an element; never null."""

    def column(name: str) -> Column:
        return F.col("local_date" if name == "date" else name)

    def one(node: Node) -> Column:
        if isinstance(node, Group):
            return group_holds(node, fields, as_of)
        assert isinstance(node, Compare)
        return compared(node, fields, column, as_of)

    return joined(group, [one(rule) for rule in group.rules])


def joined(group: Group, rules: Sequence[Column]) -> Column:
    """The rules of a group as one condition; without rules it is true."""
    if not rules:
        return F.lit(not group.negated)
    condition = rules[0]
    for rule in rules[1:]:
        condition = condition & rule if group.combinator is Combinator.AND else condition | rule
    return ~condition if group.negated else condition


def _aggregated(figure: AnyFigure, as_of: date) -> Column:
    is_kind = F.col("kind") == kind_of(figure)
    if isinstance(figure, Score):
        return F.max(F.when(is_kind & F.col("category").isin(list(figure.categories)), F.col("score")))
    if isinstance(figure, Overlap):
        return F.coalesce(F.bool_or(is_kind & _overlaps(figure)), F.lit(False))
    counts = is_kind & within(F.col("local_date"), figure.bounds)
    if figure.where.rules or figure.where.negated:
        counts = counts & group_holds(figure.where, {one.name: one for one in FIELDS[figure.kind].elements}, as_of)
    return _measured(figure, counts, as_of)


def _overlaps(figure: Overlap) -> Column:
    """A stretch of one of the audiences touches the dates; valid_to is the first date no longer in it."""
    first, last = figure.bounds
    named = F.lit(False)
    for reference in figure.audiences:
        key, _, version = reference.partition("@")
        is_it = F.col("audience_key") == key
        named = named | (is_it & (F.col("version") == int(version)) if version else is_it)
    begun = F.lit(True) if last is None else F.col("valid_from") <= F.lit(last)
    goes_on = F.lit(True) if first is None else F.coalesce(F.col("valid_to") > F.lit(first), F.lit(True))
    return named & begun & goes_on


def _measured(figure: Figure, counts: Column, as_of: date) -> Column:
    def of(column: Column) -> Column:
        return F.when(counts, column)

    if figure.measure is Measure.COUNT:
        return count_where(counts)
    if figure.measure is Listing.FIRST_DATE:
        return F.min(of(F.col("local_date")))
    if figure.measure is Listing.LISTED:
        return F.collect_list(of(_kept(figure)))
    if figure.measure is Listing.LATEST:
        return _latest(figure, counts)
    if figure.measure is Measure.DAYS_SINCE_LAST:
        return F.date_diff(F.lit(as_of), F.max(of(F.col("local_date"))))
    if figure.measure is Measure.MEDIAN_INTERVAL:
        return _median_gap(F.sort_array(F.collect_set(of(F.col("local_date")))))
    name = figure.of[0]
    subject = of(F.col("local_date" if name == "date" else name))
    if figure.measure is Measure.COUNT_DISTINCT:
        return F.size(F.collect_set(subject)).cast("bigint")
    if figure.measure is Measure.SUM:
        return F.when(count_where(counts) == 0, F.lit(0)).otherwise(_summed(figure, subject))
    if figure.measure is Measure.AVG:
        return F.try_divide(F.sum(subject).cast("double"), F.count(subject).cast("double"))
    if figure.measure is Measure.MIN:
        return F.min(subject)
    return F.max(subject) if figure.measure is Measure.MAX else F.median(subject.cast("double"))


def values_since(first: date | None, latest: Column) -> Column:
    """How many different values there were from a date on, of the last date of each; null where nothing was."""
    dates = F.filter(latest, lambda day: day.isNotNull() if first is None else day >= F.lit(first))
    return F.size(dates).cast("bigint")


def _latest(figure: Figure, counts: Column) -> Column:
    """The last date of each different value; null in the place of its earlier ones."""
    name = figure.of[0]
    value = F.col("local_date" if name == "date" else name)
    pair = F.struct(value.alias("value"), F.col("local_date").alias("day"))
    pairs = F.sort_array(F.collect_list(F.when(counts & value.isNotNull(), pair)))
    return F.transform(F.array(pairs), _ends)[0]


def _summed(figure: Figure, subject: Column) -> Column:
    """The exact sum of a number: a decimal is added up as whole hundredths (by its scale), at a tenth of the cost."""
    type_ = next(one.type for one in FIELDS[figure.kind].elements if one.name == figure.of[0])
    if not type_.startswith("decimal"):
        return F.sum(subject)
    scale = int(type_.rstrip(")").split(",")[1])
    whole = F.sum((subject * 10**scale).cast("bigint"))
    return whole.cast("decimal(20,0)") / F.lit(10**scale)


def _ends(pairs: Column) -> Column:
    """The days at which the value is another one next."""
    following = F.slice(pairs, 2, F.greatest(F.size(pairs) - 1, F.lit(0)))
    return F.zip_with(
        pairs, following, lambda one, after: F.when(~one["value"].eqNullSafe(after["value"]), one["day"])
    )


def _kept(figure: Figure) -> Column:
    """What a sequence needs of an element: when it was, and the fields that must be the same."""
    same = [F.col("local_date" if name == "date" else name).cast("string") for name in figure.of]
    kept = F.array(*same) if same else F.array().cast("array<string>")
    return F.struct(F.col("local_date").alias("day"), F.col("at").alias("at"), kept.alias("same"))


def _median_gap(days: Column) -> Column:
    """The median of the gaps between dates that follow one another; null with fewer than two dates."""
    later = F.slice(days, 2, F.greatest(F.size(days) - 1, F.lit(0)))
    gaps = F.sort_array(F.zip_with(later, days, lambda after, before: F.date_diff(after, before)))
    gaps = F.filter(gaps, lambda gap: gap.isNotNull())
    half = F.size(gaps) / 2
    middle = F.get(gaps, F.floor(half).cast("int")).cast("double")
    below = F.get(gaps, (F.ceil(half) - 1).cast("int")).cast("double")
    return F.when(F.size(gaps) > 0, (middle + below) / 2)
