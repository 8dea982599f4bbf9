"""topPercent, bottomPercent and topN: where the line lies among the customers of an audience's universe, ties in.

Of n customers with a value, topPercent p takes the ceil(n·p/100) largest values, topN the N largest, bottomPercent
the smallest; whoever has the value of the last one taken is in too. The line is found in two passes over the
profiles for all audiences together: n, then the values around the line. It is written between the last value taken
and the next one, so that it separates them however a double is rounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from math import ceil

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.audiences.together import leaves
from lifetide.audiences.tree import Audience, Compare, Include, Lines, Rank
from lifetide.audiences.words import RANKS, Operator

QUARTER = 0.25


def ranks_of(audiences: Iterable[Audience]) -> list[Rank]:
    """The ranks that the audiences ask for, each once."""
    found = [
        (audience.include, leaf)
        for audience in audiences
        for leaf in leaves(audience.rule)
        if isinstance(leaf, Compare) and leaf.operator in RANKS
    ]
    return list(dict.fromkeys(found))


def universe(include: Include) -> Column:
    """Whom an audience speaks of; never null."""
    condition = F.lit(True) if include.anonymous else ~F.col("is_anonymous")
    for channel in include.consent:
        condition = condition & F.coalesce(F.col(f"consent_{channel}") == "subscribed", F.lit(False))
    return condition


def value_counts(profiles: DataFrame, ranks: list[Rank]) -> DataFrame:
    """One row: `value_0`, … = how many customers of the universe have a value, for each value that is ranked."""
    return profiles.agg(
        *(F.count(_value(*each)).alias(f"value_{place}") for place, each in enumerate(_by_value(ranks))),
    )


def value_lines(profiles: DataFrame, ranks: list[Rank], counts: Mapping[str, int]) -> DataFrame:
    """One row: `value_0`, … = the lines of the ranks of each value, in their order; null where nobody has a value."""
    lines = []
    for place, (each, nodes) in enumerate(_by_value(ranks).items()):
        shares = [F.lit(_place(node, counts[f"value_{place}"])) for node in nodes]
        lines.append(F.percentile(_value(*each).cast("double"), F.array(*shares)).alias(f"value_{place}"))
    return profiles.agg(*lines)


def lines_of(ranks: list[Rank], lines: Mapping[str, list[float] | None]) -> Lines:
    """The line of each rank, of the row of `value_lines`; None where nobody has a value."""
    found: dict[Rank, float | None] = {}
    for place, ((include, _), nodes) in enumerate(_by_value(ranks).items()):
        values = lines[f"value_{place}"]
        for nth, node in enumerate(nodes):
            found[include, node] = None if values is None else values[nth]
    return found


def beyond(operator: Operator, subject: Column, line: float | None) -> Column:
    """The condition to lie on the line's asked side; false where nobody has a value."""
    if line is None:
        return F.lit(False)
    number = subject.cast("double")
    condition = number <= F.lit(line) if operator is Operator.BOTTOM_PERCENT else number >= F.lit(line)
    return F.coalesce(condition, F.lit(False))


def taken(operator: Operator, value: Decimal, count: int) -> int:
    """How many of so many customers are taken, before ties."""
    if operator is Operator.TOP_N:
        return min(int(value), count)
    return ceil(Decimal(count) * value / 100)


def _place(node: Compare, count: int) -> float:
    """Where the line lies among `count` values in ascending order, 0 to 1."""
    assert isinstance(node.value, Decimal)
    wanted = taken(node.operator, node.value, count)
    if node.operator is Operator.BOTTOM_PERCENT:
        place = wanted - 1 + QUARTER
    else:
        place = count - wanted - QUARTER
    return min(max(place / (count - 1), 0.0), 1.0) if count > 1 else 0.0


def _by_value(ranks: list[Rank]) -> dict[tuple[Include, str], list[Compare]]:
    """The ranks of each value of a universe: its values are read and sorted once for all of them."""
    found: dict[tuple[Include, str], list[Compare]] = {}
    for include, node in ranks:
        found.setdefault((include, node.field), []).append(node)
    return found


def _value(include: Include, field: str) -> Column:
    return F.when(universe(include), F.col(field))
