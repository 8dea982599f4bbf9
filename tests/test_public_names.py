from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import write_deltalake

import lifetide


def test_importing_lifetide_loads_nothing_heavy() -> None:
    code = (
        "import sys, lifetide; heavy = {'pyspark', 'delta', 'pandas', 'numpy', 'scipy', 'great_expectations'}; "
        "print(sorted(heavy & set(sys.modules)), [name for name in sys.modules if name.startswith('lifetide.')])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said == "[] []\n"


@pytest.mark.parametrize("module", ["lifetide.command.studio", "lifetide.explorer.studio.session",
                                    "lifetide.command.definitions"])  # fmt: skip
def test_what_needs_no_tables_of_spark_starts_without_it(module: str) -> None:
    code = f"import sys, {module}; print(sorted({{'pyspark', 'scipy', 'sklearn'}} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_the_studio_opens_published_tables_without_spark_and_without_pandas(tmp_path: Path) -> None:
    write_deltalake(str(tmp_path / "customer_profiles"), pa.table({
        "as_of": pa.array([date(2026, 1, 1)] * 2), "customer_id": ["a", "b"], "order_count": [1, 2],
    }))  # fmt: skip
    named = pa.array([[("customer_profiles", 0)]], pa.map_(pa.string(), pa.int64()))
    write_deltalake(str(tmp_path / "runs"), pa.table({"output_versions": named}))
    code = (
        "import sys; from pathlib import Path; from lifetide.command import studio; "
        "from lifetide.explorer.studio.sources import published; "
        f"print(published(Path({str(tmp_path)!r}), '').names); "
        "print(sorted({'pyspark', 'pandas', 'scipy'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said == "('order_count',)\n[]\n"


def test_a_made_up_shop_is_painted_without_what_the_first_paint_does_not_show() -> None:
    unneeded = ("pyspark", "pandas", "pyarrow", "scipy", "yaml", "rich", "lifetide.settings",
                "lifetide.command.parser", "lifetide.explorer.charts")  # fmt: skip
    code = (
        "import sys; from lifetide import Studio; print(Studio(2_000).widget.first['n']); "
        f"print(sorted({set(unneeded)!r} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said == "2000\n[]\n"


@pytest.mark.parametrize("name", lifetide.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(lifetide, name).__class__ is not None
    assert name in dir(lifetide)


def test_there_are_about_ten_and_they_are_sorted_out() -> None:
    assert set(lifetide.__all__) == set(lifetide._HOMES)
    assert len(lifetide.__all__) <= 12


def test_a_name_that_does_not_exist_is_missing_as_in_any_module() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'lifetime'"):
        _ = lifetide.lifetime  # type: ignore[attr-defined]
