"""What was seen beside what was expected: a bar for the one, a mark on it for the other."""

from __future__ import annotations

from lifetide.explorer.charts.bars import LEAST_VISIBLE
from lifetide.explorer.markup import Markup, element


def rate_bar(seen: float, expected: float | None, css: str) -> Markup:
    """Shares from 0 to 1 on a track of 1. It repeats figures that stand beside it, so readers aloud skip it."""
    width = 0.0 if seen <= 0 else max(LEAST_VISIBLE, min(1.0, seen) * 100)
    mark = None
    if expected is not None:
        mark = element(
            "rect", x=f"{min(1.0, max(0.0, expected)) * 99:.2f}%", width="3", height="100%", class_="f-mark"
        )
    return element(
        "svg",
        element("rect", y="4", width="100%", height="9", rx="4", class_="f-track"),
        element("rect", y="4", width=f"{width:.2f}%", height="9", rx="4", class_=f"f-{css}") if width else None,
        mark,
        class_="rate",
        aria_hidden="true",
    )
