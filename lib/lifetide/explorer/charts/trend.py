"""A small line of one figure over time, with room for its interval; what is unknown leaves a gap."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from lifetide.explorer.charts.drawing import drawing, hint
from lifetide.explorer.markup import Markup, element

WIDTH, HEIGHT, EDGE = 260, 60, 6

Values = Sequence[float | None]


def trend(
    key: str, name: str, description: str, values: Values, *, words: Sequence[str], lower: Values = (),
    upper: Values = (),
) -> Markup:  # fmt: skip
    """`words` is what each point says when pointed at. The scale starts at zero, or below it where values are."""
    known = [value for value in (*values, *lower, *upper) if value is not None]
    bottom, top = min([0.0, *known]), max([0.0, *known])
    span = (top - bottom) or 1.0

    def y(value: float) -> float:
        return HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * (value - bottom) / span

    def x(place: int) -> float:
        return EDGE + (WIDTH - 2 * EDGE) * (place / (len(values) - 1) if len(values) > 1 else 0.5)

    shapes = [element("line", x1=0, x2=WIDTH, y1=y(0.0), y2=y(0.0), class_="grid")]
    for places in _runs(lower) if lower and upper else []:
        above = [f"{x(place):.1f},{y(upper[place] or 0.0):.1f}" for place in places]
        below = [f"{x(place):.1f},{y(lower[place] or 0.0):.1f}" for place in reversed(places)]
        shapes.append(element("path", d=f"M{'L'.join([*above, *below])}Z", class_="f-band"))
    for places in _runs(values):
        line = "L".join(f"{x(place):.1f},{y(values[place] or 0.0):.1f}" for place in places)
        shapes.append(element("path", d=f"M{line}", class_="spark"))
    for place, value in enumerate(values):
        if value is not None:
            is_last = all(later is None for later in values[place + 1 :])
            told = hint(words[place])
            shapes.append(
                element("circle", told, cx=x(place), cy=y(value), r=4 if is_last else 2, class_="dot" if is_last else
                        "f-active")
            )  # fmt: skip
    return drawing(key, name, description, WIDTH, HEIGHT, *shapes)


def _runs(values: Values) -> list[list[int]]:
    """Places of neighbours that are all known."""
    grouped = groupby(range(len(values)), key=lambda place: values[place] is not None)
    return [list(places) for is_known, places in grouped if is_known]
