"""The ways in: `lifetide studio`, the magics, the folder of the tile."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lifetide import LifetideError, Studio
from lifetide.command.magics import load_ipython_extension
from lifetide.command.parser import parser
from lifetide.explorer.studio.launching import lab_command, labextensions, notebook_in


class Shell:
    def register_magic_function(self, function: Any, magic_kind: str, magic_name: str) -> None:
        self.magic, self.kind, self.name = function, magic_kind, magic_name


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.chdir(tmp_path)
    made = Shell()
    load_ipython_extension(made)
    return made


def test_the_magics_open_what_was_typed_and_what_was_saved(shell: Shell):
    assert (shell.kind, shell.name) == ("line_cell", "audience")
    typed = shell.magic("Slipping away", "- {field: lifecycle_group, operator: in, value: [slipping_away]}")
    assert typed.session.standing.name == "Slipping away"
    assert 0 < typed.count < typed.profiles.count
    typed.save()
    assert shell.magic("slipping_away").count == typed.count
    with pytest.raises(LifetideError, match="No audience is saved as nobody"):
        shell.magic("nobody")


def test_a_notebook_is_written_once_and_holds_the_studio(tmp_path: Path):
    path = notebook_in(tmp_path, tmp_path / "settings.toml")
    source = json.loads(path.read_text())["cells"][0]["source"]
    assert f"Studio('{tmp_path / 'settings.toml'}')" in source
    path.write_text("mine")
    assert notebook_in(tmp_path, None).read_text() == "mine"


def test_lab_listens_on_this_machine_alone_and_is_shown_the_tile(tmp_path: Path):
    words = lab_command("python", tmp_path, tmp_path / "audiences.ipynb", is_opened=False, port=9999)
    assert "--ServerApp.ip=127.0.0.1" in words
    assert f"--LabServerApp.extra_labextensions_path={labextensions()}" in words
    assert "--no-browser" in words
    assert json.loads((labextensions() / "lifetide" / "package.json").read_text())["jupyterlab"]["_build"]


def test_the_command_has_its_words():
    asked = parser().parse_args(["studio", "--dir", "here", "--port", "8123", "--no-browser"])
    assert (asked.command, asked.dir, asked.port, asked.no_browser) == ("studio", Path("here"), 8123, True)


def test_a_table_without_its_day_and_an_unknown_builder_are_refused(tmp_path: Path):
    import pandas as pd

    with pytest.raises(LifetideError, match="as_of="):
        Studio(pd.DataFrame({"a": [1]}))
    with pytest.raises(LifetideError, match="neither 'full' nor 'basic'"):
        Studio(100, widgets="fancy")
    with pytest.raises(LifetideError, match="run `lifetide demo`"):
        Studio(tmp_path / "nothing.toml")
