"""Which version of an audience holds on which day, and since when an audience is known; no Spark."""

from __future__ import annotations

from datetime import date

from lifetide.pipelines.calendar import Calendar
from lifetide.pipelines.ledger import Day

MAY = [date(2026, 5, day) for day in range(1, 32)]
NOW = MAY[9]


def day(*replay: date, evaluated: dict[date, dict[str, int]] | None = None) -> Day:
    """The tenth: `old` was evaluated first on the third (its version 1) and on the sixth (2); `fresh` never was."""
    firsts = {("old", 1): MAY[2], ("old", 2): MAY[5], ("gone", 1): MAY[0]}
    return Day(NOW, {}, {"old": 2, "fresh": 1}, Calendar(MAY[8], firsts), replay, evaluated or {})


def test_an_audience_is_known_since_its_first_day_whatever_the_version():
    assert day().first_days == {"old": MAY[2], "fresh": NOW}


def test_a_replay_makes_all_of_them_known_since_its_first_day():
    assert day(MAY[7], MAY[8]).first_days == {"old": MAY[2], "fresh": MAY[7]}
    assert day(*MAY[:9]).first_days == {"old": MAY[0], "fresh": MAY[0]}


def test_a_replayed_day_has_the_versions_of_its_own_evaluation_else_of_the_next_else_those_in_force():
    evaluated = {MAY[6]: {"old": 1}, MAY[7]: {"old": 2}}
    found = day(MAY[5], MAY[6], MAY[7], MAY[8], evaluated=evaluated).replayed
    assert found == {
        MAY[5]: {"old": 1}, MAY[6]: {"old": 1}, MAY[7]: {"old": 2}, MAY[8]: {"old": 2, "fresh": 1},
    }  # fmt: skip
