"""Parts of sentences: names of fields, values, comparisons, timeframes, and what people did."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from lifetide.audiences.timeframes import Span, Timeframe
from lifetide.audiences.tree import Compare, Value
from lifetide.audiences.words import Operator, TimeMode

_O = Operator
DID: dict[str, tuple[str, str]] = {
    "orders": ("ordered", "order"),
    "items": ("bought", "buy"),
    "visits": ("visited", "visit"),
    "views": ("viewed something", "view anything"),
    "searches": ("searched", "search"),
    "carts": ("put something in the cart", "put anything in the cart"),
    "messages": ("was sent, opened or clicked a message", "get, open or click a message"),
    "product_viewed": ("viewed a product", "view a product"),
    "page_viewed": ("viewed a page", "view a page"),
    "message_sent": ("was sent a message", "get a message"),
    "message_opened": ("opened a message", "open a message"),
    "message_clicked": ("clicked in a message", "click in a message"),
}
"""What was done and, after "did not", what was not, by collection or event type."""

FLAGS: dict[str, tuple[str, str]] = {
    "is_anonymous": ("is anonymous", "is not anonymous"),
    "has_email": ("has an e-mail address", "has no e-mail address"),
    "is_rate_drop": ("buys less often than before", "does not buy less often than before"),
    "is_ticket_decline": ("spends less per order than before", "does not spend less per order than before"),
}
"""Fields that are true or false, as a person says them."""

ASKED: dict[Operator, str] = {
    _O.EQUAL: "{}", _O.UNEQUAL: "not {}", _O.IN: "{}", _O.NOT_IN: "not {}", _O.LESS: "below {}",
    _O.AT_MOST: "at most {}", _O.GREATER: "above {}", _O.AT_LEAST: "at least {}", _O.BETWEEN: "from {}",
    _O.NOT_BETWEEN: "not from {}", _O.BEFORE: "before {}", _O.AFTER: "after {}", _O.ON: "on {}", _O.NULL: "unknown",
    _O.NOT_NULL: "known", _O.TOP_PERCENT: "among the top {}%", _O.BOTTOM_PERCENT: "among the lowest {}%",
    _O.TOP_N: "among the {} highest", _O.WITHIN_LAST: "within the last {}", _O.WITHIN_NEXT: "within the next {}",
}  # fmt: skip
"""What follows "is", or "with"."""

OF_TEXT: dict[Operator, tuple[str, str]] = {
    _O.CONTAINS: ("contains {}", "containing {}"),
    _O.DOES_NOT_CONTAIN: ("does not contain {}", "not containing {}"),
    _O.BEGINS_WITH: ("begins with {}", "beginning with {}"),
    _O.DOES_NOT_BEGIN_WITH: ("does not begin with {}", "not beginning with {}"),
    _O.ENDS_WITH: ("ends with {}", "ending with {}"),
    _O.DOES_NOT_END_WITH: ("does not end with {}", "not ending with {}"),
    _O.MATCHES: ("matches {}", "matching {}"),
}
"""As a statement, and as a description."""


def named(field: str) -> str:
    """A field or word as a person reads it."""
    return field.replace("_", " ")


def listed(parts: Sequence[str], last: str = "or") -> str:
    """Parts as a list: a, b or c."""
    return f" {last} ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def valued(value: Value) -> str:
    """A value as a person reads it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Span):
        return spanned(value)
    if isinstance(value, tuple):
        return listed([valued(one) for one in value])
    return f"“{value}”" if value is not None else ""


def spanned(span: Span) -> str:
    """A stretch as it follows "the last": 90 days, or day."""
    return str(span.unit) if span.quantity == 1 else f"{span.quantity:,} {span.unit}s"


def long(span: Span) -> str:
    """A stretch with its number: 1 day, 90 days."""
    return f"{span.quantity:,} {span.unit}" + ("" if span.quantity == 1 else "s")


def asked(node: Compare, words: Sequence[str], *, describes: bool = False) -> str:
    """What a comparison asks: after "is", or (`describes`) after the field's name."""
    if node.other is not None:
        times = "" if node.scale == 1 else f"{node.scale:f} times "
        text = ASKED[node.operator].format(times + named(node.other))
    elif node.operator in (_O.BETWEEN, _O.NOT_BETWEEN) and isinstance(node.value, tuple):
        text = ASKED[node.operator].format(" to ".join(valued(one) for one in node.value))
    else:
        value = valued(node.value)
        if words:
            many = node.value if isinstance(node.value, tuple) else (node.value,)
            value = listed([named(str(one)) for one in many])
        elif describes and isinstance(node.value, str):
            value = node.value
        if node.operator in OF_TEXT:
            text = OF_TEXT[node.operator][describes].format(valued(node.value))
        else:
            text = ASKED[node.operator].format(value)
    if node.ignores_case:
        text += " in any case"
    return text + (" and known" if node.excludes_missing else "")


def times(count: int) -> str:
    """How often: once, 2 times."""
    return "once" if count == 1 else f"{count:,} times"


def when(timeframe: Timeframe) -> str:
    """A timeframe as a sentence ends with it."""
    span, first, last = timeframe.span, timeframe.first, timeframe.last
    if timeframe.mode is TimeMode.ANY_TIME:
        return "at any time"
    if timeframe.mode is TimeMode.BETWEEN:
        if first and last:
            return f"from {first} to {last}"
        return f"since {first}" if first else f"up to {last}"
    if span is None:
        return named(timeframe.mode)
    if timeframe.mode is TimeMode.BETWEEN_AGO:
        nearer = timeframe.nearer.quantity if timeframe.nearer else 0
        return f"{nearer:,} to {long(span)} ago"
    if timeframe.mode is TimeMode.BEFORE_THE_LAST:
        return f"{long(span)} ago or earlier"
    return named(timeframe.mode) + " " + spanned(span)
