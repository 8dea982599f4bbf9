"""A sample answers at once; the exact count of everybody takes its place, or says why it does not."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from deltalake import write_deltalake
from hypothesis import given
from hypothesis import strategies as st

from audiences.random_people import Shop as Crowd
from audiences.random_rules import AS_OF
from explorer.studio.crowd import engine_of, profile_audiences, table_of
from lifetide import LifetideError
from lifetide.audiences import parse
from lifetide.command.studio_spark import OfFrame
from lifetide.explorer.studio import census as census_module
from lifetide.explorer.studio.app import Studio
from lifetide.explorer.studio.bits import positions
from lifetide.explorer.studio.census import Census, Whole
from lifetide.explorer.studio.columns import Kind, Numeric
from lifetide.explorer.studio.exact import Counted, Exact, Question
from lifetide.explorer.studio.made_up import AS_OF as TODAY
from lifetide.explorer.studio.made_up import made_up_table
from lifetide.explorer.studio.ranking import key_at, keys_of, number_of
from lifetide.explorer.studio.shelf import Shelf
from lifetide.explorer.studio.sources import in_memory, published, taken
from lifetide.storage.snapshots import published_tables

EVERYBODY, HELD = 30_000, 3_000
LOST = {"id": "a", "field": "lifecycle_group", "operator": "in", "value": ["lost"]}
RICH = {"id": "b", "field": "ltv_total", "operator": ">=", "value": 300}


def rules(*them: Any) -> dict[str, Any]:
    return {"id": "root", "combinator": "and", "rules": list(them)}


@pytest.fixture(scope="module")
def people() -> pa.Table:
    made = made_up_table(EVERYBODY, seed=3)
    plain = [one.cast(pa.string()) if pa.types.is_dictionary(one.type) else one for one in made.columns]
    return pa.table([pa.array([TODAY] * EVERYBODY), *plain], names=["as_of", *made.column_names])


@pytest.fixture(scope="module")
def warehouse(people: pa.Table, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop in three files, and a day before it."""
    root = tmp_path_factory.mktemp("warehouse")
    place = str(root / "customer_profiles")
    for start in range(0, EVERYBODY, 10_000):
        write_deltalake(place, people.slice(start, 10_000), mode="append")
    before = people.slice(0, 500).set_column(0, "as_of", pa.array([date(2026, 5, 31)] * 500))
    write_deltalake(place, before, mode="append")
    versions = pa.array([[("customer_profiles", 3)]], pa.map_(pa.string(), pa.int64()))
    write_deltalake(str(root / "runs"), pa.table({"output_versions": versions}))
    return root


@pytest.fixture
def studio(warehouse: Path, tmp_path: Path) -> Studio:
    held = published(warehouse, "Large", most_rows=10_000, size=HELD)
    return Studio(held, "€", Shelf(tmp_path / "audiences"))


@pytest.fixture(scope="module")
def truth(people: pa.Table) -> Callable[..., int]:
    """The exact count by Arrow's own filter, given as a mask."""
    import pyarrow.compute as pc

    return lambda mask: int(pc.sum(mask(people)).as_py())


def lost(people: pa.Table) -> Any:
    return np.asarray(people["lifecycle_group"]) == "lost"


def sent_by(studio: Studio) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = []
    studio.widget.send = lambda content, buffers=None: messages.append(content)  # type: ignore[method-assign]
    return messages


def until(is_so: Callable[[], bool]) -> None:
    for _ in range(500):
        if is_so():
            return
        time.sleep(0.02)
    raise TimeoutError


def test_the_sample_answers_at_once_and_the_exact_count_takes_its_place(studio: Studio, people: pa.Table):
    messages = sent_by(studio)
    studio.widget._told(None, {"t": "count", "seq": 1, "tree": rules(LOST)}, [])
    first = next(one for one in messages if one["t"] == "count")
    exactly = int(lost(people).sum())
    assert first["interval"][0] <= exactly <= first["interval"][1]
    assert first["n"] % 10 == 0  # each of the sample stands for ten
    assert first["isCounting"] is True
    assert "exact" not in first
    until(lambda: {"t": "exact", "exact": {"n": exactly, "of": EVERYBODY}} in messages)
    assert studio.count == exactly
    said = "Large · 30,000 customers, as of 30 Jun 2026 · a sample of 3,000 stands for 30,000"
    assert studio.widget.facts["source"] == said
    assert repr(studio) == f"<Studio: an audience without a name, {exactly:,} of 30,000 customers>"


def test_a_question_asked_again_is_exact_at_once(studio: Studio):
    exactly = studio.open("").count
    studio.session.count(rules(LOST))
    told, _ = studio.session.count(rules())
    assert told["exact"] == {"n": exactly, "of": EVERYBODY}


