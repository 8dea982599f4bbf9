"""The held-out proof on a small shop: counted by plain Python, and blind to what came after."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest

from lifetide.metrics.returns import KindReturns
from lifetide.pipelines.backtest import backtest
from lifetide.pipelines.ingest import ingest
from lifetide.storage import MemoryStore
from lifetide.tables import BACKTESTS
from lifetide.vocabulary import ClassKind
from pipelines.small_shop import FIRST_DAY, Line, SmallShop, ordinary_days

pytestmark = pytest.mark.prove

LAST = FIRST_DAY + timedelta(days=119)
CUTOFF, HORIZON = FIRST_DAY + timedelta(days=89), 14


def proven(spark, folder, lines: list[Line]) -> tuple[list[KindReturns], MemoryStore]:
    shop, store = SmallShop(spark, folder), MemoryStore(spark)
    shop.write(lines)
    ingest(replace(shop.context(), store=store), today=LAST, batch="all")
    context = replace(shop.context(), store=store)
    _, found = backtest(context, as_of=LAST, cutoffs=[CUTOFF], horizon_days=HORIZON)
    return found, store


@pytest.fixture(scope="module")
def lines() -> list[Line]:
    return ordinary_days(range(120))


@pytest.fixture(scope="module")
def found(spark, tmp_path_factory, lines) -> tuple[list[KindReturns], MemoryStore]:
    return proven(spark, tmp_path_factory.mktemp("proof"), lines)


def placed_on(line: Line) -> date:
    return date.fromisoformat(line[1][:10])


def test_everybody_who_had_bought_is_in_a_class_and_those_who_came_within_the_horizon_returned(found, lines):
    """Credit notes of this shop take back one piece: a line of one piece is then no order any more."""
    kinds = {one.kind: one for one in found[0]}
    sold = [line for line in lines if line[2] and line[7] == "completed"]
    before = {line[2] for line in sold if placed_on(line) <= CUTOFF}
    groups = kinds[ClassKind.LIFECYCLE].classes
    assert sum(one.customers for one in groups) == len(before)
    voided = {line[0].removeprefix("r") for line in lines if line[7] == "refunded"}
    after = {
        line[2] for line in sold
        if CUTOFF < placed_on(line) <= CUTOFF + timedelta(days=HORIZON) and not (line[0] in voided and line[5] == "1")
    }  # fmt: skip
    for kind in kinds.values():
        assert sum(one.returned for one in kind.classes) == len(before & after)


def test_it_is_published_with_every_class_of_every_kind(found):
    kinds, store = found
    rows = store.read(BACKTESTS).collect()
    assert len(rows) == sum(len(one.classes) for one in kinds)
    assert {(row["as_of"], row["cutoff"], row["horizon_days"]) for row in rows} == {(LAST, CUTOFF, HORIZON)}


def test_what_came_after_the_cutoff_changes_no_class(spark, tmp_path, found, lines):
    chance = random.Random(1)
    people = [line[2] for line in lines if placed_on(line) > CUTOFF]
    chance.shuffle(people)
    others = iter(people)
    shuffled = [
        (*line[:2], next(others), *line[3:6], f"{float(line[6]) * 3:.2f}", line[7])
        if placed_on(line) > CUTOFF
        else line
        for line in lines
    ]
    again, _ = proven(spark, tmp_path / "shuffled", shuffled)

    def sizes(kinds: list[KindReturns]) -> dict[tuple[str, str], int]:
        return {(one.kind, each.name): each.customers for one in kinds for each in one.classes}

    assert sizes(again) == sizes(found[0])
    assert [one.auc for one in again] != [one.auc for one in found[0]]
