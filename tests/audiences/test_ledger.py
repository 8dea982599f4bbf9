"""The ledger kept run by run equals a log in plain Python: late news restates, what was believed stays readable."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, datetime, timedelta, timezone

import pytest
from pyspark.sql import functions as F

from audiences.ledger_by_hand import DAY, Log, Pair, Stretch, stretches, waited
from given import given
from lifetide.audiences.ledger import STRETCHES, Recording, believed, looked_at_again, moved, recorded, stretched
from lifetide.audiences.tree import Membership
from lifetide.audiences.waits import waited as waited_column
from lifetide.storage import MemoryStore
from lifetide.tables import AUDIENCE_MEMBERS
from lifetide.vocabulary import EnterReason, ExitReason

FIRST = date(2026, 3, 1)
START = datetime(2026, 3, 1, 6, tzinfo=timezone.utc)
PEOPLE = ["ada", "bob", "cleo", "dan"]
REFERENCES = ["buyers@1", "lost@1"]


class Shop:
    """What holds of whom on which day, as it is known now; runs write the ledger day by day."""

    def __init__(self, spark, seed):
        self.spark, self.chance = spark, random.Random(seed)
        self.store, self.log = MemoryStore(spark), Log()
        self.holds = defaultdict(dict)
        self.days = []

    def frame(self, people, days):
        rows = [
            (one, day, [ref for ref in REFERENCES if self.holds[one, ref].get(day)]) for one in people for day in days
        ]
        return self.spark.createDataFrame(rows, "customer_id string, day date, holding array<string>")

    def run(self, day, late=()):
        """A day's run; of the `late` people any of the days before may be told differently now."""
        for one in PEOPLE:
            for ref in REFERENCES:
                self.holds[one, ref][day] = self.chance.random() < 0.5
                for past in self.days if one in late else []:
                    self.holds[one, ref][past] = self.chance.random() < 0.5
        now = self.frame(PEOPLE, [day])
        members = believed(self.store.read(AUDIENCE_MEMBERS))
        observed = moved(now, members, day)
        if late and self.days:
            people = self.spark.createDataFrame([(one,) for one in late], "customer_id string")
            told = self.frame(late, self.days).unionByName(now)
            again = looked_at_again(told, people, members, [*self.days, day])
            observed = observed.join(people, "customer_id", "left_anti").unionByName(again)
        about = {"is_here": F.lit(True), "outside": F.array().cast("array<string>")}
        observed = observed.withColumns(about).localCheckpoint()
        pairs = stretched(observed, members).withColumns({"wanted": F.col("renewed"), "since": F.col("first")})
        at = START + timedelta(days=(day - FIRST).days)
        recording = Recording(at, f"run-{day}", day, {"buyers": 1, "lost": 1}, {}, day)
        self.store.merge(AUDIENCE_MEMBERS, recorded(pairs, members, recording), run_id=f"run-{day}")
        self.days.append(day)
        self.log.write(at, {pair: stretches(self.days, self.holds[pair]) for pair in list(self.holds)})


@pytest.fixture(scope="module")
def shop(spark):
    shop = Shop(spark, seed=3)
    for number in (0, 1, 3, 4):  # nobody looked on the third day
        shop.run(FIRST + number * DAY, late=["bob", "dan"] if number in (3, 4) else ())
    return shop


def at(rows, moment) -> dict[Pair, list[Stretch]]:
    """What the rows say was believed at the moment."""
    found = defaultdict(list)
    for row in rows:
        since, until = (one and one.replace(tzinfo=timezone.utc) for one in (row.recorded_from, row.recorded_to))
        if since <= moment and (until is None or moment < until):
            found[row.customer_id, f"{row.audience_key}@{row.version}"].append((row.valid_from, row.valid_to))
    return {pair: sorted(each, key=str) for pair, each in found.items()}


def test_what_is_known_now_and_what_was_believed_after_each_run_are_those_of_the_log(shop):
    rows = shop.store.read(AUDIENCE_MEMBERS).collect()
    assert len(shop.log.kept) == 4
    for moment, known in shop.log.kept.items():
        assert at(rows, moment) == {pair: sorted(each, key=str) for pair, each in known.items()}


def test_a_run_writes_only_what_it_changes(shop):
    """An entry is one row, an exit closes it and is another; nothing else is written without late news."""
    rows = [row for row in shop.store.read(AUDIENCE_MEMBERS).collect() if row.customer_id in ("ada", "cleo")]
    stretches_ = [each for pair, found in at(rows, START + 99 * DAY).items() for each in found]
    ended = sum(1 for _, until in stretches_ if until)
    assert len(rows) == len(stretches_) + ended
    assert sum(1 for row in rows if row.exit_reason) == ended
    assert {row.enter_reason for row in rows} == {"rule_holds"}


