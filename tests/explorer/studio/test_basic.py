"""The basic builder, clicked through its widgets without a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ipywidgets as w
import pytest

from lifetide import Studio


def all_of(widget: Any, kind: type) -> list[Any]:
    found = [widget] if isinstance(widget, kind) else []
    return found + [one for child in getattr(widget, "children", ()) for one in all_of(child, kind)]


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(3_000, audiences=tmp_path, widgets="basic")


def adder(studio: Studio, place: int = -1) -> Any:
    return [one for one in all_of(studio.basic.box, w.Dropdown) if one.options[0][1] == ""][place]


def test_every_kind_of_field_has_a_control_that_counts(studio: Studio):
    for name in ("lifecycle_group", "has_email", "ltv_total", "last_order_date", "main_category"):
        studio.open("")
        adder(studio).value = name
        box = studio.basic.box
        if name in ("lifecycle_group", "main_category"):
            words = all_of(box, w.SelectMultiple)[0]
            words.value = (words.options[1][1],)
        elif name == "has_email":
            all_of(box, w.ToggleButtons)[-1].value = False
        elif name == "ltv_total":
            low, high = all_of(box, w.Text)[-2:]
            low.value, high.value = "100", "300"
        else:
            first, last = all_of(box, w.DatePicker)
            import datetime

            first.value, last.value = datetime.date(2026, 1, 1), datetime.date(2026, 3, 31)
        assert 0 < studio.count < 3_000, name
        assert f"{studio.count:,}" in studio.basic.count.value
        assert len(studio.to_pandas()) == studio.count


def test_groups_match_all_any_or_none_and_rules_go_again(studio: Studio):
    adder(studio).value = "lifecycle_group"
    all_of(studio.basic.box, w.SelectMultiple)[0].value = ("lost",)
    lost = studio.count
    all_of(studio.basic.box, w.ToggleButtons)[0].value = "none"
    assert studio.count == 3_000 - lost
    next(one for one in all_of(studio.basic.box, w.Button) if one.icon == "times").click()
    all_of(studio.basic.box, w.ToggleButtons)[0].value = "all"
    assert studio.count == 3_000
    next(one for one in all_of(studio.basic.box, w.Button) if one.description == "Add group").click()
    adder(studio, 0).value = "lifecycle_group"
    all_of(studio.basic.box, w.SelectMultiple)[0].value = ("lost",)
    assert studio.count == lost


def test_cards_stand_beside_everyone_and_saving_writes_the_file(studio: Studio, tmp_path: Path):
    assert "everyone €" in studio.basic.cards.value
    adder(studio).value = "importance"
    all_of(studio.basic.box, w.SelectMultiple)[0].value = ("vip",)
    studio.basic.name.value = "Very important"
    next(one for one in all_of(studio.basic.box, w.Button) if one.description == "Save").click()
    assert (tmp_path / "very_important.yaml").exists()
    assert studio.audience.key == "very_important"


def test_a_rule_without_a_control_stays_in_words(studio: Studio):
    two = {"id": "x", "field": "days_since_last_order", "operator": ">=", "value": "own_interval_days",
           "valueSource": "field", "scale": 2}  # fmt: skip
    studio.session.draft = {"id": "root", "combinator": "and", "rules": [two]}
    studio.basic.lay_out()
    labels = [one.value for one in all_of(studio.basic.box, w.Label)]
    assert "with last order at least 2 × own rhythm" in labels
    assert 0 < studio.count < 3_000
