"""The sheet that charts are drawn on: named for readers who cannot see it, and cut for three widths."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lifetide.explorer.markup import Markup, element, text

NARROW, MIDDLE, WIDE = 330, 620, 1080
CHARACTER = 6.6  # mean width of a character of the charts' 12 px text, on the wide side


@dataclass(frozen=True)
class Sheet:
    """Where a chart is drawn: its size and the margins around the plot."""

    width: int
    height: int
    left: float = 8
    right: float = 8
    top: float = 10
    bottom: float = 24

    @property
    def plot_width(self) -> float:
        return self.width - self.left - self.right

    @property
    def plot_height(self) -> float:
        return self.height - self.top - self.bottom

    @property
    def base(self) -> float:
        """Where the horizontal axis lies."""
        return self.height - self.bottom

    @property
    def end(self) -> float:
        """The plot's right edge."""
        return self.width - self.right


def drawing(key: str, name: str, description: str, width: int, height: int, *shapes: object) -> Markup:
    """An SVG image with a title and a description; `key` is unique on the page."""
    return element(
        "svg",
        element("title", name, id=f"{key}-t"),
        element("desc", description, id=f"{key}-d"),
        *shapes,
        role="img",
        aria_labelledby=f"{key}-t",
        aria_describedby=f"{key}-d",
        viewBox=f"0 0 {width} {height}",
    )


def responsive(draw: Callable[[int, str], Markup], key: str, *, widths: tuple[int, ...]) -> Markup:
    """The same chart for each width; the style sheet shows the one that suits the card it is in."""
    names = {NARROW: "narrow", MIDDLE: "middle", WIDE: "wide"}
    views = [element("div", draw(width, f"{key}-{names[width]}"), class_=f"at-{names[width]}") for width in widths]
    return element("div", *views, class_=f"chart fits-{len(widths)}")


def label(x: float, y: float, words: str, css: str = "", anchor: str = "middle") -> Markup:
    """A piece of text in a chart."""
    return element("text", words, x=x, y=y, text_anchor=None if anchor == "start" else anchor, class_=css or None)


def line(x1: float, y1: float, x2: float, y2: float, css: str) -> Markup:
    """A straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=css)


def box(x: float, y: float, width: float, height: float, css: str, *children: object, rx: float = 0) -> Markup:
    """A rectangle; never of negative size."""
    return element(
        "rect", *children, x=x, y=y, width=max(0.0, width), height=max(0.0, height), rx=rx or None, class_=css
    )


def hint(words: str) -> Markup:
    """What a pointer resting on a shape is told."""
    return element("title", text(words))
