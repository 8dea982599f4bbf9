"""One comparison of an audience on profile columns → the set of customers who meet it.

Two-valued as audience rules are: a comparison with a missing value is false, and a negative operator, being the
complement of its positive one, is true of it (`excludes_missing` turns that off).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from math import ceil
from typing import Any

import numpy as np
import numpy.typing as npt

from lifetide.audiences.timeframes import Span, Timeframe
from lifetide.audiences.tree import Compare, Scalar
from lifetide.audiences.words import LISTS, OPPOSITES, RANKS, SPANS, Operator, TimeMode
from lifetide.errors import LifetideError
from lifetide.explorer.studio import leaves
from lifetide.explorer.studio.bits import Words, everyone, nobody, packed, positions, size
from lifetide.explorer.studio.columns import EPOCH, Coded, Column, Kind, Numeric

ORDERS: dict[Operator, Callable[[Any, Any], Any]] = {
    Operator.EQUAL: np.equal, Operator.ON: np.equal, Operator.LESS: np.less, Operator.BEFORE: np.less,
    Operator.AT_MOST: np.less_equal, Operator.GREATER: np.greater, Operator.AFTER: np.greater,
    Operator.AT_LEAST: np.greater_equal,
}  # fmt: skip


class CannotTell(LifetideError):
    """A rule that these columns cannot answer; the message says why."""


def who_meets(node: Compare, column: Column, other: Column | None, universe: Words, as_of: date) -> Words:
    """Customers who meet the comparison; `universe` matters to percents and top N alone."""
    if node.operator in (Operator.NULL, Operator.NOT_NULL):
        unknown = leaves.missing(column)
        return unknown if node.operator is Operator.NULL else everyone(column.count) & ~unknown
    if node.operator in OPPOSITES:
        positive = replace(node, operator=OPPOSITES[node.operator], excludes_missing=False)
        others = everyone(column.count) & ~who_meets(positive, column, other, universe, as_of)
        if not node.excludes_missing:
            return others
        known = others & ~leaves.missing(column)
        return known if other is None else known & ~leaves.missing(other)
    if other is not None:
        return _of_two(node, column, other)
    if isinstance(column, Coded):
        return _of_words(node, column)
    return _of_numbers(node, column, universe, as_of)


def _of_words(node: Compare, column: Coded) -> Words:
    if node.operator in (*LISTS, Operator.EQUAL):
        wanted = [_text(one) for one in (node.value if isinstance(node.value, tuple) else (node.value,))]
        if not node.ignores_case:
            return leaves.of_codes(column, [code for code in map(column.code, wanted) if code is not None])
        lowered = {_lower(one) for one in wanted}
        return leaves.with_label(column, lambda label: _lower(label) in lowered)
    value = _text(node.value)
    if node.operator in ORDERS:
        place = column.code(value)
        codes = range(1, len(column.labels) + 1)
        return leaves.of_codes(column, [one for one in codes if place and ORDERS[node.operator](one, place)])
    return leaves.with_label(column, _text_test(node.operator, value, _lower if node.ignores_case else str))


def _text_test(operator: Operator, wanted: str, fold: Callable[[str], str]) -> Callable[[str], bool]:
    part = fold(wanted)
    if operator is Operator.CONTAINS:
        return lambda label: part in fold(label)
    if operator is Operator.BEGINS_WITH:
        return lambda label: fold(label).startswith(part)
    if operator is Operator.ENDS_WITH:
        return lambda label: fold(label).endswith(part)
    if operator is Operator.MATCHES:
        pattern = re.compile("".join({"*": ".*", "?": "."}.get(one, re.escape(one)) for one in part), re.DOTALL)
        return lambda label: pattern.fullmatch(fold(label)) is not None
    raise CannotTell(f"{operator} is no comparison of words")


def _of_numbers(node: Compare, column: Numeric, universe: Words, as_of: date) -> Words:
    value = node.value
    if node.operator in SPANS and isinstance(value, Span):
        mode = TimeMode.IN_THE_LAST if node.operator is Operator.WITHIN_LAST else TimeMode.IN_THE_NEXT
        first, last = Timeframe(mode, value).bounds(as_of)
        return leaves.between(column, _number(first), _number(last))
    if node.operator in RANKS:
        return _ranked(node.operator, _number(value), column, universe)
    if isinstance(value, tuple):
        if node.operator is Operator.BETWEEN:
            return leaves.between(column, _number(value[0]), _number(value[1]))
        return leaves.one_of(column, [_number(one) for one in value])
    limit = _number(value)
    if node.operator in (Operator.EQUAL, Operator.ON):
        return leaves.one_of(column, [limit])
    if node.operator in (Operator.GREATER, Operator.AFTER, Operator.AT_LEAST):
        return leaves.at_least(column, limit, strictly=node.operator is not Operator.AT_LEAST)
    if node.operator in (Operator.LESS, Operator.BEFORE, Operator.AT_MOST):
        return leaves.at_most(column, limit, strictly=node.operator is not Operator.AT_MOST)
    raise CannotTell(f"{node.operator} is no comparison of numbers")


def _ranked(operator: Operator, value: Decimal, column: Numeric, universe: Words) -> Words:
    """The highest (lowest) values among the universe's known ones, ties included."""
    known = universe & ~leaves.missing(column)
    place = place_of_line(operator, value, size(known))
    if place is None:
        return nobody(column.count)
    values = column.values[positions(known, column.count)]
    is_top = operator is not Operator.BOTTOM_PERCENT
    cut = np.partition(values, place)[place]
    every = column.values
    test = (lambda part: every[part] >= cut) if is_top else (lambda part: every[part] <= cut)
    return packed(column.count, test) & known


