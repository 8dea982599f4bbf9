"""Bad rows of every kind beside events and order lines: each is refused with all of its reasons, people masked."""

from __future__ import annotations

import pytest
from pyspark.sql import SparkSession

from events.house import BERLIN, rows_of
from lifetide.events.kinds import cleaned
from lifetide.vocabulary import SourceKind

LONG = "x" * 1001

BAD = {
    SourceKind.CUSTOMERS: f"""
        expected                                | customer_id | email | first_name | signed_up_at
        ·                                       | ada         | a@b.c | Ada        | 2025-01-01
        ·                                       | ben         | ·     | ·          | ·
        missing_customer_id                     | ·           | a@b.c | Ada        | ·
        bad_date                                | cia         | ·     | ·          | 31.12.2024
        text_too_long                           | dan         | {LONG}| ·          | ·
        bad_characters                          | eve         | ·     | E\x07ve    | ·
        bad_date missing_customer_id            | ·           | ·     | ·          | soon
        """,
    SourceKind.CONSENTS: """
        expected                                        | customer_id | channel | status       | changed_at
        ·                                               | ada         | EMAIL   | Subscribed   | 2025-03-01 10:00:00
        missing_customer_id                             | ·           | email   | subscribed   | 2025-03-01 10:00:00
        unknown_channel                                 | ada         | post    | subscribed   | 2025-03-01 10:00:00
        missing_channel                                 | ada         | ·       | subscribed   | 2025-03-01 10:00:00
        unknown_status                                  | ada         | email   | maybe        | 2025-03-01 10:00:00
        missing_status                                  | ada         | email   | ·            | 2025-03-01 10:00:00
        missing_date                                    | ada         | email   | unsubscribed | ·
        bad_date                                        | ada         | email   | unsubscribed | 2025-02-30
        future_date                                     | ada         | email   | unsubscribed | 2025-03-12 00:00:00
        too_old_date                                    | ada         | email   | unsubscribed | 1969-12-31 23:00:00
        bad_date missing_customer_id unknown_channel unknown_status | · | fax | yes          | never
        """,
    SourceKind.IDENTITIES: """
        expected               | anonymous_id | merged_customer_id | customer_id | linked_at           | unlinked_at
        ·                      | v1           | ·                  | ada         | 2025-03-01 10:00:00 | ·
        ·                      | ·            | ada-old            | ada         | 2025-03-01 10:00:00 | 2025-03-02
        missing_linked_id      | ·            | ·                  | ada         | 2025-03-01 10:00:00 | ·
        missing_customer_id    | v1           | ·                  | ·           | 2025-03-01 10:00:00 | ·
        linked_to_itself       | ·            | ada                | ada         | 2025-03-01 10:00:00 | ·
        missing_date           | v1           | ·                  | ada         | ·                   | 2025-03-02
        bad_date               | v1           | ·                  | ada         | 2025-03-01 10:00:00 | later
        unlinked_before_linked | v1           | ·                  | ada         | 2025-03-01 10:00:00 | 2025-02-01
        """,
    SourceKind.SURVEYS: """
        expected            | customer_id | score | answered_at
        ·                   | ada         | 0     | 2025-03-01
        ·                   | ada         | 10.0  | 2025-03-02
        missing_customer_id | ·           | 7     | 2025-03-01
        missing_score       | ada         | ·     | 2025-03-01
        bad_score           | ada         | 11    | 2025-03-01
        bad_score           | ada         | -1    | 2025-03-01
        bad_score           | ada         | 7.5   | 2025-03-01
        bad_score           | ada         | NaN   | 2025-03-01
        missing_date        | ada         | 7     | ·
        """,
    SourceKind.ACQUISITION_COSTS: """
        expected         | channel | month      | cost       | currency
        ·                | search  | 2025-02    | 0          | ·
        ·                | search  | 2025-02-17 | 10.005     | EUR
        missing_channel  | ·       | 2025-02    | 1          | ·
        missing_date     | search  | ·          | 1          | ·
        bad_date         | search  | Feb        | 1          | ·
        future_date      | search  | 2025-04    | 1          | ·
        missing_cost     | search  | 2025-02    | ·          | ·
        bad_cost         | search  | 2025-02    | -1         | ·
        bad_cost         | search  | 2025-02    | free       | ·
        amount_too_large | search  | 2025-02    | 1000000000 | ·
        unknown_currency | search  | 2025-02    | 1          | euro
        missing_fx_rate  | search  | 2025-02    | 1          | USD
        """,
    SourceKind.AD_RESULTS: """
        expected           | campaign | date       | audience_version | cost | impressions | clicks
        ·                  | spring   | 2025-03-01 | ·                | 1    | ·           | ·
        ·                  | spring   | 2025-03-01 | 2                | 1    | 10          | 0
        missing_campaign   | ·        | 2025-03-01 | ·                | 1    | ·           | ·
        missing_date       | spring   | ·          | ·                | 1    | ·           | ·
        missing_cost       | spring   | 2025-03-01 | ·                | ·    | ·           | ·
        bad_count          | spring   | 2025-03-01 | two              | 1    | ·           | ·
        bad_count          | spring   | 2025-03-01 | ·                | 1    | -1          | ·
        bad_count bad_cost | spring   | 2025-03-01 | ·                | -1   | ·           | many
        """,
    SourceKind.REFERRALS: """
        expected         | referrer_id | referred_id | referred_at
        ·                | ada         | ben         | 2025-03-01
        missing_referrer | ·           | ben         | 2025-03-01
        missing_referred | ada         | ·           | 2025-03-01
        linked_to_itself | ada         | ada         | 2025-03-01
        missing_date     | ada         | ben         | ·
        """,
    SourceKind.FX_RATES: """
        expected         | currency | date       | rate
        ·                | usd      | 2025-03-01 | 0.9
        missing_currency | ·        | 2025-03-01 | 0.9
        unknown_currency | US$      | 2025-03-01 | 0.9
        missing_date     | USD      | ·          | 0.9
        future_date      | USD      | 2025-03-12 | 0.9
        missing_rate     | USD      | 2025-03-01 | ·
        bad_rate         | USD      | 2025-03-01 | 0
        bad_rate         | USD      | 2025-03-01 | -1
        bad_rate         | USD      | 2025-03-01 | NaN
        """,
    SourceKind.PRODUCTS: """
        expected                | product_id | price | unit_cost | published_at
        ·                       | cup        | 3     | 0         | ·
        missing_product_id      | ·          | 3     | 1         | ·
        bad_price bad_unit_cost | cup        | -3    | cheap     | ·
        bad_date                | cup        | 3     | 1         | spring
        """,
}


@pytest.mark.parametrize("kind", BAD)
def test_each_bad_row_is_refused_for_all_of_its_reasons(spark: SparkSession, kind: SourceKind) -> None:
    judged = cleaned(rows_of(spark, kind, BAD[kind]), kind, BERLIN, None).select("expected", "reasons", "payload")
    for row in judged.collect():
        assert sorted(row["reasons"]) == sorted((row["expected"] or "").split()), row
        assert (row["payload"] is None) == (not row["reasons"])
        assert not any(person in (row["payload"] or "") for person in ('"ada"', '"ben"', "a@b.c", '"Ada"'))