def test_what_is_read_back_is_of_everybody_and_not_of_the_sample(studio: Studio, people: pa.Table):
    studio.session.draft = rules(LOST, RICH)
    members = studio.to_pandas()
    asked = lost(people) & (np.asarray(people["ltv_total"].cast(pa.float64())) >= 300)
    assert sorted(members["customer_id"]) == sorted(people["customer_id"].filter(pa.array(asked)).to_pylist())
    with pytest.raises(LifetideError, match=f"{int(asked.sum()):,} customers, more than at_most=10"):
        studio.to_pandas(at_most=10)


def test_a_rank_and_an_audience_within_are_exact_too(studio: Studio, people: pa.Table):
    studio.session.draft = rules(LOST)
    studio.save("Lost ones")
    studio.session.clear()
    best = {"id": "r", "field": "ltv_total", "operator": "topN", "value": 700}
    studio.session.draft = rules({"id": "l", "field": "audience", "operator": "notIn", "value": ["lost_ones"]}, best)
    worth = np.asarray(people["ltv_total"].cast(pa.float64()))
    assert studio.count == int(((worth >= np.sort(worth)[-700]) & ~lost(people)).sum())
    assert f"ltv_total >= {np.sort(worth)[-700]:.2f}" in studio.copy_as("sql")


class Slow:
    """Counts when it is told to; remembers what it was asked and whether it was dropped."""

    def __init__(self) -> None:
        self.asked: list[Question] = []
        self.goes_on: list[Callable[[], bool]] = []
        self.drops = 0
        self.may_answer = Event()
        self.fault: Exception | None = None

    def counted(self, question: Question, goes_on: Callable[[], bool]) -> Counted:
        self.asked.append(question)
        self.goes_on.append(goes_on)
        until(lambda: self.may_answer.is_set() or not goes_on())
        if self.fault is not None:
            raise self.fault
        return Counted(len(self.asked), 9)

    def drop(self) -> None:
        self.drops += 1


def question(*them: Any) -> Question:
    plain = [{key: value for key, value in one.items() if key != "id"} for one in them]
    head = {"spec": "lifetide.audience/v1", "key": "a", "name": "a"}
    return Question(parse({**head, "rule": {"combinator": "and", "rules": plain}}).rule)


def test_a_newer_question_drops_the_older_one_and_only_the_newest_is_told():
    slow, told = Slow(), []
    exact = Exact(slow, calm=0)
    exact.when_ready = told.append
    assert exact.of(question(LOST)) == {"isCounting": True}
    until(lambda: len(slow.asked) == 1)
    assert exact.of(question(RICH)) == {"isCounting": True}
    assert (slow.goes_on[0](), slow.drops) == (False, 1)
    slow.may_answer.set()
    until(lambda: bool(told))
    assert told == [question(RICH)]
    assert exact.of(question(RICH)) == {"exact": {"n": 2, "of": 9}}


def test_a_hand_that_drags_starts_no_count():
    slow = Slow()
    exact = Exact(slow, calm=0.2)
    slow.may_answer.set()
    for value in range(20):
        exact.of(question({**RICH, "value": value}))
    assert exact.wait(question({**RICH, "value": 19})) == Counted(1, 9)
    assert slow.asked == [question({**RICH, "value": 19})]


def test_a_count_that_fails_leaves_the_estimate_with_a_message(studio: Studio):
    slow = Slow()
    slow.may_answer.set()
    slow.fault = LifetideError("the disk is gone")
    studio.session.exact = Exact(slow, calm=0.1)
    messages = sent_by(studio)
    studio.widget._told(None, {"t": "count", "seq": 1, "tree": rules(LOST)}, [])
    why = "the exact count failed: the disk is gone"
    until(lambda: {"t": "exact", "inexact": why} in messages)
    until(lambda: studio.session.exact.of(studio.session.question()) == {"inexact": why})
    told, _ = studio.session.count(rules(LOST))
    assert (told["inexact"], "interval" in told, "exact" in told) == (why, True, False)
    with pytest.raises(LifetideError, match="the disk is gone"):
        _ = studio.count
    slow.fault = None
    assert studio.count == len(slow.asked)  # asked once more


def test_behaviour_without_a_warehouse_is_said_and_not_called_exact(studio: Studio):
    bought = {"id": "c", "field": "items", "match": {"mode": "some"}, "timeframe": {"mode": "any_time"}}
    studio.session.draft = rules(bought)
    with pytest.raises(LifetideError, match="rules about behaviour need a warehouse"):
        _ = studio.count


def test_the_basic_builder_shows_the_interval_and_then_the_exact_count(studio: Studio, people: pa.Table):
    studio.session.draft = rules(LOST)
    box = studio.basic.count
    assert "≈ " in box.value
    assert "95% sure" in box.value
    until(lambda: "exact" in box.value)
    assert f">{int(lost(people).sum()):,}<" in box.value


