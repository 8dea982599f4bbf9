"""A few moments side by side: a column each, its figure on top, and what is unknown left open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lifetide.explorer.charts.drawing import (
    MIDDLE,
    NARROW,
    Sheet,
    box,
    drawing,
    hint,
    label,
    line,
    responsive,
)
from lifetide.explorer.figures import short, whole
from lifetide.explorer.markup import Markup


@dataclass(frozen=True)
class Column:
    """A moment: two lines of name, its count (None = no history), a remark under the count, and a colour class."""

    name: str
    under: str
    count: int | None
    remark: str = ""
    css: str = "before"


def column_compare(key: str, name: str, description: str, columns: Sequence[Column]) -> Markup:
    """Columns from left to right on a common scale that starts at zero."""

    def draw(width: int, view_key: str) -> Markup:
        sheet = Sheet(width, 250 if width == MIDDLE else 230, left=4, right=4, top=40, bottom=44)
        top = max([column.count or 0 for column in columns] + [1])
        place = sheet.plot_width / max(1, len(columns))
        shapes = [line(sheet.left, sheet.base, sheet.end, sheet.base, "axis")]
        for order, column in enumerate(columns):
            shapes += _column(sheet, column, sheet.left + place * (order + 0.5), place * 0.62, top)
        return drawing(view_key, name, description, width, sheet.height, *shapes)

    return responsive(draw, key, widths=(NARROW, MIDDLE))


def _column(sheet: Sheet, column: Column, middle: float, width: float, top: int) -> list[Markup]:
    names = [
        label(middle, sheet.base + 18, _fitting(column.name, sheet), "tick strong"),
        label(middle, sheet.base + 34, column.under, "tick"),
    ]
    if column.count is None:
        outline = box(middle - width / 2, sheet.base - 46, width, 46, "f-open", hint("no history yet"), rx=5)
        return [outline, label(middle, sheet.base - 19, "–", "tick"), *names]
    tall = max(2.0 if column.count else 0.0, sheet.plot_height * column.count / top)
    words = f"{column.name}: {whole(column.count)}{f' ({column.remark})' if column.remark else ''}"
    shown = whole(column.count) if sheet.width == MIDDLE or column.count < 100_000 else short(column.count)
    return [
        box(middle - width / 2, sheet.base - tall, width, tall, f"f-{column.css}", hint(words), rx=5),
        label(middle, sheet.base - tall - (22 if column.remark else 8), shown, "figure"),
        label(middle, sheet.base - tall - 7, column.remark, "tick"),
        *names,
    ]


def _fitting(name: str, sheet: Sheet) -> str:
    """The narrow sheet has no room for long words."""
    return name.replace("months", "mo.").replace("month", "mo.") if sheet.width == NARROW else name
