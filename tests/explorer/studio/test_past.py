"""Where customers stood: counts over spells that a person typed, for sets of them."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa

from lifetide.explorer.facts import GrowthDay
from lifetide.explorer.studio.bits import everyone, nobody, of_positions
from lifetide.explorer.studio.past import Past, past_of

AS_OF = date(2026, 3, 10)
SPELLS = (
    ("ada", "just_ordered", date(2026, 1, 1), date(2026, 1, 8)),
    ("ada", "active", date(2026, 1, 8), date(2026, 3, 5)),
    ("ada", "slipping_away", date(2026, 3, 5), date(2026, 4, 1)),
    ("ada", "lost", date(2026, 4, 1), None),
    ("bob", "just_ordered", date(2026, 3, 1), date(2026, 3, 8)),
    ("bob", "active", date(2026, 3, 8), None),
    ("gone", "just_ordered", date(2026, 1, 1), None),
)
ROWS = {"ada": 2, "bob": 0}  # of four customers; "gone" is not in the snapshot
ADA, BOB = (of_positions(np.array([ROWS[name]]), 4) for name in ("ada", "bob"))


def past(new_days: int = 30) -> Past:
    names, groups, begins, ends = zip(*SPELLS, strict=True)
    table = pa.table({
        "lifecycle_group": pa.chunked_array([pa.array(groups)]), "valid_from": pa.chunked_array([pa.array(begins)]),
        "valid_to": pa.chunked_array([pa.array(ends, pa.date32())]),
    })  # fmt: skip
    rows = np.array([ROWS.get(name, -1) for name in names])
    return past_of(table, rows, 4, AS_OF, new_days).ready()


def test_one_is_new_for_the_first_days_and_then_what_the_spell_says():
    days = {day.date: day for day in past().growth(ADA)}
    assert len(days) == 69
    assert days[date(2026, 1, 1)] == GrowthDay(date(2026, 1, 1), 1, 0, 0, 0, 0)
    assert days[date(2026, 1, 31)] == GrowthDay(date(2026, 1, 31), 1, 0, 0, 0, 0)
    assert days[date(2026, 2, 1)] == GrowthDay(date(2026, 2, 1), 0, 1, 0, 0, 0)
    assert days[date(2026, 3, 5)] == GrowthDay(date(2026, 3, 5), 0, 0, 1, 0, 0)


def test_sets_add_up_and_nobody_is_nothing():
    both, ada, bob, none = (past(0).growth(who) for who in (everyone(4), ADA, BOB, nobody(4)))
    for all_, one, other, empty in zip(both, ada, bob, none, strict=True):
        assert all_.base == one.base + other.base
        assert empty.base == 0
    assert both[-1] == GrowthDay(AS_OF, 0, 1, 1, 0, 0)
    most = everyone(4) & ~of_positions(np.array([1]), 4)  # one who never bought is missing
    assert past(0).growth(most) == both
    assert past(0).growth(everyone(4) & ~BOB) == ada


def test_just_ordered_is_active_too():
    days = {day.date: day for day in past(0).growth(BOB)}
    assert days[date(2026, 3, 1)] == GrowthDay(date(2026, 3, 1), 1, 0, 0, 0, 0)
    assert days[date(2026, 3, 2)] == GrowthDay(date(2026, 3, 2), 0, 1, 0, 0, 1)
    assert days[date(2026, 3, 8)] == GrowthDay(date(2026, 3, 8), 0, 1, 0, 0, 0)


def test_who_was_not_there_yet_comes_as_a_newcomer():
    held = past()
    then, now = held.stood(date(2026, 2, 28)), held.stood(date(2026, 3, 8))
    assert then.tolist() == [0, 0, 3, 0]
    assert now.tolist() == [3, 0, 4, 0]
    counts = held.moved(then, now, everyone(4))
    assert (counts[0, 3], counts[3, 4], counts[0, 0]) == (1, 1, 2)
    assert held.moved(then, now, nobody(4)).sum() == 0


def test_without_spells_there_is_no_growth():
    none = pa.table({"lifecycle_group": pa.chunked_array([pa.array([], pa.string())]),
                     "valid_from": pa.chunked_array([pa.array([], pa.date32())]),
                     "valid_to": pa.chunked_array([pa.array([], pa.date32())])})  # fmt: skip
    assert past_of(none, np.zeros(0, np.int64), 4, AS_OF, 30).growth(everyone(4)) == ()
