"""A page as it stands in a cell without the studio: in a frame of its own, where nothing runs or is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from lifetide.explorer.markup import Markup, element
from lifetide.explorer.sheets import policy, report_sheet
from lifetide.explorer.studio.assets import page_additions

WORDS = (
    ":root{--quiet:var(--muted);--accent-line:var(--accent)}body{background:var(--card)}"
    "section:first-child{margin-top:4px}"
)


@dataclass(frozen=True)
class Paper:
    """A page to show as the last line of a cell; `height` in pixels, what is longer is scrolled."""

    name: str
    parts: Markup
    height: int = 640

    def document(self) -> str:
        """The page as one file."""
        css = report_sheet() + page_additions() + WORDS
        head = element(
            "head", element("meta", charset="utf-8"),
            element("meta", http_equiv="Content-Security-Policy", content=policy(css)),
            element("meta", name="color-scheme", content="light dark"),
            element("title", self.name), element("style", Markup(css)),
        )  # fmt: skip
        body = element("body", element("div", self.parts, class_="frame"))
        return "<!doctype html>\n" + element("html", head, body, lang="en") + "\n"

    def _repr_html_(self) -> str:
        return (
            f'<iframe title="{escape(self.name)}" srcdoc="{escape(self.document())}" sandbox="allow-downloads" '
            f'style="width:100%;height:{self.height}px;border:0"></iframe>'
        )
