"""`%load_ext lifetide`: `%audience KEY` opens a saved audience, `%%audience` takes the rules of the cell."""

from __future__ import annotations

from typing import Any

from lifetide.command.studio import Studio
from lifetide.explorer.studio.rule_text import audience_of_text


def load_ipython_extension(shell: Any) -> None:
    """What `%load_ext lifetide` calls."""
    opened: dict[str, Studio] = {}

    def audience(line: str, cell: str | None = None) -> Studio:
        """%audience [KEY] [--settings FILE]; %%audience NAME with a rule in YAML below."""
        words, source = _taken(line.split())
        if source or "studio" not in opened:
            opened["studio"] = Studio(source)
        studio = opened["studio"]
        if cell is not None:
            studio = opened["studio"] = Studio(source) if source else studio
            return _as_opened(studio.take(audience_of_text(cell, " ".join(words))), studio)
        return _as_opened(studio.open(words[0] if words else ""), studio)

    shell.register_magic_function(audience, magic_kind="line_cell", magic_name="audience")


def _as_opened(_: object, studio: Studio) -> Studio:
    return studio


def _taken(words: list[str]) -> tuple[list[str], str | None]:
    """The words before and after --settings FILE."""
    if "--settings" not in words:
        return words, None
    at = words.index("--settings")
    return words[:at] + words[at + 2 :], words[at + 1] if at + 1 < len(words) else None
