"""Controls of the basic builder: one for each kind of field and operator."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import ipywidgets as w

from lifetide.explorer.studio.offered import Offer

UNKNOWN = [("is unknown", "null"), ("is known", "notNull")]
WORDS = [("is any of", "in"), ("is none of", "notIn"), *UNKNOWN]
TEXTS = [("contains", "contains"), ("begins with", "beginsWith"), ("ends with", "endsWith"), ("matches", "matches")]
NUMBERS = [
    ("between", "between"), ("not between", "notBetween"), ("at least", ">="), ("at most", "<="), ("equal to", "="),
    ("in the top %", "topPercent"), ("in the bottom %", "bottomPercent"), ("in the top", "topN"), *UNKNOWN,
]  # fmt: skip
DATES = [
    ("between", "between"),
    ("after", "after"),
    ("before", "before"),
    ("in the last days", "withinLast"),
    *UNKNOWN,
]
OPERATORS: dict[str, list[tuple[str, str]]] = {
    "choice": WORDS, "ordered": WORDS, "text": [*WORDS, *TEXTS], "flag": [("is", "="), *UNKNOWN], "number": NUMBERS,
    "money": NUMBERS, "share": NUMBERS, "date": DATES, "audience": WORDS[:2],
}  # fmt: skip
SHOWN = 8  # words seen at once


def fresh(offer: Offer, name: str, operator: str = "") -> dict[str, Any]:
    """A rule about a field that asks nothing yet."""
    how = operator or OPERATORS[offer.control][0][1]
    starts: dict[str, Any] = {"in": [], "notIn": [], "topPercent": 10, "bottomPercent": 10, "topN": 1000}
    value = True if offer.control == "flag" and how == "=" else starts.get(how)
    if how == "withinLast":
        value = {"quantity": 90, "unit": "day"}
    return {"id": name, "field": offer.field.name, "operator": how, "value": value}


def value_control(rule: dict[str, Any], offer: Offer, base: Any, set_: Callable[[Any], None]) -> w.Widget:
    """The control for the rule's value; it calls `set_` with each new value."""
    operator, now = rule["operator"], rule.get("value")  # type: str, Any
    if operator in ("null", "notNull"):
        return w.Label("")
    if operator in ("in", "notIn"):
        return _words(now or [], base, set_)
    if offer.control == "flag":
        told = offer.told()
        choice = w.ToggleButtons(options=[(told["yes"], True), (told["no"], False)], value=now is not False)
        return _watched(choice, set_)
    if operator in ("between", "notBetween"):
        return _range(now or [None, None], offer.control == "date", set_)
    if operator == "withinLast":
        days = w.BoundedIntText(value=now["quantity"], min=1, max=10_000, description="days")
        return _watched(days, lambda value: set_({"quantity": value, "unit": "day"}))
    if offer.control == "date":
        day = w.DatePicker(value=None if now is None else date.fromisoformat(str(now)))
        return _watched(day, lambda value: set_(value and value.isoformat()))
    if offer.control == "text":
        return _watched(w.Text(value=str(now or ""), placeholder="type a text"), set_)
    return _watched(w.FloatText(value=float(now or 0)), set_)


def _words(now: list[str], base: Any, set_: Callable[[Any], None]) -> w.Widget:
    words = [] if base is None else base["words"]
    options = [(f"{one['label']} ({base['all'][one['place']]:,})", one["value"]) for one in words]
    there = {value for _, value in options}
    options += [(f"{one} (nobody)", one) for one in now if one not in there]
    chosen = w.SelectMultiple(options=options, value=tuple(now), rows=min(SHOWN, max(2, len(options))))
    return _watched(chosen, lambda value: set_(list(value)))


def _range(now: list[Any], is_date: bool, set_: Callable[[Any], None]) -> w.Widget:  # noqa: FBT001
    """Two boxes; as long as one is empty the rule asks nothing."""
    if is_date:
        ends: list[Any] = [w.DatePicker(value=None if one is None else date.fromisoformat(str(one))) for one in now]
    else:
        ends = [w.Text(value="" if one is None else f"{one:g}", layout=w.Layout(width="110px")) for one in now]

    def read(end: Any) -> Any:
        if is_date:
            return end.value and end.value.isoformat()
        try:
            return float(end.value)
        except ValueError:
            return None

    def changed(_: Any) -> None:
        low, high = (read(one) for one in ends)
        set_([high, low] if low is not None and high is not None and low > high else [low, high])

    for end in ends:
        end.observe(changed, "value")
    return w.HBox([ends[0], w.Label("to"), ends[1]])


def _watched(control: Any, set_: Callable[[Any], None]) -> w.Widget:
    control.observe(lambda change: set_(change["new"]), "value")
    return control
