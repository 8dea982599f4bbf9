"""Who went where in a period: classes at its start on the left, at its end on the right, bands as wide as crowds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lifetide.explorer.charts.drawing import MIDDLE, NARROW, box, drawing, hint, label, responsive
from lifetide.explorer.figures import short, whole
from lifetide.explorer.markup import Markup, element

CROWD = 250.0  # height that everybody together takes
SLOT = 33.0  # least height of a class: two lines of text
GAP = 6.0
NODE = 10.0
LEAST_BAND = 0.8
TOP = 30.0
ROOM = {NARROW: 110.0, MIDDLE: 116.0}  # for names beside the classes


@dataclass(frozen=True)
class Stop:
    """A class: its key, its name, and its colour."""

    key: str
    name: str
    css: str


@dataclass(frozen=True)
class Band:
    """Customers who went from one class to another; `is_stay` = who stayed, drawn fainter."""

    start: str
    end: str
    count: int
    is_stay: bool = False


@dataclass(frozen=True)
class _Place:
    """Where a class stands on its side: the top and the height of its bar, and how many are in it."""

    stop: Stop
    top: float
    height: float
    count: int


def flow_picture(
    key: str, name: str, description: str, starts: Sequence[Stop], ends: Sequence[Stop], bands: Sequence[Band]
) -> Markup:
    """Bands in the colour of where they lead. Classes keep the order given; those of nobody are left out."""

    def draw(width: int, view_key: str) -> Markup:
        everybody = max(1, sum(band.count for band in bands))
        left = _places(starts, {one.key: _crowd(bands, start=one.key) for one in starts}, everybody)
        right = _places(ends, {one.key: _crowd(bands, end=one.key) for one in ends}, everybody)
        height = max([TOP, *(one.top + max(one.height, SLOT) for one in (*left, *right))]) + 4
        room = ROOM[width]
        shapes = [
            label(room, 14, "at the start", "tick", "end"),
            label(width - room, 14, "at the end", "tick", "start"),
            *_bands(left, right, bands, everybody, (room + 2, width - room - 2)),
        ]
        for one in left:
            shapes += _stop(one, room - NODE, room - NODE - 7, "end")
        for one in right:
            shapes += _stop(one, width - room, width - room + NODE + 7, "start")
        return drawing(view_key, name, description, width, round(height), *shapes)

    return responsive(draw, key, widths=(NARROW, MIDDLE))


def _crowd(bands: Sequence[Band], *, start: str | None = None, end: str | None = None) -> int:
    return sum(band.count for band in bands if band.start == start or band.end == end)


def _places(stops: Sequence[Stop], counts: dict[str, int], everybody: int) -> list[_Place]:
    """Classes from top to bottom; a small one still has room for its name."""
    places, top = [], TOP
    for stop in stops:
        count = counts[stop.key]
        if count == 0:
            continue
        height = max(2.0, CROWD * count / everybody)
        slot = max(height, SLOT)
        places.append(_Place(stop, top + (slot - height) / 2, height, count))
        top += slot + GAP
    return places


def _bands(
    left: Sequence[_Place], right: Sequence[_Place], bands: Sequence[Band], everybody: int,
    edges: tuple[float, float],
) -> list[Markup]:  # fmt: skip
    """Each band leaves and arrives where the one before it ended; who stayed lies underneath."""
    leaves = {one.stop.key: one.top for one in left}
    arrives = {one.stop.key: one.top for one in right}
    shapes: list[tuple[bool, Markup]] = []
    for start in left:
        for end in right:
            for band in bands:
                if (band.start, band.end) != (start.stop.key, end.stop.key) or band.count == 0:
                    continue
                thick = CROWD * band.count / everybody
                path = _path(edges, leaves[band.start], arrives[band.end], max(LEAST_BAND, thick))
                leaves[band.start] += thick
                arrives[band.end] += thick
                css = f"flow f-{end.stop.css}{' stay' if band.is_stay else ''}"
                words = hint(f"{start.stop.name} to {end.stop.name}: {whole(band.count)}")
                shapes.append((band.is_stay, element("path", words, d=path, class_=css)))
    return [shape for _, shape in sorted(shapes, key=lambda one: not one[0])]


def _path(edges: tuple[float, float], y1: float, y2: float, thick: float) -> str:
    x1, x2 = edges
    middle = (x1 + x2) / 2
    return (
        f"M{x1:.1f},{y1:.1f}C{middle:.1f},{y1:.1f} {middle:.1f},{y2:.1f} {x2:.1f},{y2:.1f}"
        f"L{x2:.1f},{y2 + thick:.1f}C{middle:.1f},{y2 + thick:.1f} {middle:.1f},{y1 + thick:.1f} "
        f"{x1:.1f},{y1 + thick:.1f}Z"
    )


def _stop(one: _Place, x: float, words_x: float, anchor: str) -> list[Markup]:
    middle = one.top + one.height / 2
    shown = whole(one.count) if one.count < 1_000_000 else short(one.count)
    return [
        box(x, one.top, NODE, one.height, f"f-{one.stop.css}", hint(f"{one.stop.name}: {whole(one.count)}"), rx=2),
        label(words_x, middle - 2, one.stop.name, "strong", anchor),
        label(words_x, middle + 13, shown, "tick", anchor),
    ]