def test_blocks_are_the_rows_of_one_day_in_their_order(warehouse: Path):
    found = published_tables(warehouse).snapshot("customer_profiles", TODAY)
    blocks = list(found.blocks(["customer_id"], 4096))
    assert [one.num_rows for one in blocks] == [4096] * 7 + [1328]
    assert pa.concat_tables(blocks).column("customer_id").to_pylist() == (
        found.read(["customer_id"]).column("customer_id").to_pylist()
    )


def of_table(table: pa.Table) -> Whole:
    def blocks(names: list[str], rows: int) -> Iterator[pa.Table]:
        for start in range(0, table.num_rows, rows):
            yield table.select(names).slice(start, rows)

    return Whole(table.num_rows, AS_OF, in_memory(table, "", AS_OF).names, frozenset(table.column_names), blocks)


def test_a_sample_read_in_blocks_has_its_own_rows():
    table = pa.table({"n": pa.array([ten * 10 for ten in range(300)])})

    def blocks(names: list[str], _: int) -> Iterator[pa.Table]:
        for start in range(0, 300, 64):
            yield table.select(names).slice(start, 64)

    assert taken(blocks, "n", np.array([0, 63, 64, 200, 299])).to_pylist() == [0, 630, 640, 2000, 2990]


def test_two_hundred_random_trees_read_in_blocks_have_the_members_of_the_engine(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(census_module, "ROWS", 64)
    crowd = Crowd(21, 150)
    engine, census = engine_of(crowd), Census(of_table(table_of(crowd)))
    for name, audience in profile_audiences(21, 200).items():
        found, expected = (
            positions(one.members(audience.rule, one.universe(audience.include)), 150).tolist()
            for one in (census, engine)
        )
        assert (name, found) == (name, expected)


NUMBERS = st.lists(st.floats(allow_nan=False) | st.sampled_from([0.0, -0.0, 1.5]), min_size=1, max_size=40)
WHOLE = st.lists(st.integers(-(2**62), 2**62) | st.integers(-3, 3), min_size=1, max_size=40)


@given(NUMBERS | WHOLE, st.integers(0, 39))
def test_the_number_at_a_place_is_that_of_the_sorted_list(numbers: list[Any], place: int):
    is_whole = isinstance(numbers[0], int)
    column = Numeric(np.array(numbers), Kind.SCALED if is_whole else Kind.DOUBLE)
    place = min(place, len(numbers) - 1)
    keys = keys_of(column, np.ones(len(numbers), bool))
    found = key_at(lambda: [keys[:7], keys[7:]], lambda there: place if there == len(numbers) else None)
    assert found is not None
    at = sorted(numbers)[place]
    if is_whole or math.isfinite(at):
        number = number_of(found, column.kind, 0)
        assert (int(number) if is_whole else float(number)) == at


# On Spark


def test_a_large_frame_on_spark_is_sampled_and_counted_there(spark, people: pa.Table):
    from lifetide.command.studio import _of_frame

    few = people.slice(0, 2_000)
    frame = spark.createDataFrame(few.select(["customer_id", "lifecycle_group", "ltv_total"]).to_pandas())
    held = _of_frame(frame, TODAY, most_rows=1_000, size=500)
    made = Studio(held, "€", Shelf(None), OfFrame(frame))
    made.session.draft = rules(LOST, {**RICH, "operator": "topPercent", "value": 25})
    told, _ = made.session.count(made.session.draft)
    worth = np.asarray(few["ltv_total"].cast(pa.float64()))
    exactly = int((lost(few) & (worth >= np.sort(worth)[-500])).sum())
    assert 300 < held.count < 700
    assert "interval" in told
    assert made.count == exactly
    assert len(made.to_pandas()) == exactly


@pytest.mark.prove
def test_a_count_on_spark_ends_when_it_is_dropped(spark):
    frame = OfFrame(spark.range(300_000_000).selectExpr("cast(id as string) customer_id", "rand(1) a"))
    slow = Exact(_OnlySpark(frame), calm=0)
    slow.of(question(LOST))
    until(lambda: frame._jobs.is_running)
    begun = time.monotonic()
    other = replace(question(LOST), beside=(("x", parse_any()),))
    assert slow.wait(other) == Counted(0, 0)
    assert time.monotonic() - begun < 15
    assert not frame._jobs.is_running


class _OnlySpark:
    def __init__(self, frame: OfFrame) -> None:
        self.frame = frame
        self.asked = 0

    def counted(self, asked: Question, goes_on: Callable[[], bool]) -> Counted:
        self.asked += 1
        if self.asked > 1:
            return Counted(0, 0)
        return self.frame.counted(asked.audience("a"), {}, lambda _: "sqrt(a) > 2 or md5(customer_id) = 'x'")

    def drop(self) -> None:
        self.frame.drop()


def parse_any() -> Any:
    return parse(
        {"spec": "lifetide.audience/v1", "key": "x", "name": "x", "rule": {"combinator": "and", "rules": []}}
    )
