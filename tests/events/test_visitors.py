"""What visitors did becomes events, each once, with money only where an order says so."""

from __future__ import annotations

from pyspark.sql import DataFrame, SparkSession

from events.house import BERLIN, rows_of
from given import same_rows, wanted
from lifetide.events.identity import identified_events
from lifetide.events.visitors import clean_events
from lifetide.tables import EVENTS
from lifetide.vocabulary import SourceKind

AT = "2025-03-01 10:00:00"


def clean(spark: SparkSession, text: str) -> DataFrame:
    return clean_events(rows_of(spark, SourceKind.EVENTS, text), BERLIN)


def events(spark: SparkSession, text: str) -> DataFrame:
    return identified_events(clean(spark, text).where("size(reasons) = 0"), drop_duplicates=False)


def test_types_signs_and_ids_are_as_the_tables_want_them(spark: SparkSession) -> None:
    found = events(spark, """
        event_id | event_type      | event_at             | customer_id | anonymous_id | order_id | quantity | amount
        e1       | Page_Viewed     | 2025-03-01 23:30:00  | ·           | v1           | ·        | ·        | ·
        e2       | cart_added      | 2025-03-01T23:30:00Z | ada         | v1           | ·        | 2        | 9.99
        e3       | order_completed | 2025-03-01           | ada         | ·            | o1       | 1        | 9.995
        e4       | order_completed | 2025-03-01           | ada         | ·            | ·        | ·        | ·
        e5       | order_refunded  | 2025-03-02           | ada         | ·            | o1       | 1        | 4.00
        e6       | order_cancelled | 2025-03-02           | ada         | ·            | ·        | -1       | -4.00
        e7       | order_completed | 2025-03-03           | ·           | ·            | ·        | ·        | 0
        """)  # fmt: skip
    same_rows(found, wanted(spark, EVENTS, """
        event_id | event_type      | event_date | source_id | state | order_id | is_product | quantity | amount
        e1       | page_viewed     | 2025-03-01 | anon:v1   | ·     | ·        | ·          | ·        | ·
        e2       | cart_added      | 2025-03-02 | ada       | ·     | ·        | ·          | 2        | ·
        e3       | order_completed | 2025-03-01 | ada       | ·     | o1       | ·          | 1        | 10.00
        e4       | order_completed | 2025-03-01 | ada       | ·     | event:e4 | ·          | ·        | ·
        e5       | order_refunded  | 2025-03-02 | ada       | ·     | o1       | ·          | -1       | -4.00
        e6       | order_cancelled | 2025-03-02 | ada       | ·     | event:e6 | ·          | -1       | -4.00
        e7       | order_completed | 2025-03-03 | ·         | ·     | event:e7 | ·          | ·        | 0.00
        """).drop("state", "is_product"))  # fmt: skip
    assert {"state", "is_product"} & set(found.columns) == set()


def test_identical_rows_without_id_and_order_are_one_event_and_those_of_an_order_are_counted(
    spark: SparkSession,
) -> None:
    found = events(spark, f"""
        event_type      | event_at | anonymous_id | order_id | product_id | page
        page_viewed     | {AT}     | v1           | ·        | ·          | /
        page_viewed     | {AT}     | v1           | ·        | ·          | /
        page_viewed     | {AT}     | v1           | ·        | ·          | /cups
        order_completed | {AT}     | v1           | o1       | cup        | ·
        order_completed | {AT}     | v1           | o1       | cup        | ·
        """).collect()  # fmt: skip
    assert sorted((row["event_type"], row["page"] or "") for row in found) == [
        ("order_completed", ""), ("order_completed", ""), ("page_viewed", "/"), ("page_viewed", "/cups"),
    ]  # fmt: skip
    assert len({row["event_id"] for row in found}) == 4
    assert sorted(row["event_id"][-2:] for row in found if row["order_id"]) == ["-1", "-2"]