MEMBERS = """
    audience_key | version | customer_id | valid_from | valid_to | enter_reason     | recorded_from       | run_id
    buyers       | 1       | ada         | 2026-03-01 | ·        | first_evaluation | 2026-03-01 06:00:00 | run-1
    buyers       | 1       | bob         | 2026-03-01 | ·        | first_evaluation | 2026-03-01 06:00:00 | run-1
    buyers       | 1       | cleo        | 2026-03-01 | ·        | first_evaluation | 2026-03-01 06:00:00 | run-1
    lost         | 1       | ada         | 2026-03-01 | ·        | first_evaluation | 2026-03-01 06:00:00 | run-1
    gone         | 2       | ada         | 2026-03-01 | ·        | first_evaluation | 2026-03-01 06:00:00 | run-1
"""


def test_each_row_says_why(spark):
    """lost has a new version; gone has no file any more; bob lost a consent; cleo was merged into somebody."""
    members = believed(given(spark, AUDIENCE_MEMBERS, MEMBERS))
    day = date(2026, 3, 2)
    now = spark.createDataFrame(
        [("ada", day, ["lost@2"]), ("bob", day, []), ("dan", day, ["buyers@1"])],
        "customer_id string, day date, holding array<string>",
    )
    here = spark.createDataFrame(
        [("ada", [], True), ("bob", ["buyers@1"], True), ("dan", [], True)],
        "customer_id string, outside array<string>, is_here boolean",
    )
    pairs = stretched(moved(now, members, day).join(here, "customer_id", "left"), members).withColumns(
        {"wanted": F.col("renewed"), "since": F.col("first")}
    )
    recording = Recording(START, "run-2", day, {"buyers": 1, "lost": 2}, {"lost@2": EnterReason.NEW_VERSION}, day)
    rows = recorded(pairs, members, recording).where("recorded_to IS NULL").collect()
    why = {(one.customer_id, one.audience_key, one.version): (one.enter_reason, one.exit_reason) for one in rows}
    first, holds = str(EnterReason.FIRST_EVALUATION), str(EnterReason.RULE_HOLDS)
    assert why == {
        ("ada", "buyers", 1): (first, str(ExitReason.RULE_FAILS)),
        ("bob", "buyers", 1): (first, str(ExitReason.NOT_SPOKEN_OF)),
        ("cleo", "buyers", 1): (first, str(ExitReason.CUSTOMER_GONE)),
        ("ada", "lost", 1): (first, str(ExitReason.NEW_VERSION)),
        ("ada", "gone", 2): (first, str(ExitReason.AUDIENCE_REMOVED)),
        ("ada", "lost", 2): (str(EnterReason.NEW_VERSION), None),
        ("dan", "buyers", 1): (holds, None),
    }  # fmt: skip


def test_waits_hold_members_as_a_count_day_by_day_does(spark):
    chance = random.Random(11)
    until = FIRST + 30 * DAY
    rows, expected = [], {}
    settings = {"none@1": (0, 0), "short@1": (5, 0), "lag@1": (0, 4), "both@1": (9, 3)}
    for number in range(60):
        holds = {FIRST + place * DAY: chance.random() < 0.5 for place in range(31)}
        held = stretches(holds, holds)
        for ref, (min_days, lag) in settings.items():
            rows.append((f"c{number}", ref, held))
            expected[f"c{number}", ref] = waited(held, min_days, lag, until)
    waits = {ref: Membership(min_days=least, exit_lag_days=lag) for ref, (least, lag) in settings.items()}
    frame = spark.createDataFrame(rows, f"customer_id string, reference string, held {STRETCHES}")
    found = frame.select(
        "customer_id", "reference", waited_column(F.col("held"), waits, until).alias("kept")
    ).collect()
    assert {(one[0], one[1]): [tuple(each) for each in one[2]] for one in found} == expected
    moves = dict.fromkeys(settings, 0)
    days_in = dict.fromkeys(settings, 0)
    for (_, ref), each in expected.items():
        moves[ref] += sum(1 if last is None else 2 for _, last in each)
        days_in[ref] += sum(((last or until) - first).days for first, last in each)
    for ref in ("short@1", "lag@1", "both@1"):  # on the border they flip less, and are in while the rule is false
        assert moves[ref] < moves["none@1"]
        assert days_in[ref] > days_in["none@1"]
    assert 2 * moves["lag@1"] < moves["none@1"]
