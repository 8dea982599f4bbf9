from __future__ import annotations

from lifetide.explorer.markup import Markup, element, join, text

EVIL = '<img src=x onerror="alert(1)">&'
TAME = "&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;"


def test_text_is_escaped_in_content_and_attributes() -> None:
    assert element("p", EVIL, title=EVIL) == f'<p title="{TAME}">{TAME}</p>'


def test_markup_is_not_escaped_twice() -> None:
    assert element("p", element("b", "5 > 3")) == "<p><b>5 &gt; 3</b></p>"
    assert text(Markup("<b>")) == "<b>"


def test_what_is_none_leaves_no_trace() -> None:
    assert element("p", None, "a", id=None, hidden=False, inert=True) == "<p inert>a</p>"
    assert join([None, "a", 1]) == "a1"


def test_coordinates_are_short() -> None:
    assert element("rect", x=1.23456, y=2.0, width=0.0) == '<rect x="1.23" y="2" width="0"></rect>'
