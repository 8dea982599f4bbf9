"""An audience in words, as the builder names its fields: generated from the tree, so it says what is counted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from lifetide.audiences.sentence import said
from lifetide.audiences.timeframes import Span, Timeframe
from lifetide.audiences.tree import Compare, Group, InAudience, Node, Scalar
from lifetide.audiences.words import Combinator, Operator, TimeMode
from lifetide.explorer.studio.labels import field_label, spelled, word_label
from lifetide.explorer.studio.offered import Offer

Offers = Mapping[str, Offer]

_O = Operator
BETWEEN_WORDS = {
    _O.EQUAL: "is", _O.UNEQUAL: "is not", _O.LESS: "below", _O.AT_MOST: "at most", _O.GREATER: "above",
    _O.AT_LEAST: "at least", _O.IN: "is", _O.NOT_IN: "is not", _O.BETWEEN: "between", _O.NOT_BETWEEN: "not between",
    _O.CONTAINS: "contains", _O.DOES_NOT_CONTAIN: "does not contain", _O.BEGINS_WITH: "begins with",
    _O.DOES_NOT_BEGIN_WITH: "does not begin with", _O.ENDS_WITH: "ends with",
    _O.DOES_NOT_END_WITH: "does not end with",
    _O.MATCHES: "matches", _O.NULL: "is unknown", _O.NOT_NULL: "is known", _O.TOP_PERCENT: "in the top",
    _O.BOTTOM_PERCENT: "in the bottom", _O.TOP_N: "in the top", _O.BEFORE: "before", _O.AFTER: "after", _O.ON: "on",
    _O.WITHIN_LAST: "in the last", _O.WITHIN_NEXT: "in the next",
}  # fmt: skip


def sentence_of(tree: Group, offers: Offers, symbol: str, *, is_whole: bool = True) -> str:
    """The tree in words; `is_whole` for a sentence, else a part of one."""
    words = _Saying(offers, symbol).group(tree)
    if not is_whole:
        return words
    if not tree.rules:
        return "Everyone."
    return f"Customers of whom this is not true: {words}." if tree.negated else f"Customers {words}."


class _Saying:
    def __init__(self, offers: Offers, symbol: str) -> None:
        self.offers, self.symbol = offers, symbol

    def group(self, node: Group) -> str:
        parts = [self.inner(one) for one in node.rules]
        joint = ", and " if node.combinator is Combinator.AND else ", or "
        return joint.join(parts)

    def inner(self, node: Node) -> str:
        if not isinstance(node, Group):
            return self.rule(node)
        inner = self.group(node)
        if node.negated:
            return f"none of ({inner})" if node.combinator is Combinator.OR else f"not ({inner})"
        return f"({inner})" if len(node.rules) > 1 else inner

    def rule(self, node: Node) -> str:
        if isinstance(node, Compare):
            return self.compare(node)
        if isinstance(node, InAudience):
            keys = " or ".join(node.audiences)
            if node.timeframe is not None:
                return f"who were in the audience {keys} {_when(node.timeframe)}"
            return f"who are {'not ' if node.operator is Operator.NOT_IN else ''}in the audience {keys}"
        return f"who {said(node)}"

    def compare(self, node: Compare) -> str:
        offer = self.offers.get(node.field)
        label = _low(offer.label if offer is not None else field_label(node.field))
        if isinstance(node.value, bool):
            return _flag(label, offer, is_so=node.value)
        how = BETWEEN_WORDS[node.operator]
        asks_words = offer is not None and offer.control in ("choice", "ordered", "text")
        start = "whose" if asks_words or node.operator in (_O.NULL, _O.NOT_NULL) else "with"
        return f"{start} {label} {how}{self.asked(node)}"

    def asked(self, node: Compare) -> str:
        """What the field is held against, with a blank before it."""
        value = node.value
        if node.other is not None:
            times = "" if node.scale == 1 else f"{_digits(node.scale)} × "
            return f" {times}{_low(field_label(node.other))}"
        if value is None:
            return ""
        if isinstance(value, tuple):
            joint = " and " if node.operator in (_O.BETWEEN, _O.NOT_BETWEEN) else " or "
            return f" {self.together(node.field, joint, value)}"
        if node.operator in (_O.TOP_PERCENT, _O.BOTTOM_PERCENT):
            return f" {self.plain(value)}%"
        if node.operator is _O.TOP_N:
            return f" {self.plain(value)}"
        return f" {self.value(node.field, value)}"

    def together(self, field: str, joint: str, values: tuple[Scalar, ...]) -> str:
        """Several values; a unit is said once, after the last."""
        said = [self.value(field, one) for one in values]
        offer = self.offers.get(field)
        unit = f" {offer.unit}" if offer is not None and offer.control == "number" and offer.unit else ""
        return joint.join([*(one.removesuffix(unit) for one in said[:-1]), said[-1]])

    def value(self, field: str, value: Scalar | Span) -> str:
        offer = self.offers.get(field)
        control = "" if offer is None else offer.control
        if isinstance(value, Decimal) and control == "money":
            return f"{self.symbol}{value:,f}"
        if isinstance(value, Decimal) and control == "share":
            return f"{_digits(value * 100)}%"
        if isinstance(value, str):
            known = word_label(field, value)
            return spelled(value) if known == value and offer is not None and offer.field.words else known
        unit = f" {offer.unit}" if offer is not None and control == "number" and offer.unit else ""
        return f"{self.plain(value)}{unit}"

    def plain(self, value: object) -> str:
        if isinstance(value, Decimal):
            return _digits(value)
        if isinstance(value, date):
            return f"{value.day} {value:%b %Y}"
        if isinstance(value, Span):
            return _span(value)
        if isinstance(value, tuple):
            return " and ".join(self.plain(one) for one in value)
        return str(value)


def _flag(label: str, offer: Offer | None, *, is_so: bool) -> str:
    told = {"yes": "Yes", "no": "No"} if offer is None else offer.told()
    answer = told["yes" if is_so else "no"]
    return f"with {label}: {answer.lower()}" if answer in ("Yes", "No") else f"whose {label} is {_low(answer)}"


def _digits(value: Decimal) -> str:
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _low(label: str) -> str:
    is_name = label[:2].isupper() or label.startswith("E-mail")
    return label if is_name else label[:1].lower() + label[1:]


def _span(span: Span) -> str:
    return f"{span.quantity} {span.unit}{'' if span.quantity == 1 else 's'}"


def _when(timeframe: Timeframe) -> str:
    mode = timeframe.mode
    if mode is TimeMode.ANY_TIME:
        return "at any time"
    if mode is TimeMode.BETWEEN:
        return f"between {timeframe.first} and {timeframe.last}"
    if mode is TimeMode.BETWEEN_AGO and timeframe.span and timeframe.nearer:
        return f"{timeframe.nearer.quantity} to {_span(timeframe.span)} ago"
    words = str(mode).replace("_", " ")
    return f"{words} {_span(timeframe.span)}" if timeframe.span is not None else words
