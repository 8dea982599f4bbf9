from __future__ import annotations

import re
import shlex
from datetime import date
from pathlib import Path

import pytest

from lifetide.command.days import asked_days
from lifetide.command.parser import COMMANDS, parser
from lifetide.errors import UsageError


def said_by(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(words)
    captured = capsys.readouterr()
    return int(ended.value.code or 0), captured.out + captured.err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_help_has_examples_and_exit_codes(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, text = said_by([command, "--help"], capsys)
    assert code == 0
    assert f"examples:\n  lifetide {command}" in text
    assert "exit codes:" in text
    for exit_code in ("0", "1", "2", "70"):
        assert re.search(rf"(^|\s){exit_code}\s+\w", text.split("exit codes:")[1])


@pytest.mark.parametrize("command", COMMANDS)
def test_every_example_is_a_call_that_is_understood(command: str) -> None:
    for line in COMMANDS[command][2].splitlines():
        program, *words = shlex.split(line)
        assert program == "lifetide"
        assert parser().parse_args(words).command == command


def test_the_first_help_lists_every_command_and_where_to_start(capsys: pytest.CaptureFixture[str]) -> None:
    code, text = said_by(["--help"], capsys)
    assert code == 0
    assert "start here:\n  lifetide demo" in text
    for command in COMMANDS:
        assert re.search(rf"^    {command}\s", text, re.MULTILINE), command


@pytest.mark.parametrize("written", ["yesterday", "2026-02-30", "24.11.2026", ""])
def test_a_wrong_date_says_what_a_date_looks_like(written: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, text = said_by(["build", "--as-of", written], capsys)
    assert code == 2
    assert f"argument --as-of: {written!r} is not a date such as 2026-11-24" in text


def test_an_unknown_command_is_wrong_usage_and_names_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    code, text = said_by(["biuld"], capsys)
    assert code == 2
    assert "invalid choice: 'biuld'" in text
    assert "build" in text


def days_of(line: str) -> list[str]:
    return [str(day) for day in asked_days(parser().parse_args(shlex.split(line)))]


def test_a_row_of_days_is_built_from_the_first_to_the_last() -> None:
    assert days_of("build") == []
    assert days_of("build --from 2011-02-27 --to 2011-03-01") == ["2011-02-27", "2011-02-28", "2011-03-01"]
    assert days_of("build --from 2011-03-01 --to 2011-03-01") == ["2011-03-01"]


def test_weeks_count_back_from_the_last_day_and_months_are_their_last_days() -> None:
    assert days_of("build --from 2011-11-20 --to 2011-12-09 --every week") == [
        "2011-11-25", "2011-12-02", "2011-12-09",
    ]  # fmt: skip
    assert days_of("build --from 2010-12-01 --to 2011-03-15 --every month") == [
        "2010-12-31", "2011-01-31", "2011-02-28", "2011-03-15",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("build --from 2011-01-01", "--from and --to go together"),
        ("build --to 2011-01-01", "--from and --to go together"),
        ("build --every week", "--every needs them"),
        ("build --as-of 2011-01-01 --from 2011-01-01 --to 2011-02-01", "use one of them"),
        ("build --from 2011-02-01 --to 2011-01-31", "--from 2011-02-01 is after --to 2011-01-31"),
        ("build --from 1900-01-01 --to 2011-01-31", "40,573 builds: ask for a shorter time"),
    ],
)
def test_days_that_do_not_fit_each_other_are_wrong_usage(line: str, message: str) -> None:
    with pytest.raises(UsageError, match=re.escape(message)):
        days_of(line)


def test_no_command_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    code, text = said_by([], capsys)
    assert code == 2
    assert "COMMAND" in text


def test_an_option_of_another_command_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert said_by(["sources", "--dry-run"], capsys)[0] == 2


def test_the_words_arrive_typed() -> None:
    arguments = parser().parse_args(["build", "--as-of", "2026-11-24", "--settings", "shop.toml", "--dry-run"])
    assert arguments.as_of == date(2026, 11, 24)
    assert arguments.settings == Path("shop.toml")
    assert arguments.dry_run
    assert not arguments.json


def test_settings_are_looked_for_in_the_current_folder() -> None:
    assert parser().parse_args(["ingest"]).settings == Path("settings.toml")
