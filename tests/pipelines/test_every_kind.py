"""A shop that sends everything: files of every kind, three deliveries, on real Delta tables."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from lifetide.errors import SettingsError
from lifetide.pipelines.publishing import Outcome
from lifetide.pipelines.sources import previews
from lifetide.tables import (
    ACQUISITION_COSTS,
    AD_RESULTS,
    CONSENTS,
    CUSTOMERS,
    EVENTS,
    FX_RATES,
    IDENTITIES,
    REFERRALS,
    REJECTED_EVENTS,
    SURVEYS,
)  # fmt: skip
from pipelines.own_sources import OwnSources

pytestmark = pytest.mark.delta
TODAY = date(2025, 3, 10)


def mapping(name: str, kind: str, columns: str, format_: str = "csv") -> str:
    """A source whose canonical columns are called as in the file, unless `canonical=own` says otherwise."""
    pairs = [column.partition("=")[::2] for column in columns.split()]
    lines = "".join(f'{canonical} = "`{own or canonical}`"\n' for canonical, own in pairs)
    place = f'name = "{name}"\nkind = "{kind}"\nformat = "{format_}"\npath = "{name}.{format_}"\n'
    return f"[[sources]]\n{place}[sources.columns]\n{lines}"


SETTINGS = "".join((
    mapping("lines", "order_lines", "order_id ordered_at customer_id quantity unit_price currency"),
    mapping("clicks", "events", "event_id=id event_type=what event_at=at customer_id=who anonymous_id=cookie page "
            "amount=revenue updated_at=changed", "json"),
    mapping("people", "customers", "customer_id email country signed_up_at"),
    mapping("opt_ins", "consents", "customer_id channel status changed_at"),
    mapping("links", "identities", "anonymous_id merged_customer_id customer_id linked_at unlinked_at"),
    mapping("nps", "surveys", "customer_id score answered_at"),
    mapping("spend", "acquisition_costs", "channel month cost currency"),
    mapping("ads", "ad_results", "campaign date cost clicks"),
    mapping("friends", "referrals", "referrer_id referred_id referred_at"),
    mapping("rates", "fx_rates", "currency date rate"),
))  # fmt: skip

FILES = {
    "lines.csv": """
        order_id,ordered_at,customer_id,quantity,unit_price,currency
        o1,2025-03-01 10:00:00,ada,1,10.00,EUR
        o2,2025-03-02 10:00:00,ben,3,3.33,usd
        o3,2025-03-02 10:00:00,ben,1,5.00,SEK
        """,
    "clicks.json": """
        {"id":"e1","what":"page_viewed","at":"2025-03-01T09:00:00","cookie":"v1","page":"/","changed":"2025-03-01"}
        {"what":"product_viewed","at":"2025-03-01T09:01:00","cookie":"v1"}
        {"what":"product_viewed","at":"2025-03-01T09:01:00","cookie":"v1"}
        {"id":"e2","what":"order_completed","at":"2025-03-01T09:02:00","who":"cia","revenue":"7.50"}
        {"id":"e3","what":"order_completed","at":"2025-03-01T09:02:00","who":"dan"}
        {"id":"e4","what":"danced","at":"2025-03-01T09:02:00","who":"dan"}
        """,
    "people.csv": """
        customer_id,email,country,signed_up_at
        ada,old@example.org,de,2024-01-01
        ada,ada@example.org,de,2025-01-01
        ,nobody@example.org,de,2025-01-01
        """,
    "opt_ins.csv": """
        customer_id,channel,status,changed_at
        ada,email,subscribed,2025-01-01 08:00:00
        ada,email,unsubscribed,2025-01-01 08:00:00
        ada,sms,subscribed,2025-01-01 08:00:00
        """,
    "links.csv": """
        anonymous_id,merged_customer_id,customer_id,linked_at,unlinked_at
        v1,,ada,2025-03-01 12:00:00,
        ,ada-old,ada,2025-03-02 12:00:00,
        """,
    "nps.csv": "customer_id,score,answered_at\nada,9,2025-03-01 08:00:00",
    "spend.csv": "channel,month,cost,currency\nsearch,2025-03,100.00,USD\nsearch,2025-02,50.00,",
    "ads.csv": "campaign,date,cost,clicks\nspring,2025-03-01,12.50,7",
    "friends.csv": "referrer_id,referred_id,referred_at\nada,ben,2025-02-01",
    "rates.csv": "currency,date,rate\nUSD,2025-03-01,0.92345678",
}


@pytest.fixture(scope="module")
def shop(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> OwnSources:
    made = OwnSources(spark, Path(tmp_path_factory.mktemp("everything")), SETTINGS, TODAY)
    for name, text in FILES.items():
        made.file(name, text)
    return made


@pytest.fixture(scope="module")
def first(shop: OwnSources) -> Outcome:
    return shop.ingest("one")


def test_a_preview_of_every_kind_says_what_would_be_refused(shop: OwnSources) -> None:
    seen = {one.source.name: one for one in previews(shop.shop.context(), today=TODAY)}
    assert {name: one.reject_counts for name, one in seen.items() if one.reject_counts} == {
        "lines": {"missing_fx_rate": 1},
        "clicks": {"unknown_event_type": 1},
        "people": {"missing_customer_id": 1},
    }
    assert seen["nps"].rows == [{"customer_id": "ada", "score": "9", "answered_at": "2025-03-01 08:00:00"}]


def test_every_kind_ends_in_its_table(shop: OwnSources, first: Outcome) -> None:
    assert first.status == "published"
    assert shop.cells(CUSTOMERS, "customer_id", "email", "country") == [("ada", "ada@example.org", "DE")]
    assert shop.cells(CONSENTS, "channel", "status", "changed_at") == [
        ("email", "unsubscribed", "2025-01-01 07:00:00"),
        ("sms", "subscribed", "2025-01-01 07:00:00"),
    ]
    assert shop.cells(IDENTITIES, *IDENTITIES.column_names) == [
        ("ada-old", "ada", "2025-03-02 11:00:00", None),
        ("anon:v1", "ada", "2025-03-01 11:00:00", None),
    ]
    assert shop.cells(SURVEYS, "customer_id", "score") == [("ada", "9")]
    assert shop.cells(ACQUISITION_COSTS, *ACQUISITION_COSTS.column_names) == [
        ("search", "2025-02-01", "50.00"),
        ("search", "2025-03-01", "92.35"),
    ]
    assert shop.cells(AD_RESULTS, "campaign", "date", "cost", "impressions", "clicks") == [
        ("spring", "2025-03-01", "12.50", None, "7")
    ]
    assert shop.cells(REFERRALS, "referrer_id", "referred_id") == [("ada", "ben")]
    assert shop.cells(FX_RATES, "currency", "rate") == [("USD", "0.92345678")]
    assert first.row_counts["customers:collapsed"] == 1


def test_lines_and_what_visitors_did_are_events_and_unknown_money_is_null(shop: OwnSources, first: Outcome) -> None:
    assert shop.cells(EVENTS, "order_id", "source_id", "state", "amount", where="order_id is not null") == [
        ("event:e2", "cia", None, "7.50"),
        ("event:e3", "dan", None, None),
        ("o1", "ada", "completed", "10.00"),
        ("o2", "ben", "completed", "9.23"),
    ]
    assert shop.cells(EVENTS, "event_type", "source_id", "page", where="order_id is null") == [
        ("page_viewed", "anon:v1", "/"),
        ("product_viewed", "anon:v1", None),
    ]
    assert first.row_counts["events:collapsed"] == 1


def test_what_was_refused_is_there_with_its_reasons_and_names_nobody(shop: OwnSources, first: Outcome) -> None:
    refused = shop.read(REJECTED_EVENTS).orderBy("source").collect()
    assert [(row["source"], row["reasons"]) for row in refused] == [
        ("clicks", ["unknown_event_type"]),
        ("lines", ["missing_fx_rate"]),
        ("people", ["missing_customer_id"]),
    ]
    payloads = " ".join(row["payload"] for row in refused)
    assert not any(name in payloads for name in ("ben", '"dan"', "nobody@"))
    assert first.rejected_count == 3


def test_the_next_delivery_brings_the_rate_the_end_of_a_link_and_a_newer_event(
    shop: OwnSources, first: Outcome
) -> None:
    shop.file("rates.csv", FILES["rates.csv"] + "\nSEK,2025-02-25,0.09")
    shop.file("links.csv", FILES["links.csv"].replace("12:00:00,\n", "12:00:00,2025-03-05 12:00:00\n", 1))
    newer = FILES["clicks.json"].replace('"/","changed":"2025-03-01"', '"/home","changed":"2025-03-05"')
    shop.file("clicks.json", newer)
    outcome = shop.ingest("two")
    assert outcome.status == "published"
    assert outcome.row_counts["events:new"] == 1
    assert outcome.row_counts["events:replaces"] == 1
    assert "read:people" not in outcome.row_counts, "its file did not change"
    assert shop.cells(EVENTS, "amount", where="order_id = 'o3'") == [("0.45",)]
    assert shop.cells(EVENTS, "page", where="event_id = 'e1'") == [("/home",)]
    assert ("anon:v1", "ada", "2025-03-01 11:00:00", "2025-03-05 11:00:00") in shop.cells(
        IDENTITIES, *IDENTITIES.column_names
    )
    assert {row["source"] for row in shop.read(REJECTED_EVENTS).collect()} == {"clicks", "people"}


@pytest.mark.prove  # two deliveries, a quarter of a minute each
def test_an_old_delivery_does_not_bring_back_what_has_ended(shop: OwnSources, first: Outcome) -> None:
    shop.file("links.csv", FILES["links.csv"].replace("12:00:00,\n", "12:00:00,2025-03-05 12:00:00\n", 1))
    shop.ingest("ended")
    shop.file("links.csv", FILES["links.csv"])
    assert shop.ingest("old").row_counts["identities"] == 0


def test_a_mapping_that_no_longer_fits_is_refused_with_every_change_and_nothing_is_written(
    shop: OwnSources, first: Outcome
) -> None:
    before, runs = shop.shop.context().store.versions(), shop.run_count()
    shop.file("nps.csv", "person,score,answered_at,tool\nada,9,2025-03-01 08:00:00,x")
    shop.file("ads.csv", "campaign,date,cost,clicks,agency\nspring,2025-03-01,12.50,7,best")
    with pytest.raises(SettingsError) as refused:
        shop.ingest("four")
    told = str(refused.value)
    for part in (
        "sources.nps.columns.customer_id:",
        "sources.nps since the last ingest: gained person (string)",
        "sources.nps since the last ingest: gained tool (string)",
        "sources.nps since the last ingest: lost customer_id (string)",
        "sources.ads since the last ingest: gained agency (string)",
    ):
        assert part in told, told
    assert (shop.shop.context().store.versions(), shop.run_count()) == (before, runs)
    for name in ("nps.csv", "ads.csv"):
        shop.file(name, FILES[name])
