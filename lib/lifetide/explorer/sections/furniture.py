"""What every section is built of: cards, tables that open under a chart, and states of nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from lifetide.explorer.markup import Markup, element, text

BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Cell:
    """A figure in a table: as people read it, and as it is taken away."""

    words: str
    value: object

    def __str__(self) -> str:
        return self.words


def section(key: str, heading: str, lead: str | None, *content: object) -> Markup:
    """A part of the page with a heading that links can point at."""
    return element(
        "section",
        element(
            "div",
            element("h2", heading, id=f"{key}-heading"),
            element("p", lead, class_="lead") if lead else None,
            class_="section-head",
        ),
        *content,
        id=key,
        aria_labelledby=f"{key}-heading",
    )


def card(*content: object, heading: str | None = None, note: str | None = None, css: str = "") -> Markup:
    """A white card; `note` stands small beside its heading."""
    head = None
    if heading:
        head = element(
            "div",
            element("h3", heading),
            element("p", note, class_="note") if note else None,
            class_="card-top",
        )
    return element("div", head, *content, class_=f"card {css}".strip())


def caption(words: str) -> Markup:
    """What a chart shows and how it was made, in small type under it."""
    return element("p", words, class_="caption")


def empty(heading: str, words: str) -> Markup:
    """A state of nothing: what is missing and when it will be here."""
    mark = element(
        "svg",
        element("path", d="M3 15c4-7 8-7 12 0s8 7 12 0", class_="wave"),
        viewBox="0 0 30 30",
        width="30",
        height="30",
        aria_hidden="true",
    )
    return element("div", mark, element("p", element("b", heading)), element("p", words), class_="empty")


def data_table(name: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> Markup:
    """A table: the first column names the row, the others are figures. It scrolls sideways where it must."""
    head = element("tr", *(element("th", column, scope="col") for column in columns))
    body = [element("tr", _cell(row[0], "th", scope="row"), *map(_cell, row[1:])) for row in rows]
    made = element(
        "table", element("caption", name, class_="unseen"), element("thead", head), element("tbody", *body)
    )
    return element("div", made, class_="scroll", tabindex="0", role="region", aria_label=f"Table: {name}")


def _cell(cell: object, tag: str = "td", **more: object) -> Markup:
    raw = str(cell.value) if isinstance(cell, Cell) and cell.value is not None else None
    return element(tag, text(cell), data_raw=raw, **more)


def figures_behind(
    name: str, columns: Sequence[str], rows: Sequence[Sequence[object]], *, words: str = "Show as a table"
) -> Markup:
    """The table of a chart, closed until somebody wants it, and the same as a file to take away."""
    summary = element("summary", words, element("span", f": {name}", class_="unseen"))
    return element("details", summary, data_table(name, columns, rows), take_away(name, columns, rows))


def take_away(name: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> Markup:
    """A link that saves the figures as a CSV file; it holds them itself, so nothing is asked of any server."""
    file = "".join(one if one.isalnum() else "_" for one in name.lower()).strip("_") + ".csv"
    lines = "".join(",".join(_field(cell) for cell in row) + "\r\n" for row in (columns, *rows))
    where = "data:text/csv;charset=utf-8," + quote(lines)
    return element("a", "Save as CSV", element("span", f": {name}", class_="unseen"), href=where, download=file,
                   class_="save")  # fmt: skip


def _field(cell: object) -> str:
    """A value in CSV; a text that a spreadsheet would take for a formula is marked as text."""
    if isinstance(cell, Cell):
        cell = "" if cell.value is None else cell.value
    words = str(cell)
    if isinstance(cell, str) and words.startswith(BEGINS_A_FORMULA):
        words = "'" + words
    return '"' + words.replace('"', '""') + '"' if any(one in words for one in ',"\r\n') else words


def badge(words: str, css: str) -> Markup:
    """A short state; its words carry the meaning, the colour only repeats it."""
    return element("span", words, class_=f"badge {css}")
