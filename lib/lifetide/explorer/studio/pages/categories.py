"""Customer categories: the same figures for each class of a kind, and how its share stands to everyone's."""

from __future__ import annotations

from collections.abc import Sequence

from lifetide.explorer.figures import percent, ratio, whole
from lifetide.explorer.markup import Markup, element
from lifetide.explorer.sections.furniture import Cell, card, data_table, section, take_away
from lifetide.explorer.studio.crowds import KINDS, Category
from lifetide.explorer.studio.figures import Measure
from lifetide.explorer.studio.labels import field_label, spelled, word_label
from lifetide.explorer.studio.pages.beside import Beside, lift
from lifetide.explorer.studio.pages.overview import shown


def categories(found: Sequence[Category], beside: Beside, measures: Sequence[Measure]) -> Markup | None:
    """A table for each kind that is known; None where none is."""
    kinds = [kind for kind in KINDS if any(one.kind == kind for one in found)]
    if not kinds:
        return None
    lead = "The same figures for each class of a kind, of those whose class is known."
    if beside.audience:
        lead += " × compares the share with everyone’s."
    cards = [_card(kind, [one for one in found if one.kind == kind], beside, measures) for kind in kinds]
    return section("categories", "Customer categories", lead, element("div", *cards, class_="stacked"))


def _card(kind: str, rows: Sequence[Category], beside: Beside, measures: Sequence[Measure]) -> Markup:
    currency, name = beside.everyone.facts.currency, field_label(kind)
    members, everyone = sum(int(one.stats["n"]) for one in rows), sum(one.everyone for one in rows)
    columns = ["Class", "Customers", "Share", *(["× everyone"] if beside.audience else []),
               *(one.label for one in measures), "Lost"]  # fmt: skip
    body: list[list[object]] = []
    for one in rows:
        count = int(one.stats["n"])
        row: list[object] = [_word(kind, one.word), Cell(whole(count), count),
                             Cell(percent(count, members), ratio(count, members))]  # fmt: skip
        if beside.audience:
            held = lift(count, members, one.everyone, everyone)
            row.append(Cell(held, None if held == "–" else float(held[1:])))
        row += [Cell(shown(one.stats.get(each.name), each.kind, currency), one.stats.get(each.name))
                for each in measures]  # fmt: skip
        row.append(Cell(shown(one.stats.get("lost"), "share", currency), one.stats.get("lost")))
        body.append(row)
    return card(data_table(f"By {name.lower()}", columns, body), take_away(f"By {name.lower()}", columns, body),
                heading=name)  # fmt: skip


def _word(kind: str, word: str) -> str:
    label = word_label(kind, word)
    return spelled(word) if label == word else label