def place_of_line(operator: Operator, value: Decimal, there: int) -> int | None:
    """Where the last value that a rank takes lies among so many, 0 = the smallest; None where it takes nobody."""
    wanted = int(value) if operator is Operator.TOP_N else ceil(Decimal(there) * value / 100)
    wanted = min(wanted, there)
    if wanted <= 0:
        return None
    return wanted - 1 if operator is Operator.BOTTOM_PERCENT else there - wanted


def _of_two(node: Compare, column: Column, other: Column) -> Words:
    """A column against another one times `scale`."""
    compare = ORDERS[node.operator]
    if isinstance(column, Coded) or isinstance(other, Coded):
        found = _of_two_words(compare, column, other, ignores_case=node.ignores_case)
    elif node.scale == 1 and Kind.DOUBLE not in (column.kind, other.kind):
        one, two = column.values, other.values
        ours, theirs = np.int64(10**other.scale), np.int64(10**column.scale)
        found = packed(column.count, lambda part: compare(one[part] * ours, two[part] * theirs))
    else:
        times = float(node.scale)
        found = packed(column.count, lambda part: compare(_doubles(column, part), _doubles(other, part) * times))
    return found & ~leaves.missing(column) & ~leaves.missing(other)


def _of_two_words(compare: Callable[[Any, Any], Any], column: Column, other: Column, *, ignores_case: bool) -> Words:
    if not isinstance(column, Coded) or not isinstance(other, Coded):
        raise CannotTell("a text and a number cannot be compared")
    fold = _lower if ignores_case else str
    labels = column.labels if column.labels == other.labels else tuple(sorted({*column.labels, *other.labels}))
    place: dict[str, int] = {}
    for label in labels:
        place.setdefault(fold(label), len(place) + 1)
    ours, theirs = (np.array([0, *(place[fold(label)] for label in one.labels)]) for one in (column, other))
    one, two = column.codes, other.codes
    return packed(column.count, lambda part: compare(ours[one[part]], theirs[two[part]]))


def _doubles(column: Numeric, part: slice) -> npt.NDArray[np.float64]:
    """Stored numbers as the nearest doubles, as a cast of the column gives them."""
    return column.values[part].astype(np.float64) / 10.0**column.scale


def _number(value: Any) -> Decimal:
    """A value of a tree as a number; dates are days."""
    if isinstance(value, date):
        return Decimal((value - EPOCH).days)
    if isinstance(value, Decimal):
        return value
    raise CannotTell(f"{value!r} is no number and no date")


def _text(value: Scalar | Span | tuple[Scalar, ...] | None) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _lower(text: str) -> str:
    """ASCII alone, so that Spark, Python and this agree."""
    return "".join(one.lower() if "A" <= one <= "Z" else one for one in text)
