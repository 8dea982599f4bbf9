"""`make test` finds a Chromium, or gets one, or fails with how."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

import chromium


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine without a browser and without a network: Playwright's cache is empty, its server refuses."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(chromium, "PLACES", (str(tmp_path / "usual" / "chromium"),))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "cache"))
    monkeypatch.setenv("PLAYWRIGHT_DOWNLOAD_HOST", "http://127.0.0.1:9")
    return tmp_path


def program(path: Path, text: str = "exit 0") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def refused(*_: Any) -> Any:
    raise AssertionError("something was fetched, or Playwright was asked")


@pytest.mark.parametrize("place", ["bin/chromium", "bin/google-chrome", "usual/chromium"])
def test_where_a_chromium_is_nothing_is_fetched(
    bare: Path, place: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    there = program(bare / place)
    monkeypatch.setattr(chromium, "FETCH", ["/nowhere"])
    monkeypatch.setattr(chromium, "_of_playwright", refused)
    assert chromium.main() == 0
    assert capsys.readouterr().out == f"Browser tests drive {there}.\n"


def test_without_one_playwrights_is_fetched_once(bare: Path, monkeypatch: pytest.MonkeyPatch):
    kept = bare / "cache" / "chrome"
    program(bare / "fetch", f"echo fetched >> {bare}/fetches; /bin/cp /bin/true {kept}")
    (bare / "cache").mkdir()
    monkeypatch.setattr(chromium, "FETCH", [str(bare / "fetch")])
    monkeypatch.setattr(chromium, "_of_playwright", lambda: str(kept) if kept.exists() else None)
    assert chromium.obtained() == (str(kept), "")
    assert chromium.obtained() == (str(kept), "")
    assert (bare / "fetches").read_text() == "fetched\n"


def test_where_none_can_be_fetched_one_line_says_what_to_do(bare: Path, capsys: pytest.CaptureFixture[str]):
    assert chromium.main() == 2
    _, trouble = capsys.readouterr().err.splitlines()
    assert trouble == (
        "The tests need a browser, and Playwright could not fetch one (connect ECONNREFUSED 127.0.0.1:9): install "
        "Chromium or Chrome (Debian, Ubuntu: apt install chromium), or run `make test` once with a network."
    )


def test_one_that_does_not_start_is_said(bare: Path):
    program(bare / "bin" / "chromium", "exit 127")
    assert chromium.obtained()[1].startswith(f"{bare}/bin/chromium does not start: `sudo ")


def test_make_test_asks_for_it_before_the_first_test():
    root = Path(__file__).parents[1]
    plan = subprocess.run(["make", "-n", "test"], cwd=root, capture_output=True, text=True, check=True).stdout
    assert plan.index("python tests/chromium.py") < plan.index("-m pytest")
