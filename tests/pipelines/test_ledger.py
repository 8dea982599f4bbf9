"""The ledger of members: kept day by day, told again after late news, rebuilt from the events; and a bad day."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from audiences.ledger_by_hand import Log, Pair, Stretch, stretches, waited
from lifetide.audiences import Audience
from lifetide.command.remembering import remembered_text
from lifetide.errors import GateRefused
from lifetide.pipelines.build import build
from lifetide.pipelines.ingest import ingest
from lifetide.pipelines.members import run_audiences
from lifetide.pipelines.remembered import remembered
from lifetide.tables import (
    AUDIENCE_EVALUATIONS,
    AUDIENCE_MEMBERS,
    AUDIENCE_OVERVIEW,
    BASE_GROWTH,
    RUNS,
    STAGE_METRICS,
)
from pipelines.dated_shop import DAY, DatedShop, buyers, with_static
from pipelines.small_shop import FIRST_DAY, LAST_DAY, LATE, NEXT_DAY, TODAY, Line, SmallShop, ordinary_days

pytestmark = pytest.mark.delta


def believed(rows: list[Any], at: datetime | None) -> dict[Pair, list[Stretch]]:
    """What was believed at an instant; None = what is believed now."""
    found = defaultdict(list)
    for row in rows:
        since, until = (one and one.replace(tzinfo=timezone.utc) for one in (row.recorded_from, row.recorded_to))
        if until is None if at is None else since <= at and (until is None or at < until):
            found[row.customer_id, row.audience_key].append((row.valid_from, row.valid_to))
    return {pair: sorted(each, key=lambda one: (one[0], one[1] or date.max)) for pair, each in found.items()}


def ledger(shop: SmallShop) -> list[Any]:
    return shop.context().store.read(AUDIENCE_MEMBERS).collect()


@pytest.fixture(scope="module")
def shop(late_shop: SmallShop, tmp_path_factory: pytest.TempPathFactory) -> SmallShop:
    """The ledger of two days; between them came an order of c16 that is dated before the first of them."""
    return late_shop.copied(tmp_path_factory.mktemp("ledger") / "shop", gates=False)


def test_a_late_order_restates_the_past_and_leaves_what_was_reported(shop: SmallShop) -> None:
    c16 = [row for row in ledger(shop) if row.customer_id == "c16"]  # not among the members that are kept
    assert {(row.valid_from, row.valid_to, row.enter_reason, row.recorded_to) for row in c16} == {
        (LAST_DAY, None, "rule_holds", None)
    }
    assert {row.audience_key for row in c16} == {"by_orders", "by_profile"}
    found = remembered(shop.context(), customer_id="c16", key="by_orders", day=LAST_DAY)
    assert found.then is None
    assert found.now is not None
    text = remembered_text(found)
    assert "Ledger, as known now: in since 2025-06-28, by version 1: the rule began to hold" in text
    assert "not in on 2025-06-28 (told differently now: news came later)" in text


def test_two_ways_to_say_one_rule_have_one_ledger_and_only_changes_are_written(shop: SmallShop) -> None:
    rows = [row for row in ledger(shop) if row.audience_key != "kept"]
    now = believed(rows, None)
    of = {key: {one[0]: each for one, each in now.items() if one[1] == key} for key in ("by_orders", "by_profile")}
    assert of["by_orders"] == of["by_profile"]
    ended = [pair for pair, each in now.items() if each[-1][1] == NEXT_DAY]
    assert ended
    assert len(rows) == sum(len(each) for each in now.values()) + len(ended)


def test_a_static_audience_keeps_the_members_of_its_first_day(shop: SmallShop) -> None:
    rows = ledger(shop)
    first = min(row.recorded_from for row in rows).replace(tzinfo=timezone.utc)
    then = {who for who, key in believed(rows, first) if key == "by_orders"}
    kept = {who: each for (who, key), each in believed(rows, None).items() if key == "kept"}
    assert set(kept) == then
    assert all(each == [(LAST_DAY, None)] for each in kept.values())


def test_overview_and_growth_count_the_members_of_the_ledger(shop: SmallShop) -> None:
    store = shop.context().store
    members = sum(
        1 for (_, key), each in believed(ledger(shop), None).items() if key == "by_orders" and not each[-1][1]
    )
    [row] = store.read(AUDIENCE_OVERVIEW).where(f"as_of = DATE'{NEXT_DAY}' AND audience_key = 'by_orders'").collect()
    [day] = store.read(BASE_GROWTH).where(f"date = DATE'{NEXT_DAY}' AND audience_key = 'by_orders'").collect()
    assert row.member_count == members
    assert day.new_count + day.active_count + day.slipping_away_count + day.lost_count == members
    [seen] = (
        store.read(AUDIENCE_EVALUATIONS).where(f"as_of = DATE'{NEXT_DAY}' AND audience_key = 'by_orders'").collect()
    )
    assert (seen.member_count, seen.rule_left_count, seen.waiting_count) == (members, seen.left_count, 0)


def test_months_before_the_ledger_began_are_those_of_the_members_of_its_first_day(shop: SmallShop) -> None:
    """Everyone's rows of the build stand beside them."""
    store = shop.context().store
    first = sum(
        1 for (_, key), each in believed(ledger(shop), None).items() if key == "kept" and each[0][0] == LAST_DAY
    )
    june = store.read(STAGE_METRICS).where("period = 'month' AND period_start = DATE'2025-06-01' AND stage IS NULL")
    found = {row.audience_key: row for row in june.collect()}
    assert set(found) == {None, "by_orders", "by_profile", "kept"}
    assert (found["kept"].members_on, found["kept"].customer_count) == (LAST_DAY, first)
    assert found[None].members_on is None
    assert found[None].customer_count >= first


