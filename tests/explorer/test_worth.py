"""The page on worth says what was typed, what was tested, and what is not there."""

from __future__ import annotations

from dataclasses import replace

from explorer.test_report import words
from explorer.typed_facts import no_customers, wholesaler
from explorer.typed_worth import MODELS, WORTH
from lifetide.explorer.report import report_page
from lifetide.explorer.sections.worth import lead
from lifetide.explorer.worth_facts import WorthFacts


def test_the_coming_year_stands_beside_the_last_one():
    said = lead(wholesaler())
    assert "expected to buy on 20,000 days; they placed 17,700 orders in the 365 days before" in said
    assert "worth £9,500,000, beside £8,000,000" in said
    assert "yet to come are not counted" in said


def test_groups_classes_and_categories_are_told_with_their_shares():
    page = words(report_page(wholesaler()))
    assert "£4,500,000 (22%)" in page  # slipping away at their own rhythm, of 20 million
    assert "433 (10%)" in page
    assert "£4,800,000 (60%)" in page
    assert "+10%" in page
    assert "−5% to +25%" in page


def test_the_models_and_their_proof_are_told():
    page = words(report_page(wholesaler()))
    assert "6,158 orders foretold, 6,525 came (−5.6%)" in page
    assert "In 9 of 10 tenths the number seen lies in the 80% interval" in page
    assert "Mean of models (in use)" in page
    assert "r 0.8273 (0.783 to 0.871); alpha 9.869 (9.26 to 10.5)" in page
    assert "no dropout found" in page
    assert "tested 167 days ahead" in page
    assert "wrong about the orders of a tenth of the customers by 8.2%" in page


def test_what_is_not_there_says_what_will_be():
    assert "The first build with an order fits the models" in words(report_page(no_customers()))
    untested = replace(
        wholesaler(), worth=replace(WORTH, proof=None, horizon_days=None, categories=(), importance=())
    )
    page = words(report_page(untested))
    assert "The log is too short to hold anything out" in page
    assert "No importance" in page
    assert "By main category" not in page
    assert WorthFacts(models=MODELS[:1]).proof is None
