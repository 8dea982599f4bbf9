"""A comparison as a Spark condition: never null. Missing is false, or true of an operator that denies another one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from pyspark.sql import Column
from pyspark.sql import functions as F

from lifetide.audiences.fields import Field
from lifetide.audiences.timeframes import Bounds, Span, Timeframe
from lifetide.audiences.tree import Compare, Scalar, Value
from lifetide.audiences.words import OPPOSITES, ORDERINGS, FieldKind, Operator, TimeMode

UPPER, LOWER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"
ColumnOf = Callable[[str], Column]


def compared(node: Compare, fields: Mapping[str, Field], column: ColumnOf, as_of: date) -> Column:
    """The condition that a comparison of a field with a value or another field is."""
    field = fields[node.field]
    if node.other is not None:
        left, right = _both(column(field.name), field, column(node.other), fields[node.other], node.scale)
        left, right = (_lowered(one) if node.ignores_case else one for one in (left, right))
        return two_valued(
            node.operator,
            lambda operator: _plainly(operator, left, right),
            excludes_missing=node.excludes_missing,
        )
    subject = _lowered(column(field.name)) if node.ignores_case else column(field.name)

    def positively(operator: Operator) -> Column:
        if operator is Operator.NULL:
            return subject.isNull()
        if operator is Operator.NOT_NULL:
            return subject.isNotNull()
        if field.words and operator in ORDERINGS:
            return subject.isin(list(words_at(field.words, operator, str(node.value))))
        if isinstance(node.value, Span):
            return within(subject, span_bounds(operator, node.value, as_of))
        return valued(operator, subject, node.value, field.type, ignores_case=node.ignores_case)

    return two_valued(node.operator, positively, excludes_missing=node.excludes_missing)


def two_valued(operator: Operator, positively: Callable[[Operator], Column], *, excludes_missing: bool) -> Column:
    """The operator without a third value; `positively` gives the condition of one that denies nothing."""
    if operator in OPPOSITES:
        return F.coalesce(~positively(OPPOSITES[operator]), F.lit(not excludes_missing))
    return F.coalesce(positively(operator), F.lit(False))


def valued(operator: Operator, subject: Column, value: Value, type_: str, *, ignores_case: bool = False) -> Column:
    """An operator that denies nothing, with a value; null where the subject is missing."""

    def literal(one: Scalar) -> Column:
        return F.lit(typed(folded(one) if ignores_case else one, type_))

    if operator is Operator.IN and isinstance(value, tuple):
        return subject.isin([literal(one) for one in value])
    if operator is Operator.BETWEEN and isinstance(value, tuple):
        return (subject >= literal(value[0])) & (subject <= literal(value[1]))
    text = folded(value) if ignores_case else value
    if operator is Operator.CONTAINS:
        return subject.contains(str(text))
    if operator is Operator.BEGINS_WITH:
        return subject.startswith(str(text))
    if operator is Operator.ENDS_WITH:
        return subject.endswith(str(text))
    if operator is Operator.MATCHES:
        return subject.like(like_pattern(str(text)))
    return _plainly(operator, subject, F.lit(typed(text, type_)))


def _plainly(operator: Operator, left: Column, right: Column) -> Column:
    return {
        Operator.EQUAL: lambda: left == right,
        Operator.ON: lambda: left == right,
        Operator.LESS: lambda: left < right,
        Operator.BEFORE: lambda: left < right,
        Operator.AT_MOST: lambda: left <= right,
        Operator.GREATER: lambda: left > right,
        Operator.AFTER: lambda: left > right,
        Operator.AT_LEAST: lambda: left >= right,
    }[operator]()


def within(day: Column, bounds: Bounds) -> Column:
    """The date lies between the bounds, both in."""
    first, last = bounds
    condition = day.isNotNull()
    if first is not None:
        condition = condition & (day >= F.lit(first))
    return condition if last is None else condition & (day <= F.lit(last))


def span_bounds(operator: Operator, span: Span, as_of: date) -> Bounds:
    """The dates of withinLast and withinNext."""
    mode = TimeMode.IN_THE_LAST if operator is Operator.WITHIN_LAST else TimeMode.IN_THE_NEXT
    return Timeframe(mode, span).bounds(as_of)


def words_at(words: tuple[str, ...], operator: Operator, word: str) -> tuple[str, ...]:
    """The ordered words that stand at the asked side of one."""
    place = words.index(word)
    return {
        Operator.LESS: words[:place],
        Operator.AT_MOST: words[: place + 1],
        Operator.GREATER: words[place + 1 :],
        Operator.AT_LEAST: words[place:],
    }[operator]


def typed(value: object, type_: str) -> object:
    """A number as the column compares exactly: a double with a double, else whole or decimal."""
    if not isinstance(value, Decimal):
        return value
    if type_ == "double":
        return float(value)
    return int(value) if value == value.to_integral_value() else value


def like_pattern(glob: str) -> str:
    """A glob (`*` any text, `?` one character) as SQL LIKE says it."""
    escaped = glob.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return escaped.replace("*", "%").replace("?", "_")


def _both(left: Column, one: Field, right: Column, other: Field, scale: Decimal) -> tuple[Column, Column]:
    """Both sides as they compare: exact numbers as they are, doubles and multiples as doubles."""
    numbers = (FieldKind.NUMBER, FieldKind.MONEY)
    if one.kind not in numbers or (scale == 1 and "double" not in (one.type, other.type)):
        return left, right
    return left.cast("double"), right.cast("double") * F.lit(float(scale))


def _lowered(column: Column) -> Column:
    return F.translate(column, UPPER, LOWER)


def folded(value: object) -> object:
    """ASCII letters as small ones, all else as it is."""
    return value.translate(str.maketrans(UPPER, LOWER)) if isinstance(value, str) else value