def test_the_same_day_again_changes_nothing(shop: SmallShop) -> None:
    before = shop.context().store.versions()
    outcome, told = run_audiences(shop.context(), with_static(), None)
    assert outcome.status == "unchanged"
    assert shop.context().store.versions() == before
    assert told.members["by_orders"] > 0


def test_on_a_bad_day_nobody_enters_or_leaves(shop: SmallShop, tmp_path: Path) -> None:
    """A feed that gives every order back passes the build, whose money adds up; it would empty the audiences."""
    bad = shop.copied(tmp_path / "bad", gates=True)
    lines = [*ordinary_days(range(179)), LATE]
    back: list[Line] = [
        (f"x{one[0]}", f"{NEXT_DAY + DAY} 10:00:00", *one[2:7], "refunded") for one in lines if one[7] == "completed"
    ]
    bad.write([*lines, *back])
    (bad.folder / "settings.toml").write_text(
        (bad.folder / "settings.toml").read_text() + "[policy.audiences]\nfewest_members = 5\n"
    )
    ingest(bad.context(), today=TODAY, batch="bad")
    build(bad.context(), as_of=NEXT_DAY + DAY)
    before = ledger(bad)
    with pytest.raises(GateRefused) as refused:
        run_audiences(bad.context(), with_static(), None)
    assert refused.value.exit_code == 1
    assert any("emptied_audience_count" in one and "empty overnight" in one for one in refused.value.problems)
    assert ledger(bad) == before
    last = bad.context().store.read(RUNS).orderBy(F.col("finished_at").desc()).first()
    assert (last.job, last.status) == ("audiences", "refused")


def kept(
    spark: SparkSession, folder: Path, days: int, audiences: dict[str, Audience], *, late: int, seed: int
) -> tuple[SmallShop, Log, DatedShop]:
    """A ledger kept day by day over so many days, and the log of what plain Python knew after each of them."""
    shop, plain, log = SmallShop(spark, folder, gates=False), DatedShop(seed=seed), Log()
    evaluated: list[date] = []
    for number in range(days):
        day = FIRST_DAY + number * DAY
        plain.trade(day, late=late)
        if number < 5:
            continue
        plain.write(shop)
        ingest(shop.context(), today=TODAY, batch=f"day {number}")
        build(shop.context(), as_of=day)
        context = shop.context()
        at = context.now()
        run_audiences(replace(context, now=lambda at=at: at), audiences, day)
        evaluated.append(day)
        everyone = {f"c{n:02}" for n in range(plain.people)}
        told = {one: plain.members(one) for one in evaluated}
        held = {who: stretches(evaluated, {one: who in told[one] for one in evaluated}) for who in everyone}
        waits = audiences["by_profile"].membership
        log.write(at, {
            **{(who, "by_orders"): each for who, each in held.items()},
            **{(who, "by_profile"): waited(each, waits.min_days, waits.exit_lag_days, day)
               for who, each in held.items()},
        })  # fmt: skip
    return shop, log, plain


