# ruff: noqa: E501 - a sentence stands whole in its line
"""The audiences that come with Lifetide: valid, for somebody, and read aloud."""

from __future__ import annotations

from lifetide.audiences.sentence import sentence
from lifetide.pipelines.definitions import definitions_in
from lifetide.shipped import shipped_audiences

READ_ALOUD = {
    "back_after_a_break": "ordered in the last 30 days, did not order 30 to 210 days ago, and order day count is at least 2",
    "best_500_lost": "ltv historic is among the 500 highest and is lost",
    "big_basket_quarter": "the total net revenue of orders in the last 3 months is at least 1000",
    "browsing_again": "is slipping away or lost and viewed something with at least 2 different values of product id "
    "in the last 7 days",
    "cart_left_behind": "put something in the cart in the last 14 days, then did not buy within 3 days, each with the same "
    "product id",
    "champions_to_thank": "rfm segment is champion and ordered in the last 30 days",
    "loyal_last_year_silent_now": "ordered at least 4 times last year and did not order this year",
    "new_this_month": "ordered for the first time this month",
    "not_for_discounts": "is just ordered or (is active and regularity is regular) or price sensitivity is low",
    "one_time_60_to_180_days": "order count is 1, days since last order is from 60 to 180, and refund share is below 0.5",
    "quick_repeaters": "ordered in the last 6 months, then ordered within 30 days",
    "reachable_by_email": "has an e-mail address and order count is at least 1",
    "reachable_slipping_away": "is slipping away, is in reachable_by_email, and is not in vip_slipping_away",
    "replenishment_due": "regularity is regular, is just ordered or active, and expected next order date is within the "
    "next 7 days",
    "returns_often": "refund share is above 0.33 and order count is at least 2",
    "searched_without_buying": "searched in the last 30 days, then did not order",
    "smaller_orders_than_before": "is not prospect or lost and (spends less per order than before or buys less often "
    "than before)",
    "twice_their_own_interval": "days since last order is above 2 times own interval days and frequency is at least 2",
    "vip_slipping_away": "ltv historic is among the top 10%, is slipping away, and order count is at least 3",
    "wide_assortment": "the number of different values of product id of items in the last year is at least 50",
    "win_back_by_value": "is lost, ltv historic is at least 500, order count is at least 2, and days since last order is at "
    "most 540",
}


def test_every_sentence_says_what_a_person_reads_in_the_file() -> None:
    found = definitions_in(shipped_audiences()).audiences
    assert {key: sentence(one) for key, one in found.items()} == READ_ALOUD


def test_each_says_for_whom_it_is_and_who_answers_for_it() -> None:
    found = definitions_in(shipped_audiences()).audiences
    for path in shipped_audiences().glob("*.yaml"):
        assert path.read_text(encoding="utf-8").startswith("# For ")
        assert found[path.stem].owner
