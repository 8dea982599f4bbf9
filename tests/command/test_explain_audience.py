"""`lifetide explain CUSTOMER --audience KEY` from its words to the rule that is held against the customer."""

from __future__ import annotations

from datetime import date, datetime, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from lifetide.audiences.judging import Verdict, judged
from lifetide.audiences.people import Person, World
from lifetide.command import audiences
from lifetide.command.handlers import on_explain
from lifetide.command.parser import parser
from lifetide.errors import NotFound, UsageError
from lifetide.pipelines.definitions import definitions_in
from lifetide.pipelines.person import Told
from lifetide.pipelines.remembered import Remembered, Stay

DAY = date(2026, 6, 30)
AT = datetime(2026, 6, 30, 20, tzinfo=timezone.utc)
TEXT = """spec: lifetide.audience/v1
key: often
name: Often
rule:
  rules:
  - {{field: order_count, operator: '>=', value: {least}}}
"""


def folder(place: Path, *, least: int) -> Path:
    place.mkdir()
    (place / "often.yaml").write_text(TEXT.format(least=least))
    return place


@pytest.fixture
def explain(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """ada has four orders; version 2 of `often`, three orders or more, was evaluated on the day and she is in it."""
    ours = folder(tmp_path / "ours", least=3)

    def of_ada(_: object, *, customer_id: str, key: str, audiences: dict[str, Any], as_of: date) -> Told:
        known = {**audiences, "often@2": definitions_in(ours).audiences["often"]}
        if key not in known:
            raise NotFound(f"There is no audience {key}.")
        verdict: Verdict = judged(known[key], Person({"order_count": 4, "is_anonymous": False}), World(DAY, known))
        return Told(customer_id, as_of, known[key], verdict)

    stay = Stay(2, date(2026, 6, 1), None, "rule_holds", None, AT, None, "run-1")
    monkeypatch.setattr(audiences, "explained", of_ada)
    monkeypatch.setattr(audiences, "remembered", lambda *_, **__: Remembered(DAY, (stay,), AT, 2, True))
    monkeypatch.setattr(audiences, "built_day", lambda *_: DAY)
    settings = SimpleNamespace(audiences_folder=ours, path=tmp_path / "settings.toml")
    desk = SimpleNamespace(context=SimpleNamespace(settings=settings, store=None))
    return lambda *words: on_explain(desk, parser().parse_args(["explain", "ada", *map(str, words)]))


def test_the_version_that_was_evaluated_is_told_with_the_ledger(explain, capsys):
    assert explain("--audience", "often") == 0
    said = capsys.readouterr().out
    assert "Customer ada is in often (Often) on 2026-06-30" in said
    assert "in since 2026-06-01, by version 2: the rule began to hold" in said


def test_by_a_folder_it_is_the_rule_that_is_written_there(explain, tmp_path, capsys):
    """The draft asks for five orders: ada is not in it, though the ledger has her."""
    draft = folder(tmp_path / "draft", least=5)
    assert explain("--audience", "often", "--folder", draft) == 0
    said = capsys.readouterr().out
    assert "Customer ada is not in often (Often) on 2026-06-30" in said
    assert "in since 2026-06-01, by version 2" in said


def test_an_audience_that_the_folder_does_not_have_is_refused_also_where_the_ledger_knows_it(explain, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotFound, match="no audience often"):
        explain("--audience", "often", "--folder", tmp_path / "empty")


def test_a_folder_without_an_audience_says_what_is_missing(explain, tmp_path):
    with pytest.raises(UsageError, match="--audience KEY"):
        explain("--folder", tmp_path)
