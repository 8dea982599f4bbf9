from __future__ import annotations

from collections import Counter
from itertools import product

import pytest
from pyspark.sql import functions as F

from lifetide.policy import RfmPolicy
from lifetide.rfm.segments import STAGES, grid_segment, stage_of
from lifetide.vocabulary import RfmSegment


@pytest.fixture(scope="module")
def cells(spark):
    """Segment by the scores R, F, M, each cell in its fixed place."""
    frame = spark.createDataFrame(list(product(range(1, 6), repeat=3)), "r int, f int, m int")
    named = frame.withColumn("segment", grid_segment(F.col("r"), F.col("f"), F.col("m"), RfmPolicy()))
    return {(row["r"], row["f"], row["m"]): row["segment"] for row in named.collect()}


def test_all_125_cells_have_a_segment_and_each_segment_its_number_of_cells(cells):
    assert Counter(cells.values()) == {
        "champion": 8, "loyal": 14, "potential_loyalist": 8, "recent": 14, "promising": 18, "needs_attention": 6,
        "about_to_sleep": 14, "at_risk": 26, "cant_lose_them": 4, "hibernating": 10, "lost": 3,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "segment"),
    [
        ("555", "champion"), ("444", "champion"), ("543", "loyal"), ("534", "loyal"), ("533", "potential_loyalist"),
        ("525", "potential_loyalist"), ("515", "recent"), ("551", "promising"), ("511", "recent"),
        ("344", "loyal"), ("353", "loyal"), ("352", "promising"), ("325", "needs_attention"), ("333", "needs_attention"),  # noqa: E501
        ("315", "needs_attention"), ("314", "about_to_sleep"), ("155", "cant_lose_them"), ("144", "cant_lose_them"),
        ("255", "at_risk"), ("153", "at_risk"), ("233", "at_risk"), ("222", "about_to_sleep"), ("223", "about_to_sleep"),  # noqa: E501
        ("221", "hibernating"), ("122", "hibernating"), ("114", "hibernating"), ("121", "lost"), ("111", "lost"),
    ],
)  # fmt: skip
def test_cells_by_hand(cells, cell, segment):
    assert cells[tuple(int(score) for score in cell)] == segment


def test_frequency_comes_before_money_in_the_key(cells):
    """Often and cheap is not seldom and dear: swapping F and M changes the answer."""
    assert (cells[5, 5, 1], cells[5, 1, 5]) == ("promising", "recent")
    assert (cells[4, 4, 2], cells[4, 2, 4]) == ("promising", "potential_loyalist")
    assert (cells[3, 5, 2], cells[3, 2, 5]) == ("promising", "needs_attention")


def test_each_segment_has_its_stage(spark):
    assert set(STAGES) == set(RfmSegment)
    frame = spark.createDataFrame([(str(segment),) for segment in RfmSegment], "segment string")
    found = {row[0]: row[1] for row in frame.select("segment", stage_of(F.col("segment"))).collect()}
    by_stage = {stage: sorted(name for name in found if found[name] == stage) for stage in set(found.values())}
    assert by_stage == {
        "acquire": ["engaged_visitor", "loyal_visitor"],
        "retain": ["first_time", "recent"],
        "increase_value": ["potential_loyalist", "promising"],
        "cherish": ["champion", "loyal"],
        "reactivate": ["about_to_sleep", "at_risk", "cant_lose_them", "hibernating", "lost", "needs_attention"],
    }
