from __future__ import annotations

from pathlib import Path

import pytest

from lifetide.errors import SettingsError
from lifetide.policy import Policy
from lifetide.settings import inspect_settings, read_settings
from lifetide.shipped import DEMO
from lifetide.vocabulary import Severity, SourceKind

SHOP = '[shop]\ntimezone = "Europe/London"\ncurrency = "GBP"\n'
STORAGE = '[storage]\nroot = "warehouse"\n'
SOURCE = """
[[sources]]
name = "till"
kind = "order_lines"
format = "csv"
path = "till.csv"
[sources.columns]
order_id = "no"
ordered_at = "at"
quantity = "1"
amount = "total"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "till.csv").write_text("no,at,total\n", encoding="utf-8")
    return tmp_path


def written(folder: Path, text: str) -> Path:
    path = folder / "settings.toml"
    path.write_text(text, encoding="utf-8")
    return path


def problems_of(folder: Path, text: str) -> list[str]:
    return inspect_settings(written(folder, text))[1]


def test_a_small_file_is_enough(folder: Path) -> None:
    settings = read_settings(written(folder, SHOP + STORAGE + SOURCE))
    assert settings.shop.timezone == "Europe/London"
    assert settings.policy == Policy()
    (source,) = settings.sources
    assert source.kind is SourceKind.ORDER_LINES
    assert source.columns == {"order_id": "no", "ordered_at": "at", "quantity": "1", "amount": "total"}
    assert source.duplicates == "keep"


def test_relative_paths_are_relative_to_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    more = '[audiences]\nfolder = "audiences"\n[gates]\nsuites = "suites"\n'
    path = written(folder, SHOP + STORAGE + more + SOURCE)
    monkeypatch.chdir(folder.parent)
    settings = read_settings(path.relative_to(folder.parent))
    assert settings.storage.root == str(folder / "warehouse")
    assert settings.audiences_folder == str(folder / "audiences")
    assert settings.gates.suites == str(folder / "suites")
    assert settings.sources[0].path == str(folder / "till.csv")


def test_absolute_paths_and_addresses_stay_as_they_are(folder: Path) -> None:
    text = SHOP + '[storage]\nroot = "s3a://lake/lifetide"\n' + SOURCE.replace('"till.csv"', '"s3a://lake/till"')
    settings = read_settings(written(folder, text))
    assert settings.storage.root == "s3a://lake/lifetide"
    assert settings.sources[0].path == "s3a://lake/till"
    absolute = SHOP + '[storage]\nroot = "/srv/tables"\n'
    assert read_settings(written(folder, absolute)).storage.root == "/srv/tables"


def test_a_missing_file_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"No settings file at .*none\.toml.*--settings FILE.*lifetide demo"):
        read_settings(tmp_path / "none.toml")


def test_a_file_that_is_no_toml_says_where(folder: Path) -> None:
    with pytest.raises(SettingsError, match=r"not valid TOML.*line 1"):
        read_settings(written(folder, "shop = \n"))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[shpo]\n" + SHOP + STORAGE, "shpo: unknown key; did you mean shop?"),
        (SHOP + "time_zone = 'UTC'\n" + STORAGE, "shop.time_zone: unknown key; did you mean timezone?"),
        (SHOP + STORAGE + SOURCE + "custmer_id = 'c'\n",
         "sources.till.columns.custmer_id: unknown key; did you mean customer_id?"),
        (SHOP + STORAGE + "[policy.lifecycle]\njust_orderd_days = 3\n",
         "policy.lifecycle.just_orderd_days: unknown key; did you mean just_ordered_days?"),
        (SHOP + STORAGE + "[policy.rmf]\npreset = 'exponea'\n", "policy.rmf: unknown key; did you mean rfm?"),
    ],
)  # fmt: skip
def test_an_unknown_key_is_refused_with_the_nearest_one(folder: Path, text: str, problem: str) -> None:
    assert problems_of(folder, text) == [problem]


def test_a_key_like_no_other_is_refused_with_all_that_are_known(folder: Path) -> None:
    text = SHOP + STORAGE + "qqq = 1\n"
    known = "catalog, keep_daily_days, keep_raw_days, keep_versions_days, root, schema"
    assert problems_of(folder, text) == [f"storage.qqq: unknown key; known keys are {known}"]


def test_a_required_column_must_be_mapped(folder: Path) -> None:
    text = SHOP + STORAGE + SOURCE.replace('ordered_at = "at"\n', "")
    assert problems_of(folder, text) == [
        "sources.till.columns.ordered_at: missing; a source of kind order_lines must map it"
    ]


def test_a_price_or_an_amount_must_be_mapped(folder: Path) -> None:
    text = SHOP + STORAGE + SOURCE.replace('amount = "total"\n', "")
    assert problems_of(folder, text) == [
        "sources.till.columns: needs unit_price or amount: without one there is no money"
    ]


@pytest.mark.parametrize(
    ("kind", "columns", "problem"),
    [
        ("events", ("event_type", "event_at"), "customer_id or anonymous_id: without one nobody did it"),
        ("identities", ("customer_id", "linked_at"),
         "anonymous_id or merged_customer_id: without one nothing is linked"),
    ],
)  # fmt: skip
def test_one_of_two_columns_must_be_mapped(folder: Path, kind: str, columns: tuple[str, str], problem: str) -> None:
    mapped = "".join(f"{name} = '{name}'\n" for name in columns)
    source = SOURCE.partition("[sources.columns]")[0].replace("order_lines", kind) + "[sources.columns]\n" + mapped
    assert problems_of(folder, SHOP + STORAGE + source) == [f"sources.till.columns: needs {problem}"]


def test_versions_that_a_reader_may_still_read_are_kept_for_a_week_at_least(folder: Path) -> None:
    kept = SHOP + STORAGE + "keep_daily_days = 90\nkeep_versions_days = 7\n"
    storage = read_settings(written(folder, kept)).storage
    assert (storage.keep_daily_days, storage.keep_versions_days) == (90, 7)
    assert problems_of(folder, kept.replace("= 7", "= 6")) == [
        "storage.keep_versions_days: must be 7 or more: a reader that is still at work may need them"
    ]


def test_raw_input_is_kept_for_whole_days(folder: Path) -> None:
    assert read_settings(written(folder, SHOP + STORAGE)).storage.keep_raw_days == 0
    kept = SHOP + STORAGE + "keep_raw_days = 30\n"
    assert read_settings(written(folder, kept)).storage.keep_raw_days == 30
    assert problems_of(folder, kept.replace("30", "-1")) == [
        "storage.keep_raw_days: must be a whole number of days, 0 or more, it is -1"
    ]


def test_an_unknown_zone_is_refused(folder: Path) -> None:
    text = SHOP.replace("Europe/London", "Europe/Lodnon") + STORAGE
    assert problems_of(folder, text) == [
        "shop.timezone: unknown time zone 'Europe/Lodnon'; use a name such as Europe/London"
    ]


def test_a_currency_is_three_capitals(folder: Path) -> None:
    (problem,) = problems_of(folder, SHOP.replace("GBP", "pounds") + STORAGE)
    assert problem.startswith("shop.currency: must be an ISO code of three capitals")


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("min_gaps = 'many'", "policy.lifecycle.min_gaps: has the wrong type: 'many'"),
        ("min_gaps = 1.5", "policy.lifecycle.min_gaps: has the wrong type: 1.5"),
        ("shrinkage = true", "policy.lifecycle.shrinkage: has the wrong type: True"),
        ("just_ordered_days = -1", "policy.lifecycle: just_ordered_days must be above 0, it is -1"),
    ],
)
def test_a_threshold_of_a_wrong_type_or_size_is_refused(folder: Path, line: str, problem: str) -> None:
    assert problems_of(folder, f"{SHOP}{STORAGE}[policy.lifecycle]\n{line}\n") == [problem]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('"csv"', '"xlsx"', "sources.till.format: must be one of delta, parquet, csv, json, it is 'xlsx'"),
        ('"order_lines"', '"orders"',
         "sources.till.kind: unknown kind 'orders'; known kinds are order_lines, events, products, customers, "
         "consents, identities, surveys, acquisition_costs, ad_results, referrals, fx_rates"),
        ('path = "till.csv"', "", "sources.till: needs either path (with format) or table"),
        ('name = "till"', 'name = "till"\nduplicates = "twice"',
         "sources.till.duplicates: must be keep or drop, it is 'twice'"),
    ],
)  # fmt: skip
def test_a_source_that_cannot_be_read_is_refused(folder: Path, old: str, new: str, problem: str) -> None:
    assert problems_of(folder, SHOP + STORAGE + SOURCE.replace(old, new)) == [problem]


def test_a_source_must_be_there(folder: Path) -> None:
    (problem,) = problems_of(folder, SHOP + STORAGE + SOURCE.replace("till.csv", "toll.csv"))
    assert problem == f"sources.till.path: no file or folder at {folder / 'toll.csv'}"


def test_two_sources_need_two_names(folder: Path) -> None:
    assert problems_of(folder, SHOP + STORAGE + SOURCE + SOURCE) == ["sources: the name 'till' is used twice"]


def test_severities_are_critical_or_warning(folder: Path) -> None:
    text = SHOP + STORAGE + '[gates.severity]\n"orders.a" = "warning"\n"orders.b" = "loud"\n'
    settings, problems = inspect_settings(written(folder, text))
    assert settings.gates.severity == {"orders.a": Severity.WARNING}
    assert problems == ["gates.severity.orders.b: must be critical or warning, it is 'loud'"]


def test_sections_of_a_wrong_shape_are_refused(folder: Path) -> None:
    assert problems_of(folder, "policy = 1\nsources = 'x'\n" + SHOP + STORAGE) == [
        "sources: must be written as [[sources]], one block per source",
        "policy: must be a table of keys, it is 1",
    ]


def test_everything_wrong_is_told_in_one_message(folder: Path) -> None:
    text = (
        '[shop]\ntimezone = "Mars"\n[storage]\nrot = "warehouse"\n'
        + SOURCE.replace('order_id = "no"\n', "")
        + "[policy.growth]\nnew_days = -2\n[spark]\nmemory = 2\n"
    )
    with pytest.raises(SettingsError) as refused:
        read_settings(written(folder, text))
    message = str(refused.value)
    assert message.splitlines()[0].endswith("settings.toml has 7 problems:")
    for part in (
        "storage.rot: unknown key",
        "storage.root: missing",
        "shop.timezone: unknown time zone",
        "shop.currency: missing",
        "sources.till.columns.order_id: missing",
        "policy.growth: new_days must be 0 or more",
        "spark.memory: must be a non-empty text",
    ):
        assert part in message
    assert refused.value.exit_code == 2


def test_the_settings_of_the_demo_load() -> None:
    settings = read_settings(DEMO / "settings.toml")
    assert settings.shop.timezone == "Europe/London"
    assert [source.name for source in settings.sources] == ["online_retail"]
    assert settings.policy == Policy()


def test_a_playbook_of_ones_own_lies_beside_the_settings(folder: Path) -> None:
    settings = read_settings(written(folder, SHOP + STORAGE + '[playbook]\nfile = "plays.toml"\n'))
    assert settings.playbook_file == str(folder / "plays.toml")
    assert read_settings(written(folder, SHOP + STORAGE)).playbook_file is None
