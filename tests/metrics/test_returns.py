from __future__ import annotations

from datetime import date

import pytest

from lifetide.errors import UsageError
from lifetide.metrics.returns import ClassReturns, auc, kind_returns
from lifetide.pipelines.backtest import checked, horizon_of, rolling
from lifetide.vocabulary import ClassKind

JUNE, SEPT = date(2026, 6, 1), date(2026, 9, 1)


def test_auc_is_the_share_of_pairs_won_ties_half():
    """Three of whom two came back, before three of whom one did: of nine pairs five are won and two are ties."""
    better, worse = ClassReturns("better", 3, 2), ClassReturns("worse", 3, 1)
    assert auc([(better,), (worse,)]) == pytest.approx(6 / 9)
    assert auc([(worse,), (better,)]) == pytest.approx(3 / 9)
    assert auc([(better, worse)]) == 0.5


def test_without_anybody_who_returned_or_who_did_not_there_is_no_auc():
    assert auc([(ClassReturns("all", 3, 3),)]) is None
    assert auc([(ClassReturns("none", 3, 0),)]) is None


def test_groups_stand_in_their_own_order_whatever_they_do():
    counts = [("lost", 10, 9), ("active", 10, 1), ("just_ordered", 10, 5)]
    found = kind_returns(ClassKind.LIFECYCLE, JUNE, 30, counts, None)
    assert [one.name for one in found.classes] == ["just_ordered", "active", "lost"]
    assert not found.falls


def test_other_classes_are_ordered_by_what_they_did_at_the_cutoff_before():
    first = kind_returns(ClassKind.STAGE, JUNE, 30, [("new", 10, 1), ("loyal", 10, 9)], None)
    assert first.auc is None
    again = kind_returns(ClassKind.STAGE, SEPT, 30, [("new", 10, 6), ("repeat", 10, 5), ("loyal", 10, 4)], first)
    assert [(one.name, one.expected_rate) for one in again.classes] == [
        ("loyal", 0.9),
        ("repeat", None),
        ("new", 0.1),
    ]
    assert again.auc is not None
    assert again.auc < 0.5  # the order was learned before, and was wrong


def test_cutoffs_lie_a_horizon_apart_with_a_horizon_before_and_after():
    assert horizon_of(1_000) == 90
    assert horizon_of(100) == 45
    assert horizon_of(1) == 1
    assert rolling(date(2026, 1, 1), date(2026, 12, 31), 90) == [
        date(2026, 4, 5), date(2026, 7, 4), date(2026, 10, 2),
    ]  # fmt: skip
    assert rolling(date(2026, 1, 1), date(2026, 3, 1), 25) == [date(2026, 2, 4)]


def test_every_cutoff_that_cannot_be_judged_is_named():
    with pytest.raises(UsageError) as refused:
        checked([date(2025, 1, 1), JUNE, date(2026, 12, 1)], date(2026, 1, 1), date(2026, 12, 31), 60)
    told = str(refused.value)
    assert "2025-01-01: no order came before it" in told
    assert "2026-12-01: returns within 60 days can be seen up to 2026-11-01" in told
    assert "2026-06-01" not in told
