"""The browser's side as one script and one sheet: modules joined in order, without a build step and without a CDN."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from itertools import groupby

from lifetide.explorer.sheets import chart_sheet

SCRIPTS = (
    "format", "tree", "history", "lane", "scale", "dom", "popover", "chips", "brush", "behaviour", "steps",
    "sequence", "controls", "builder", "answer", "below", "header", "marks", "pages", "desk", "studio",
)  # fmt: skip
TOKENS, SHEETS = "tokens", ("builder", "answer")

_IMPORT = re.compile(r"^import\s[^;]*?from\s+\"\./[\w.]+\";\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(async )?function|const|let|class)", re.MULTILINE)
_REMARK = re.compile(r"^[ \t]*(?:(?://|/\*\*? |\* ?)[^\n]*|/\*\*|\*/)\n", re.MULTILINE)
_LEADING = re.compile(r"^[ \t]+", re.MULTILINE)
_OPEN = re.compile(r"(?<=[{(\[,;])\n")  # where a line cannot end a statement, or has ended it
_WORDS = re.compile(r'("(?:\\.|[^"\\\n])*"|`[^`\n]*`)')
_PATTERN = re.compile(r"(?<=[(=,:&|]) ?/[^/*\s]")
_AROUND_SIGN = re.compile(r" +(?=[=<>?:,;(){}\[\]|&!*])|(?<=[=<>?:,;(){}\[\]|&!*]) +")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_AROUND = re.compile(r"\s*([{};,>])\s*")
_WITHIN = re.compile(r"(?:(?<=[{},])|^)\.lifetide (?=(.))")
_AFTER = re.compile(r"(?<=[a-z-]): (?=\S)")


def _front(name: str) -> str:
    return files("lifetide.explorer.studio").joinpath("front").joinpath(name).read_text(encoding="utf-8")


@cache
def script() -> str:
    """All modules as one: names are unique among them, so imports and exports can go; so do remarks and indents."""
    joined = "\n".join(_EXPORT.sub("", _IMPORT.sub("", _front(f"{name}.js"))) for name in SCRIPTS)
    lines = _LEADING.sub("", _REMARK.sub("", joined)).split("\n")
    parts = ((is_plain, "\n".join(some)) for is_plain, some in groupby(lines, _is_plain))
    return _OPEN.sub("", "\n".join(_narrow(text) if is_plain else text for is_plain, text in parts))


def _is_plain(line: str) -> bool:
    """Without a regular expression, and without templates in templates or over several lines."""
    return line.count("`") in (0, 2) and not _PATTERN.search(line)


def _narrow(lines: str) -> str:
    """Plain lines without the blanks around their signs; words between quotes stay as they are."""
    pieces = _WORDS.split(lines)
    pieces[::2] = [_AROUND_SIGN.sub("", one) for one in pieces[::2]]
    return "".join(pieces)


@cache
def sheet() -> str:
    """All style sheets as one; what every rule begins with is said once, around them."""
    inner = packed("\n".join(_front(f"{name}.css") for name in SHEETS))
    return f"{packed(_front(f'{TOKENS}.css'))}.lifetide{{{_WITHIN.sub(_nested, inner)}}}"


def _nested(found: re.Match[str]) -> str:
    """A selector within; one that begins with the name of an element needs the sign."""
    return "& " if found.group(1).isalpha() else ""


@cache
def page_sheet() -> str:
    """What the pages are drawn with: the report's charts and what the studio adds; sent with the first page."""
    return packed(chart_sheet() + _front("page.css"))


def page_additions() -> str:
    """What the pages have that the report has not, where there is no shadow tree."""
    return packed(_front("page.css")).partition("}")[2]


def packed(css: str) -> str:
    """A style sheet without remarks and without the blanks that mean nothing."""
    return _AFTER.sub(":", _AROUND.sub(r"\1", _COMMENT.sub("", css))).replace(";}", "}").strip()
