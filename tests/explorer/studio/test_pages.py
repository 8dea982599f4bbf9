"""The pages without a browser: what they say of few people, nobody, a table of one's own, and hostile text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from explorer.studio.reading import Tables, page, tables
from explorer.test_report_in_browser import EVIL
from lifetide import LifetideError, Studio
from lifetide.explorer.charts.curve import Curve, curves
from lifetide.explorer.sections.furniture import Cell, figures_behind
from lifetide.explorer.studio.assets import page_sheet
from lifetide.explorer.studio.pages.beside import difference, lift
from lifetide.explorer.studio.pages.book import PAGES

SLIPPING = {"id": "a", "field": "lifecycle_group", "operator": "in", "value": ["slipping_away"]}
NOBODY = {"id": "b", "field": "order_count", "operator": ">=", "value": 1_000_000}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    return Studio(3_000, audiences=tmp_path_factory.mktemp("audiences"))


def with_rules(shop: Studio, *rules: Any) -> Studio:
    shop.session.draft = {"id": "root", "combinator": "and", "rules": list(rules)}
    return shop


def test_no_two_parts_of_a_page_have_the_same_id(shop: Studio):
    ids = re.findall(r'\bid="([^"]+)"', page(shop, "customer", customer="1"))
    assert sorted(ids) == sorted(set(ids))
    assert "customer-number" in ids


def test_everyone_has_one_column_and_an_audience_has_everyone_beside_it(shop: Studio):
    alone = tables(with_rules(shop), "overview")["Figures per customer"]
    assert {len(row) for row in alone} == {2}
    beside = tables(with_rules(shop, SLIPPING), "overview")["Figures per customer"]
    assert {len(row) for row in beside} == {4}
    assert [row[2] for row in beside] == [row[1] for row in alone]
    assert beside[0][1] == str(shop.count)


def test_the_segments_add_up_to_the_audience(shop: Studio):
    rows = tables(with_rules(shop, SLIPPING), "segments")["Segments"]
    assert len(rows) == 14
    assert sum(int(row[2]) for row in rows) == shop.count
    assert sum(int(row[7]) for row in rows) == 3_000


def test_predicted_money_is_shown_where_it_is_known_and_missed_in_words_where_not(shop: Studio, tmp_path: Path):
    potential = tables(with_rules(shop), "overview")["Potential by lifecycle group"]
    frame = with_rules(shop).to_pandas()
    assert sum(float(row[1]) for row in potential) == pytest.approx(float(frame["ltv_predicted_365d"].sum()))
    without = Studio(frame.drop(columns=["ltv_predicted_365d"]), as_of="2026-06-30", audiences=tmp_path)
    assert "No predicted value is published" in page(without, "overview")


def test_nobody_is_said_and_breaks_no_page(shop: Studio):
    with_rules(shop, NOBODY)
    assert shop.count == 0
    for name in PAGES:
        assert page(shop, name)
    assert "Nobody meets the rules" in page(shop, "overview")
    assert tables(shop, "overview")["Figures per customer"][0] == ("Customers", "0", "3000", "0.0")


def test_an_audience_that_is_not_counted_yet_says_so(shop: Studio):
    bought = {"id": "c", "field": "items", "match": {"mode": "atLeast", "threshold": 1},
              "timeframe": {"mode": "any_time"}}  # fmt: skip
    with_rules(shop, SLIPPING, bought)
    for name in ("overview", "segments"):
        assert "Not exact yet: rules about behaviour need a warehouse" in page(shop, name)
    assert "Not exact yet" not in page(with_rules(shop, SLIPPING), "overview")


def test_a_made_up_shop_has_no_history_and_says_so(shop: Studio):
    for name in ("overview", "rhythm", "flows"):
        assert "No history here" in page(with_rules(shop), name)


def test_one_customer_by_id_by_beginning_and_not_at_all(shop: Studio):
    drawn = page(shop, "customer", customer="17")
    assert "Customer 17" in drawn
    assert "No order stands" in drawn or "Orders" in drawn
    assert 'data-value="1000"' in page(shop, "customer")
    assert "Nobody has that number" in page(shop, "customer", customer="x")


def test_text_from_data_stays_text(tmp_path: Path):
    people = pd.DataFrame({"customer_id": [EVIL, "b"], "order_count": [1, 2], "colour": [EVIL, "red"],
                           "lifecycle_group": ["active", "lost"]})  # fmt: skip
    shop = Studio(people, as_of="2026-06-30", audiences=tmp_path)
    for name in PAGES:
        drawn = page(shop, name, customer=EVIL)
        assert "<img" not in drawn
    assert 'data-value="&lt;img' in page(shop, "customer", customer="<im")
    assert EVIL in Tables(page(shop, "customer", customer=EVIL)).words


def test_a_table_without_classes_says_what_it_needs(tmp_path: Path):
    shop = Studio(pd.DataFrame({"customer_id": ["a"], "n": [1]}), as_of="2026-06-30", audiences=tmp_path)
    assert "No classes here" in page(shop, "overview")
    assert "Customer a" in page(shop, "customer", customer="a")


def test_a_page_in_a_cell_runs_nothing_and_a_wrong_name_is_refused(shop: Studio):
    shown = with_rules(shop, SLIPPING).page("segments", height=300)
    assert 'sandbox="allow-downloads"' in shown._repr_html_()
    assert "default-src &#x27;none&#x27;" in shown.document()
    with pytest.raises(LifetideError, match="there are overview, segments"):
        shop.page("sales")
    with pytest.raises(LifetideError, match="no tables beside"):
        shop.table("orders")


def test_figures_are_taken_away_exactly_and_formulas_are_text():
    drawn = figures_behind("Long names", ["What", "How many"], [["=1+1", Cell("1,234", 1234)], ['a"b', "–"]])
    assert "What%2CHow%20many%0D%0A%27%3D1%2B1%2C1234%0D%0A%22a%22%22b%22%2C%E2%80%93" in drawn
    assert 'download="long_names.csv"' in drawn


def test_differences_are_said_with_their_tone():
    assert difference(150, 100) == ("+50%", "up")
    assert difference(50, 100, is_inverted=True) == ("−50%", "up")
    assert difference(100.2, 100) == ("as everyone", "same")
    assert difference(2000, 100) == ("20.0×", "up")
    assert difference(None, 100) == difference(1, 0) == ("", "same")
    assert (lift(1, 4, 1, 8), lift(0, 4, 1, 8), lift(1, 0, 1, 8)) == ("×2.00", "–", "–")
    assert lift(1, 1_000, 900, 1_000) == "×<0.01"  # not ×0.00: there is somebody


def test_a_curve_begins_at_the_top_and_names_its_crowds():
    drawn = curves("c", "Longer", [0.0, 1.0, 2.0], [Curve("Audience", "active", [1.0, 0.5, 0.0])], [])
    assert "M44.0,14.0L" in drawn
    assert "1.0× and longer: Audience 50%" in drawn


def test_the_sheet_of_the_pages_is_small_and_names_no_other_machine():
    assert len(page_sheet().encode()) <= 13_000
    assert "http" not in page_sheet()
