"""What README.md says about commands, columns, reasons and files is held against the code."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest

from lifetide.command.parser import COMMANDS, parser
from lifetide.settings import CANONICAL, inspect_settings
from lifetide.vocabulary import LifecycleReason, RejectReason, SourceKind

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
PROSE = TEXT.partition("<!-- dictionary -->")[0]


def rows_of(heading: str) -> list[list[str]]:
    """Cells of the first table after a line that starts with `heading`."""
    after = PROSE.split(f"\n{heading}", 1)[1]
    table = re.search(r"(?:^\|.*\|\n)+", after, re.MULTILINE)
    assert table is not None, heading
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[0].splitlines()[2:]]


def test_every_command_it_shows_is_understood() -> None:
    shown = [line for block in re.findall(r"```sh\n(.*?)```", PROSE, re.DOTALL) for line in block.splitlines()]
    calls = [line.partition("#")[0] for line in shown if line.startswith("lifetide ")]
    assert len(calls) >= 5
    for call in calls:
        assert parser().parse_args(shlex.split(call)[1:]).command in COMMANDS


def test_it_lists_every_command() -> None:
    assert [row[0].strip("`").removeprefix("lifetide ") for row in rows_of("## Commands")] == list(COMMANDS)


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("A source of kind `order_lines`", SourceKind.ORDER_LINES),
        ("A source of kind `products`", SourceKind.PRODUCTS),
        ("A source of kind `events`", SourceKind.EVENTS),
    ],
)
def test_it_lists_every_canonical_column_and_whether_it_is_required(heading: str, kind: SourceKind) -> None:
    said = {row[0].strip("`"): row[1] == "yes" for row in rows_of(heading)}
    assert said == CANONICAL[kind]


def test_it_lists_the_columns_of_every_other_kind() -> None:
    described = {SourceKind.ORDER_LINES, SourceKind.PRODUCTS, SourceKind.EVENTS}
    said = {
        row[0].strip("`"): {
            name: name in re.findall(r"\*\*`(\w+)`", row[2]) for name in re.findall(r"`(\w+)`", row[2])
        }
        for row in rows_of("The other kinds")
    }
    assert said == {str(kind): CANONICAL[kind] for kind in SourceKind if kind not in described}


def test_it_explains_every_reason_of_a_reject() -> None:
    assert [row[0].strip("`") for row in rows_of("### Rejects")] == [str(reason) for reason in RejectReason]


def test_it_explains_every_reason_of_a_group_in_the_order_of_the_ladder() -> None:
    assert [row[1].strip("`") for row in rows_of("**Groups.**")] == [str(reason) for reason in LifecycleReason]


def test_its_settings_are_settings(tmp_path: Path) -> None:
    (example,) = [one for one in re.findall(r"```toml\n(.*?)```", PROSE, re.DOTALL) if "[[sources]]" in one]
    assert tomllib.loads(example)["sources"][0]["kind"] == "order_lines"
    path = tmp_path / "settings.toml"
    path.write_text(example, encoding="utf-8")
    assert inspect_settings(path)[1] == []


def test_the_files_it_names_are_there() -> None:
    named = re.findall(r"\]\((?!http)([^)#]+)\)", PROSE)
    named += re.findall(r"`((?:lib|tests|notebooks|jobs)/[\w./-]+)`", PROSE)
    assert len(named) >= 5
    for name in named:
        assert (ROOT / name).exists(), name


def test_its_version_is_the_package_s() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"**{project['version']}**" in PROSE.split("\n## Changes")[1]
    assert f"lifetide-{project['version']}-py3-none-any.whl" in PROSE
    assert project["readme"] == "README.md"
    for extra in re.findall(r"`lifetide\[(\w+)\]`", PROSE):
        assert extra in project["optional-dependencies"]
