"""`lifetide diff` from its words to its exit code; what the tables say is typed here."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree as Xml

import pytest

from lifetide.command import audiences
from lifetide.command.parser import parser
from lifetide.command.screen import Screen
from lifetide.pipelines.comparing import Change, Side, changed_kinds

RULE = "{{field: order_count, operator: '>=', value: {least}}}"
TEXT = f"spec: lifetide.audience/v1\nkey: {{key}}\nname: A\nrule:\n  rules:\n  - {RULE}\n"


def write(folder: Path, **least: int) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for key, value in least.items():
        (folder / f"{key}.yaml").write_text(TEXT.format(key=key, least=value))
    return folder


@pytest.fixture
def diff(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs the command on words; each audience that differs moves 30 of 100 members."""

    def typed(_: object, base: dict[str, Any], head: dict[str, Any], as_of: object) -> tuple[str, list[Change]]:
        kinds = changed_kinds(base, head)
        a_side = Side(100, 2.0, 50.0, 0.1)
        return "2026-11-24", [Change(key, kind, "", a_side, a_side, 20, 10) for key, kind in kinds.items()]

    monkeypatch.setattr(audiences, "changes", typed)
    desk = SimpleNamespace(context=SimpleNamespace(settings=None), screen=Screen(quiet=True))
    return lambda *words: audiences.on_diff(desk, parser().parse_args(["diff", *map(str, words)]))


def test_two_folders_are_compared_and_the_limit_decides_the_exit_code(diff, tmp_path, capsys):
    base, head = write(tmp_path / "a", kept=1, moved=2), write(tmp_path / "b", kept=1, moved=3)
    words = (base, head, "--folder", head)
    assert diff(*words) == 0
    assert "moved: changed" in capsys.readouterr().out
    assert diff(*words, "--max-shift", "30%") == 0
    assert diff(*words, "--max-shift", "29.9%") == 1
    assert diff(base, base, "--folder", head, "--max-shift", "0%") == 0
    assert capsys.readouterr().out.endswith("No audience differs.\n")


def test_json_is_one_line_and_markdown_stands_alone_on_standard_output(diff, tmp_path, capsys):
    base, head = write(tmp_path / "a", moved=2), write(tmp_path / "b", moved=3)
    report = tmp_path / "r.xml"
    words = (base, "--folder", head, "--max-shift", "20%", "--annotations", "github", "--junit", report)
    assert diff(*words, "--format", "json") == 1
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["beyond"] == ["moved"]
    assert diff(*words, "--format", "markdown") == 1
    told = capsys.readouterr()
    assert told.out.startswith("### Audiences on the snapshot of 2026-11-24\n")
    assert "::" not in told.out
    message = "moved moves 30.0%25 of its members, more than 20%25"
    assert f"::error file={head / 'moved.yaml'},line=1,title=lifetide diff::{message}" in told.err
    assert Xml.parse(report).getroot().attrib["failures"] == "1"


def test_a_state_that_git_knows_is_compared_with_the_files(diff, tmp_path, capsys):
    folder = write(tmp_path / "audiences", moved=2, kept=1)

    def git(*words: str) -> None:
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b.c", *words], cwd=tmp_path, check=True,
                       capture_output=True)  # fmt: skip

    git("init", "-q", "-b", "trunk")
    git("add", ".")
    git("commit", "-q", "-m", "audiences")
    write(folder, moved=3, new=1)
    (folder / "kept.yaml").unlink()
    assert diff("trunk", "--folder", folder) == 0
    assert [line for line in capsys.readouterr().out.splitlines() if line[:1].isalpha()] == [
        "kept: removed", "moved: changed", "new: added",
    ]  # fmt: skip
