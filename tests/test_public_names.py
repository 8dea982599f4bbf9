from __future__ import annotations

import subprocess
import sys

import pytest

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
