"""One customer over time: the days of orders on a line, the lifecycle groups behind it, what is expected ahead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lifetide.explorer.charts.drawing import (
    MIDDLE,
    NARROW,
    WIDE,
    Sheet,
    box,
    drawing,
    hint,
    label,
    line,
    responsive,
)
from lifetide.explorer.figures import month, short_day
from lifetide.explorer.markup import Markup, element

LOWEST, HIGHEST = 3.0, 11.0  # radius of a day of orders, by the root of its value


@dataclass(frozen=True)
class Stretch:
    """Days in one class: first day, first day no longer in it, name, colour."""

    begins: date
    ends: date
    name: str
    css: str


@dataclass(frozen=True)
class Mark:
    """A day on the line: what happened, and how much it was worth against the largest (0 to 1)."""

    day: date
    words: str
    weight: float = 0.0


def timeline(
    key: str, name: str, description: str, stretches: Sequence[Stretch], marks: Sequence[Mark], today: date,
    ahead: Mark | None,
) -> Markup:  # fmt: skip
    """Stretches and marks are ascending; at least one of them is there."""
    days = [*(one.begins for one in stretches), *(one.day for one in marks), today]
    first, last = min(days), max([today, *([ahead.day] if ahead else [])])

    def draw(width: int, view_key: str) -> Markup:
        sheet = Sheet(width, 132, left=10, right=10, top=26, bottom=28)
        middle = sheet.top + sheet.plot_height / 2

        def x(day: date) -> float:
            return sheet.left + sheet.plot_width * (day - first).days / max(1, (last - first).days)

        shapes: list[Markup] = []
        for one in stretches:
            start, stop = max(one.begins, first), min(one.ends, last)
            if start >= stop:
                continue
            words = f"{one.name}: {short_day(one.begins)} to {short_day(one.ends) if one.ends <= last else 'later'}"
            css = f"f-{one.css} behind{' ahead' if one.begins > today else ''}"
            shapes.append(box(x(start), sheet.top, x(stop) - x(start), sheet.plot_height, css, hint(words)))
        shapes.append(line(sheet.left, middle, sheet.end, middle, "axis"))
        shapes += [line(x(today), sheet.top - 4, x(today), sheet.base + 4, "cut"),
                   label(min(x(today), sheet.end), 14, "today", "tick", _anchor(x(today), sheet))]  # fmt: skip
        for mark in marks:
            size = LOWEST + (HIGHEST - LOWEST) * mark.weight**0.5
            shapes.append(
                element("circle", hint(mark.words), cx=x(mark.day), cy=middle, r=size, class_="f-ink bought")
            )
        if ahead:
            shapes.append(
                element("circle", hint(ahead.words), cx=x(ahead.day), cy=middle, r=6.0, class_="expected-mark")
            )
        shapes += [label(sheet.left, sheet.base + 18, month(first), "tick", "start"),
                   label(sheet.end, sheet.base + 18, month(last), "tick", "end")]  # fmt: skip
        return drawing(view_key, name, description, width, sheet.height, *shapes)

    return responsive(draw, key, widths=(NARROW, MIDDLE, WIDE))


def _anchor(x: float, sheet: Sheet) -> str:
    return "end" if x > sheet.end - 40 else "start" if x < sheet.left + 40 else "middle"
