"""What to do with each class, closed until somebody asks: actions, ceilings, and where money is not to be spent."""

from __future__ import annotations

from collections.abc import Sequence

from lifetide.explorer.figures import percent
from lifetide.explorer.markup import Markup, element
from lifetide.explorer.playbook import Play


def plays(heading: str, named: Sequence[tuple[str, Play]]) -> Markup:
    """The plays of some classes, each under its name."""
    items = [element("div", element("dt", name), element("dd", *_said(play))) for name, play in named]
    return element("details", element("summary", heading), element("dl", *items, class_="plays"), class_="to-do")


def _said(play: Play) -> list[Markup]:
    """Goal, actions, and the limits of spending where there are any."""
    actions = element("ul", *(element("li", action) for action in play.actions)) if play.actions else None
    limit = _limit(play)
    parts = [element("p", play.goal, class_="goal"), actions, element("p", limit, class_="mut") if limit else None]
    return [part for part in parts if part is not None]


def _limit(play: Play) -> str:
    if play.budget_share is not None:
        return f"Spend at most {percent(play.budget_share, 1)} of the value expected of each in a year."
    return "No money to bring them back." if play.paid_reactivation is False else ""
