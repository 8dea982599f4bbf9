from __future__ import annotations

import re
from dataclasses import FrozenInstanceError, fields, replace
from pathlib import Path

import pytest

import lifetide.policy
from lifetide.policy import GrowthPolicy, IngestPolicy, LifecyclePolicy, Policy, RfmPolicy, WorthPolicy

SOURCE = Path(lifetide.policy.__file__).read_text(encoding="utf-8")


def test_the_defaults_have_no_problem() -> None:
    policy = Policy()
    for part in fields(Policy):
        assert getattr(policy, part.name).problems() == []


def test_a_policy_cannot_be_changed_in_passing() -> None:
    with pytest.raises(FrozenInstanceError):
        Policy().growth.new_days = 7  # type: ignore[misc]


@pytest.mark.parametrize("part", [LifecyclePolicy, RfmPolicy, GrowthPolicy, IngestPolicy, WorthPolicy])
def test_every_threshold_says_its_unit_or_meaning_beside_it(part: type) -> None:
    for field in fields(part):
        assert re.search(rf"^    {field.name}: .+  # \S.+$", SOURCE, re.MULTILINE), field.name


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"just_ordered_days": 0}, "just_ordered_days must be above 0, it is 0"),
        ({"default_interval_days": -1}, "default_interval_days must be above 0, it is -1"),
        ({"shrinkage": -0.5}, "shrinkage must be 0 or more, it is -0.5"),
        ({"default_cut75": 4}, "default_cut75 must not be above default_cut95"),
        ({"cut75": 0}, "cut75 must be above 0, it is 0"),
        ({"cut75": 3, "cut95": 2}, "cut75 must not be above cut95"),
        ({"rate_drop_min_gaps": 2}, "rate_drop_min_gaps must be 3 or more, it is 2"),
        ({"rate_drop_confidence": 1}, "rate_drop_confidence must be between 0.5 and 1, it is 1"),
        ({"rate_drop_shape": 0}, "rate_drop_shape must be 1 or more, it is 0"),
        ({"regular_quantile": 1}, "regular_quantile must be between 0 and 1, it is 1"),
    ],
)
def test_a_lifecycle_threshold_that_makes_no_sense_is_named(changes: dict[str, float], problem: str) -> None:
    assert replace(LifecyclePolicy(), **changes).problems() == [problem]  # type: ignore[arg-type]


def test_all_problems_are_told_at_once() -> None:
    assert len(LifecyclePolicy(just_ordered_days=0, shrinkage=-1, rate_drop_shape=0).problems()) == 3


def test_rfm_cuts_ascend_and_are_at_most_four() -> None:
    assert RfmPolicy(recency_cuts=(1, 2, 3, 4)).problems() == []
    assert "at most four ascending" in RfmPolicy(recency_cuts=(2, 1)).problems()[0]
    assert "at most four ascending" in RfmPolicy(monetary_cuts=(1, 2, 3, 4, 5)).problems()[0]


def test_rfm_measures_what_it_knows() -> None:
    assert RfmPolicy(monetary="average_order_value").problems() == []
    assert RfmPolicy(monetary="clicks").problems() == [
        "monetary must be ltv_historic or average_order_value, it is 'clicks'"
    ]
    assert RfmPolicy(preset="mine").problems() == ["preset must be exponea, chart or own, it is 'mine'"]


def test_growth_and_ingest_refuse_nonsense() -> None:
    assert GrowthPolicy(new_days=-1).problems() == ["new_days must be 0 or more, it is -1"]
    assert IngestPolicy(max_units=0, max_text_length=0, fx_max_age_days=-1).problems() == [
        "max_units must be above 0, it is 0",
        "max_text_length must be above 0, it is 0",
        "fx_max_age_days must be 0 or more, it is -1",
    ]


def test_worth_refuses_shares_and_rates_that_make_no_sense() -> None:
    assert WorthPolicy(discount_rate=0.1, vip_by="revenue", vip_share=0.05, vip_revenue_share=0.5).problems() == []
    assert WorthPolicy(discount_rate=2, vip_by="orders", vip_share=0.5, vip_revenue_share=0).problems() == [
        "discount_rate must be between 0 and 1, it is 2",
        "vip_by must be customers or revenue, it is 'orders'",
        "vip_share must be above 0 and below 0.4, it is 0.5",
        "vip_revenue_share must be above 0 and below 1, it is 0",
    ]
