"""The catalogue of fields: the columns of customer_profiles, then collections, interest and audience.

`FIELDS[name]` says kind, operators, meaning, when it is missing, its words (least to most for ordered ones) and an
example rule. A collection's own fields are in `Field.elements`.
"""

from __future__ import annotations

from dataclasses import dataclass

from lifetide.audiences.words import OPERATORS, FieldKind, Operator
from lifetide.tables import CUSTOMER_DAYS, CUSTOMER_PROFILES, EVENTS, NEVER, ORDERS, SALE_LINES, Column, Table
from lifetide.tables.model import MONEY
from lifetide.vocabulary import EventType, Importance, Regularity

NOT_FOR_RULES = frozenset({"as_of", "parameters_as_of"})
ORDERED = frozenset({"lifecycle_group", "customer_stage", "importance", "loyalty", "buying_frequency", "regularity"})
LEAST_FIRST = {
    "importance": tuple(str(word) for word in reversed(Importance)),
    "regularity": (str(Regularity.UNKNOWN), str(Regularity.IRREGULAR), str(Regularity.REGULAR)),
}
"""Where the vocabulary does not already stand from least to most."""
CONSENT = "consent_"
CONSENT_WORDS = ("subscribed", "unsubscribed")
NUMBERS = ("int", "bigint", "double", "decimal")
AUDIENCE, INTEREST = "audience", "interest"


@dataclass(frozen=True)
class Field:
    """Something a rule can speak of. `type` is the Spark type, empty where there is no column."""

    name: str
    kind: FieldKind
    meaning: str
    type: str = ""
    null: str = NEVER
    words: tuple[str, ...] = ()
    elements: tuple[Field, ...] = ()

    @property
    def operators(self) -> tuple[Operator, ...]:
        """The operators that fit, in the order in which a person reads them."""
        return OPERATORS[self.kind]

    @property
    def example(self) -> dict[str, object]:
        """A rule about this field, as a document says it."""
        return {"field": self.name, **EXAMPLES[self.kind], **self._example_word()}

    def _example_word(self) -> dict[str, object]:
        return {"value": [self.words[-1]]} if self.words else {}

    def element(self, name: str) -> Field:
        """The element's field of that name; raises KeyError."""
        return next((one for one in self.elements if one.name == name), None) or _missing(self.name, name)


EXAMPLES: dict[FieldKind, dict[str, object]] = {
    FieldKind.STRING: {"operator": "beginsWith", "value": "shoe"},
    FieldKind.WORD: {"operator": "in"},
    FieldKind.ORDERED: {"operator": "in"},
    FieldKind.NUMBER: {"operator": ">=", "value": 2},
    FieldKind.MONEY: {"operator": "between", "value": [50, 99.99]},
    FieldKind.BOOLEAN: {"operator": "=", "value": True},
    FieldKind.DATE: {"operator": "withinLast", "value": {"quantity": 90, "unit": "day"}},
    FieldKind.INTEREST: {"operator": "interestedIn", "value": {"categories": ["shoes"]}, "minimum": 0.2},
    FieldKind.COLLECTION: {
        "match": {"mode": "atLeast", "threshold": 2},
        "timeframe": {"mode": "in_the_last", "quantity": 90, "unit": "day"},
    },
    FieldKind.AUDIENCE: {"operator": "notIn", "value": ["recently_contacted"]},
}


@dataclass(frozen=True)
class Collection:
    """Elements of one kind and the table that they come from; `columns` are its columns that rules may name."""

    name: str
    meaning: str
    table: Table
    date: str
    columns: tuple[str, ...]
    event_types: tuple[EventType, ...] = ()


COLLECTIONS: tuple[Collection, ...] = (
    Collection(
        "orders", "orders that stand at as_of", ORDERS, "order_date",
        ("order_id", "item_count", "gross_revenue", "discount_amount", "refunded_amount", "net_revenue", "margin",
         "channel"),
    ),
    Collection(
        "items", "lines of those orders, services left out, returned or not; amount is before returns", SALE_LINES,
        "order_date", ("order_id", "product_id", "category", "quantity", "amount", "discount_amount", "margin"),
    ),
    Collection("visits", "visits, on the day that they began", CUSTOMER_DAYS, "local_date", ()),
    Collection(
        "views", "products and pages viewed; event_type tells them apart", EVENTS, "event_date",
        ("event_type", "product_id", "category", "page", "channel", "campaign"),
        (EventType.PRODUCT_VIEWED, EventType.PAGE_VIEWED),
    ),
    Collection(
        "searches", "searches", EVENTS, "event_date", ("query", "channel", "campaign"), (EventType.SEARCHED,)
    ),
    Collection(
        "carts", "products put in the cart", EVENTS, "event_date",
        ("product_id", "category", "quantity", "channel", "campaign"), (EventType.CART_ADDED,),
    ),
    Collection(
        "messages", "messages sent, opened and clicked; event_type tells them apart", EVENTS, "event_date",
        ("event_type", "channel", "campaign"),
        (EventType.MESSAGE_SENT, EventType.MESSAGE_OPENED, EventType.MESSAGE_CLICKED),
    ),
)  # fmt: skip


def _missing(where: str, name: str) -> Field:
    raise KeyError(f"{where} has no field {name}")


def _kind(column: Column) -> FieldKind:
    if column.name in ORDERED:
        return FieldKind.ORDERED
    if column.words is not None or column.name.startswith(CONSENT):
        return FieldKind.WORD
    if column.type == MONEY:
        return FieldKind.MONEY
    if column.type.startswith(NUMBERS):
        return FieldKind.NUMBER
    return FieldKind(column.type)


def _words(column: Column) -> tuple[str, ...]:
    if column.name in LEAST_FIRST:
        return LEAST_FIRST[column.name]
    if column.words is not None:
        return tuple(str(word) for word in column.words)
    return CONSENT_WORDS if column.name.startswith(CONSENT) else ()


def _field(column: Column) -> Field:
    return Field(column.name, _kind(column), column.meaning, column.type, column.null, _words(column))


def _element(collection: Collection, name: str) -> Field:
    column = collection.table.column(name)
    if name == "event_type":
        words = tuple(str(one) for one in collection.event_types)
        return Field(name, FieldKind.WORD, column.meaning, column.type, column.null, words)
    return _field(column)


def _collection(one: Collection) -> Field:
    when = Field("date", FieldKind.DATE, "local date of the element", "date")
    elements = (when, *(_element(one, name) for name in one.columns))
    return Field(one.name, FieldKind.COLLECTION, one.meaning, elements=elements)


PROFILE_FIELDS: tuple[Field, ...] = tuple(
    _field(column) for column in CUSTOMER_PROFILES.columns if column.name not in NOT_FOR_RULES
)
COLLECTION_FIELDS: tuple[Field, ...] = tuple(_collection(one) for one in COLLECTIONS)
OTHER_FIELDS: tuple[Field, ...] = (
    Field(INTEREST, FieldKind.INTEREST, "how likely a purchase from a category is within 30 days, 0 to 1"),
    Field(AUDIENCE, FieldKind.AUDIENCE, "membership of another audience, by key or key@version"),
)
FIELDS: dict[str, Field] = {one.name: one for one in (*PROFILE_FIELDS, *COLLECTION_FIELDS, *OTHER_FIELDS)}


def collections_with(name: str) -> list[str]:
    """The collections whose elements have the field; `items.category` names it with its collection."""
    of, _, field = name.rpartition(".")
    return [one.name for one in COLLECTION_FIELDS if of in ("", one.name) and field in _names(one)]


def _names(collection: Field) -> list[str]:
    return [one.name for one in collection.elements]
