"""Values of rules: each is held against the kind of its field and its operator."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from lifetide.audiences.fields import Field
from lifetide.audiences.mappings import Reading, mapping, whole, word
from lifetide.audiences.problems import Path, said
from lifetide.audiences.timeframes import Span
from lifetide.audiences.tree import Scalar, Value
from lifetide.audiences.words import BARE, LISTS, PAIRS, SHARES, SPANS, UNITS, FieldKind, Operator, Unit

BEGINS_WITH_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
MOST_VALUES = 1_000
MOST_TEXT = 1_000
MOST_NUMBER = 10**15
MOST_DIGITS = 15
MOST_QUANTITY = 10_000
NUMERIC = (FieldKind.NUMBER, FieldKind.MONEY)


def read_value(reading: Reading, path: Path, given: object, field: Field, operator: Operator) -> Value:
    """The value that the operator takes for this field; None after a problem, and for null and notNull."""
    if operator in BARE:
        if given not in (None, ""):
            reading.problems.add(path, f"{operator} takes no value")
        return None
    if operator in LISTS:
        return _list(reading, path, given, field)
    if operator in PAIRS or (field.kind is FieldKind.DATE and operator is Operator.BETWEEN):
        return _pair(reading, path, given, field)
    if operator in SPANS:
        return span(reading, path, given)
    if operator in SHARES:
        share = number(reading, path, given)
        if share is not None and not 0 < share <= 100:
            reading.problems.add(path, f"expected a percentage above 0 and up to 100, found {said(given)}")
        return share
    if operator is Operator.TOP_N:
        rank = whole(reading, path, given, 1, 1_000_000_000)
        return None if rank is None else Decimal(rank)
    if isinstance(given, list | tuple):
        lists = " and ".join(one for one in field.operators if one in LISTS) or "no operator"
        reading.problems.add(path, f"{operator} takes one value, found a list; {lists} of {field.name} take lists")
        return None
    found = scalar(reading, path, given, field)
    if found == "" and operator not in (Operator.EQUAL, Operator.UNEQUAL):
        reading.problems.add(path, f"{operator} needs a text that is not empty")
    return found


def scalar(reading: Reading, path: Path, given: object, field: Field) -> Scalar | None:
    """One value of the field's kind."""
    if field.words:
        if isinstance(given, str) and given in field.words:
            return given
        reading.problems.unknown(path, f"a value of {field.name}", given, field.words)
        return None
    if field.kind in NUMERIC:
        return number(reading, path, given)
    if field.kind is FieldKind.BOOLEAN:
        if isinstance(given, bool):
            return given
        reading.problems.add(path, f"{field.name} is true or false, found {said(given)}")
        return None
    if field.kind is FieldKind.DATE:
        return day(reading, path, given)
    if isinstance(given, str) and len(given) <= MOST_TEXT:
        return given
    quoted = isinstance(given, int | float | date) and not isinstance(given, bool)
    hint = f'; write it in quotes: "{given}"' if quoted else ""
    reading.problems.add(
        path, f"{field.name} is a text of at most {MOST_TEXT:,} characters, found {said(given)}{hint}"
    )
    return None


def number(reading: Reading, path: Path, given: object) -> Decimal | None:
    """A finite number with at most fifteen digits, so that no reader of the definition rounds it."""
    if isinstance(given, int | float | Decimal) and not isinstance(given, bool):
        found = Decimal(str(given)) if _is_in_range(given) else None
        if found is not None and len(found.normalize().as_tuple().digits) <= MOST_DIGITS:
            return found.normalize() + 0
    begins = BEGINS_WITH_NUMBER.match(given) if isinstance(given, str) else None
    hint = f"; write {begins[0]}, without quotes or units" if begins else ""
    reading.problems.add(path, f"expected a number of at most {MOST_DIGITS} digits, found {said(given)}{hint}")
    return None


def _is_in_range(given: int | float | Decimal) -> bool:
    return given == given and -MOST_NUMBER < given < MOST_NUMBER


def day(reading: Reading, path: Path, given: object) -> date | None:
    """A local date."""
    if isinstance(given, date) and not isinstance(given, datetime):
        return given
    if isinstance(given, str) and len(given) == 10:
        try:
            return date.fromisoformat(given)
        except ValueError:
            pass
    reading.problems.add(path, f"expected a date such as 2026-11-24, found {said(given)}")
    return None


def span(reading: Reading, path: Path, given: object) -> Span | None:
    """A stretch of time: {quantity: 90, unit: day}."""
    found = mapping(reading, path, given, ("quantity", "unit"), ("quantity", "unit"))
    return None if found is None else span_of(reading, path, found, "quantity")


def span_of(reading: Reading, path: Path, found: Mapping[str, object], key: str, least: int = 1) -> Span | None:
    """The stretch whose quantity stands under `key` and whose unit under `unit`."""
    if key not in found or "unit" not in found:
        return None
    quantity = whole(reading, (*path, key), found[key], least, MOST_QUANTITY)
    unit = word(reading, (*path, "unit"), found["unit"], UNITS, "a unit")
    return Span(quantity, unit) if quantity is not None and isinstance(unit, Unit) else None


def _list(reading: Reading, path: Path, given: object, field: Field) -> tuple[Scalar, ...] | None:
    """Different values, words in the catalogue's order, others sorted: their order means nothing."""
    many = given if isinstance(given, list | tuple) else [given]
    if not 0 < len(many) <= MOST_VALUES:
        reading.problems.add(path, f"expected 1 to {MOST_VALUES:,} values, found {len(many):,}")
        return None
    whole_list = isinstance(given, list | tuple)
    read = [scalar(reading, (*path, place) if whole_list else path, one, field) for place, one in enumerate(many)]
    found = {one for one in read if one is not None}
    if field.words:
        return tuple(name for name in field.words if name in found)
    return tuple(sorted(found))


def _pair(reading: Reading, path: Path, given: object, field: Field) -> tuple[Scalar, ...] | None:
    if not isinstance(given, list | tuple) or len(given) != 2:
        reading.problems.add(path, f"expected two values, the lower and the upper end, found {said(given)}")
        return None
    lower, upper = (scalar(reading, (*path, place), one, field) for place, one in enumerate(given))
    if lower is None or upper is None:
        return None
    if lower > upper:  # type: ignore[operator]
        reading.problems.add(path, f"the lower end {lower} is above the upper end {upper}: swap them")
    return lower, upper
