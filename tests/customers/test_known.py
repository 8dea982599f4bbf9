"""What is known of people on a day: e-mail, consents over summer time, answers, and what winning them cost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from given import given, same_rows, wanted
from lifetide import flow
from lifetide.customers.known import with_acquisition_cost
from lifetide.policy import IdentityPolicy
from lifetide.tables import (
    ACQUISITION_COSTS,
    CONSENTS,
    CUSTOMER_DAYS,
    CUSTOMER_ITEMS,
    CUSTOMER_PROFILES,
    CUSTOMERS,
    IDENTITIES,
    SURVEYS,
)
from plain_flow import shop_with, state_of

LINK = "source_id | customer_id\nold-ada | ada"
AS_OF = date(2026, 1, 31)


def known_on(spark, as_of: date, zone: str = "UTC", **sent: str):
    tables = {"customers": CUSTOMERS, "consents": CONSENTS, "surveys": SURVEYS}
    typed = {name: given(spark, tables[name], text) for name, text in sent.items()}
    shop = replace(shop_with(spark, identities=given(spark, IDENTITIES, LINK), **typed), timezone=zone)
    return flow.people(shop, flow.links(shop, as_of, IdentityPolicy()), as_of)


def test_the_last_change_up_to_the_day_holds_also_over_merged_ids(spark):
    consents = """
        customer_id | channel | status       | changed_at
        ada         | email   | subscribed   | 2026-01-01 10:00
        old-ada     | email   | unsubscribed | 2026-01-02 10:00
        ada         | sms     | subscribed   | 2026-01-01 10:00
        ada         | sms     | unsubscribed | 2026-01-01 10:00
        ada         | push    | unsubscribed | 2026-01-01 10:00
        ada         | push    | subscribed   | 2026-01-03 10:00
        bob         | push    | subscribed   | 2026-02-01 00:00
        bob         | ads     | subscribed   | 2026-01-31 23:59
    """
    expected = """
        customer_id | consent_email | consent_sms  | consent_push | consent_ads
        ada         | unsubscribed  | unsubscribed | subscribed   | ·
        bob         | ·             | ·            | ·            | subscribed
    """
    same_rows(known_on(spark, AS_OF, consents=consents), wanted(spark, CUSTOMER_PROFILES, expected))


def test_an_email_is_known_once_the_person_signed_up_and_the_last_answer_counts(spark):
    people = """
        customer_id | email         | signed_up_at
        ada         | ·             | 2026-01-01 10:00
        old-ada     | ada@shop.test | ·
        bob         | ·             | 2026-01-01 10:00
        cleo        | c@shop.test   | 2026-02-01 10:00
    """
    answers = """
        customer_id | score | answered_at
        bob         | 9     | 2026-01-01 10:00
        bob         | 3     | 2026-01-31 10:00
        bob         | 8     | 2026-02-01 10:00
    """
    expected = "customer_id | has_email | nps_score\nada | true | ·\nbob | false | 3"
    found = known_on(spark, AS_OF, customers=people, surveys=answers)
    same_rows(found, wanted(spark, CUSTOMER_PROFILES, expected))


def test_who_signed_up_and_did_nothing_is_a_customer(spark):
    people = given(spark, CUSTOMERS, "customer_id | email\nada | ada@shop.test")
    days = given(spark, CUSTOMER_DAYS, "source_id | local_date | order_count\nbob | 2026-01-01 | 1")
    found = state_of(spark, days, given(spark, CUSTOMER_ITEMS, "source_id"), as_of=AS_OF, customers=people)
    ada = found.where("customer_id = 'ada'").first()
    assert (ada.order_count, ada.first_activity_date, ada.last_gaps, ada.net_revenue) == (0, None, [], 0)
    assert found.count() == 2


def test_the_cost_of_a_channel_and_month_is_shared_by_the_customers_it_won(spark):
    customers = """
        customer_id | acquisition_channel | cohort_month
        ada         | ads                 | 2026-01-01
        bob         | ads                 | 2026-01-01
        cleo        | ads                 | 2026-01-01
        dan         | ads                 | 2026-02-01
        eve         | ·                   | 2026-01-01
        fay         | ads                 | ·
    """
    costs = given(spark, ACQUISITION_COSTS, "channel | month | cost\nads | 2026-01-01 | 100.00")
    expected = """
        customer_id | acquisition_cost
        ada         | 33.33
        bob         | 33.33
        cleo        | 33.33
        dan         | ·
        eve         | ·
        fay         | ·
    """
    found = with_acquisition_cost(given(spark, CUSTOMER_PROFILES, customers).drop("acquisition_cost"), costs)
    same_rows(found, wanted(spark, CUSTOMER_PROFILES, expected))


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "Pacific/Auckland"])
def test_consent_on_the_days_on_which_clocks_change_is_that_of_plain_python(spark, zone):
    changes = [
        (f"c{number}", datetime(2025, month, day, tzinfo=timezone.utc) + timedelta(minutes=37 * number))
        for month, day in ((3, 8), (3, 29), (4, 5), (9, 27), (10, 25), (11, 1))
        for number in range(80)
    ]
    text = "customer_id | channel | status | changed_at\n" + "\n".join(
        f"{who} | email | {'subscribed' if (at.minute + at.month) % 2 else 'unsubscribed'} | {at:%Y-%m-%d %H:%M}"
        for who, at in changes
    )
    for day in (date(2025, 3, 9), date(2025, 3, 30), date(2025, 4, 6), date(2025, 9, 28), date(2025, 10, 26)):
        plain: dict[str, str] = {}
        for who, at in sorted(changes, key=lambda change: change[1]):
            if at.astimezone(ZoneInfo(zone)).date() <= day:
                plain[who] = "subscribed" if (at.minute + at.month) % 2 else "unsubscribed"
        found = {row.customer_id: row.consent_email for row in known_on(spark, day, zone, consents=text).collect()}
        assert found == plain
