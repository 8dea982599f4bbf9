"""Who is who: links of ids in time, chains, shared ids, and the claim of the anonymous past."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from given import given
from lifetide import flow
from lifetide.customers.people import person_days, shared_ids
from lifetide.policy import IdentityPolicy
from lifetide.tables import CUSTOMER_DAYS, IDENTITIES
from plain_flow import shop_with

POLICY = IdentityPolicy()
DAYS = """
    source_id | local_date | order_count
    anon:v    | 2026-01-01 | 0
    anon:v    | 2026-01-10 | 1
    ada       | 2026-01-10 | 1
"""


def linked(spark, links: str, on: date, policy: IdentityPolicy = POLICY, zone: str = "UTC") -> dict[str, str]:
    shop = replace(shop_with(spark, identities=given(spark, IDENTITIES, links)), timezone=zone)
    return {row.source_id: row.person_id for row in flow.links(shop, on, policy).collect()}


def test_a_link_holds_from_its_local_date_until_the_day_it_is_taken_back(spark):
    links = """
        source_id | customer_id | valid_from       | valid_to
        anon:v    | ada         | 2026-01-05 23:30 | 2026-01-20 10:00
    """
    assert linked(spark, links, date(2026, 1, 4)) == {}
    assert linked(spark, links, date(2026, 1, 5)) == {"anon:v": "ada"}
    assert linked(spark, links, date(2026, 1, 5), zone="Europe/Berlin") == {}
    assert linked(spark, links, date(2026, 1, 19)) == {"anon:v": "ada"}
    assert linked(spark, links, date(2026, 1, 20)) == {}


def test_of_two_links_the_newer_one_wins_and_merges_are_followed(spark):
    links = """
        source_id | customer_id | valid_from       | valid_to
        anon:v    | ada         | 2026-01-01 00:00 | ·
        anon:v    | bob         | 2026-01-02 00:00 | ·
        bob       | cleo        | 2026-01-03 00:00 | ·
        cleo      | dan         | 2026-01-04 00:00 | ·
    """
    assert linked(spark, links, date(2026, 2, 1)) == {"anon:v": "dan", "bob": "dan", "cleo": "dan"}
    assert linked(spark, links, date(2026, 1, 2)) == {"anon:v": "bob"}


def test_a_circle_of_links_leads_nowhere(spark):
    links = "source_id | customer_id\nada | bob\nbob | ada"
    assert linked(spark, links, date(2026, 1, 1)) == {"ada": "ada", "bob": "bob"}


def test_an_id_of_more_than_three_people_is_shared_and_not_merged(spark):
    links = """
        source_id | customer_id | valid_from       | valid_to
        anon:till | ada         | 2026-01-01 00:00 | 2026-01-02 00:00
        anon:till | bob         | 2026-01-02 00:00 | 2026-01-03 00:00
        anon:till | cleo        | 2026-01-03 00:00 | 2026-01-04 00:00
        anon:till | dan         | 2026-01-04 00:00 | ·
    """
    assert linked(spark, links, date(2026, 1, 3)) == {"anon:till": "cleo"}
    assert linked(spark, links, date(2026, 1, 9)) == {}
    typed = given(spark, IDENTITIES, links).selectExpr("*", "date(valid_from) AS linked_on")
    assert [(row.source_id, row.people_count) for row in shared_ids(typed, date(2026, 1, 9), POLICY).collect()] == [
        ("anon:till", 4)
    ]
    assert linked(spark, links, date(2026, 1, 9), IdentityPolicy(most_people_per_id=4)) == {"anon:till": "dan"}


def test_the_anonymous_past_is_claimed_or_left_by_policy(spark):
    identities = given(spark, IDENTITIES, "source_id | customer_id | valid_from\nanon:v | ada | 2026-01-05 12:00")
    links = flow.links(shop_with(spark, identities=identities), date(2026, 2, 1), POLICY)
    days = given(spark, CUSTOMER_DAYS, DAYS)

    def orders(policy: IdentityPolicy) -> set[tuple[str, str, int]]:
        found = person_days(days, links, policy).collect()
        return {(row.customer_id, str(row.local_date), row.order_count) for row in found}

    assert orders(POLICY) == {("ada", "2026-01-01", 0), ("ada", "2026-01-10", 2)}
    assert orders(IdentityPolicy(claims_anonymous_past=False)) == {
        ("anon:v", "2026-01-01", 0), ("ada", "2026-01-10", 2),
    }  # fmt: skip
