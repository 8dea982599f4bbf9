from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser

import pytest

from explorer.typed_facts import CHECKS, no_customers, one_day, wholesaler
from lifetide.explorer.facts import STAGES, FailedCheck, ReportFacts, RunFacts, Seller, TableChecks
from lifetide.explorer.names import CUSTOMER_STAGE_CSS, CUSTOMER_STAGE_NAMES, GROUP_NAMES, SEGMENT_NAMES, STAGE_NAMES
from lifetide.explorer.playbook import playbook
from lifetide.explorer.report import report_page
from lifetide.explorer.story import first_steps, headline, slipping, where_money_is
from lifetide.vocabulary import CustomerStage, LifecycleGroup, RfmSegment, RfmStage

EVIL = "<img src=x onerror=alert(1)>"
SHOPS = [wholesaler(), one_day(), no_customers()]


class Outline(HTMLParser):
    """Tags, ids and attributes of a page; complains about tags that do not close."""

    VOID = frozenset({"meta", "br", "hr", "col", "link", "img"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def words(page: str) -> str:
    """What a person reads: no tags, no style."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"<style>.*?</style>", "", page, flags=re.S)))


@pytest.mark.parametrize("facts", SHOPS, ids=lambda facts: facts.shop)
def test_the_page_is_well_formed_and_its_ids_are_unique(facts: ReportFacts) -> None:
    found = Outline(report_page(facts)).tags
    ids = [attributes["id"] for _, attributes in found if "id" in attributes]
    assert len(ids) == len(set(ids))
    named = [attributes[key] for _, attributes in found for key in ("aria-labelledby", "aria-describedby")
             if key in attributes]  # fmt: skip
    assert set(named) <= set(ids)
    links = [attributes for tag, attributes in found if tag == "a"]
    assert {one["href"] for one in links if "download" not in one} <= {f"#{one}" for one in ids}
    assert all(one["href"].startswith("data:text/csv;") for one in links if "download" in one)


@pytest.mark.parametrize("facts", SHOPS, ids=lambda facts: facts.shop)
def test_nothing_is_loaded_and_nothing_runs(facts: ReportFacts) -> None:
    page = report_page(facts)
    assert "http:" not in page
    assert "https:" not in page
    assert "url(" not in page
    assert "@import" not in page
    tags = {tag for tag, _ in Outline(page).tags}
    assert tags & {"script", "link", "img", "iframe", "object", "embed", "base", "form", "image", "use"} == set()
    attributes = {key for _, found in Outline(page).tags for key in found}
    assert {key for key in attributes if key.startswith("on") or key in ("style", "src", "srcset")} == set()


def test_the_policy_allows_the_style_sheet_by_its_hash_and_nothing_else() -> None:
    page = report_page(wholesaler())
    style = re.search(r"<style>(.*?)</style>", page, flags=re.S)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = next(found["content"] for tag, found in Outline(page).tags if found.get("http-equiv"))
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_every_text_from_data_is_shown_as_text() -> None:
    failed = FailedCheck(EVIL, "critical", EVIL, EVIL)
    facts = replace(
        wholesaler(),
        shop=EVIL,
        currency=EVIL,
        attribution=EVIL,
        sellers=(Seller(EVIL, Decimal(1), Decimal(1)),),
        checks=(TableChecks(EVIL, 1, 0, 1, 0, (failed,)),),
        rejections=((EVIL, 1),),
        row_counts=((EVIL, 1),),
        run=RunFacts(EVIL),
    )
    page = report_page(facts)
    assert "<img" not in page
    assert page.count("&lt;img src=x onerror=alert(1)&gt;") > 20


def test_the_page_says_the_figures_that_were_typed() -> None:
    said = words(report_page(wholesaler()))
    for figure in (
        "2,499 of 4,328 customers are on track",
        "4,371 people are known: 4,328 of them have bought, and 43 have no order that stands.",
        "996 customers are slipping away. They have spent £1,203,378 so far, £1,150,205 of it in the last 365 days.",
        "£9,747,747.93",
        "1,602 orders without a name",
        "110 of 111 checks held, on 6 gates.",
        "build-20111209-7f3a",
        "10 Dec 2011, 02:14 UTC",
        "slipping away above 1.44×",
        "lost above 3.22×",
    ):
        assert figure in said


def test_failed_checks_stand_before_the_gates_and_critical_ones_first() -> None:
    critical = TableChecks("orders", 2, 1, 1, 0, (FailedCheck("unique order_id", "critical", "2 rows", "why"),))
    page = report_page(replace(wholesaler(), checks=(*CHECKS[:1], *CHECKS[3:4], critical)))
    assert page.index("unique order_id") < page.index("largest share of one segment") < page.index(">Gates<")
    rows = re.findall(r'<th scope="row">(\w+)</th><td>\d+ of \d+</td>', page)
    assert rows == ["orders", "customer_profiles", "events"]


def test_each_state_of_nothing_says_what_will_be_there() -> None:
    said = words(report_page(no_customers()))
    for sentence in (
        "No customers yet",
        "No order yet",
        "Nobody has come back yet",
        "Nothing sold yet",
        "Not checked",
    ):
        assert sentence in said
    said = words(report_page(one_day()))
    assert "One day of history so far: the chart begins with the second." in said
    assert "Nobody has come back yet" in said
    assert "Nothing to compare with yet" in said
    assert "1 person is known, and has bought." in said


def test_a_past_report_says_what_is_known_since() -> None:
    facts = wholesaler()
    later = replace(facts.orders, restated_on=facts.as_of.replace(year=2012))
    assert "refunds known on 9 Dec 2012" in words(report_page(replace(facts, orders=later)))


def test_lifecycle_lost_and_the_lost_segment_have_names_of_their_own() -> None:
    assert GROUP_NAMES[LifecycleGroup.LOST] != SEGMENT_NAMES[RfmSegment.LOST]
    assert not set(GROUP_NAMES.values()) & set(SEGMENT_NAMES.values())


def test_every_word_has_a_name_and_a_play() -> None:
    plays = playbook()
    assert set(plays.lifecycle) == set(GROUP_NAMES) == set(LifecycleGroup)
    assert set(plays.segment) == set(SEGMENT_NAMES) == set(RfmSegment)
    assert set(plays.rfm_stage) == set(STAGE_NAMES) == set(STAGES) == set(RfmStage)
    assert set(plays.customer_stage) == set(CUSTOMER_STAGE_NAMES) == set(CUSTOMER_STAGE_CSS) == set(CustomerStage)
    assert sorted(one for segments in STAGES.values() for one in segments) == sorted(RfmSegment)


def test_the_facts_add_up() -> None:
    facts = wholesaler()
    assert (facts.customers, facts.buyers, facts.prospects, facts.active_now) == (4_371, 4_328, 43, 2_154)
    assert facts.customer_revenue == Decimal("8288186.00")
    assert facts.customer_revenue + facts.orders.guest_revenue == facts.orders.net_revenue
    assert no_customers().customer_revenue == Decimal("0.00")
    assert no_customers().active_now is None


def test_the_first_steps_follow_the_order_of_a_budget() -> None:
    assert [step.facts.segment for step in first_steps(wholesaler())] == [
        RfmSegment.CANT_LOSE_THEM,
        RfmSegment.AT_RISK,
        RfmSegment.FIRST_TIME,
    ]
    assert [step.facts.segment for step in first_steps(one_day())] == [RfmSegment.FIRST_TIME]
    assert first_steps(no_customers()) == ()


def test_sentences_agree_with_one_customer() -> None:
    facts = one_day()
    assert headline(facts) == "1 of 1 customer is on track"
    assert slipping(facts) == "Nobody is slipping away."
    assert where_money_is(no_customers()) == "No money has been earned from known customers yet."
