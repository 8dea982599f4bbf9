"""The data dictionary as Markdown, made from the catalogue; README.md carries it between two markers.

`python -m lifetide.tables.dictionary README.md` writes that part anew.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from lifetide.errors import UsageError
from lifetide.tables import CATALOGUE
from lifetide.tables.model import LATER, NEVER, Column, Table

START, END = "<!-- dictionary -->", "<!-- /dictionary -->"
_IS_LATER = " *Its columns are a promise; no command of this release writes it.*"


def dictionary() -> str:
    """Every table of the catalogue in the order in which data flows."""
    return "\n\n".join(_table(one) for one in CATALOGUE)


def with_dictionary(text: str) -> str:
    """`text` with the part between the markers made anew. Raises UsageError where they are missing."""
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not start or not end:
        raise UsageError(f"There is no place for the dictionary: write {START} and {END}, each on its own line.")
    return f"{before}{START}\n\n{dictionary()}\n\n{END}{after}"


def main(arguments: Sequence[str]) -> None:
    """Rewrites the dictionary in each file that is named."""
    for name in arguments:
        path = Path(name)
        path.write_text(with_dictionary(path.read_text(encoding="utf-8")), encoding="utf-8")


def _table(table: Table) -> str:
    key = ", ".join(f"`{name}`" for name in table.key)
    later = _IS_LATER if table.is_later else ""
    head = f"### `{table.name}`\n\nOne row per {table.grain}. Key: {key}. Kept: {table.keeping.value}.{later}"
    columns = "\n".join(_column(column) for column in table.columns)
    return f"{head}\n\n| column | type | meaning | null |\n|---|---|---|---|\n{columns}"


def _column(column: Column) -> str:
    meaning = column.meaning
    if column.words is not None:
        meaning += ": " + ", ".join(f"`{word}`" for word in column.words)
    null = {NEVER: "", LATER: "*later*"}.get(column.null, column.null)
    cells = (f"`{column.name}`", f"`{column.type}`", meaning, null)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    main(sys.argv[1:])
