"""`lifetide simulate` from the words on the command line to tables that the other commands read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from deltalake import DeltaTable
from pyarrow.dataset import dataset
from pyspark.sql import SparkSession

from lifetide.command import main


def said(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return found


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["--customers", "0"], "customers must be between 1 and 900,000,000, it is 0"),
        (["--from", "2025-12-31", "--to", "2025-01-01"], "is too short: 30 days are the least"),
        (["--currencies", "pounds"], "a currency is a code of three capitals such as GBP, it is 'pounds'"),
        (["--events", "0"], "--events is a number above 0"),
    ],
)
def test_what_cannot_be_simulated_is_told_and_nothing_is_written(
    words: list[str], problem: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["simulate", "--dir", str(tmp_path / "shop"), *words]) == 2
    assert problem in capsys.readouterr().err
    assert not (tmp_path / "shop").exists()


def test_it_writes_tables_and_says_how_many_rows(
    spark: SparkSession, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert spark.version.startswith("4.")
    words = ["simulate", "--customers", "20", "--from", "2025-01-01", "--format", "parquet", "--json"]
    assert main([*words, "--dir", str(tmp_path)]) == 0
    told = said(capsys)
    assert (told["customers"], told["from"], told["to"], told["seed"]) == (20, "2025-01-01", "2025-12-31", 1)
    counts = told["row_counts"]
    assert told["events"] == counts["order_lines"] + counts["clicks"] > 100
    for name, rows in counts.items():
        assert dataset(tmp_path / name).count_rows() == rows, name


@pytest.mark.prove
@pytest.mark.delta
def test_a_simulated_shop_of_a_wanted_size_is_taken_in_without_a_reject(
    spark: SparkSession, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert spark.version.startswith("4.")
    settings = str(tmp_path / "settings.toml")
    words = ["simulate", "--events", "20000", "--dir", str(tmp_path), "--currencies", "GBP", "--json"]
    assert main(words) == 0
    simulated = said(capsys)
    assert DeltaTable(tmp_path / "clicks").count() == simulated["row_counts"]["clicks"]
    assert simulated["events"] == pytest.approx(20_000, rel=0.15)
    assert main(["ingest", "--settings", settings, "--today", "2025-12-31", "--json"]) == 0
    taken = said(capsys)
    assert (taken["status"], taken["rejected"]) == ("published", 0)
    assert main(["build", "--settings", settings, "--as-of", "2025-12-31", "--json"]) == 0
    assert said(capsys)["status"] == "published"
