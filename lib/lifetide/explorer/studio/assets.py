"""The browser's side as one script and one sheet: modules joined in order, without a build step and without a CDN."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

SCRIPTS = (
    "format", "tree", "history", "lane", "scale", "dom", "popover", "chips", "brush", "behaviour", "controls",
    "builder", "answer", "below", "header", "desk", "studio",
)  # fmt: skip
SHEETS = ("tokens", "builder", "answer")

_IMPORT = re.compile(r"^import\s[^;]*?from\s+\"\./[\w.]+\";\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(async )?function|const|let|class)", re.MULTILINE)
_REMARK = re.compile(r"^[ \t]*(?:(?://|/\*\*? |\* ?)[^\n]*|/\*\*|\*/)\n", re.MULTILINE)
_LEADING = re.compile(r"^[ \t]+", re.MULTILINE)


def _front(name: str) -> str:
    return files("lifetide.explorer.studio").joinpath("front").joinpath(name).read_text(encoding="utf-8")


@cache
def script() -> str:
    """All modules as one: names are unique among them, so imports and exports can go; so do remarks and indents."""
    joined = "\n".join(_EXPORT.sub("", _IMPORT.sub("", _front(f"{name}.js"))) for name in SCRIPTS)
    return _LEADING.sub("", _REMARK.sub("", joined))


@cache
def sheet() -> str:
    """All style sheets as one."""
    return _LEADING.sub("", "\n".join(_front(f"{name}.css") for name in SHEETS))
