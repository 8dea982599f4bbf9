"""How values spread, with the cuts that divide them; each zone between cuts has its own colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from lifetide.explorer.charts.drawing import (
    CHARACTER,
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
from lifetide.explorer.facts import Bin
from lifetide.explorer.figures import nice_step, percent, whole
from lifetide.explorer.markup import Markup, element

BOLD_CHARACTER = 1.2 * CHARACTER


@dataclass(frozen=True)
class Cut:
    """A vertical line at a value: its words, the colour class of what lies above it, and its interval if known."""

    value: float
    words: str
    css: str
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True)
class _Scale:
    """From values to places on the sheet; an open last bin is as wide as the one before."""

    sheet: Sheet
    start: float
    stop: float

    def x(self, value: float) -> float:
        held = min(max(value, self.start), self.stop)
        return self.sheet.left + self.sheet.plot_width * (held - self.start) / (self.stop - self.start)


def histogram(
    key: str,
    name: str,
    description: str,
    bins: Sequence[Bin],
    cuts: Sequence[Cut],
    *,
    unit: str,
    css: str = "active",
    beside: Sequence[Bin] = (),
) -> Markup:
    """Ascending bins of which only the last may be open; cuts ascend too. `unit` follows the axis figures.

    `beside`: everybody else in the same bins, as a line over the bars; then both are drawn by share of their own.
    """

    def draw(width: int, view_key: str) -> Markup:
        top = 18 + 17 * len(cuts)
        sheet = Sheet(width, 216 + top, left=6, right=6, top=top, bottom=28)
        scale = _Scale(sheet, bins[0].lower, _closed_upper(bins[-1], bins))
        everything = sum(bin_.count for bin_ in bins)
        others = sum(bin_.count for bin_ in beside)
        shares = [bin_.count * everything / others for bin_ in beside] if others else []
        tallest = max([*(bin_.count for bin_ in bins), *shares, 1])
        shapes: list[Markup] = []
        for bin_ in bins:
            shapes += _bar(bin_, bins, cuts, scale, tallest, everything, unit, css)
        shapes.append(line(sheet.left, sheet.base, sheet.end, sheet.base, "axis"))
        if shares and everything:
            shapes.append(_outline(beside, shares, scale, tallest))
        shapes += _cut_lines(cuts, scale)
        shapes += _axis(scale, bins[-1], unit)
        return drawing(view_key, name, description, width, sheet.height, *shapes)

    return responsive(draw, key, widths=(NARROW, MIDDLE))


def _outline(bins: Sequence[Bin], heights: Sequence[float], scale: _Scale, tallest: float) -> Markup:
    """Steps over the bars, as tall as their shares would be."""
    corners = []
    for bin_, height in zip(bins, heights, strict=True):
        y = scale.sheet.base - scale.sheet.plot_height * height / tallest
        corners += [f"{scale.x(bin_.lower):.1f},{y:.1f}", f"{scale.x(_closed_upper(bin_, bins)):.1f},{y:.1f}"]
    return element("path", d=f"M{'L'.join(corners)}", class_="outline")


def _closed_upper(bin_: Bin, bins: Sequence[Bin]) -> float:
    if bin_.upper is not None:
        return bin_.upper
    before = bins[-2] if len(bins) > 1 else Bin(0, 1, 0)
    return bin_.lower + ((before.upper or before.lower + 1) - before.lower)


def _bar(
    bin_: Bin, bins: Sequence[Bin], cuts: Sequence[Cut], scale: _Scale, tallest: float, everything: int, unit: str,
    css: str,
) -> list[Markup]:  # fmt: skip
    """A bar, divided where a cut runs through it."""
    if bin_.count == 0:
        return []
    upper = _closed_upper(bin_, bins)
    tall = max(1.5, scale.sheet.plot_height * bin_.count / tallest)
    span = (
        f"{_mark(bin_.lower)} to {_mark(bin_.upper)}" if bin_.upper is not None else f"{_mark(bin_.lower)} and more"
    )
    words = f"{span} {unit}: {whole(bin_.count)} ({percent(bin_.count, everything)})"
    borders = [bin_.lower, *(cut.value for cut in cuts if bin_.lower < cut.value < upper), upper]
    shapes = []
    for start, stop in pairwise(borders):
        colour = next((cut.css for cut in reversed(cuts) if start >= cut.value), css)
        gap = 1.2 if stop == upper else 0
        left = scale.x(start)
        shapes.append(
            box(left, scale.sheet.base - tall, scale.x(stop) - left - gap, tall, f"f-{colour}", hint(words))
        )
    return shapes


def _cut_lines(cuts: Sequence[Cut], scale: _Scale) -> list[Markup]:
    """Lines with their words in rows of their own, so that close cuts never write over one another."""
    sheet = scale.sheet
    shapes = []
    for order, cut in enumerate(cuts):
        x, y = scale.x(cut.value), 14.0 + 17 * order
        if cut.lower is not None and cut.upper is not None:
            left = scale.x(cut.lower)
            shapes.append(box(left, sheet.top, scale.x(cut.upper) - left, sheet.plot_height, "f-band"))
        is_late = x + 8 + BOLD_CHARACTER * len(cut.words) > sheet.end
        shapes += [
            line(x, y - 8, x, sheet.base, "cut"),
            label(x - 6 if is_late else x + 6, y, cut.words, "cut-words", "end" if is_late else "start"),
        ]
    return shapes


def _axis(scale: _Scale, last: Bin, unit: str) -> list[Markup]:
    """Round values along the axis; an open last bin is named by where it starts, and gets its room."""
    sheet, sign = scale.sheet, unit if unit == "×" else ""
    step = nice_step(scale.stop - scale.start, 5 if sheet.width == NARROW else 9)
    count = int((scale.stop - scale.start) / step + 1e-6)
    marks = [(scale.start + step * place, "") for place in range(count + 1)]
    if last.upper is None:
        room = CHARACTER * 6
        marks = [mark for mark in marks if scale.x(mark[0]) < scale.x(last.lower) - room]
        marks.append((last.lower, "+"))
    shapes = []
    for value, more in marks:
        words, x = f"{_mark(value)}{sign}{more}", scale.x(value)
        half = CHARACTER * len(words) / 2
        anchor = "start" if x - half < 0 else "end" if x + half > sheet.width else "middle"
        shapes += [line(x, sheet.base, x, sheet.base + 4, "axis"), label(x, sheet.base + 18, words, "tick", anchor)]
    return [element("g", *shapes)]


def _mark(value: float) -> str:
    return whole(value) if abs(value - round(value)) < 1e-6 else f"{value:.2f}".rstrip("0")
