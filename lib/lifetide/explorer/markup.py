"""HTML and SVG as text that is escaped by construction: what is not `Markup` is written as text."""

from __future__ import annotations

import html
from collections.abc import Iterable

VOID = {"meta", "br", "hr", "col", "link"}


class Markup(str):
    """Text that is markup already. Only `element`, `join` and the page's own assets make it."""

    __slots__ = ()


def text(value: object) -> Markup:
    """The value as text of a page: escaped, unless it is markup."""
    if isinstance(value, Markup):
        return value
    return Markup(html.escape(str(value), quote=True))


def join(parts: Iterable[object]) -> Markup:
    """The parts one after another; None is left out."""
    return Markup("".join(text(part) for part in parts if part is not None))


def element(name: str, /, *children: object, **attributes: object) -> Markup:
    """One element. `class_` is class, `aria_label` is aria-label; None and False leave an attribute out.

    Children that are None are left out; strings are escaped; markup stays.
    """
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in VOID:
        return Markup(f"<{name}{written}>")
    return Markup(f"<{name}{written}>{join(children)}</{name}>")


def _attribute(key: str, value: object) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    if value is True:
        return f" {name}"
    return f' {name}="{html.escape(_number(value), quote=True)}"'


def _number(value: object) -> str:
    """Coordinates are written with at most two decimals, so that pages stay small."""
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".") or "0"
    return str(value)
