from __future__ import annotations

import pytest

from given import given, same_rows, wanted
from lifetide import flow
from lifetide.lifecycle.rhythm import Rhythm
from lifetide.policy import LifecyclePolicy, Policy
from lifetide.tables import CUSTOMER_DAYS, LIFECYCLE_SPELLS
from plain_flow import nobody_linked

POLICY = LifecyclePolicy()
RHYTHM = Rhythm(60.0, 1.5, 3.5, 30.0, None, None)
WEEKLY = Rhythm(7.0, 1.5, 3.5, 30.0, None, None)

DAYS = """
    source_id | local_date
    ada       | 2026-01-01
    bob       | 2026-01-01
    bob       | 2026-01-11
    cleo      | 2026-01-01
    cleo      | 2026-01-11
    cleo      | 2026-01-21
    cleo      | 2026-01-31
    cleo      | 2026-02-10
    cleo      | 2026-04-11
    cleo      | 2026-06-10
"""


@pytest.fixture(scope="module")
def purchases(spark):
    days = given(spark, CUSTOMER_DAYS, DAYS, order_count="1", order_value="10.00")
    return flow.purchases(days, nobody_linked(spark), Policy()).localCheckpoint()


@pytest.fixture(scope="module")
def spells(purchases):
    return flow.lifecycle_spells(purchases, RHYTHM, POLICY).localCheckpoint()


def test_after_one_purchase_silence_leads_through_the_four_groups(spark, spells):
    """Baseline 60 days: just ordered through day 30, active through day 90, slipping through day 210."""
    expected = """
        lifecycle_group | valid_from | valid_to   | reason
        just_ordered    | 2026-01-01 | 2026-02-01 | recent_order
        active          | 2026-02-01 | 2026-04-02 | on_rhythm
        slipping_away   | 2026-04-02 | 2026-07-31 | overdue
        lost            | 2026-07-31 | ·          | silent_too_long
    """
    same_rows(spells.where("customer_id = 'ada'"), wanted(spark, LIFECYCLE_SPELLS, expected))


def test_neighbours_of_one_group_and_reason_are_one_spell(spark, spells):
    """The second purchase falls within the first one's thirty days; its baseline is (3·60 + 10) ÷ 4 = 47.5 days."""
    expected = """
        lifecycle_group | valid_from | valid_to   | reason
        just_ordered    | 2026-01-01 | 2026-02-11 | recent_order
        active          | 2026-02-11 | 2026-03-24 | on_rhythm
        slipping_away   | 2026-03-24 | 2026-06-27 | overdue
        lost            | 2026-06-27 | ·          | silent_too_long
    """
    same_rows(spells.where("customer_id = 'bob'"), wanted(spark, LIFECYCLE_SPELLS, expected))


def test_the_calendar_of_a_customer_who_came_every_ten_days_and_then_every_sixty(spark, spells):
    """The sixth gap shows the drop (60 ÷ 10 is above 3.84); spells of one group with two reasons stay apart."""
    expected = """
        lifecycle_group | valid_from | valid_to   | reason
        just_ordered    | 2026-01-01 | 2026-03-13 | recent_order
        active          | 2026-03-13 | 2026-03-30 | on_rhythm
        slipping_away   | 2026-03-30 | 2026-04-11 | overdue
        just_ordered    | 2026-04-11 | 2026-05-12 | recent_order
        active          | 2026-05-12 | 2026-06-03 | on_rhythm
        slipping_away   | 2026-06-03 | 2026-06-10 | overdue
        slipping_away   | 2026-06-10 | 2026-08-06 | buys_less_often
        slipping_away   | 2026-08-06 | 2026-10-21 | overdue
        lost            | 2026-10-21 | ·          | silent_too_long
    """
    same_rows(spells.where("customer_id = 'cleo'"), wanted(spark, LIFECYCLE_SPELLS, expected))


def test_a_weekly_buyer_slips_within_the_thirty_days_and_is_lost_only_after_them(spark, purchases):
    """Baseline 7 days: overdue after day 10; 3.5 × 7 = 24.5 days, but nobody is lost while just ordered."""
    found = flow.lifecycle_spells(purchases.where("customer_id = 'ada'"), WEEKLY, POLICY)
    expected = """
        lifecycle_group | valid_from | valid_to   | reason
        just_ordered    | 2026-01-01 | 2026-01-12 | recent_order
        slipping_away   | 2026-01-12 | 2026-02-01 | overdue
        lost            | 2026-02-01 | ·          | silent_too_long
    """
    same_rows(found, wanted(spark, LIFECYCLE_SPELLS, expected))
