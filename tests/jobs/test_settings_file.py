"""jobs/settings.toml explains every key: it loads, its values are the defaults, and no field is left out."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from lifetide.gates.naming import check_names
from lifetide.policy import Policy
from lifetide.settings import CANONICAL, Gates, Shop, Source, Spark, Storage, inspect_settings, read_settings
from lifetide.shipped import shipped_suites
from lifetide.vocabulary import SourceKind

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FILE = Path(__file__).parents[2] / "jobs" / "settings.toml"


def uncommented() -> str:
    """The file with every commented block and key in force, as a reader would switch them on."""
    lines = []
    for line in FILE.read_text(encoding="utf-8").splitlines():
        is_key = re.match(r'^# (?:# )?("[^"]+"|\w+) += ', line) or re.match(r"^# \[\[?[\w.]+\]\]?( +#.*)?$", line)
        lines.append(re.sub(r"^# (?:# )?", "", line) if is_key else line)
    return "\n".join(lines)


def every_key() -> dict[str, Any]:
    return tomllib.loads(uncommented())


def test_it_loads_as_it_is_and_says_nothing_but_defaults() -> None:
    settings = read_settings(FILE)
    assert settings.policy == Policy()
    assert settings.spark == Spark()
    assert settings.gates == Gates()
    assert settings.shop.name == Shop("UTC", "GBP").name
    assert settings.sources == ()
    assert settings.storage.root == str(FILE.parent / "warehouse")


@pytest.mark.parametrize("part", [field.name for field in fields(Policy)])
def test_every_threshold_stands_in_it(part: str) -> None:
    assert set(every_key()["policy"][part]) == {field.name for field in fields(getattr(Policy(), part))}


def test_no_part_of_the_policy_is_missing() -> None:
    assert set(every_key()["policy"]) == {field.name for field in fields(Policy)}


@pytest.mark.parametrize(
    ("section", "model"), [("shop", Shop), ("storage", Storage), ("gates", Gates), ("spark", Spark)]
)
def test_every_switch_stands_in_it(section: str, model: type) -> None:
    assert set(every_key()[section]) == {field.name for field in fields(model)}


def test_every_key_of_a_source_stands_in_it() -> None:
    shown = {key for source in every_key()["sources"] for key in source}
    assert shown == {field.name for field in fields(Source)}


@pytest.mark.parametrize("kind", list(SourceKind))
def test_every_canonical_column_stands_in_it(kind: SourceKind) -> None:
    (source,) = [one for one in every_key()["sources"] if one["kind"] == kind]
    assert set(source["columns"]) == set(CANONICAL[kind])


def test_with_everything_switched_on_only_places_are_missing(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(uncommented(), encoding="utf-8")
    settings, problems = inspect_settings(path)
    places = [problem.partition(":")[0] for problem in problems]
    assert [place for place in places if not place.endswith((".path", ".map"))] == ["sources.webshop"]
    assert places.count("sources.webshop.path") == 1
    assert "needs either path (with format) or table" in problems[0]
    assert settings.policy.lifecycle.cut75 == 1.5
    assert settings.gates.suites == str(tmp_path / "expectations")


def test_the_severity_it_shows_is_that_of_a_check_that_exists() -> None:
    for key in every_key()["gates"]["severity"]:
        table, _, name = key.partition(".")
        suite = json.loads((shipped_suites() / f"{table}.json").read_text(encoding="utf-8"))
        assert name in check_names([(one["type"], one["kwargs"]) for one in suite["expectations"]], [])
