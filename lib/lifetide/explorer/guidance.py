"""The goal line beside each group, stage and segment, read from the data that ships with the package."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from lifetide.vocabulary import LifecycleGroup, RfmSegment, RfmStage

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


@dataclass(frozen=True)
class Guidance:
    """A goal in one line for every lifecycle group, stage and segment."""

    groups: dict[LifecycleGroup, str]
    stages: dict[RfmStage, str]
    segments: dict[RfmSegment, str]


@cache
def guidance() -> Guidance:
    """The shipped goals; a word without a goal, or a goal without a word, is an error."""
    raw = tomllib.loads(files("lifetide.explorer").joinpath("guidance.toml").read_text(encoding="utf-8"))
    return Guidance(
        groups={LifecycleGroup(key): str(goal) for key, goal in raw["lifecycle"].items()},
        stages={RfmStage(key): str(goal) for key, goal in raw["stage"].items()},
        segments={RfmSegment(key): str(goal) for key, goal in raw["segment"].items()},
    )
