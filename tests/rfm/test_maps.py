"""Preset chart against the rules as they are written, and maps as expressions."""

from __future__ import annotations

from collections import Counter
from itertools import product

from pyspark.sql import functions as F

from lifetide.policy import RfmPolicy
from lifetide.rfm.segments import CHART, chart_segments, grid_segment

CELLS = list(product(range(1, 6), repeat=3))


def rule(r: int, f: int, m: int) -> str:
    """The rules of the chart; the first that matches."""
    v = f + m
    if r >= 4 and f >= 4 and m >= 4:
        return "champion"
    if r == 1 and f >= 4 and m >= 4:
        return "cant_lose_them"
    if r >= 3 and f >= 4 and m <= 2:
        return "promising"
    if f == m == 1:
        return {1: "lost", 2: "hibernating", 3: "promising"}.get(r, "recent")
    if r >= 4:
        return "potential_loyalist" if (f <= 3 and m <= 3) or f <= 2 else "loyal"
    if r == 3:
        return _middle(f, m)
    if r == 2 and (f, m) in ((2, 3), (3, 2), (3, 3)):
        return "needs_attention"
    if v <= 3:
        return "hibernating" if r == 2 else "lost"
    if v == 4:
        return "about_to_sleep" if r == 2 else "hibernating"
    return "at_risk"


def _middle(f: int, m: int) -> str:
    if (f, m) in ((1, 3), (3, 1)):
        return "potential_loyalist"
    if f <= 2 and m != 3:
        return "needs_attention" if m >= 4 else "about_to_sleep"
    return "needs_attention" if f <= 3 and m <= 3 else "loyal"


def segments_of(spark, policy: RfmPolicy) -> list[str]:
    """By R, then F, then M, as Spark finds them."""
    frame = spark.createDataFrame(CELLS, "r int, f int, m int")
    named = frame.withColumn("segment", grid_segment(F.col("r"), F.col("f"), F.col("m"), policy))
    return [row["segment"] for row in sorted(named.collect())]


def test_the_shipped_chart_says_what_the_rules_say():
    assert dict(zip(CELLS, chart_segments(), strict=True)) == {cell: rule(*cell) for cell in CELLS}


def test_the_chart_has_125_rows_and_each_segment_its_number_of_them():
    assert len(CHART.read_text().splitlines()) == 1 + 125
    assert Counter(chart_segments()) == {
        "at_risk": 31, "potential_loyalist": 26, "loyal": 16, "promising": 13, "needs_attention": 10, "champion": 8,
        "hibernating": 6, "about_to_sleep": 6, "cant_lose_them": 4, "lost": 3, "recent": 2,
    }  # fmt: skip


def test_a_map_is_read_by_r_then_f_then_m(spark):
    assert segments_of(spark, RfmPolicy(preset="chart")) == list(chart_segments())
    mine = tuple(f"{r}{f}{m}" for r, f, m in CELLS)
    assert segments_of(spark, RfmPolicy(preset="own", map=mine)) == list(mine)
