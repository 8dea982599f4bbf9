from __future__ import annotations

import ast
from pathlib import Path

import pytest

from lifetide.command.parser import COMMANDS, parser

JOBS = Path(__file__).parents[2] / "jobs"
DOORS = sorted(JOBS.glob("*.py"))


def test_every_command_but_those_for_a_person_at_a_screen_has_a_door() -> None:
    assert {door.stem for door in DOORS} == set(COMMANDS) - {"demo", "studio"}


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.stem)
def test_a_door_only_hands_its_own_command_on(door: Path) -> None:
    text = door.read_text(encoding="utf-8")
    calls = [ast.unparse(node) for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    assert calls == [f"run('{door.stem}')"]
    assert len(text.splitlines()) <= 25


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.stem)
def test_the_example_in_a_door_is_a_call_that_the_command_understands(door: Path) -> None:
    said = ast.get_docstring(ast.parse(door.read_text(encoding="utf-8"))) or ""
    (line,) = [line for line in said.splitlines() if "spark-submit" in line]
    words = line.split(f"jobs/{door.name}", 1)[1].split()
    assert parser().parse_args([door.stem, *words]).command == door.stem
