"""The fields that the builder offers, each with the kind of control that suits it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lifetide.audiences.fields import COLLECTION_FIELDS, FIELDS, Field
from lifetide.audiences.words import FieldKind
from lifetide.explorer.studio.columns import Coded, Column, Kind
from lifetide.explorer.studio.labels import (
    ANSWERS,
    AUDIENCES,
    BEHAVIOUR,
    FIELD_LABELS,
    SHARES,
    WORD_TONES,
    field_group,
    field_label,
    spelled,
    unit_of,
    word_label,
)

CONTROLS: dict[FieldKind, str] = {
    FieldKind.STRING: "text", FieldKind.WORD: "choice", FieldKind.ORDERED: "ordered", FieldKind.NUMBER: "number",
    FieldKind.MONEY: "money", FieldKind.BOOLEAN: "flag", FieldKind.DATE: "date", FieldKind.AUDIENCE: "audience",
    FieldKind.COLLECTION: "behaviour",
}  # fmt: skip
OWN = "Fields"
ALIKE = {"order_id": "order", "product_id": "product", "category": "category", "campaign": "campaign"}
"""What the steps of a sequence may be asked to have the same of."""
MEASURABLE = (FieldKind.NUMBER, FieldKind.MONEY)


@dataclass(frozen=True)
class Offer:
    """A field of the builder. `words` are those of the catalogue; other words come with the column."""

    field: Field
    group: str
    label: str
    control: str
    unit: str

    def told(self) -> dict[str, Any]:
        """What the browser needs to know."""
        name, yes, no = self.field.name, *ANSWERS.get(self.field.name, ("Yes", "No"))
        told: dict[str, Any] = {
            "name": name, "label": self.label, "group": self.group, "kind": self.control, "unit": self.unit,
            "meaning": self.field.meaning, "yes": yes, "no": no,
            "isOrdered": bool(self.field.words),
        }  # fmt: skip
        if self.control == "behaviour":
            about = "category" if any(one.name == "category" for one in self.field.elements) else None
            figures = [[one.name, spelled(one.name).lower()] for one in self.field.elements if one.kind in MEASURABLE]
            alike = [[one.name, ALIKE[one.name]] for one in self.field.elements if one.name in ALIKE]
            told |= {"of": about, "ofBase": "main_category", "ofLabel": "Categories", "figures": figures}
            told["alike"] = alike
        return told


def offers(names: Iterable[str], symbol: str, *, with_collections: bool, with_audiences: bool) -> list[Offer]:
    """Fields of customer_profiles that hold anything, grouped and in the builder's order; then those beside it."""
    there = set(names)
    wanted = there | ({one.name for one in COLLECTION_FIELDS} if with_collections else set())
    wanted |= {"audience"} if with_audiences else set()
    return [
        offer_of(FIELDS[name], group, symbol)
        for group, labels in FIELD_LABELS.items() for name in labels if name in wanted and name in FIELDS
    ]  # fmt: skip


def own_offers(names: Iterable[str], columns: Iterable[Column], symbol: str) -> list[Offer]:
    """Fields of a table of the user's own, by what its columns hold; those of the catalogue keep their meaning."""
    made = []
    for name, column in zip(names, columns, strict=True):
        known = FIELDS.get(name)
        if known is not None and known.kind is _kind(column, known):
            made.append(offer_of(known, field_group(name) or OWN, symbol))
        else:
            made.append(offer_of(Field(name, _kind(column), f"column {name}"), OWN, symbol))
    return sorted(made, key=lambda one: [*FIELD_LABELS, OWN].index(one.group))


def offer_of(field: Field, group: str, symbol: str) -> Offer:
    """One field as it is offered."""
    control = "share" if field.name in SHARES else CONTROLS[field.kind]
    unit = symbol if control == "money" else unit_of(field.name)
    label = field_label(field.name) if group in (*FIELD_LABELS, BEHAVIOUR, AUDIENCES) else spelled(field.name)
    return Offer(field, group, label, control, unit)


def words_told(field: Field, labels: Iterable[str]) -> list[dict[str, Any]]:
    """The words of a column as chips: value, label, colour, place among the facets."""
    tones = WORD_TONES.get(field.name, {})
    return [
        {"value": word, "label": label_of(field, word), "tone": tones.get(word), "place": place}
        for place, word in enumerate(labels)
    ]  # fmt: skip


def label_of(field: Field, word: str) -> str:
    """A word of a field as a chip says it; what comes from the data stays as it is."""
    known = word_label(field.name, word)
    return spelled(word) if known == word and field.words else known


def _kind(column: Column, known: Field | None = None) -> FieldKind:
    if isinstance(column, Coded):
        if column.labels == ("false", "true"):
            return FieldKind.BOOLEAN
        return (
            known.kind
            if known is not None and known.kind in (FieldKind.WORD, FieldKind.ORDERED)
            else FieldKind.STRING
        )
    if column.kind is Kind.DATE:
        return FieldKind.DATE
    is_money = known is not None and known.kind is FieldKind.MONEY
    return FieldKind.MONEY if is_money or column.scale == 2 else FieldKind.NUMBER
