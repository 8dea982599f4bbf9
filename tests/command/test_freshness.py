"""When audiences were last evaluated, from the published table alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timezone
from pathlib import Path

import pyarrow as pa
from deltalake import write_deltalake

from lifetide.command.freshness import stamps
from lifetide.settings import Settings, read_settings

SETTINGS = '[shop]\ntimezone = "UTC"\ncurrency = "EUR"\n[storage]\nroot = "warehouse"\n'


def settings_in(folder: Path) -> Settings:
    (folder / "settings.toml").write_text(SETTINGS)
    return read_settings(folder / "settings.toml")


def test_the_newest_evaluation_of_each_audience_is_told(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    at = datetime(2026, 3, 2, 6, 30, tzinfo=timezone.utc)
    rows = [
        {"audience_key": "lost", "as_of": date(2026, 3, 1), "version": 1, "evaluated_at": at, "member_count": 9},
        {"audience_key": "lost", "as_of": date(2026, 3, 2), "version": 2, "evaluated_at": at, "member_count": 1234},
    ]
    write_deltalake(str(tmp_path / "warehouse" / "audience_evaluations"), pa.Table.from_pylist(rows))
    versions = pa.array([[("audience_evaluations", 0)]], pa.map_(pa.string(), pa.int64()))
    write_deltalake(str(tmp_path / "warehouse" / "runs"), pa.table({"output_versions": versions}))
    told = stamps(settings)["lost"].text
    assert told == "1,234 members as of 2026-03-02, version 2, evaluated 2026-03-02 06:30 UTC"


def test_nothing_is_told_where_nothing_was_evaluated_or_tables_have_names(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    assert stamps(settings) == {}
    assert stamps(replace(settings, storage=replace(settings.storage, schema="lifetide"))) == {}
