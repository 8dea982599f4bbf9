"""The customer base over time: layers stacked on one another, with a card for each date pointed at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from lifetide.explorer.charts.drawing import (
    MIDDLE,
    NARROW,
    WIDE,
    Sheet,
    box,
    drawing,
    label,
    line,
    responsive,
)
from lifetide.explorer.figures import month, short, short_day, ticks, whole
from lifetide.explorer.markup import Markup, element

HEIGHTS = {NARROW: 240, MIDDLE: 260, WIDE: 300}
MOST_POINTS = 180  # corners of a layer; more cannot be told apart
CARD_WIDTH, CARD_LINE = 178.0, 18.0
GAP = 6.0  # between the labels of neighbouring dates


@dataclass(frozen=True)
class Layer:
    """A layer: its name, its colour class, and a count for every date."""

    name: str
    css: str
    counts: Sequence[int]


def stacked_area(
    key: str, name: str, description: str, dates: Sequence[date], layers: Sequence[Layer],
    widths: tuple[int, ...] = (NARROW, MIDDLE, WIDE),
) -> Markup:  # fmt: skip
    """Layers over at least two ascending dates, the first at the bottom."""

    def draw(width: int, view_key: str) -> Markup:
        return _stacked(view_key, name, description, dates, layers, width)

    return responsive(draw, key, widths=widths)


def sparkline(key: str, name: str, counts: Sequence[int]) -> Markup:
    """A small line of one series, its last value marked; it starts at zero."""
    width, height, top = 260, 56, max(max(counts), 1)
    kept = [counts[place] for place in evenly(len(counts), 90)]
    step = (width - 12) / max(1, len(kept) - 1)
    corners = [(4 + step * place, height - 4 - (height - 12) * count / top) for place, count in enumerate(kept)]
    path = "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in corners)
    last_x, last_y = corners[-1]
    described = f"From {whole(counts[0])} to {whole(counts[-1])}; highest {whole(max(counts))}."
    area = element("path", d=f"{path}L{last_x:.1f},{height - 4}L4,{height - 4}Z", class_="f-active faint")
    shapes = (
        area,
        element("path", d=path, class_="spark"),
        element("circle", cx=last_x, cy=last_y, r=4, class_="dot"),
    )
    return drawing(key, name, described, width, height, *shapes)


def evenly(count: int, at_most: int) -> list[int]:
    """Places 0 to count - 1, evenly thinned to `at_most`; the first and the last are kept."""
    if count <= at_most:
        return list(range(count))
    return sorted({round(place * (count - 1) / (at_most - 1)) for place in range(at_most)})


def _stacked(
    key: str, name: str, description: str, dates: Sequence[date], layers: Sequence[Layer], width: int
) -> Markup:
    totals = [sum(counts) for counts in zip(*(layer.counts for layer in layers), strict=True)]
    marks = ticks(max(totals), 5)
    sheet = Sheet(width, HEIGHTS[width], left=14 + 7 * max(len(short(mark)) for mark in marks), right=14)
    places = evenly(len(dates), MOST_POINTS)
    across = {place: _x(sheet, dates, place) for place in places}
    shapes: list[Markup] = []
    below = dict.fromkeys(places, 0)
    for layer in layers:
        above = {place: below[place] + layer.counts[place] for place in places}
        shapes.append(_layer(layer, sheet, across, below, above, marks[-1]))
        below = above
    return drawing(
        key, name, description, width, sheet.height,
        *_value_axis(sheet, marks),
        *shapes,
        *_date_axis(sheet, dates),
        *_pointers(sheet, dates, layers, totals),
    )  # fmt: skip


def _layer(
    layer: Layer,
    sheet: Sheet,
    across: dict[int, float],
    below: dict[int, int],
    above: dict[int, int],
    top: float,
) -> Markup:
    def corner(place: int, count: int) -> str:
        return f"{across[place]:.1f},{sheet.base - sheet.plot_height * count / top:.1f}"

    upper = [corner(place, above[place]) for place in across]
    lower = [corner(place, below[place]) for place in reversed(across)]
    return element("path", d=f"M{'L'.join(upper)}L{'L'.join(lower)}Z", class_=f"f-{layer.css} layer")


def _x(sheet: Sheet, dates: Sequence[date], place: int) -> float:
    return sheet.left + sheet.plot_width * (dates[place] - dates[0]).days / max(1, (dates[-1] - dates[0]).days)


def _value_axis(sheet: Sheet, marks: Sequence[float]) -> list[Markup]:
    shapes = []
    for mark in marks:
        y = sheet.base - sheet.plot_height * mark / marks[-1]
        shapes += [
            line(sheet.left, y, sheet.end, y, "grid"),
            label(sheet.left - 7, y + 4, short(mark), "tick", "end"),
        ]
    return shapes


def _date_axis(sheet: Sheet, dates: Sequence[date]) -> list[Markup]:
    """First days of months, as many as fit; short histories are labelled by day."""
    room = max(2, int(sheet.plot_width // 86))
    firsts = [place for place, value in enumerate(dates) if value.day == 1]
    by_month = len(firsts) >= 3
    places = firsts if by_month else evenly(len(dates), min(room, len(dates)))
    step = next(size for size in (1, 2, 3, 6, 12, 24, 60, 120, len(places)) if len(places) / size <= room)
    shapes, reached = [], float("-inf")
    for place in places[:: max(1, step)]:
        words = month(dates[place]) if by_month else short_day(dates[place])
        x = _x(sheet, dates, place)
        half = 3.3 * len(words)
        anchor = "start" if x - half < 0 else "end" if x + half > sheet.width else "middle"
        x = max(x, 0) if anchor != "end" else sheet.end
        begins = x - half * {"start": 0, "middle": 1, "end": 2}[anchor]
        if begins >= reached:  # the first and the last day may lie close to their neighbours
            shapes.append(label(x, sheet.base + 17, words, "tick", anchor))
            reached = begins + 2 * half + GAP
    return shapes


def _pointers(sheet: Sheet, dates: Sequence[date], layers: Sequence[Layer], totals: Sequence[int]) -> list[Markup]:
    """Strips that show a date's figures while the pointer is over them; the narrow sheet has no room for cards."""
    if sheet.width == NARROW:
        return []
    places = evenly(len(dates), 56 if sheet.width == WIDE else 40)
    middles = [_x(sheet, dates, place) for place in places]
    edges = [sheet.left, *((a + b) / 2 for a, b in pairwise(middles)), sheet.end]
    shapes = []
    for order, (place, x) in enumerate(zip(places, middles, strict=True)):
        shapes.append(
            element(
                "g",
                element("title"),
                box(edges[order], sheet.top, edges[order + 1] - edges[order], sheet.plot_height, "catch"),
                line(x, sheet.top, x, sheet.base, "rule"),
                _card(sheet, x, dates[place], [(layer, layer.counts[place]) for layer in layers], totals[place]),
                class_="hit",
                aria_hidden="true",
            )
        )
    return shapes


def _card(sheet: Sheet, x: float, when: date, counts: Sequence[tuple[Layer, int]], everybody: int) -> Markup:
    left = x + 10 if x + 10 + CARD_WIDTH < sheet.end else x - 10 - CARD_WIDTH
    top = sheet.top + 6
    rows = [
        label(left + 12, top + 20, short_day(when), "card-head", "start"),
        label(left + CARD_WIDTH - 12, top + 20, whole(everybody), "card-head", "end"),
    ]
    for order, (layer, count) in enumerate(reversed(counts), start=1):
        y = top + 22 + CARD_LINE * order
        rows += [
            box(left + 12, y - 9, 9, 9, f"f-{layer.css}", rx=2),
            label(left + 28, y, layer.name, "card-row", "start"),
            label(left + CARD_WIDTH - 12, y, whole(count), "card-row", "end"),
        ]
    frame = box(left, top, CARD_WIDTH, 34 + CARD_LINE * len(counts), "card-box", rx=8)
    return element("g", frame, *rows, class_="card-tip")
