from __future__ import annotations

from datetime import date

import pytest

from lifetide.audiences import Audience, parse
from lifetide.audiences.turning import has_turned


def audience(key: str, *rules: dict[str, object]) -> Audience:
    return parse({"spec": "lifetide.audience/v1", "key": key, "name": key, "rule": {"rules": list(rules)}})


FIRST = audience("first", {"field": "orders", "firstTime": True, "timeframe": "this_month"})
RECENT = audience("recent", {"field": "orders", "match": {"mode": "some"},
                             "timeframe": {"mode": "in_the_last", "quantity": 30, "unit": "day"}})  # fmt: skip
WITHIN = audience("within", {"field": "audience", "operator": "in", "value": ["first"]})
LAST, NEXT = date(2026, 3, 31), date(2026, 4, 1)


@pytest.mark.parametrize(("one", "then", "now", "turned"), [
    (FIRST, LAST, NEXT, True), (FIRST, date(2026, 3, 30), LAST, False), (RECENT, LAST, NEXT, False),
    (WITHIN, LAST, NEXT, True),
])  # fmt: skip
def test_a_calendar_window_turns_at_its_end_and_so_does_whoever_names_it(
    one: Audience, then: date, now: date, turned: bool
) -> None:
    assert has_turned(one, {"first": FIRST}, then, now) is turned
