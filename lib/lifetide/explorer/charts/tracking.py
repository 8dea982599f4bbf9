"""What was foretold and what came, as two lines that grow from the day of foretelling."""

from __future__ import annotations

from collections.abc import Sequence

from lifetide.explorer.charts.drawing import MIDDLE, NARROW, Sheet, drawing, hint, label, line, responsive
from lifetide.explorer.figures import short, ticks, whole
from lifetide.explorer.markup import Markup, element


def tracking(key: str, name: str, description: str, points: Sequence[tuple[int, float, float]]) -> Markup:
    """`points` = days, expected, actual, by days; both lines start at nothing on day 0."""

    def draw(width: int, view_key: str) -> Markup:
        sheet = Sheet(width, 250 if width == MIDDLE else 220, left=46, right=14, top=14, bottom=30)
        known = [(0, 0.0, 0.0), *points]
        last, steps = max(known[-1][0], 1), ticks(max(max(one[1:]) for one in known))

        def at(days: int, value: float) -> tuple[float, float]:
            return sheet.left + sheet.plot_width * days / last, sheet.base - sheet.plot_height * value / steps[-1]

        shapes = []
        for step in steps:
            y = at(0, step)[1]
            shapes += [
                line(sheet.left, y, sheet.end, y, "grid"),
                label(sheet.left - 6, y + 4, short(step), "tick", "end"),
            ]
        for days, _, _ in known:
            shapes.append(label(at(days, 0)[0], sheet.base + 18, str(days), "tick"))
        for place, css in ((1, "spark expected-line"), (2, "spark")):
            path = "L".join("{:.1f},{:.1f}".format(*at(one[0], float(one[place]))) for one in known)
            shapes.append(element("path", d=f"M{path}", class_=css))
        for days, expected, actual in points:
            x, y = at(days, actual)
            words = f"after {days} days: {whole(actual)} orders, {whole(expected)} expected"
            shapes.append(element("circle", hint(words), cx=x, cy=y, r=4, class_="dot"))
        return drawing(view_key, name, description, width, sheet.height, *shapes)

    return responsive(draw, key, widths=(NARROW, MIDDLE))
