"""Pages over a few published rows that a person typed: products, audiences of a customer, the snapshot before."""

from __future__ import annotations

from datetime import date, datetime, timezone
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds
import pytest
from deltalake import write_deltalake

from explorer.studio.reading import page, tables
from lifetide import Studio
from lifetide.errors import NotFound
from lifetide.explorer.studio.pages.months import months_on

BEST = "Bought by most in the last 90 days"
THEN, JUNE, NOW = date(2026, 5, 31), date(2026, 6, 1), date(2026, 6, 30)
DAY = pa.date32()
AT = datetime(2026, 6, 30, tzinfo=timezone.utc)


def table(columns: str, *rows: tuple[Any, ...], **types: Any) -> pa.Table:
    names = columns.split()
    return pa.table({name: pa.array([row[place] for row in rows], types.get(name))
                     for place, name in enumerate(names)})  # fmt: skip


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    folder = tmp_path_factory.mktemp("shop")
    profiles = table(
        "as_of customer_id parameters_as_of order_count ltv_historic lifecycle_group rfm_segment rfm_stage",
        (THEN, "ada", THEN, 3, Decimal("30.00"), "active", "loyal", "cherish"),
        (NOW, "ada", NOW, 4, Decimal("40.00"), "active", "champion", "cherish"),
        (THEN, "cyd", THEN, 1, Decimal("5.00"), "active", "first_time", "retain"),
        (NOW, "cyd", NOW, 1, Decimal("5.00"), "lost", "first_time", "retain"),
        (NOW, "bob", NOW, 1, Decimal("10.00"), "lost", "first_time", "retain"),
    )  # fmt: skip
    members = table(
        "audience_key version customer_id valid_from valid_to recorded_to",
        ("vips", 2, "ada", date(2026, 2, 1), None, None),
        ("past", 1, "ada", date(2026, 1, 1), date(2026, 2, 1), None),
        ("believed", 1, "ada", date(2026, 1, 1), None, AT),
        ("others", 1, "bob", date(2026, 1, 1), None, None),
        valid_to=DAY, recorded_to=pa.timestamp("us", "UTC"),
    )  # fmt: skip
    products = table(
        "as_of audience_key logic product_id rank buyers units net_revenue lift",
        (NOW, None, "best_selling", "p1", 1, 2, Decimal("5.000"), Decimal("12.50"), 1.0),
        (NOW, "vips", "best_selling", "p2", 1, 1, Decimal("3.000"), Decimal("9.99"), 2.0),
        (NOW, "others", "best_selling", "p1", 1, 1, Decimal("1.000"), None, None),
        (THEN, None, "new", "p9", 1, 1, Decimal("1.000"), None, 1.0),
    )  # fmt: skip
    months = table(
        "period_start period stage repeat_ratio activation_ratio loyal_activation_ratio frequency_ratio "
        "customer_value nps nps_lower nps_upper referred_share audience_key members_on customer_count",
        *(
            (begin, kind, stage, again, None, None, 1.5, Decimal("20.00"), None, None, None, None, key, eve, 3)
            for begin, kind, stage, again, key, eve in (
                (JUNE, "month", None, 0.25, None, None),
                (JUNE, "month", "new", 0.9, None, None),
                (JUNE, "month", None, 0.5, "vips", date(2026, 5, 31)),
                (JUNE, "month", None, 0.8, "others", date(2026, 5, 31)),
                (date(2026, 4, 1), "quarter", None, 0.1, None, None),
                (date(2026, 7, 1), "month", None, 0.7, None, None),
            )
        ),
        **dict.fromkeys(("activation_ratio", "nps", "nps_lower", "nps_upper", "referred_share"), pa.float64()),
        loyal_activation_ratio=pa.float64(),
    )
    made = {
        "stage_metrics": months,
        "customer_profiles": profiles, "audience_members": members, "audience_products": products,
        "products": table("product_id name", ("p1", "<b>Mug</b>"), ("p2", None)),
        "lifecycle_spells": table(
            "customer_id lifecycle_group valid_from valid_to", ("ada", "active", date(2026, 1, 1), None), valid_to=DAY
        ),
    }  # fmt: skip
    for name, rows in made.items():
        write_deltalake(str(folder / "warehouse" / name), rows)
    versions = pa.array([[(name, 0) for name in made]], pa.map_(pa.string(), pa.int64()))
    write_deltalake(str(folder / "warehouse" / "runs"), pa.table({"output_versions": versions}))
    text = '[shop]\nname = "Small"\ntimezone = "UTC"\ncurrency = "EUR"\n[storage]\nroot = "warehouse"\n'
    (folder / "settings.toml").write_text(text)
    return Studio(folder, audiences=folder / "audiences")


def test_products_are_those_of_the_saved_audience_and_of_everyone(shop: Studio):
    shop.session.standing = type(shop.session.standing)(key="vips", name="VIPs")
    shown = tables(shop, "overview")
    assert shown[f"{BEST}: vips"] == [("p2", "1", "3.000", "9.99", "2.0")]
    assert shown[f"{BEST}: Everyone"] == [("<b>Mug</b>", "2", "5.000", "12.50", "1.0")]
    assert not any(name.startswith("New") for name in shown)
    shop.session.clear()
    assert f"{BEST}: vips" not in tables(shop, "overview")


def test_what_the_members_did_stands_beside_everyone_in_whole_months(shop: Studio):
    """June is over with its last day; July is not. Nothing is published of the quarter of the audience."""
    shop.session.standing = type(shop.session.standing)(key="vips", name="VIPs")
    rows = tables(shop, "overview")["What members of VIPs did"]
    assert rows == [
        ("Repeat ratio", "0.5", "0.25"), ("Order frequency", "1.5", "1.5"), ("Customer value", "20.00", "20.00"),
    ]  # fmt: skip
    assert "Of the 3 members of 31 May 2026, the day before the month began, who had ordered by its end." in page(
        shop, "overview"
    )
    shop.session.clear()
    rows = tables(shop, "overview")["What members of everyone did"]
    assert rows[0] == ("Repeat ratio", "0.25", "0.1")


def test_a_table_of_an_earlier_release_tells_of_no_months():
    older = SimpleNamespace(
        has=lambda _: True, rows=lambda _: ds.dataset(table("period_start period", (JUNE, "month")))
    )
    assert months_on(older, NOW, "vips") == []


def test_a_customer_is_in_the_audiences_of_the_day_with_the_day_of_entry(shop: Studio):
    assert tables(shop, "customer", customer="ada")["Audiences they are in"] == [("vips", "1 Feb 2026")]
    assert tables(shop, "customer", customer="bob")["Audiences they are in"] == [("others", "1 Jan 2026")]


def test_came_and_left_are_told_against_the_snapshot_before(shop: Studio):
    rows = {row[0]: row[5:] for row in tables(shop, "segments")["Segments"]}
    assert rows["Champions"] == ("1", "0")
    assert rows["Loyal"] == ("0", "1")
    assert rows["First-time buyers"] == ("1", "0")
    assert "since the snapshot of 31 May 2026" in page(shop, "segments")


def test_a_table_is_that_of_the_snapshot_and_one_that_is_not_there_is_named(shop: Studio):
    assert shop.table("products")["product_id"].tolist() == ["p1", "p2"]
    with pytest.raises(NotFound, match="orders"):
        shop.table("orders")
