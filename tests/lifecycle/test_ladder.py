from __future__ import annotations

from datetime import date

from given import given, same_rows, wanted
from lifetide.lifecycle.groups import with_rhythm
from lifetide.lifecycle.ladder import group_and_reason
from lifetide.lifecycle.rhythm import Rhythm
from lifetide.policy import LifecyclePolicy
from lifetide.tables import CUSTOMER_DAYS, CUSTOMER_ITEMS, CUSTOMER_PROFILES, CUSTOMER_STATE
from plain_flow import state_of

POLICY = LifecyclePolicy()
RHYTHM = Rhythm(60.0, 1.5, 3.5, 30.0, None, None)


def test_limits_belong_to_the_better_group_and_the_first_rule_wins(spark):
    silences = """
        customer_id | days_since_last_order | just_ordered_until_days | slip_after_days | lost_after_days | is_rate_drop
        nobody      | ·                     | ·                       | ·               | ·               | ·
        today       | 0                     | 30                      | 90              | 210             | false
        day30       | 30                    | 30                      | 90              | 210             | false
        day31       | 31                    | 30                      | 90              | 210             | false
        day90       | 90                    | 30                      | 90              | 210             | false
        day91       | 91                    | 30                      | 90              | 210             | false
        day210      | 210                   | 30                      | 90              | 210             | false
        day211      | 211                   | 30                      | 90              | 210             | false
        weekly10    | 10                    | 30                      | 10              | 30              | false
        weekly11    | 11                    | 30                      | 10              | 30              | false
        weekly30    | 30                    | 30                      | 10              | 30              | false
        weekly31    | 31                    | 30                      | 10              | 30              | false
        dropped0    | 0                     | 30                      | 90              | 210             | true
        dropped90   | 90                    | 30                      | 90              | 210             | true
        dropped91   | 91                    | 30                      | 90              | 210             | true
        dropped211  | 211                   | 30                      | 90              | 210             | true
    """  # noqa: E501
    expected = """
        customer_id | lifecycle_group | lifecycle_reason
        nobody      | prospect        | no_net_order
        today       | just_ordered    | recent_order
        day30       | just_ordered    | recent_order
        day31       | active          | on_rhythm
        day90       | active          | on_rhythm
        day91       | slipping_away   | overdue
        day210      | slipping_away   | overdue
        day211      | lost            | silent_too_long
        weekly10    | just_ordered    | recent_order
        weekly11    | slipping_away   | overdue
        weekly30    | slipping_away   | overdue
        weekly31    | lost            | silent_too_long
        dropped0    | slipping_away   | buys_less_often
        dropped90   | slipping_away   | buys_less_often
        dropped91   | slipping_away   | overdue
        dropped211  | lost            | silent_too_long
    """
    group, reason = group_and_reason()
    judged = given(spark, CUSTOMER_PROFILES, silences).withColumns(
        {"lifecycle_group": group, "lifecycle_reason": reason}
    )
    same_rows(judged, wanted(spark, CUSTOMER_PROFILES, expected))


def test_one_customer_slips_after_three_months_while_another_is_still_active_after_six(spark):
    """Feature 000.2: the monthly buyer's baseline is (180 + 150) ÷ 8 days, the other's (180 + 1000) ÷ 8."""
    state = """
        customer_id | last_order_date | gap_count | gap_sum_days | gap_square_sum | last_gaps                 | is_rate_drop
        monthly     | 2026-04-02      | 5         | 150          | 4500           | [30, 30, 30, 30, 30]      | false
        rarely      | 2026-01-02      | 5         | 1000         | 200000         | [200, 200, 200, 200, 200] | false
    """  # noqa: E501
    expected = """
        customer_id | days_since_last_order | baseline_interval_days | slip_after_days | lifecycle_group | lifecycle_reason
        monthly     | 90                    | 41.25                  | 61              | slipping_away   | overdue
        rarely      | 180                   | 147.5                  | 221             | active          | on_rhythm
    """  # noqa: E501
    judged = with_rhythm(given(spark, CUSTOMER_STATE, state), RHYTHM, POLICY, date(2026, 7, 1))
    same_rows(judged, wanted(spark, CUSTOMER_PROFILES, expected))


def test_one_who_came_three_times_a_month_and_now_comes_once_slips_though_they_ordered_yesterday(spark):
    """Feature 000.7: ten gaps of ten days, then two of thirty; 3.0 is above the 95% point 2.87 of F(4, 20)."""
    days = """
        source_id | local_date
        ada       | 2026-01-01
        ada       | 2026-01-11
        ada       | 2026-01-21
        ada       | 2026-01-31
        ada       | 2026-02-10
        ada       | 2026-02-20
        ada       | 2026-03-02
        ada       | 2026-03-12
        ada       | 2026-03-22
        ada       | 2026-04-01
        ada       | 2026-04-11
        ada       | 2026-05-11
        ada       | 2026-06-10
    """
    bought = given(spark, CUSTOMER_DAYS, days, order_count="1", order_value="10.00", net_revenue="10.00")
    nothing = given(spark, CUSTOMER_ITEMS, "source_id")
    judged = with_rhythm(state_of(spark, bought, nothing), RHYTHM, POLICY, date(2026, 6, 11))
    expected = """
        customer_id | days_since_last_order | is_rate_drop | recent_rate | earlier_rate | lifecycle_group | lifecycle_reason
        ada         | 1                     | true         | 1.0         | 3.0          | slipping_away   | buys_less_often
    """  # noqa: E501
    same_rows(judged, wanted(spark, CUSTOMER_PROFILES, expected))
