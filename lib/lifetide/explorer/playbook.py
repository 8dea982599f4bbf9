"""What to aim at and what to do with each class: shipped as data, and a user's own file comes first."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from lifetide.errors import SettingsError
from lifetide.settings.sections import Problems
from lifetide.vocabulary import CustomerStage, Importance, LifecycleGroup, Loyalty, RfmSegment, RfmStage, Word

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

KINDS: dict[str, type[Word]] = {
    "lifecycle": LifecycleGroup,
    "customer_stage": CustomerStage,
    "rfm_stage": RfmStage,
    "segment": RfmSegment,
    "importance": Importance,
    "loyalty": Loyalty,
}
"""The kinds of the playbook's file and the words that are their classes."""

AnyWord = TypeVar("AnyWord", bound=Word)


@dataclass(frozen=True)
class Play:
    """What to do with a class.

    `paid_reactivation`: whether money may be spent to bring its people back; None = the question does not arise.
    `budget_share`: the most to spend on a customer, as a share (0 to 1) of the value expected of them in a year;
    None = no ceiling is given.
    """

    goal: str
    actions: tuple[str, ...] = ()
    paid_reactivation: bool | None = None
    budget_share: float | None = None


@dataclass(frozen=True)
class Playbook:
    """A play for every lifecycle group, customer stage, RFM stage and segment; for VIPs and one-time buyers too."""

    lifecycle: Mapping[LifecycleGroup, Play]
    customer_stage: Mapping[CustomerStage, Play]
    rfm_stage: Mapping[RfmStage, Play]
    segment: Mapping[RfmSegment, Play]
    importance: Mapping[Importance, Play]
    loyalty: Mapping[Loyalty, Play]


def playbook(path: Path | None = None) -> Playbook:
    """The shipped plays, with those of the file at `path` in their place.

    Raises SettingsError with every problem of the file.
    """
    if path is None:
        return _shipped()
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"No playbook can be read at {path}: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}") from None
    problems = Problems()
    own = _plays(raw, problems)
    if problems.found:
        raise SettingsError(f"The playbook {path} is not right:", problems.found)
    return _playbook(_shipped_plays(), own)


@cache
def _shipped() -> Playbook:
    return _playbook(_shipped_plays(), {})


@cache
def _shipped_plays() -> dict[tuple[str, str], Play]:
    text = files("lifetide.explorer").joinpath("playbook.toml").read_text(encoding="utf-8")
    problems = Problems()
    plays = _plays(tomllib.loads(text), problems)
    if problems.found:
        raise SettingsError("The shipped playbook is not right:", problems.found)
    return plays


def _playbook(shipped: Mapping[tuple[str, str], Play], own: Mapping[tuple[str, str], Play]) -> Playbook:
    plays = {**shipped, **own}

    def of(kind: str, words: type[AnyWord]) -> dict[AnyWord, Play]:
        return {word: plays[kind, word.value] for word in words if (kind, word.value) in plays}

    return Playbook(
        lifecycle=of("lifecycle", LifecycleGroup),
        customer_stage=of("customer_stage", CustomerStage),
        rfm_stage=of("rfm_stage", RfmStage),
        segment=of("segment", RfmSegment),
        importance=of("importance", Importance),
        loyalty=of("loyalty", Loyalty),
    )


def _plays(raw: Mapping[str, Any], problems: Problems) -> dict[tuple[str, str], Play]:
    """The plays of a file by kind and class; what is wrong is told to `problems`."""
    problems.unknown("", raw, KINDS)
    found = {}
    for kind in [kind for kind in KINDS if kind in raw]:
        known = [word.value for word in KINDS[kind]]
        classes = problems.section(kind, raw, kind)
        problems.unknown(kind, classes, known)
        for name in [name for name in known if name in classes]:
            where = f"{kind}.{name}"
            found[kind, name] = _play(where, problems.section(where, classes, name), problems)
    return found


def _play(where: str, raw: Mapping[str, Any], problems: Problems) -> Play:
    problems.unknown(where, raw, [field.name for field in fields(Play)])
    paid, actions = raw.get("paid_reactivation"), raw.get("actions", [])
    if paid is not None and not isinstance(paid, bool):
        problems.add(f"{where}.paid_reactivation", f"must be true or false, it is {paid!r}")
        paid = None
    if not isinstance(actions, list) or not all(isinstance(one, str) and one.strip() for one in actions):
        problems.add(f"{where}.actions", f"must be a list of texts, it is {actions!r}")
        actions = []
    return Play(
        goal=problems.text(where, raw, "goal", required=True) or "",
        actions=tuple(actions),
        paid_reactivation=paid,
        budget_share=_share(where, raw.get("budget_share"), problems),
    )


def _share(where: str, value: Any, problems: Problems) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
        problems.add(f"{where}.budget_share", f"must be a number from 0 to 1, it is {value!r}")
        return None
    return float(value)
