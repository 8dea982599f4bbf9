from __future__ import annotations

from datetime import date, datetime, timezone

from lifetide.command.remembering import remembered_json, remembered_text
from lifetide.pipelines.remembered import Remembered, Stay

DAY = date(2026, 3, 10)


def at(day: int) -> datetime:
    return datetime(2026, 3, day, 6, tzinfo=timezone.utc)


def stay(since: int, until: int | None, known: int, given_up: int | None, why_out: str | None = None) -> Stay:
    return Stay(
        2, date(2026, 3, since), None if until is None else date(2026, 3, until), "rule_holds", why_out,
        at(known), None if given_up is None else at(given_up), f"run-{known}",
    )  # fmt: skip


def test_what_was_believed_stands_beside_what_is_known() -> None:
    """Believed in from the 5th and still in on the 10th; a late order of the 12th says since the 8th alone."""
    stays = (stay(5, None, 5, 12), stay(8, None, 12, None))
    found = Remembered(DAY, stays, at(10), 2, is_ever_evaluated=True)
    text = remembered_text(found)
    assert "Ledger, as known now: in since 2026-03-08, by version 2: the rule began to hold" in text
    assert "when 2026-03-10 was evaluated (2026-03-10 06:00 UTC): in since 2026-03-05" in text
    assert "told differently now: news came later" in text
    assert "Believed once, and given up" in text
    assert "believed 2026-03-05 06:00 to 2026-03-12 06:00 UTC" in text
    assert remembered_json(found)["now"]["valid_from"] == date(2026, 3, 8)


def test_an_open_stretch_that_ended_is_no_other_belief() -> None:
    stays = (stay(5, None, 5, 9), stay(5, 9, 9, None, "rule_fails"))
    text = remembered_text(Remembered(DAY, stays, at(10), 2, is_ever_evaluated=True))
    assert "Ledger, as known now: not in on 2026-03-10" in text
    assert "2026-03-05 by version 2 (the rule began to hold); out on 2026-03-09: the rule held no longer" in text
    assert "given up" not in text
    assert "differently" not in text


def test_nobody_and_nothing_evaluated_are_told_apart() -> None:
    assert "never evaluated" in remembered_text(Remembered(DAY, (), None, None, is_ever_evaluated=False))
    assert "never a member" in remembered_text(Remembered(DAY, (), at(10), 1, is_ever_evaluated=True))
