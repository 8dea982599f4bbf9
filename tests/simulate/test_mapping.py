from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from lifetide.errors import UsageError
from lifetide.settings import inspect_settings
from lifetide.simulate import Plan, prepare_folder
from lifetide.vocabulary import SourceKind

PLAN = Plan(10, date(2024, 1, 1), date(2024, 12, 31), 1, currencies=("GBP",))


def test_the_settings_it_leaves_are_right_and_map_every_table_but_the_truth(tmp_path: Path) -> None:
    settings, problems = inspect_settings(prepare_folder(tmp_path / "shop", PLAN, "delta"))
    assert problems == []
    made = ["order_lines", "products", "events", "customers", "consents", "identities", "fx_rates"]
    assert [str(source.kind) for source in settings.sources] == made
    assert settings.shop.timezone == "Europe/Vienna"
    lines = next(source for source in settings.sources if source.kind is SourceKind.ORDER_LINES)
    assert lines.columns["line_id"] == "line_id"
    assert lines.path == str(tmp_path / "shop" / "order_lines")


def test_without_other_currencies_there_are_no_rates(tmp_path: Path) -> None:
    settings, problems = inspect_settings(prepare_folder(tmp_path, replace(PLAN, currencies=()), "parquet"))
    assert problems == []
    assert "fx_rates" not in {str(source.kind) for source in settings.sources}
    assert {source.where for source in settings.sources} == {None}


def test_a_second_run_keeps_what_somebody_wrote_into_the_settings(tmp_path: Path) -> None:
    settings = prepare_folder(tmp_path, PLAN, "delta")
    own = settings.read_text(encoding="utf-8").replace('memory = "2g"', 'memory = "12g"')
    settings.write_text(own, encoding="utf-8")
    assert prepare_folder(tmp_path, PLAN, "delta") == settings
    assert settings.read_text(encoding="utf-8") == own


def test_it_does_not_move_into_somebody_else_s_folder(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("# mine", encoding="utf-8")
    with pytest.raises(UsageError, match="holds no simulated shop"):
        prepare_folder(tmp_path, PLAN, "delta")
    assert [path.name for path in tmp_path.iterdir()] == ["settings.toml"]


def test_a_shop_does_not_change_its_format(tmp_path: Path) -> None:
    prepare_folder(tmp_path, PLAN, "delta")
    (tmp_path / "order_lines" / "_delta_log").mkdir(parents=True)
    prepare_folder(tmp_path, PLAN, "delta")
    with pytest.raises(UsageError, match="in another format than parquet"):
        prepare_folder(tmp_path, PLAN, "parquet")
