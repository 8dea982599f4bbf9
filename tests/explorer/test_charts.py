from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import date, timedelta

from lifetide.explorer.charts import (
    Column,
    Cut,
    Layer,
    Part,
    bar,
    column_compare,
    histogram,
    legend,
    share_bar,
    sparkline,
    stacked_area,
)
from lifetide.explorer.charts.area import evenly
from lifetide.explorer.facts import Bin

DAYS = [date(2026, 1, 1) + timedelta(days=n) for n in range(120)]


def shapes(markup: str, css: str) -> list[ET.Element]:
    """Elements of a class in the first of the chart's views."""
    first = ET.fromstring(f"<div>{markup}</div>")
    svg = first if first.tag == "svg" else next(first.iter("svg"))
    return [one for one in svg.iter() if css in (one.get("class") or "").split()]


def texts(markup: str) -> list[str]:
    svg = next(ET.fromstring(f"<div>{markup}</div>").iter("svg"))
    return [one.text or "" for one in svg.iter("text")]


def test_a_share_bar_cuts_one_bar_into_its_parts() -> None:
    made = share_bar("k", "Groups", [Part("Active", 75, "active"), Part("Lost", 25, "lost"), Part("None", 0, "just")])
    assert [one.get("width") for one in shapes(made, "f-active")] == ["75.000%"]
    assert [(one.get("x"), one.get("width")) for one in shapes(made, "f-lost")] == [("75.000%", "25.000%")]
    assert shapes(made, "f-just") == []
    assert "Active: 75 (75%)" in made


def test_a_part_too_small_to_see_is_shown_all_the_same() -> None:
    made = share_bar("k", "Groups", [Part("Active", 99_999, "active"), Part("Lost", 1, "lost")])
    assert 0.3 < float((shapes(made, "f-lost")[0].get("width") or "").rstrip("%")) < 0.5


def test_a_share_bar_of_nobody_says_so() -> None:
    assert "nobody</desc>" in share_bar("k", "Groups", [])


def test_bars_never_leave_their_track() -> None:
    assert 'width="100.00%"' in bar(1.7, "active")
    assert "f-active" not in bar(0, "active")
    assert 'width="0.40%"' in bar(0.0001, "active")


def test_a_legend_lists_counts_and_shares() -> None:
    made = legend([Part("Active", 3, "active"), Part("Lost", 1, "lost")])
    assert re.findall(r">([^<>]+)<", made) == ["Active", "3", "75%", "Lost", "1", "25%"]


def test_layers_are_stacked_without_gaps() -> None:
    made = stacked_area(
        "k", "Base", "d", DAYS, [Layer("Active", "active", [100] * 120), Layer("Lost", "lost", [100] * 120)]
    )
    active, lost = (shapes(made, f"f-{css}")[0].get("d") or "" for css in ("active", "lost"))
    tops = [re.findall(r"[\d.]+,([\d.]+)", path)[0] for path in (active, lost)]
    bottoms = [re.findall(r"[\d.]+,([\d.]+)", path)[-1] for path in (active, lost)]
    assert bottoms[1] == tops[0]
    assert float(tops[1]) < float(tops[0]) < float(bottoms[0])


def test_a_date_pointed_at_shows_its_figures() -> None:
    made = stacked_area("k", "Base", "d", DAYS, [Layer("Active", "active", list(range(120)))])
    assert "30 Apr 2026" in made
    assert made.count("card-tip") == 40 + 56


def test_two_days_are_enough_for_an_area() -> None:
    made = stacked_area("k", "Base", "d", DAYS[:2], [Layer("Active", "active", [0, 0])])
    assert "1 Jan 2026" in made
    assert "NaN" not in made


def test_dates_that_would_run_into_one_another_are_left_out() -> None:
    """Two days of a year apart from all others: their labels would lie upon each other."""
    days = [date(2010, 12, 30), date(2010, 12, 31), date(2011, 12, 9)]
    made = stacked_area("k", "Base", "d", days, [Layer("Active", "active", [1, 2, 3])])
    for sheet in ET.fromstring(f"<div>{made}</div>").iter("svg"):
        dates = [one.text for one in sheet.iter("text") if one.get("class") == "tick" and "Dec" in (one.text or "")]
        assert dates == ["30 Dec 2010", "9 Dec 2011"]


def test_long_histories_are_thinned_but_keep_their_ends() -> None:
    kept = evenly(10_000, 180)
    assert (kept[0], kept[-1], len(kept)) == (0, 9_999, 180)
    assert evenly(3, 180) == [0, 1, 2]


def test_a_sparkline_of_nothing_is_flat() -> None:
    assert "From 0 to 0; highest 0." in sparkline("k", "Active", [0, 0, 0])


def test_a_bar_that_a_cut_runs_through_changes_colour_at_the_cut() -> None:
    made = histogram("k", "Gaps", "d", [Bin(0, 1, 4), Bin(1, 2, 2), Bin(2, None, 1)],
                     [Cut(1.5, "slipping", "slip"), Cut(2.0, "lost above 2", "lost")], unit="×")  # fmt: skip
    active, slip, lost = (shapes(made, f"f-{css}") for css in ("active", "slip", "lost"))
    assert [len(active), len(slip), len(lost)] == [2, 1, 1]
    assert float(slip[0].get("x") or 0) == float(active[1].get("x") or 0) + float(active[1].get("width") or 0)
    assert "2 and more ×: 1 (14%)" in made
    assert "2×+" in texts(made)


def test_words_of_close_cuts_stand_in_rows_of_their_own() -> None:
    made = histogram("k", "Gaps", "d", [Bin(0, 1, 1), Bin(1, 2, 1)], [Cut(1.0, "a", "slip"), Cut(1.01, "b", "lost")],
                     unit="×")  # fmt: skip
    assert len({one.get("y") for one in shapes(made, "cut-words")}) == 2


def test_a_cut_beyond_the_bins_stays_on_the_sheet() -> None:
    made = histogram("k", "Gaps", "d", [Bin(0, 1, 1), Bin(1, 2, 1)], [Cut(9.0, "far", "slip")], unit="×")
    assert float(shapes(made, "cut")[0].get("x1") or 0) == 330 - 6


def test_columns_are_proportional_and_the_unknown_is_left_open() -> None:
    made = column_compare("k", "Active", "d", [Column("12 months", "Dec", None), Column("6 months", "Jun", 50),
                                               Column("Now", "Dec", 100, css="active")])  # fmt: skip
    before, now = shapes(made, "f-before")[0], shapes(made, "f-active")[0]
    assert float(now.get("height") or 0) == 2 * float(before.get("height") or 0)
    assert len(shapes(made, "f-open")) == 1
    assert "12 mo." in texts(made)


def test_columns_of_zero_have_no_height() -> None:
    made = column_compare("k", "Active", "d", [Column("Now", "Dec", 0, css="active")])
    assert shapes(made, "f-active")[0].get("height") == "0"
    assert "0" in texts(made)
