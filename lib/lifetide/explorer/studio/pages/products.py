"""Popular products by three logics, as published for everyone and for a saved audience."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from lifetide.explorer.charts import bar
from lifetide.explorer.figures import exact_money, money, plain, whole
from lifetide.explorer.markup import Markup, element
from lifetide.explorer.sections.audiences import LOGICS
from lifetide.explorer.sections.furniture import Cell, card, empty, figures_behind, section
from lifetide.explorer.studio.pages.beside import pair

if TYPE_CHECKING:
    from lifetide.storage.snapshots import Published

SHOWN = 7
NOTHING = (
    "They come with the audiences that a build publishes; for an audience that is not saved there "
    "is nothing published to show."
)
COLUMNS = ["audience_key", "logic", "product_id", "rank", "buyers", "units", "net_revenue", "lift"]


@dataclass(frozen=True)
class Product:
    """A product of an audience: who bought it, and how much more than everyone (`lift`)."""

    audience: str | None
    logic: str
    name: str
    rank: int
    buyers: int
    units: Decimal
    net_revenue: Decimal | None
    lift: float | None


def products_on(tables: Published, as_of: date, key: str) -> list[Product]:
    """What is published of everyone and of the audience, best first."""
    if not tables.has("audience_products"):
        return []
    is_asked = (pc.field("as_of") == as_of) & (pc.field("audience_key").is_null() | (pc.field("audience_key") == key))
    found = tables.read("audience_products", COLUMNS, is_asked).to_pylist()
    asked = sorted({row["product_id"] for row in found})
    named = tables.read("products", ["product_id", "name"], pc.field("product_id").isin(asked)) if asked else None
    names = {} if named is None else {row["product_id"]: row["name"] for row in named.to_pylist() if row["name"]}
    made = [
        Product(row["audience_key"], row["logic"], names.get(row["product_id"], row["product_id"]), row["rank"],
                row["buyers"], row["units"], row["net_revenue"], row["lift"])
        for row in found
    ]  # fmt: skip
    return sorted(made, key=lambda one: (one.logic, one.rank, one.name))


def popular(found: Sequence[Product], key: str, currency: str) -> Markup:
    """A card for each logic and crowd that has products; the bar is the share of the first one's buyers."""
    heading, lead = (
        "Popular products",
        "× = how much more often than everyone buys them. As published with the snapshot.",
    )
    if not found:
        return section("products", heading, lead, card(empty("No products published", NOTHING)))
    parts = []
    for logic, title in LOGICS.items():
        of_logic = [
            (name, [one for one in found if one.logic == logic and one.audience == who])
            for name, who in ((key, key), ("Everyone", None))
            if who is None or key
        ]
        cards = [_card(title, name, rows, currency) for name, rows in of_logic if rows]
        if cards:
            parts.append(pair(cards))
    return section("products", heading, lead, *parts)


def _card(title: str, name: str, rows: Sequence[Product], currency: str) -> Markup:
    most = max(one.buyers for one in rows) or 1
    items = [
        element(
            "li", element("span", one.name, class_="name"), bar(one.buyers / most, "accent"),
            element("b", whole(one.buyers)), element("span", _money(one, currency)),
            element("span", "–" if one.lift is None else f"×{one.lift:.2f}", class_="mut"),
        )
        for one in rows[:SHOWN]
    ]  # fmt: skip
    table: list[list[object]] = [
        [one.name, Cell(whole(one.buyers), one.buyers), Cell(plain(float(one.units)), one.units),
         Cell("–" if one.net_revenue is None else exact_money(one.net_revenue, currency), one.net_revenue),
         Cell("–" if one.lift is None else f"{one.lift:.2f}", one.lift)]
        for one in rows
    ]  # fmt: skip
    columns = ["Product", "Buyers", "Units", "Net revenue", "Than everyone"]
    return card(element("ol", *items, class_="classes wide"), figures_behind(f"{title}: {name}", columns, table),
                heading=title, note=name)  # fmt: skip


def _money(one: Product, currency: str) -> str:
    return "–" if one.net_revenue is None else money(one.net_revenue, currency)
