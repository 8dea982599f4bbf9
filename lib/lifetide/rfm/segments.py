"""From scores to the fourteen segments: preset `exponea`, preset `chart` or an own map, each total over 125 cells."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

from pyspark.sql import Column
from pyspark.sql import functions as F

from lifetide.policy import RfmPolicy
from lifetide.vocabulary import RfmSegment as Segment
from lifetide.vocabulary import RfmStage as Stage

CHART = Path(__file__).with_name("chart.csv")

FADING = (Segment.AT_RISK, Segment.ABOUT_TO_SLEEP, Segment.HIBERNATING, Segment.LOST)
"""What preset `exponea` gives for R of 1 or 2 (rules 4 to 6), cant_lose_them by the grid aside."""

STAGES: dict[Segment, Stage] = {
    Segment.ENGAGED_VISITOR: Stage.ACQUIRE,
    Segment.LOYAL_VISITOR: Stage.ACQUIRE,
    Segment.FIRST_TIME: Stage.RETAIN,
    Segment.RECENT: Stage.RETAIN,
    Segment.PROMISING: Stage.INCREASE_VALUE,
    Segment.POTENTIAL_LOYALIST: Stage.INCREASE_VALUE,
    Segment.LOYAL: Stage.CHERISH,
    Segment.CHAMPION: Stage.CHERISH,
    Segment.CANT_LOSE_THEM: Stage.REACTIVATE,
    Segment.AT_RISK: Stage.REACTIVATE,
    Segment.NEEDS_ATTENTION: Stage.REACTIVATE,
    Segment.ABOUT_TO_SLEEP: Stage.REACTIVATE,
    Segment.HIBERNATING: Stage.REACTIVATE,
    Segment.LOST: Stage.REACTIVATE,
}


def grid_segment(recency: Column, frequency: Column, monetary: Column, policy: RfmPolicy) -> Column:
    """The segment of a cell of scores 1 to 5, by the preset of the policy."""
    if policy.preset == "exponea":
        return exponea_segment(recency, frequency, monetary)
    segments = chart_segments() if policy.preset == "chart" else policy.map
    cell = 25 * (recency - 1) + 5 * (frequency - 1) + monetary
    return F.element_at(F.array(*(F.lit(str(segment)) for segment in segments)), cell.cast("int"))


@lru_cache
def chart_segments() -> tuple[str, ...]:
    """Preset `chart`: the segments of the 125 cells, by R, then F, then M."""
    with CHART.open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: (row["r"], row["f"], row["m"]))
    return tuple(row["segment"] for row in rows)


def exponea_segment(recency: Column, frequency: Column, monetary: Column) -> Column:
    """Preset `exponea` (spec: rfm): first match wins, v = F + M."""
    r, f, m = recency, frequency, monetary
    v = f + m
    rules: list[tuple[Column, Segment]] = [
        ((r >= 4) & (f >= 4) & (m >= 4), Segment.CHAMPION),
        ((r >= 4) & (f >= 3) & (m >= 3) & (v >= 7), Segment.LOYAL),
        ((r >= 4) & (f >= 3) & (m <= 2), Segment.PROMISING),
        ((r >= 4) & f.isin(2, 3) & (m >= 3), Segment.POTENTIAL_LOYALIST),
        (r >= 4, Segment.RECENT),
        ((r == 3) & (v >= 8), Segment.LOYAL),
        ((r == 3) & (f >= 3) & (m <= 2), Segment.PROMISING),
        ((r == 3) & (v >= 6), Segment.NEEDS_ATTENTION),
        (r == 3, Segment.ABOUT_TO_SLEEP),
        ((r == 1) & (f >= 4) & (m >= 4), Segment.CANT_LOSE_THEM),
        (v >= 6, Segment.AT_RISK),
        ((r == 2) & (v >= 4), Segment.ABOUT_TO_SLEEP),
        (r == 2, Segment.HIBERNATING),
        (v >= 4, Segment.HIBERNATING),
    ]
    segment = F.lit(str(Segment.LOST))
    for condition, name in reversed(rules):
        segment = F.when(condition, F.lit(str(name))).otherwise(segment)
    return segment


def stage_of(segment: Column) -> Column:
    """The stage of a segment; the map is fixed."""
    pairs = [F.lit(str(word)) for pair in STAGES.items() for word in pair]
    return F.element_at(F.create_map(*pairs), segment)
