from __future__ import annotations

from dataclasses import replace

import pytest

from explorer.typed_facts import no_customers, one_day, wholesaler
from lifetide.explorer.facts import ReportFacts
from lifetide.explorer.summary import summary_text


def test_who_the_customers_are_stands_in_an_aligned_table() -> None:
    assert (
        "  Just ordered   1,487  34%  ██████████████████   £4.4m\n"
        "  Active         1,012  23%  ████████████           £2m\n"
        "  Slipping away    996  23%  ████████████         £1.2m\n"
        "  Lost             833  19%  ██████████           £688k\n"
        "  Prospects         43   1%  █                   −£4.1k\n"
    ) in summary_text(wholesaler())


def test_the_page_tells_what_to_do_and_where_the_money_is() -> None:
    said = " ".join(summary_text(wholesaler()).split())
    for sentence in (
        "996 customers are slipping away. They have spent £1,203,378 so far, £1,150,205 of it in the last 365 days.",
        "1. Can’t lose them: 31 customers who brought £118,422 (1.4% of the money). Use everything: a call,",
        "571 customers, 13% of those who have bought, brought £4,770,118, 58% of what known customers spent.",
        "A typical returning customer buys every 68 days",
        "both were learned from 11,905 returns in this shop.",
        "+33% against the 1,622 of 3 months before.",
        "110 of 111 checks on these figures held. To look at in customer_profiles:",
        "2,518 rows that came in could not be used.",
    ):
        assert sentence in said


@pytest.mark.parametrize("facts", [wholesaler(), one_day(), no_customers()], ids=lambda facts: facts.shop)
@pytest.mark.parametrize("width", [60, 78, 100])
def test_no_line_is_wider_than_asked_and_none_ends_in_blanks(facts: ReportFacts, width: int) -> None:
    lines = summary_text(facts, width).splitlines()
    assert max(len(line) for line in lines) <= width
    assert [line for line in lines if line != line.rstrip()] == []


def test_a_shop_without_customers_gets_one_honest_paragraph() -> None:
    said = summary_text(no_customers())
    assert "nobody has bought under a name" in " ".join(said.split())
    assert "What to do first" not in said


def test_a_shop_where_nobody_came_back_is_told_so() -> None:
    said = " ".join(summary_text(one_day()).split())
    assert "Nobody has come back for a second day of shopping yet" in said
    assert "these are presets" in said


def test_a_long_shop_name_stays_within_the_page() -> None:
    said = summary_text(replace(wholesaler(), shop="The " + "very " * 30 + "long shop"))
    assert max(len(line) for line in said.splitlines()) <= 78
