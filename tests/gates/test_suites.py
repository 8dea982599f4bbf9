from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lifetide.errors import SettingsError
from lifetide.gates import Suite, check_severities, gated_tables, load_suite, suite_folders
from lifetide.tables import NEVER, TABLES, Table
from lifetide.vocabulary import ParameterScope, Severity

GATED = (
    "events", "rejected_events", "products", "customers", "consents", "identities", "surveys", "acquisition_costs",
    "fx_rates", "ad_results", "referrals", "sale_lines", "credit_parts", "orders", "refund_matches",
    "customer_days", "customer_items",
    "customer_state", "learned_parameters", "ltv_models", "customer_profiles", "lifecycle_spells", "base_growth",
    "stage_metrics", "transitions", "backtests",
    "audience_definitions", "audience_members", "audience_overview", "audience_classes", "audience_products",
    "run_metrics",
)  # fmt: skip
NOT_NULL = {
    "type": "expect_column_values_to_not_be_null",
    "severity": "critical",
    "kwargs": {"column": "product_id"},
    "meta": {"why": "A product has a number."},
}


def written(folder: Path, *expectations: Any, name: str = "products") -> tuple[Path, ...]:
    text = json.dumps({"name": name, "expectations": list(expectations)})
    (folder / "products.json").write_text(text, encoding="utf-8")
    return (folder,)


def refusal(folder: Path, *expectations: Any, name: str = "products") -> str:
    with pytest.raises(SettingsError) as caught:
        load_suite("products", written(folder, *expectations, name=name))
    return str(caught.value)


def configurations(suite: Suite, type_: str) -> list[dict[str, Any]]:
    return [one.configuration for one in suite.checks if one.configuration["type"] == type_]


def test_every_gated_table_has_a_suite_that_loads(shipped: Path) -> None:
    assert set(gated_tables((shipped,))) == set(GATED)
    for table in GATED:
        assert load_suite(table, (shipped,)).table == table


@pytest.mark.parametrize("table", [TABLES[name] for name in GATED], ids=GATED)
def test_a_column_that_is_never_null_is_proved_so_and_blocks(table: Table, shipped: Path) -> None:
    unconditional = {
        one.configuration["kwargs"]["column"]
        for one in load_suite(table.name, (shipped,)).checks
        if one.configuration["type"] == "expect_column_values_to_not_be_null"
        and "row_condition" not in one.configuration["kwargs"]
        and one.severity is Severity.CRITICAL
    }
    assert unconditional == {column.name for column in table.columns if column.null == NEVER}


@pytest.mark.parametrize("table", [TABLES[name] for name in GATED], ids=GATED)
def test_a_key_is_proved_unique_and_blocks(table: Table, shipped: Path) -> None:
    suite = load_suite(table.name, (shipped,))
    keys = {
        tuple(kwargs.get("column_list", [kwargs.get("column")]))
        for one in suite.checks
        if "to_be_unique" in one.configuration["type"] and one.severity is Severity.CRITICAL
        for kwargs in [one.configuration["kwargs"]]
    }
    assert keys == {table.key}


@pytest.mark.parametrize("table", [TABLES[name] for name in GATED], ids=GATED)
def test_a_column_of_words_holds_exactly_the_vocabulary(table: Table, shipped: Path) -> None:
    sets = {
        one["kwargs"]["column"]: one["kwargs"]["value_set"]
        for one in configurations(load_suite(table.name, (shipped,)), "expect_column_values_to_be_in_set")
    }
    words = {column.name: [word.value for word in column.words] for column in table.columns if column.words}
    if table.name in ("learned_parameters", "ltv_models"):
        words["scope"] = [scope.value for scope in ParameterScope]
    assert sets == words


def test_the_users_own_suite_is_found_first(tmp_path: Path, shipped: Path) -> None:
    written(tmp_path, NOT_NULL)
    folders = suite_folders(str(tmp_path), shipped)
    assert len(load_suite("products", folders).checks) == 1
    assert load_suite("orders", folders).path == shipped / "orders.json"


