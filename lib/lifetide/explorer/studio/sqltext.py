"""An audience as a SQL condition over customer_profiles, for Spark and for people.

Every comparison is closed with IS TRUE, a denied one with IS NOT TRUE, so that a missing value means the same here as
in the language: false, or true of a negative operator.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from lifetide.audiences.comparing import LOWER, UPPER, folded, like_pattern, span_bounds, words_at
from lifetide.audiences.fields import Field
from lifetide.audiences.timeframes import Span
from lifetide.audiences.tree import Audience, Compare, Group, InAudience, Include, Node
from lifetide.audiences.words import OPPOSITES, ORDERINGS, PAIRS, RANKS, Combinator, FieldKind, Operator
from lifetide.explorer.studio.conditions import CannotTell

_O = Operator
SIGNS = {
    _O.EQUAL: "=", _O.ON: "=", _O.LESS: "<", _O.BEFORE: "<", _O.AT_MOST: "<=", _O.GREATER: ">", _O.AFTER: ">",
    _O.AT_LEAST: ">=",
}  # fmt: skip
STEP = "  "

Line = Callable[[Compare, Include], Decimal | None]
"""The value that a rank has to reach in a universe; None where nobody has a value."""
Other = Callable[[str], Audience]
"""Another audience by its key."""


class SqlText:
    """Writes trees; `line` answers ranks and `other` audiences within audiences."""

    def __init__(self, fields: Mapping[str, Field], as_of: date, line: Line, other: Other) -> None:
        self.fields, self.as_of, self.line, self.other = fields, as_of, line, other
        self._include = Include()  # of the audience that is being written

    def audience(self, audience: Audience, *, has_anonymous: bool = True) -> str:
        """The whole audience, its universe included. Raises CannotTell for what is no condition on a profile."""
        around, self._include = self._include, audience.include
        parts = [*universe_parts(audience.include, has_anonymous=has_anonymous)]
        if audience.rule.rules or audience.rule.negated:
            parts.append(self.node(audience.rule, ""))
        self._include = around
        return "\nAND ".join(parts) or "TRUE"

    def node(self, node: Node, indent: str) -> str:
        """A group or a rule."""
        if isinstance(node, Group):
            joint = f"\n{indent}{STEP}{'AND' if node.combinator is Combinator.AND else 'OR'} "
            inner = joint.join(self.node(one, indent + STEP) for one in node.rules) or "TRUE"
            if len(node.rules) == 1 and not node.negated:
                return inner
            return f"{'NOT ' if node.negated else ''}(\n{indent}{STEP}{inner}\n{indent})"
        if isinstance(node, Compare):
            return self.compare(node)
        if isinstance(node, InAudience) and node.timeframe is None:
            found = " OR ".join(f"({self.audience(self.other(key))})" for key in node.audiences)
            return f"NOT ({found})" if node.operator is Operator.NOT_IN else f"({found})"
        raise CannotTell(
            "Behaviour is no condition on customer_profiles: take the YAML, or studio.customers() for the members."
        )

    def compare(self, node: Compare) -> str:
        """One comparison, two-valued."""
        name = quoted(node.field)
        if node.operator in (_O.NULL, _O.NOT_NULL):
            return f"{name} IS {'NOT ' if node.operator is _O.NOT_NULL else ''}NULL"
        if node.operator in OPPOSITES:
            positive = self._positive(replace(node, operator=OPPOSITES[node.operator]))
            return f"(NOT {positive}) IS TRUE" if node.excludes_missing else f"{positive} IS NOT TRUE"
        return f"{self._positive(node)} IS TRUE"

    def _positive(self, node: Compare) -> str:
        field, name = self.fields[node.field], quoted(node.field)
        subject = f"translate({name}, '{UPPER}', '{LOWER}')" if node.ignores_case else name
        value = folded(node.value) if node.ignores_case else node.value
        if node.other is not None:
            return self._two(node, field)
        if node.operator in RANKS:
            at = self.line(node, self._include)
            sign = "<=" if node.operator is _O.BOTTOM_PERCENT else ">="
            return "(FALSE)" if at is None else f"({name} {sign} {literal(at)})"
        if isinstance(value, Span):
            first, last = span_bounds(node.operator, value, self.as_of)
            return f"({name} BETWEEN {literal(first or date.min)} AND {literal(last or date.max)})"
        if field.words and node.operator in ORDERINGS:
            return _among(name, words_at(field.words, node.operator, str(value)))
        if node.operator is _O.IN and isinstance(value, tuple):
            return _among(subject, tuple(folded(one) if node.ignores_case else one for one in value))
        if node.operator in PAIRS and isinstance(value, tuple):
            return f"({name} BETWEEN {literal(value[0])} AND {literal(value[1])})"
        if node.operator in SIGNS:
            return f"({subject} {SIGNS[node.operator]} {literal(value)})"
        return _of_text(node.operator, subject, str(value))

    def _two(self, node: Compare, field: Field) -> str:
        sign, left, right = SIGNS[node.operator], quoted(node.field), quoted(str(node.other))
        if node.ignores_case:
            left, right = (f"translate({one}, '{UPPER}', '{LOWER}')" for one in (left, right))
        if field.kind not in (FieldKind.NUMBER, FieldKind.MONEY) or node.scale == 1:
            return f"({left} {sign} {right})"
        return f"(CAST({left} AS DOUBLE) {sign} CAST({right} AS DOUBLE) * CAST({node.scale:f} AS DOUBLE))"


def universe_parts(include: Include, *, has_anonymous: bool = True) -> list[str]:
    """Whom the audience speaks of at all."""
    parts = [] if include.anonymous or not has_anonymous else ["NOT is_anonymous"]
    return parts + [f"(consent_{channel} = 'subscribed') IS TRUE" for channel in include.consent]


def _among(subject: str, values: tuple[object, ...]) -> str:
    return f"({subject} IN ({', '.join(literal(one) for one in values)}))" if values else "(FALSE)"


def _of_text(operator: Operator, subject: str, text: str) -> str:
    if operator is _O.CONTAINS:
        return f"(position({literal(text)} IN {subject}) > 0)"
    if operator is _O.BEGINS_WITH:
        return f"(left({subject}, {len(text)}) = {literal(text)})"
    if operator is _O.ENDS_WITH:
        return f"(right({subject}, {len(text)}) = {literal(text)})"
    return f"({subject} LIKE {literal(like_pattern(text))})"


def literal(value: object) -> str:
    """A value as Spark SQL writes it."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    return "'" + str(value).replace("\\", "\\\\").replace("'", "\\'") + "'"


def quoted(name: str) -> str:
    """A column's name, in backquotes where it has to be."""
    return name if name.isidentifier() and name.isascii() else "`" + name.replace("`", "``") + "`"
