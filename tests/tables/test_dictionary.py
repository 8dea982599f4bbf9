from __future__ import annotations

from pathlib import Path

import pytest

from lifetide.errors import UsageError
from lifetide.tables import CATALOGUE
from lifetide.tables.dictionary import END, START, dictionary, main, with_dictionary

README = Path(__file__).parents[2] / "README.md"


def test_the_readme_carries_the_dictionary_of_the_catalogue() -> None:
    text = README.read_text(encoding="utf-8")
    assert text == with_dictionary(text), "run: python -m lifetide.tables.dictionary README.md"


def test_every_table_and_every_column_is_in_it() -> None:
    text = dictionary()
    for table in CATALOGUE:
        part = text.split(f"### `{table.name}`\n", 1)[1].split("\n### ", 1)[0]
        named = [line.split("`")[1] for line in part.splitlines() if line.startswith("| `")]
        assert named == table.column_names


def test_a_column_says_its_type_its_words_and_when_it_is_null() -> None:
    lines = dictionary().splitlines()
    assert (
        "| `baseline_source` | `string` | own, blended or group: `own`, `blended`, `group` | prospect: no net order |"
        in lines
    )
    assert (
        "| `p_alive` | `double` | probability of not having dropped out; for reading | prospect: no net order |"
        in lines
    )
    assert any(line.startswith("| `order_id` | `string` | the shop's order number") for line in lines)


def test_a_table_says_its_grain_its_key_and_how_it_is_kept() -> None:
    assert (
        "One row per as_of and customer. Key: `as_of`, `customer_id`. "
        "Kept: one slice per as_of, replaced by a rerun of that as_of." in dictionary()
    )


def test_no_cell_breaks_its_row() -> None:
    for line in dictionary().splitlines():
        if line.startswith("|"):
            assert line.replace("\\|", "").count("|") == 5, line


def test_refreshing_touches_nothing_outside_the_markers(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"above\n{START}\nstale\n{END}\nbelow\n", encoding="utf-8")
    main([str(page)])
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"above\n{START}\n\n### `events`")
    assert text.endswith(f"{END}\nbelow\n")
    assert "stale" not in text


def test_a_page_without_markers_is_refused() -> None:
    with pytest.raises(UsageError, match="no place for the dictionary"):
        with_dictionary("nothing here")
