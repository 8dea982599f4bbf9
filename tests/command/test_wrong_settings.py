"""Everything that is wrong with the settings, told at once: keys, files, zones, and the SQL of mappings."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from lifetide.command import main

WRONG = """
[shop]
timezone = "Europe/Londn"
currency = "GBP"
colour = "red"
[storage]
root = "warehouse"
[[sources]]
name = "missing"
kind = "order_lines"
format = "csv"
path = "nowhere.csv"
[sources.columns]
order_id = "order"
ordered_at = "placed"
quantity = "1"
amount = "1"
[[sources]]
name = "lines"
kind = "order_lines"
format = "csv"
path = "lines.csv"
where = "price >"
[sources.columns]
order_id = "ordr"
ordered_at = "to_date(placed"
amount = "price"
[policy.lifecycle]
just_orderd_days = 20
"""


def test_all_that_is_wrong_is_told_in_one_message_without_a_traceback(
    spark: SparkSession, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert spark.version.startswith("4.")
    (tmp_path / "lines.csv").write_text("order,placed,price\n1,2025-01-01,2.00\n")
    settings = tmp_path / "settings.toml"
    settings.write_text(WRONG)
    assert main(["ingest", "--settings", str(settings)]) == 2
    told = capsys.readouterr().err
    for wanted in (
        "shop.timezone: unknown time zone 'Europe/Londn'",
        "shop.colour: unknown key",
        "sources.missing.path: no file or folder at",
        "sources.lines.columns.quantity: missing",
        "sources.lines.columns.order_id:",
        "sources.lines.columns.ordered_at:",
        "sources.lines.where:",
        "policy.lifecycle.just_orderd_days: unknown key; did you mean just_ordered_days?",
    ):
        assert wanted in told, f"{wanted!r} is not in:\n{told}"
    assert "Traceback" not in told
    assert not (tmp_path / "warehouse").exists()
