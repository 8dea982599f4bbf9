"""What is left of the studio where no kernel runs: a card of HTML with the audience, its size and how to go on."""

from __future__ import annotations

from html import escape

from lifetide.explorer.studio.saying import sentence_of
from lifetide.explorer.studio.session import Session, sign_of

CARD = (
    "max-width:640px;border:1px solid #dfe6ee;border-radius:12px;padding:14px 16px;"
    "font:13px/1.5 ui-sans-serif,system-ui,sans-serif;color:#10243a;background:#fff"
)


def static_card(session: Session, source: str, token: str) -> str:
    """The audience as it stands, every text from data escaped; `token` is how the living widget finds it."""
    told, _ = session.count(session.draft)
    shown = told.get("exact", told)
    name = escape(session.standing.name or "An audience")
    words = escape(sentence_of(session.reader.tree(session.draft), session.offers, session.symbol))
    return (
        f'<div class="lifetide-card lifetide-{token}" style="{CARD}"><b style="font-size:15px">{name}</b>'
        f'<div style="color:#56697c">{escape(source)}</div>'
        f'<div style="font-size:30px;font-weight:700;margin:4px 0">{sign_of(told)}{shown["n"]:,}'
        f'<span style="font-size:13px;font-weight:400;color:#56697c"> of {shown["of"]:,} customers</span></div>'
        f"<div>{words}</div>"
        '<div style="color:#56697c;margin-top:8px">Run this cell to go on composing.</div></div>'
    )
