"""A comparison in plain Python: the same meaning as `comparing`, written on its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Any

from lifetide.audiences.fields import Field
from lifetide.audiences.people import Element
from lifetide.audiences.timeframes import Bounds, Span, shifted
from lifetide.audiences.tree import Compare, Group, Node
from lifetide.audiences.words import Combinator, Operator

_O = Operator
TESTS: dict[Operator, Callable[[Any, Any], bool]] = {
    _O.EQUAL: lambda seen, asked: seen == asked,
    _O.UNEQUAL: lambda seen, asked: seen != asked,
    _O.ON: lambda seen, asked: seen == asked,
    _O.LESS: lambda seen, asked: seen < asked,
    _O.BEFORE: lambda seen, asked: seen < asked,
    _O.AT_MOST: lambda seen, asked: seen <= asked,
    _O.GREATER: lambda seen, asked: seen > asked,
    _O.AFTER: lambda seen, asked: seen > asked,
    _O.AT_LEAST: lambda seen, asked: seen >= asked,
    _O.IN: lambda seen, asked: seen in asked,
    _O.NOT_IN: lambda seen, asked: seen not in asked,
    _O.BETWEEN: lambda seen, asked: asked[0] <= seen <= asked[1],
    _O.NOT_BETWEEN: lambda seen, asked: not asked[0] <= seen <= asked[1],
    _O.CONTAINS: lambda seen, asked: asked in seen,
    _O.DOES_NOT_CONTAIN: lambda seen, asked: asked not in seen,
    _O.BEGINS_WITH: lambda seen, asked: seen.startswith(asked),
    _O.DOES_NOT_BEGIN_WITH: lambda seen, asked: not seen.startswith(asked),
    _O.ENDS_WITH: lambda seen, asked: seen.endswith(asked),
    _O.DOES_NOT_END_WITH: lambda seen, asked: not seen.endswith(asked),
    _O.MATCHES: lambda seen, asked: fnmatchcase(seen, asked.replace("[", "[[]")),
}
TRUE_OF_NOTHING = frozenset({
    _O.UNEQUAL, _O.NOT_IN, _O.NOT_BETWEEN, _O.DOES_NOT_CONTAIN, _O.DOES_NOT_BEGIN_WITH, _O.DOES_NOT_END_WITH,
})  # fmt: skip


def fits(node: Compare, field: Field, seen: object, other: object, as_of: date) -> bool:
    """Whether a comparison holds of the seen value; `other` = the value of the other field, where there is one."""
    asked = other if node.other is not None else node.value
    if node.operator in (_O.NULL, _O.NOT_NULL):
        return (seen is None) == (node.operator is _O.NULL)
    if seen is None or asked is None:
        return node.operator in TRUE_OF_NOTHING and not node.excludes_missing
    if isinstance(asked, Span):
        first, last = near(node.operator, asked, as_of)
        return isinstance(seen, date) and (first is None or first <= seen) and (last is None or seen <= last)
    if field.words and node.operator in (_O.LESS, _O.AT_MOST, _O.GREATER, _O.AT_LEAST):
        return TESTS[node.operator](field.words.index(str(seen)), field.words.index(str(asked)))
    if node.other is not None and node.scale != 1:
        return TESTS[node.operator](float(seen), float(asked) * float(node.scale))  # type: ignore[arg-type]
    return TESTS[node.operator](_comparable(seen, seen, node), _comparable(asked, seen, node))


def figure_fits(operator: Operator, seen: object, asked: object, *, excludes_missing: bool) -> bool:
    """Whether a figure compares as asked."""
    if operator in (_O.NULL, _O.NOT_NULL):
        return (seen is None) == (operator is _O.NULL)
    if seen is None:
        return operator in TRUE_OF_NOTHING and not excludes_missing
    return TESTS[operator](seen, _as_seen(asked, seen))


def joined(group: Group, holding: Sequence[bool]) -> bool:
    """The rules of a group together; without rules it holds."""
    if not holding:
        return not group.negated
    together = all(holding) if group.combinator is Combinator.AND else any(holding)
    return together != group.negated


def group_fits(group: Group, element: Element, fields: Sequence[Field], as_of: date) -> bool:
    """Whether an element fulfils a group of comparisons."""
    by_name = {one.name: one for one in fields}

    def one(node: Node) -> bool:
        if isinstance(node, Group):
            return group_fits(node, element, fields, as_of)
        assert isinstance(node, Compare)
        other = None if node.other is None else element.value(node.other)
        return fits(node, by_name[node.field], element.value(node.field), other, as_of)

    return joined(group, [one(rule) for rule in group.rules])


def inside(elements: Iterable[Element], window: Bounds) -> list[Element]:
    """The elements dated within the window."""
    first, last = window
    return [one for one in elements if (first is None or first <= one.day) and (last is None or one.day <= last)]


def near(operator: Operator, span: Span, as_of: date) -> Bounds:
    """The local dates of withinLast and withinNext."""
    one_day = date.resolution
    if operator is _O.WITHIN_LAST:
        return shifted(as_of, Span(-span.quantity, span.unit)) + one_day, as_of
    return as_of + one_day, shifted(as_of, span)


def _comparable(value: object, seen: object, node: Compare) -> object:
    value = _as_seen(value, seen)
    if not node.ignores_case:
        return value
    if isinstance(value, tuple):
        return tuple(_small(one) for one in value)
    return _small(value)


def _as_seen(value: object, seen: object) -> object:
    """A number that is compared with a double as a double, else exactly."""
    if isinstance(seen, float) and isinstance(value, Decimal | int):
        return float(value)
    return tuple(_as_seen(one, seen) for one in value) if isinstance(value, tuple) else value


def _small(value: object) -> object:
    """ASCII letters as small ones."""
    if not isinstance(value, str):
        return value
    return "".join(chr(ord(one) + 32) if "A" <= one <= "Z" else one for one in value)