def test_of_the_copies_of_an_event_the_newest_wins_and_ties_do_not_depend_on_order(spark: SparkSession) -> None:
    rows = [
        f"e1 | page_viewed | {AT} | v1 | /old | 2025-03-01",
        f"e1 | page_viewed | {AT} | v1 | /new | 2025-03-02",
        f"e1 | page_viewed | {AT} | v1 | /lost | ·",
        f"e2 | page_viewed | {AT} | v1 | /a | ·",
        f"e2 | page_viewed | {AT} | v1 | /b | ·",
    ]
    header = "event_id | event_type | event_at | anonymous_id | page | updated_at\n"
    there, back = (events(spark, header + "\n".join(lines)).collect() for lines in (rows, rows[::-1]))
    pages = [{row["event_id"]: row["page"] for row in found} for found in (there, back)]
    assert pages[0] == pages[1]
    assert pages[0]["e1"] == "/new"


BAD = f"""
    expected | event_type | event_at | customer_id | order_id | quantity | amount | currency | query
    · | searched | {AT} | ada | · | · | · | · | tea\x07
    · | product_viewed | {AT} | ada | · | · | 3 | USD | ·
    missing_event_type | · | {AT} | ada | · | · | · | · | ·
    unknown_event_type | danced | {AT} | ada | · | · | · | · | ·
    missing_date | searched | · | ada | · | · | · | · | ·
    bad_date | searched | just now | ada | · | · | · | · | ·
    future_date | searched | 2025-03-12 | ada | · | · | · | · | ·
    too_old_date | searched | 1969-01-01 | ada | · | · | · | · | ·
    missing_visitor | searched | {AT} | · | · | · | · | · | ·
    bad_quantity | cart_added | {AT} | ada | · | two | · | · | ·
    bad_quantity | order_completed | {AT} | ada | o1 | 0 | · | · | ·
    bad_quantity | cart_added | {AT} | ada | · | 0.0001 | · | · | ·
    negative_quantity | cart_added | {AT} | ada | · | -1 | · | · | ·
    bad_amount | order_completed | {AT} | ada | o1 | · | NaN | · | ·
    negative_amount | order_completed | {AT} | ada | o1 | · | -1 | · | ·
    amount_too_large | order_completed | {AT} | ada | o1 | · | 1000000000 | · | ·
    unknown_currency | order_completed | {AT} | ada | o1 | · | 1 | Euro | ·
    missing_fx_rate | order_completed | {AT} | ada | o1 | · | 1 | USD | ·
    bad_characters | searched | {AT} | a\x07da | · | · | · | · | ·
    missing_event_type missing_date missing_visitor | · | · | · | · | · | · | · | ·
    """


def test_each_bad_event_is_refused_for_all_of_its_reasons(spark: SparkSession) -> None:
    for row in clean(spark, BAD).select("expected", "reasons", "payload").collect():
        assert sorted(row["reasons"]) == sorted((row["expected"] or "").split()), row
        assert '"ada"' not in (row["payload"] or "")


def test_what_makes_two_events_two(spark: SparkSession) -> None:
    found = events(spark, f"""
        event_type  | event_at | customer_id | page | session_id | campaign | anonymous_id | query
        page_viewed | {AT}     | ada         | ·    | ·          | ·        | ·            | ·
        page_viewed | {AT}     | ada         | ·    | ·          | ·        | ·            | ·
        page_viewed | {AT}     | ada         | one  | ·          | ·        | ·            | ·
        page_viewed | {AT}     | ada         | ·    | one        | ·        | ·            | ·
        page_viewed | {AT}     | ada         | ·    | ·          | one      | ·            | ·
        page_viewed | {AT}     | ada         | ·    | ·          | ·        | one          | ·
        page_viewed | {AT}     | ada         | ·    | ·          | ·        | ·            | one
        """)  # fmt: skip
    assert found.count() == 6
