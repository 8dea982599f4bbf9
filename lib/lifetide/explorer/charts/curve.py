"""Shares that fall as something grows: a step line for each crowd, and the learned values as upright lines."""

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
from lifetide.explorer.charts.histogram import BOLD_CHARACTER
from lifetide.explorer.figures import percent
from lifetide.explorer.markup import Markup, element


@dataclass(frozen=True)
class Curve:
    """A crowd: its name, its colour, and a share (0 to 1) at each step."""

    name: str
    css: str
    shares: Sequence[float]


def curves(
    key: str, name: str, steps: Sequence[float], lines: Sequence[Curve], marks: Sequence[tuple[float, str]]
) -> Markup:
    """Shares at ascending steps, of which the first is 0; `marks` = value, words."""

    def draw(width: int, view_key: str) -> Markup:
        sheet = Sheet(width, 250, left=44, right=8, top=14, bottom=28)
        far = steps[-1] or 1.0

        def x(value: float) -> float:
            return sheet.left + sheet.plot_width * min(1.0, value / far)

        def y(share: float) -> float:
            return sheet.base - sheet.plot_height * share

        shapes: list[Markup] = []
        for share in (0.0, 0.25, 0.5, 0.75, 1.0):
            shapes += [line(sheet.left, y(share), sheet.end, y(share), "grid"),
                       label(sheet.left - 7, y(share) + 4, f"{share:.0%}", "tick", "end")]  # fmt: skip
        for place, (value, told) in enumerate(marks):
            words = f"{value:.2f}×" if width == NARROW else told
            is_late = x(value) + 8 + BOLD_CHARACTER * len(words) > sheet.end
            row = y(1.0) + 12 + 17 * place
            shapes += [line(x(value), sheet.top, x(value), sheet.base, "cut"),
                       label(x(value) + (-6 if is_late else 6), row, words, "cut-words",
                             "end" if is_late else "start")]  # fmt: skip
        for one in reversed(lines):
            path = "L".join(f"{x(step):.1f},{y(share):.1f}" for step, share in zip(steps, one.shares, strict=True))
            shapes.append(element("path", d=f"M{path}", class_=f"curve c-{one.css}"))
        for place, step in enumerate(steps):
            said = ", ".join(f"{one.name} {percent(one.shares[place], 1)}" for one in lines)
            half = sheet.plot_width / max(1, len(steps) - 1) / 2
            shapes.append(box(x(step) - half, sheet.top, 2 * half, sheet.plot_height, "catch",
                              hint(f"{step:.1f}× and longer: {said}")))  # fmt: skip
        for step in range(int(far) + 1):
            shapes.append(label(x(step), sheet.base + 18, f"{step}×", "tick"))
        told = "; ".join(f"{one.name}: {percent(one.shares[-1], 1)} at {far:.1f}×" for one in lines)
        return drawing(view_key, name, told, width, sheet.height, *shapes)

    return responsive(draw, key, widths=(NARROW, MIDDLE))
