"""Which figures a run needs, and from which date on each table is read."""

from __future__ import annotations

from datetime import date
from typing import Any

from audiences.test_round_trip import ruled
from lifetide.audiences import parse
from lifetide.audiences.figures import Listing, all_figures, earliest, gathered_once, kind_of

AS_OF = date(2024, 3, 31)


def figures(*rules: dict[str, Any]) -> list[Any]:
    return all_figures([parse(ruled(*rules))], AS_OF)


def some(name: str, timeframe: Any) -> dict[str, Any]:
    return {"field": name, "match": {"mode": "atLeast", "threshold": 1}, "timeframe": timeframe}


def last(days: int) -> dict[str, Any]:
    return {"mode": "in_the_last", "quantity": days, "unit": "day"}


def test_a_table_is_read_from_the_earliest_date_that_any_figure_of_it_looks_at():
    found = figures(some("orders", last(30)), some("orders", last(90)), some("views", last(7)))
    assert earliest(found, "orders") == date(2024, 1, 2)
    assert earliest(found, "views") == date(2024, 3, 25)


def test_one_figure_without_a_beginning_reads_all_of_its_table():
    found = figures(some("orders", last(30)), some("orders", "any_time"), some("views", last(7)))
    assert earliest(found, "orders") is None
    assert earliest(found, "views") == date(2024, 3, 25)


def test_rules_that_differ_in_their_threshold_alone_share_a_figure():
    twice = {"field": "orders", "match": {"mode": "exactly", "threshold": 2}, "timeframe": last(30)}
    assert len(figures(some("orders", last(30)), twice)) == 1
    assert len(figures(some("orders", last(30)), some("orders", last(31)))) == 2


def test_a_first_time_looks_at_all_of_the_past_and_a_denied_step_beyond_the_timeframe():
    first = {"field": "orders", "firstTime": True, "timeframe": last(30)}
    assert [one.bounds for one in figures(first)] == [(None, None)]
    steps = [{}, {"field": "items", "negate": True}]
    timeframe = {"mode": "between", "from": "2024-01-01", "to": "2024-01-31"}
    followed = {"field": "carts", "sequence": {"steps": steps}, "timeframe": timeframe}
    assert [(kind_of(one), one.bounds) for one in figures(followed)] == [
        ("carts", (date(2024, 1, 1), date(2024, 1, 31))),
        ("items", (date(2024, 1, 1), None)),
    ]


def test_lists_and_different_values_that_differ_in_their_dates_alone_are_gathered_once():
    def distinct(days: int) -> dict[str, Any]:
        match = {"mode": "atLeast", "threshold": 2, "count_by": "product_id"}
        return {"field": "items", "match": match, "timeframe": last(days)}

    found = figures(distinct(30), distinct(90), some("orders", last(30)), some("orders", last(90)))
    sources = gathered_once(found)
    assert len(found) == 4
    assert sources[found[0]] == sources[found[1]]
    assert sources[found[0]].bounds == (date(2024, 1, 2), AS_OF)
    assert sources[found[0]].measure is Listing.LATEST
    assert [sources[one] for one in found[2:]] == found[2:]
    alone = figures(distinct(30))
    assert list(gathered_once(alone).values()) == alone