def test_an_expectation_that_great_expectations_would_drop_is_refused(tmp_path: Path) -> None:
    unknown = {**NOT_NULL, "type": "expect_column_values_to_be_lovely"}
    impossible = {**NOT_NULL, "kwargs": {"column": "product_id", "mostly": 2}}
    told = refusal(tmp_path, NOT_NULL, unknown, impossible)
    assert "expect_column_values_to_be_lovely(product_id): Great Expectations cannot build it" in told
    assert "mostly" in told


def test_a_misspelt_column_is_refused_with_the_nearest_one(tmp_path: Path) -> None:
    told = refusal(tmp_path, {**NOT_NULL, "kwargs": {"column": "product_idd"}})
    assert "products has no column product_idd; did you mean product_id?" in told


def test_a_misspelt_column_in_a_row_condition_is_refused(tmp_path: Path) -> None:
    kwargs = {"column": "name", "row_condition": "lower(catgory) = 'and so on' AND price > 0"}
    told = refusal(tmp_path, {**NOT_NULL, "kwargs": {**kwargs, "condition_parser": "spark"}})
    assert "no column catgory; did you mean category?" in told
    assert told.count("no column") == 1


def test_all_problems_of_a_suite_are_told_at_once(tmp_path: Path) -> None:
    told = refusal(
        tmp_path,
        {**NOT_NULL, "meta": {}},
        {key: value for key, value in NOT_NULL.items() if key != "severity"},
        {**NOT_NULL, "severity": "info"},
        "not an expectation",
        name="product",
    )
    assert "its name must be products" in told
    assert "expectations[0] expect_column_values_to_not_be_null: meta.why" in told
    assert "expectations[1] expect_column_values_to_not_be_null: severity must be critical or warning" in told
    assert "it is 'info'" in told
    assert "expectations[3]: must be an object" in told


def test_an_expectation_written_twice_is_refused(tmp_path: Path) -> None:
    assert "is written 2 times" in refusal(tmp_path, NOT_NULL, NOT_NULL)


def test_a_suite_without_expectations_proves_nothing_and_is_refused(tmp_path: Path) -> None:
    assert "it has no expectations" in refusal(tmp_path)


def test_broken_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / "products.json").write_text("{", encoding="utf-8")
    with pytest.raises(SettingsError, match="not valid JSON"):
        load_suite("products", (tmp_path,))


def test_a_suite_of_a_table_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    (tmp_path / "order.json").write_text("{}", encoding="utf-8")
    with pytest.raises(SettingsError, match="no table is named order; did you mean orders"):
        gated_tables((tmp_path,))


def test_names_of_checks_differ_by_what_differs(tmp_path: Path) -> None:
    between = {**NOT_NULL, "type": "expect_column_values_to_be_between"}
    low = {**between, "kwargs": {"column": "price", "min_value": 0}}
    high = {**between, "kwargs": {"column": "price", "max_value": 9}}
    known = {"row_condition": "category IS NOT NULL", "condition_parser": "spark"}
    where = {**between, "kwargs": {"column": "price", "min_value": 0, **known}}
    names = [one.name for one in load_suite("products", written(tmp_path, low, high, where)).checks]
    assert names == [
        "expect_column_values_to_be_between(price, min_value=0)",
        "expect_column_values_to_be_between(price, max_value=9)",
        "expect_column_values_to_be_between(price where category IS NOT NULL)",
    ]


def test_a_severity_for_a_check_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    suite = load_suite("products", written(tmp_path, NOT_NULL))
    right = "products.expect_column_values_to_not_be_null(product_id)"
    check_severities({right: Severity.WARNING}, [suite])
    with pytest.raises(SettingsError, match="did you mean"):
        check_severities({right.replace("product_id", "product"): Severity.WARNING}, [suite])
