"""Figures read from a page as a person, or a program that takes them away, would: tables by their name."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from lifetide import Studio
from lifetide.explorer.markup import Markup

Row = tuple[str, ...]


class Tables(HTMLParser):
    """The tables of a page by caption; a cell is what it carries for taking away, else its words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, list[Row]] = {}
        self.words = ""
        self._rows: list[Row] = []
        self._row: list[str] = []
        self._cell: str | None = None
        self._raw: str | None = None
        self._caption: str | None = None
        self._name = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._rows = []
        elif tag == "tr":
            self._row = []
        elif tag in ("th", "td"):
            self._cell, self._raw = "", dict(attrs).get("data-raw")
        elif tag == "caption":
            self._caption = ""

    def handle_data(self, data: str) -> None:
        self.words += data
        if self._cell is not None:
            self._cell += data
        if self._caption is not None:
            self._caption += data

    def handle_endtag(self, tag: str) -> None:
        if tag in ("th", "td") and self._cell is not None:
            self._row.append(self._cell if self._raw is None else self._raw)
            self._cell = None
        elif tag == "tr":
            self._rows.append(tuple(self._row))
        elif tag == "caption":
            self._name, self._caption = str(self._caption), None
        elif tag == "table":
            self.found.setdefault(self._name, self._rows[1:])


def page(studio: Studio, name: str, **asked: Any) -> str:
    """What the kernel sends for a page, its last version of each part."""
    parts: dict[str, str] = {}
    for step in studio.book.page(name, asked):
        if isinstance(step, Markup):
            parts[step.split(">", 1)[0]] = step
        else:
            step()
    return "".join(parts.values())


def tables(studio: Studio, name: str, **asked: Any) -> dict[str, list[Row]]:
    """The tables of a page."""
    return Tables(page(studio, name, **asked)).found
