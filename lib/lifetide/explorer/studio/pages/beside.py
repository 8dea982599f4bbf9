"""An audience beside everyone: figures with their ratio, classes with both shares, cards in pairs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lifetide.explorer.charts import Part, bar, share_bar
from lifetide.explorer.figures import MINUS, Number, percent, ratio, whole
from lifetide.explorer.markup import Markup, element
from lifetide.explorer.sections.furniture import Cell, caption, card, figures_behind
from lifetide.explorer.studio.crowds import EVERYONE, Crowd


@dataclass(frozen=True)
class Beside:
    """The audience and everyone; `audience` is None where the desk holds everyone.

    `waits`: why the audience is not exact yet, in words; empty where it is.
    """

    everyone: Crowd
    audience: Crowd | None = None
    waits: str = ""

    @property
    def shown(self) -> Crowd:
        """Whom a page speaks of first."""
        return self.audience or self.everyone

    @property
    def crowds(self) -> tuple[Crowd, ...]:
        return (self.everyone,) if self.audience is None else (self.audience, self.everyone)

    @property
    def names(self) -> list[str]:
        return [crowd.name for crowd in self.crowds]


@dataclass(frozen=True)
class Row:
    """A class of a kind: its name, its colour, what it means, and how many of each crowd (or how much) are in it."""

    name: str
    css: str
    counts: tuple[Number, ...]
    note: str = ""


@dataclass(frozen=True)
class Counted:
    """What rows count, and how a count is written."""

    what: str
    words: Callable[[Number], str]


CUSTOMERS = Counted("customers", whole)


def difference(value: float | None, base: float | None, *, is_inverted: bool = False) -> tuple[str, str]:
    """How a figure stands to everyone's, in words, and its tone; `is_inverted` where less is better."""
    if value is None or not base:
        return "", "same"
    change = round((value / base - 1) * 100)
    if change == 0:
        return "as everyone", "same"
    size = f"{value / base:.1f}×" if change > 999 else f"{'+' if change > 0 else MINUS}{abs(change)}%"
    return size, "up" if (change > 0) != is_inverted else "down"


def lift(part: Number, of: Number, base: Number, base_of: Number) -> str:
    """Share ÷ everyone's share: ×1.82; – where there is nothing to compare."""
    if not part or not base or not of or not base_of:
        return "–"
    times = ratio(part, of) / ratio(base, base_of)
    return "×<0.01" if times < 0.005 else f"×{times:.2f}"


def pair(cards: Sequence[Markup]) -> Markup:
    """Cards side by side; one alone takes the width."""
    return cards[0] if len(cards) == 1 else element("div", *cards, class_="pair")


def classes_card(
    key: str, heading: str, rows: Sequence[Row], beside: Beside, *more: Markup | None, counted: Counted = CUSTOMERS
) -> Markup:
    """A bar of shares for each crowd, and the classes as a table with both shares."""
    totals = [sum(row.counts[place] for row in rows) for place in range(len(beside.crowds))]
    bars = [
        element(
            "div",
            element("span", crowd.name, class_="who"),
            share_bar(f"{key}-{place}", f"{heading}: {crowd.name}",
                      [Part(row.name, int(row.counts[place]), row.css) for row in rows]),
            class_="share-row",
        )
        for place, crowd in enumerate(beside.crowds)
    ]  # fmt: skip
    note = None if beside.audience is None else "tick = everyone’s share"
    lines = [_class_line(row, totals, counted) for row in rows if any(row.counts)]
    return card(
        *bars, element("ul", *lines, class_="classes"), *more, classes_table(heading, rows, beside, totals, counted),
        heading=heading, note=note,
    )  # fmt: skip


def _class_line(row: Row, totals: Sequence[Number], counted: Counted) -> Markup:
    shares = [ratio(count, total) for count, total in zip(row.counts, totals, strict=True)]
    is_compared = len(shares) == 2
    compared = lift(row.counts[0], totals[0], row.counts[-1], totals[-1]) if is_compared else None
    return element(
        "li",
        element("span", element("i", class_=f"key-dot b-{row.css}"), row.name, class_="name"),
        bar(shares[0], row.css, tick=shares[1] if is_compared else None),
        element("b", counted.words(row.counts[0])),
        element("span", percent(row.counts[0], totals[0])),
        element("span", compared, class_="mut") if compared else None,
        element("span", row.note, class_="note") if row.note else None,
    )


def classes_table(
    heading: str, rows: Sequence[Row], beside: Beside, totals: Sequence[Number], counted: Counted
) -> Markup:
    """Counts and shares of each crowd as a table."""
    columns = ["Class", *(f"{name}: {what}" for name in beside.names for what in (counted.what, "share"))]
    body = []
    for row in rows:
        cells: list[object] = [row.name]
        for count, total in zip(row.counts, totals, strict=True):
            cells += [Cell(counted.words(count), count), Cell(percent(count, total), ratio(count, total))]
        body.append(cells)
    return figures_behind(heading, columns, body)


def of_both(beside: Beside, made: Callable[[Crowd, str], Markup]) -> Markup:
    """A card for each crowd; the second argument is a word for keys."""
    return pair([made(crowd, "all" if crowd.name == EVERYONE else "here") for crowd in beside.crowds])


def nobody(beside: Beside) -> Markup | None:
    """What to say where the audience is empty, or not exact yet."""
    if beside.waits:
        return caption(f"Not exact yet: {beside.waits}. Until then that rule narrows nothing.")
    if beside.shown.customers:
        return None
    return caption("Nobody meets the rules: the figures below are of everyone, or empty.")
