"""One rule of an audience on profile fields → the set of customers who meet it; sets are kept by what was asked.

The rule is a document in the language of audience rules: field, operator, value, nulls. A negative operator is the
complement of its positive one, so it holds where the value is missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from lifetide.errors import LifetideError
from lifetide.explorer.studio import leaves
from lifetide.explorer.studio.bits import Words, everyone, nobody, size
from lifetide.explorer.studio.columns import Coded, Column, Kind, Numeric

EPOCH = date(1970, 1, 1)
POSITIVE = {
    "!=": "=", "notIn": "in", "notBetween": "between", "doesNotContain": "contains",
    "doesNotBeginWith": "beginsWith", "doesNotEndWith": "endsWith",
}  # fmt: skip
"""Negative operators and the operators that they deny."""


class CannotTell(LifetideError):
    """A rule that these columns cannot answer; the message says why."""


def members_of_rule(rule: Mapping[str, Any], column: Column, universe: Words, as_of: date) -> Words:
    """Customers who meet the rule; `universe` matters to percents and top N alone."""
    operator = str(rule["operator"])
    count = len(column.codes) if isinstance(column, Coded) else len(column.values)
    if operator in ("null", "notNull"):
        unknown = leaves.missing(column)
        return unknown if operator == "null" else everyone(count) & ~unknown
    if operator in POSITIVE:
        met = members_of_rule({**rule, "operator": POSITIVE[operator]}, column, universe, as_of)
        others = everyone(count) & ~met
        return others & ~leaves.missing(column) if rule.get("nulls") == "exclude" else others
    if isinstance(column, Coded):
        return _of_words(operator, rule, column)
    return _of_numbers(operator, rule, column, universe, as_of)


def _of_words(operator: str, rule: Mapping[str, Any], column: Coded) -> Words:
    value = rule.get("value")
    if operator in ("in", "="):
        wanted = [_text(one) for one in (value if isinstance(value, list) else [value])]
        if not rule.get("ignore_case"):
            return leaves.of_codes(column, [code for one in wanted if (code := column.code(one)) is not None])
        lowered = {_lower(one) for one in wanted}
        return leaves.with_label(column, lambda label: _lower(label) in lowered)
    if operator in ("<", "<=", ">", ">="):
        return _of_order(operator, _text(value), column)
    test = _text_test(operator, _text(value), ignore_case=bool(rule.get("ignore_case")))
    return leaves.with_label(column, test)


def _of_order(operator: str, value: str, column: Coded) -> Words:
    """Ordered words: as their labels stand, the first is the least."""
    place = column.code(value)
    if place is None:
        return nobody(len(column.codes))
    codes = range(1, len(column.labels) + 1)
    compare: dict[str, Callable[[int], bool]] = {
        "<": lambda code: code < place, "<=": lambda code: code <= place,
        ">": lambda code: code > place, ">=": lambda code: code >= place,
    }  # fmt: skip
    return leaves.of_codes(column, [code for code in codes if compare[operator](code)])


def _text_test(operator: str, wanted: str, *, ignore_case: bool) -> Callable[[str], bool]:
    fold = _lower if ignore_case else str
    part = fold(wanted)
    if operator == "contains":
        return lambda label: part in fold(label)
    if operator == "beginsWith":
        return lambda label: fold(label).startswith(part)
    if operator == "endsWith":
        return lambda label: fold(label).endswith(part)
    if operator == "matches":
        pattern = re.compile("".join({"*": ".*", "?": "."}.get(one, re.escape(one)) for one in part), re.DOTALL)
        return lambda label: pattern.fullmatch(fold(label)) is not None
    raise CannotTell(f"{operator} is no comparison of words")


def _of_numbers(
    operator: str, rule: Mapping[str, Any], column: Numeric, universe: Words, as_of: date
) -> Words:
    value = rule.get("value")
    if operator in ("withinLast", "withinNext"):
        return _near(operator, value, column, as_of)
    if operator in ("topPercent", "bottomPercent", "topN"):
        return _ranked(operator, number(value, column), column, universe)
    if operator == "between":
        low, high = (value[0], value[1]) if isinstance(value, list) else (value["from"], value["to"])
        return leaves.between(column, number(low, column), number(high, column))
    if operator in ("in", "=", "on"):
        wanted = value if isinstance(value, list) else [value]
        return leaves.one_of(column, [number(one, column) for one in wanted])
    limit = number(value, column)
    if operator in (">", ">=", "after"):
        return leaves.at_least(column, limit, strictly=operator != ">=")
    if operator in ("<", "<=", "before"):
        return leaves.at_most(column, limit, strictly=operator != "<=")
    raise CannotTell(f"{operator} is no comparison of numbers")


def _near(operator: str, value: Any, column: Numeric, as_of: date) -> Words:
    """Dates within the last or next so many days, as_of being one of the last ones."""
    days = int(value["quantity"] if isinstance(value, Mapping) else value)
    today = (as_of - EPOCH).days
    first, last = (today - days + 1, today) if operator == "withinLast" else (today + 1, today + days)
    return leaves.between(column, Decimal(first), Decimal(last))


def _ranked(operator: str, value: Decimal, column: Numeric, universe: Words) -> Words:
    """The highest (lowest) values among the universe's known ones, ties included."""
    import numpy as np

    from lifetide.explorer.studio.bits import positions

    known = universe if column.missing is None else universe & ~column.missing
    there = size(known)
    wanted = int(value) if operator == "topN" else -(-there * value // 100)
    wanted = min(int(wanted), there)
    if wanted <= 0:
        return nobody(len(column.values))
    values = column.values[positions(known, len(column.values))]
    place = there - wanted if operator != "bottomPercent" else wanted - 1
    cut = Decimal(str(np.partition(values, place)[place])).scaleb(-column.scale)
    found = leaves.at_most(column, cut) if operator == "bottomPercent" else leaves.at_least(column, cut)
    return found & universe


def number(value: Any, column: Numeric) -> Decimal:
    """A value of a rule as a number: dates as days, texts and floats by their decimal digits."""
    if column.kind is Kind.DATE:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
        return Decimal((day - EPOCH).days)
    return Decimal(str(value))


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _lower(text: str) -> str:
    """ASCII alone, as Spark and Python agree on it."""
    return "".join(one.lower() if "A" <= one <= "Z" else one for one in text)


