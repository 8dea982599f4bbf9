"""How commands end when something is wrong before or while they run. No Spark is started."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lifetide.command import desk as desk_module
from lifetide.command import main
from lifetide.errors import ContractError, GateRefused, NotFound


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFETIDE_CACHE", str(tmp_path / "cache"))


def failing_with(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(desk_module, "desk", fail)


def test_missing_settings_are_wrong_usage_told_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["build", "--settings", str(tmp_path / "none.toml")]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"lifetide build: No settings file at {tmp_path / 'none.toml'}")
    assert "Traceback" not in said.err


def test_every_problem_of_the_settings_is_told_and_json_has_them_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('[shop]\ntimezone = "Mars"\ncurrency = "GBP"\n[storage]\nrot = "x"\n', encoding="utf-8")
    assert main(["ingest", "--settings", str(path), "--json"]) == 2
    said = capsys.readouterr()
    last = json.loads(said.out.splitlines()[-1])
    assert [problem.partition(":")[0] for problem in last["problems"]] == [
        "storage.rot",
        "storage.root",
        "shop.timezone",
    ]
    for problem in last["problems"]:
        assert problem in said.err


def test_the_demo_does_not_move_into_somebody_else_s_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "thesis.tex").write_text("mine", encoding="utf-8")
    assert main(["demo", "--dir", str(tmp_path)]) == 2
    assert "is not empty and holds no demo" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (GateRefused("Nothing was published: 1 critical expectation failed in run r.", ["orders: a – b"]), 1),
        (ContractError("orders has other columns than promised:", ["margin: missing"]), 1),
        (NotFound("There are no events yet: run `lifetide ingest` first."), 2),
    ],
)
def test_an_error_of_the_family_ends_with_its_own_code(
    error: Exception, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    failing_with(error, monkeypatch)
    assert main(["build"]) == code
    assert capsys.readouterr().err == f"lifetide build: {error}\n"


def test_a_fault_of_ours_is_70_with_a_log_that_only_the_user_can_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    failing_with(ZeroDivisionError("customer 12345"), monkeypatch)
    assert main(["build"]) == 70
    said = capsys.readouterr().err
    (log,) = (tmp_path / "cache" / "logs").iterdir()
    assert str(log) in said
    assert "ZeroDivisionError" in said
    assert "12345" not in said
    assert "customer 12345" in log.read_text(encoding="utf-8")
    assert log.stat().st_mode & 0o077 == 0


def test_a_traceback_is_shown_only_on_request(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    failing_with(NotFound("nothing"), monkeypatch)
    main(["build", "--debug"])
    assert "Traceback" in capsys.readouterr().err


def test_an_interruption_says_that_nothing_is_half_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    failing_with(KeyboardInterrupt(), monkeypatch)
    assert main(["build"]) == 130
    assert "nothing half-written is visible" in capsys.readouterr().err
