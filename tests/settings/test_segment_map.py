"""An own map from scores to segments: total, or refused with everything that is wrong."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from lifetide.command import main
from lifetide.policy import RfmPolicy
from lifetide.settings import inspect_settings, read_settings

LINES = [f"{r},{f},{m},{'champion' if r == 5 else 'lost'}" for r, f, m in product(range(1, 6), repeat=3)]
SETTINGS = """
[shop]
timezone = "Europe/London"
currency = "GBP"
[storage]
root = "warehouse"
[policy.rfm]
preset = "own"
map = "segments.csv"
"""


def written(folder: Path, lines: list[str], settings: str = SETTINGS) -> Path:
    (folder / "segments.csv").write_text("\n".join(["r,f,m,segment", *lines]) + "\n")
    path = folder / "settings.toml"
    path.write_text(settings)
    return path


def test_a_total_map_in_any_order_becomes_the_policy_by_r_then_f_then_m(tmp_path: Path) -> None:
    policy = read_settings(written(tmp_path, LINES[::-1])).policy.rfm
    assert policy == RfmPolicy(preset="own", map=("lost",) * 100 + ("champion",) * 25)


def test_all_that_is_wrong_with_a_map_is_told_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = [line for line in LINES if not line.startswith(("1,1,1,", "3,4,5,"))]
    wrong += ["5,5,5,champion", "6,1,1,lost", "3,0,1,lost", "1,1", "3,3,3,first_time"]
    wrong[0] = "1,1,2,loser"
    assert main(["ingest", "--settings", str(written(tmp_path, wrong))]) == 2
    told = capsys.readouterr().err
    for wanted in (
        "policy.rfm.map: line 2: unknown segment 'loser'; known are recent, promising,",
        "line 125: the cell 5 5 5 stands in the map twice",
        "line 126: scores are 1 to 5, these are 6 1 1",
        "line 127: scores are 1 to 5, these are 3 0 1",
        "line 128 has 2 values instead of 4",
        "line 129: first_time is decided before the scores, it cannot stand in a map",
        "line 129: the cell 3 3 3 stands in the map twice",
        "no segment for 2 of 125 cells (r f m): 1 1 1, 3 4 5",
    ):
        assert wanted in told, f"{wanted!r} is not in:\n{told}"
    assert "Traceback" not in told


def test_every_hole_is_named(tmp_path: Path) -> None:
    _, problems = inspect_settings(written(tmp_path, LINES[:100]))
    [problem] = problems
    assert problem.startswith("policy.rfm.map: no segment for 25 of 125 cells (r f m): 5 1 1, 5 1 2, ")
    assert problem.count(",") == 24


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [
        ('preset = "own"', "policy.rfm: preset own needs a map with a segment for each of the 125 cells, it has 0"),
        ('preset = "chart"\nmap = "segments.csv"', "a map is read with preset own only, the preset is chart"),
        ('preset = "own"\nmap = "nowhere.csv"', "policy.rfm.map: no map can be read at"),
        ('preset = "own"\nmap = 5', "policy.rfm.map: must be a non-empty text, it is 5"),
    ],
)
def test_a_preset_and_its_map_go_together(tmp_path: Path, keys: str, wanted: str) -> None:
    settings = SETTINGS.partition("preset")[0] + keys + "\n"
    _, problems = inspect_settings(written(tmp_path, LINES, settings))
    [problem] = problems
    assert wanted in problem


def test_a_file_with_other_columns_is_no_map(tmp_path: Path) -> None:
    path = written(tmp_path, LINES)
    (tmp_path / "segments.csv").write_text("segment,score\nchampion,555\n")
    _, [problem] = inspect_settings(path)
    assert problem.endswith("must be r,f,m,segment, it is segment,score")
