"""The words of the rule language: operators, kinds of fields, modes, measures. Definitions on disk carry them."""

from __future__ import annotations

from lifetide.vocabulary import Word

SPEC = "lifetide.audience/v1"


class Combinator(Word):
    """How the rules of a group are joined."""

    AND = "and"
    OR = "or"


class FieldKind(Word):
    """What a field is; it decides which operators fit. `ordered` words stand from least to most."""

    STRING = "string"
    WORD = "word"
    ORDERED = "ordered"
    NUMBER = "number"
    MONEY = "money"
    BOOLEAN = "boolean"
    DATE = "date"
    INTEREST = "interest"
    COLLECTION = "collection"
    AUDIENCE = "audience"


class Operator(Word):
    """Comparisons, spelled as react-querybuilder spells them where it has them."""

    EQUAL = "="
    UNEQUAL = "!="
    LESS = "<"
    AT_MOST = "<="
    GREATER = ">"
    AT_LEAST = ">="
    IN = "in"
    NOT_IN = "notIn"
    BETWEEN = "between"
    NOT_BETWEEN = "notBetween"
    CONTAINS = "contains"
    DOES_NOT_CONTAIN = "doesNotContain"
    BEGINS_WITH = "beginsWith"
    DOES_NOT_BEGIN_WITH = "doesNotBeginWith"
    ENDS_WITH = "endsWith"
    DOES_NOT_END_WITH = "doesNotEndWith"
    MATCHES = "matches"
    NULL = "null"
    NOT_NULL = "notNull"
    TOP_PERCENT = "topPercent"
    BOTTOM_PERCENT = "bottomPercent"
    TOP_N = "topN"
    BEFORE = "before"
    AFTER = "after"
    ON = "on"
    WITHIN_LAST = "withinLast"
    WITHIN_NEXT = "withinNext"
    INTERESTED_IN = "interestedIn"
    WAS_IN = "wasIn"


_O = Operator
OPPOSITES: dict[Operator, Operator] = {
    _O.UNEQUAL: _O.EQUAL, _O.NOT_IN: _O.IN, _O.NOT_BETWEEN: _O.BETWEEN, _O.DOES_NOT_CONTAIN: _O.CONTAINS,
    _O.DOES_NOT_BEGIN_WITH: _O.BEGINS_WITH, _O.DOES_NOT_END_WITH: _O.ENDS_WITH,
}  # fmt: skip
"""Negative operator → the one that it denies. The negative ones are true of a missing value, all others false."""

PAIRS = frozenset({_O.BETWEEN, _O.NOT_BETWEEN})
LISTS = frozenset({_O.IN, _O.NOT_IN})
BARE = frozenset({_O.NULL, _O.NOT_NULL})
SHARES = frozenset({_O.TOP_PERCENT, _O.BOTTOM_PERCENT})
RANKS = SHARES | {_O.TOP_N}
SPANS = frozenset({_O.WITHIN_LAST, _O.WITHIN_NEXT})
ORDERINGS = (_O.LESS, _O.AT_MOST, _O.GREATER, _O.AT_LEAST)
COMPARISONS = (_O.EQUAL, _O.UNEQUAL, *ORDERINGS)

_PRESENCE = (_O.NULL, _O.NOT_NULL)
_EQUALITY = (_O.EQUAL, _O.UNEQUAL, _O.IN, _O.NOT_IN)
_MEASURED = (*COMPARISONS, _O.BETWEEN, _O.NOT_BETWEEN, _O.IN, _O.NOT_IN, *_PRESENCE)
MEASURED = _MEASURED
"""What the figure of an aggregate can be compared by."""

OPERATORS: dict[FieldKind, tuple[Operator, ...]] = {
    FieldKind.STRING: (
        *_EQUALITY, _O.CONTAINS, _O.DOES_NOT_CONTAIN, _O.BEGINS_WITH, _O.ENDS_WITH, _O.DOES_NOT_BEGIN_WITH,
        _O.DOES_NOT_END_WITH, _O.MATCHES, *_PRESENCE,
    ),
    FieldKind.WORD: (*_EQUALITY, *_PRESENCE),
    FieldKind.ORDERED: (*_EQUALITY, *ORDERINGS, *_PRESENCE),
    FieldKind.NUMBER: (*_MEASURED, _O.TOP_PERCENT, _O.BOTTOM_PERCENT, _O.TOP_N),
    FieldKind.MONEY: (*_MEASURED, _O.TOP_PERCENT, _O.BOTTOM_PERCENT, _O.TOP_N),
    FieldKind.BOOLEAN: (_O.EQUAL, *_PRESENCE),
    FieldKind.DATE: (_O.BEFORE, _O.AFTER, _O.ON, _O.BETWEEN, _O.WITHIN_LAST, _O.WITHIN_NEXT, *_PRESENCE),
    FieldKind.INTEREST: (_O.INTERESTED_IN,),
    FieldKind.COLLECTION: (),
    FieldKind.AUDIENCE: (_O.IN, _O.NOT_IN, _O.WAS_IN),
}  # fmt: skip


class MatchMode(Word):
    """How many elements of a collection must fulfil the group. `all` of nothing is false unless `vacuous`."""

    ALL = "all"
    SOME = "some"
    NONE = "none"
    AT_LEAST = "atLeast"
    AT_MOST = "atMost"
    EXACTLY = "exactly"


COUNTING = frozenset({MatchMode.AT_LEAST, MatchMode.AT_MOST, MatchMode.EXACTLY})


class Measure(Word):
    """Figures of the elements that fulfil a group."""

    COUNT = "count"
    COUNT_DISTINCT = "countDistinct"
    SUM = "sum"
    AVG = "avg"
    MIN = "min"
    MAX = "max"
    MEDIAN = "median"
    DAYS_SINCE_LAST = "daysSinceLast"
    MEDIAN_INTERVAL = "medianInterval"


OF_NUMBERS = frozenset({Measure.SUM, Measure.AVG, Measure.MIN, Measure.MAX, Measure.MEDIAN})
OF_ANYTHING = OF_NUMBERS | {Measure.COUNT_DISTINCT}


class Unit(Word):
    """Units of the calendar, in the shop's zone."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


UNITS = (Unit.DAY, Unit.WEEK, Unit.MONTH, Unit.YEAR)
"""What stretches of time are counted in; quarters are only named as periods."""


class TimeMode(Word):
    """Which local dates count, seen from as_of."""

    ANY_TIME = "any_time"
    IN_THE_LAST = "in_the_last"
    BEFORE_THE_LAST = "before_the_last"
    BETWEEN = "between"
    BETWEEN_AGO = "between_ago"
    IN_THE_NEXT = "in_the_next"
    THIS_WEEK = "this_week"
    LAST_WEEK = "last_week"
    THIS_MONTH = "this_month"
    LAST_MONTH = "last_month"
    THIS_QUARTER = "this_quarter"
    LAST_QUARTER = "last_quarter"
    THIS_YEAR = "this_year"
    LAST_YEAR = "last_year"


QUANTIFIED = frozenset({TimeMode.IN_THE_LAST, TimeMode.BEFORE_THE_LAST, TimeMode.IN_THE_NEXT})


class MembershipType(Word):
    """Dynamic = evaluated anew each time; static = frozen at a version."""

    DYNAMIC = "dynamic"
    STATIC = "static"