@pytest.mark.prove
def test_a_month_is_that_of_the_members_of_its_eve_once_the_ledger_reaches_back_to_it(
    spark: SparkSession, tmp_path: Path
) -> None:
    """January began before the first evaluated day, the 25th; February on the 31st: counted by plain Python."""
    shop, plain = SmallShop(spark, tmp_path / "shop", gates=False), DatedShop(seed=3)
    for number in range(37):
        plain.trade(FIRST_DAY + number * DAY)
    plain.write(shop)
    ingest(shop.context(), today=TODAY, batch="all")
    day, first = date(2025, 2, 6), date(2025, 1, 25)
    build(shop.context(), as_of=day)
    run_audiences(shop.context(), buyers(), day, replay_from=first)
    standing = [(on, who) for product, (on, who) in plain.sold.items() if plain.given_back.get(product, TODAY) > day]
    found = (
        shop.context().store.read(STAGE_METRICS).where("audience_key = 'by_orders' AND period = 'month'").collect()
    )
    by_month = {row.period_start: row for row in found}
    for begin, end, members_on in (
        (FIRST_DAY, date(2025, 1, 31), first),
        (date(2025, 2, 1), day, date(2025, 1, 31)),
    ):
        members, row = plain.members(members_on), by_month[begin]
        placed = [who for on, who in standing if begin <= on <= end and who in members]
        assert row.members_on == members_on
        assert row.customer_count == len({who for on, who in standing if on <= end and who in members})
        assert row.frequency_ratio == pytest.approx(len(placed) / len(set(placed)))
    assert plain.members(first) != plain.members(date(2025, 1, 31))


@pytest.mark.prove
def test_late_orders_refunds_and_mergers_equal_a_log_by_hand(spark: SparkSession, tmp_path: Path) -> None:
    """What was reported on each day, and what is known of them now."""
    shop, log, plain = kept(spark, tmp_path / "shop", 17, buyers(min_days=3, exit_lag_days=4), late=4, seed=4)
    rows = ledger(shop)
    assert plain.merged
    assert plain.given_back
    for at, known in log.kept.items():
        assert believed(rows, at) == known, at
    assert believed(rows, None) == known
    assert any(row.recorded_to and row.valid_to for row in rows)  # an end that was believed and given up


@pytest.mark.prove
def test_a_ledger_rebuilt_from_events_for_every_day_of_three_months_is_the_one_kept_day_by_day(
    spark: SparkSession, tmp_path: Path
) -> None:
    shop, log, plain = kept(spark, tmp_path / "shop", 97, buyers(min_days=3, exit_lag_days=4), late=0, seed=97)
    day = FIRST_DAY + 96 * DAY
    held = believed(ledger(shop), None)
    assert held == list(log.kept.values())[-1]
    for pair, each in held.items():
        starts, ends = [one for one, _ in each], [one for _, one in each if one]
        assert len(starts) == len(set(starts)), pair
        assert len(ends) == len(set(ends)), pair
    outcome, _ = run_audiences(
        shop.context(), buyers(min_days=3, exit_lag_days=4), day, replay_from=FIRST_DAY + 5 * DAY
    )
    assert outcome.row_counts["audience_members"] == 0  # everyone on every day anew: nothing differs

    fresh = SmallShop(spark, tmp_path / "fresh", gates=False)
    plain.write(fresh)
    ingest(fresh.context(), today=TODAY, batch="all")
    build(fresh.context(), as_of=day)
    run_audiences(fresh.context(), buyers(min_days=3, exit_lag_days=4), day, replay_from=FIRST_DAY + 5 * DAY)
    assert believed(ledger(fresh), None) == held
    same = ("as_of", "audience_key", "member_count", "entered_count", "left_count", "rule_entered_count",
            "rule_left_count", "waiting_count")  # fmt: skip
    told = [one.context().store.read(AUDIENCE_EVALUATIONS).select(*same).collect() for one in (shop, fresh)]
    assert sorted(told[0]) == sorted(told[1])
