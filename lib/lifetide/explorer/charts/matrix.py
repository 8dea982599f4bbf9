"""Shares of a whole as a table, tinted by size: the figures say it, the tint repeats it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lifetide.explorer.figures import percent
from lifetide.explorer.markup import Markup, element

STEPS = 8  # tints in the style sheet, heat-1 to heat-8


@dataclass(frozen=True)
class MatrixRow:
    """A class: its name, its share in each column (0 to 1; None = nobody went there), and a last remark."""

    name: str
    shares: Sequence[float | None]
    remark: str


def heat_matrix(name: str, corner: str, columns: Sequence[str], last: str, rows: Sequence[MatrixRow]) -> Markup:
    """One row per class; `columns` name the shares and `last` the remark."""
    heads = [element("th", one, scope="col") for one in (corner, *columns, last)]
    body = [
        element("tr", element("th", row.name, scope="row"), *map(_cell, row.shares), element("td", row.remark))
        for row in rows
    ]
    table = element(
        "table",
        element("caption", name, class_="unseen"),
        element("thead", element("tr", *heads)),
        element("tbody", *body),
        class_="matrix",
    )
    return element("div", table, class_="scroll", tabindex="0", role="region", aria_label=f"Table: {name}")


def _cell(share: float | None) -> Markup:
    if not share:
        return element("td", "–", class_="mut")
    return element("td", percent(share, 1), class_=f"heat heat-{max(1, min(STEPS, round(share * STEPS)))}")
