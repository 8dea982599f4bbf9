"""The typed tree that an audience is: frozen nodes, nothing evaluated, nothing read.

Everything that asks about an audience (Spark, plain Python, sentence, canonical form) is a function over these
classes. A further kind of condition is a further class.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from lifetide.audiences.timeframes import Span, Timeframe
from lifetide.audiences.words import Combinator, MatchMode, Measure, MembershipType, Operator, TimeMode

Scalar = str | bool | Decimal | date
Value = Scalar | Span | tuple[Scalar, ...] | None
"""One value; a Span for withinLast and withinNext; a tuple for in, notIn, between, notBetween; None for null."""

ANY_TIME = Timeframe(TimeMode.ANY_TIME)


@dataclass(frozen=True)
class Group:
    """Rules joined by `and` or `or`, then denied where `negated`. Without rules it holds for everyone."""

    rules: tuple[Node, ...] = ()
    combinator: Combinator = Combinator.AND
    negated: bool = False


@dataclass(frozen=True)
class Compare:
    """A field of the profile, or of an element, against a value or (`other`, times `scale`) another field.

    `excludes_missing`: a negative operator is false of a missing value, not true.
    """

    field: str
    operator: Operator
    value: Value = None
    other: str | None = None
    scale: Decimal = Decimal(1)
    ignores_case: bool = False
    excludes_missing: bool = False


@dataclass(frozen=True)
class Match:
    """How many elements of a collection, dated in the timeframe, fulfil `where`.

    `count_by` counts different values of that field instead of elements. `is_vacuous`: `all` of nothing is true.
    """

    collection: str
    mode: MatchMode
    timeframe: Timeframe
    where: Group = Group()
    threshold: int | None = None
    count_by: str | None = None
    is_vacuous: bool = False


@dataclass(frozen=True)
class Aggregate:
    """A figure of the elements that fulfil `where` in the timeframe, compared with a value.

    Count, countDistinct and sum of nothing are 0; the other figures of nothing are missing.
    """

    collection: str
    measure: Measure
    operator: Operator
    timeframe: Timeframe
    of: str | None = None
    value: Value = None
    where: Group = Group()
    excludes_missing: bool = False


@dataclass(frozen=True)
class Step:
    """One step of a sequence: an element of `collection` that fulfils `where`, at most `within` after the step
    before, counted in local dates; `negated` = no such element may follow.
    """

    collection: str
    where: Group = Group()
    within: Span | None = None
    negated: bool = False


@dataclass(frozen=True)
class Sequence:
    """Steps one after the other, each later than the one before; equal in the fields of `same`.

    All steps that happen lie in the timeframe. A denied step between two others denies what lies between them; at
    the end it denies what follows, up to `within` (the time must be over) or up to as_of.
    """

    steps: tuple[Step, ...]
    timeframe: Timeframe
    same: tuple[str, ...] = ()


@dataclass(frozen=True)
class FirstTime:
    """The first element ever that fulfils `where` is dated in the timeframe."""

    collection: str
    timeframe: Timeframe
    where: Group = Group()


@dataclass(frozen=True)
class InAudience:
    """Member of one of the audiences (`key` or `key@version`), of none (notIn), or in the timeframe (wasIn)."""

    operator: Operator
    audiences: tuple[str, ...]
    timeframe: Timeframe | None = None


@dataclass(frozen=True)
class Interested:
    """Interest in one of the categories with at least this score, 0 to 1."""

    categories: tuple[str, ...]
    minimum: Decimal


Node = Group | Compare | Match | Aggregate | Sequence | FirstTime | InAudience | Interested


@dataclass(frozen=True)
class Include:
    """The universe: whom the audience speaks of at all. `consent` lists channels that all must be subscribed."""

    anonymous: bool = False
    control_group: bool = False
    consent: tuple[str, ...] = ()


Rank = tuple[Include, Compare]
"""A topPercent, bottomPercent or topN within a universe."""
Lines = Mapping[Rank, float | None]
"""Where the line of each rank lies; None = nobody has a value."""


@dataclass(frozen=True)
class Membership:
    """How membership is kept; the two waits, in days, are the only hysteresis."""

    type: MembershipType = MembershipType.DYNAMIC
    min_days: int = 0
    exit_lag_days: int = 0


@dataclass(frozen=True)
class Audience:
    """A definition. `key` is the stem of its file; `owner` who answers for it."""

    key: str
    name: str
    rule: Group
    owner: str | None = None
    include: Include = field(default_factory=Include)
    membership: Membership = field(default_factory=Membership)
