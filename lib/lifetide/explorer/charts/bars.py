"""Bars that stretch with the page: widths are percentages, so no text is ever scaled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lifetide.explorer.charts.drawing import hint
from lifetide.explorer.figures import percent, whole
from lifetide.explorer.markup import Markup, element

LEAST_VISIBLE = 0.4  # percent of the bar; a part that exists can be seen


@dataclass(frozen=True)
class Part:
    """A part of a whole: what it is called, how much it is, and its colour class."""

    name: str
    count: int
    css: str


def share_bar(key: str, name: str, parts: Sequence[Part]) -> Markup:
    """One bar cut into parts of a whole, in the given order. Parts of nothing leave no trace."""
    everything = sum(part.count for part in parts)
    shown = [part for part in parts if part.count > 0]
    widths = _visible_widths([part.count for part in shown])
    shapes, start = [], 0.0
    for part, width in zip(shown, widths, strict=True):
        words = f"{part.name}: {whole(part.count)} ({percent(part.count, everything)})"
        shapes.append(
            element(
                "rect",
                hint(words),
                x=f"{start:.3f}%",
                width=f"{width:.3f}%",
                height="100%",
                class_=f"f-{part.css}",
            )
        )
        if start > 0:
            shapes.append(element("rect", x=f"{start:.3f}%", width="2", height="100%", class_="f-gap"))
        start += width
    described = ", ".join(f"{part.name} {whole(part.count)}" for part in shown) or "nobody"
    return element(
        "svg",
        element("title", name, id=f"{key}-t"),
        element("desc", described, id=f"{key}-d"),
        *shapes,
        class_="share",
        role="img",
        aria_labelledby=f"{key}-t",
        aria_describedby=f"{key}-d",
    )


def _visible_widths(counts: Sequence[int]) -> list[float]:
    """Percentages that sum to 100, none of them too thin to see."""
    everything = sum(counts)
    lifted = [max(100 * count / everything, LEAST_VISIBLE) for count in counts]
    return [100 * width / sum(lifted) for width in lifted]


def legend(parts: Sequence[Part]) -> Markup:
    """Colour, name, count and share of each part, as a list."""
    everything = sum(part.count for part in parts)
    return element(
        "ul",
        *(
            element(
                "li",
                swatch(part.css),
                element("span", part.name),
                element("b", whole(part.count)),
                element("span", percent(part.count, everything), class_="mut"),
            )
            for part in parts
        ),
        class_="legend",
    )


def swatch(css: str) -> Markup:
    """The square that ties a name to its colour."""
    square = element("rect", width="10", height="10", rx="2.5", class_=f"f-{css}")
    return element("svg", square, class_="swatch", width="10", height="10", aria_hidden="true")


def bar(share: float, css: str, *, tick: float | None = None) -> Markup:
    """A bar on its track, 0 to 1. It repeats a figure that stands beside it, so readers aloud skip it.

    `tick`: where somebody else's bar would end.
    """
    width = 0.0 if share <= 0 else max(LEAST_VISIBLE, min(1.0, share) * 100)
    return element(
        "svg",
        element("rect", width="100%", height="100%", rx="4", class_="f-track"),
        element("rect", width=f"{width:.2f}%", height="100%", rx="4", class_=f"f-{css}") if width else None,
        None
        if tick is None
        else element("rect", x=f"{min(1.0, tick) * 99.2:.2f}%", y="-2", width="2", height="13", class_="f-ink"),
        class_="bar",
        aria_hidden="true",
    )
