"""A definition is made static in its own text; comments and order stay its author's."""

from __future__ import annotations

from pathlib import Path

import pytest

from lifetide.errors import DefinitionError
from lifetide.pipelines.definitions import file_text, frozen_text, one_definition

HEAD = "# For the fair.\nspec: lifetide.audience/v1\nkey: a\nname: A\n"
RULE = "rule: {rules: []}  # everybody\n"
WRITTEN = {
    "nothing said": ("", "membership: {type: static}\n"),
    "in one line": ("membership: {type: dynamic}\n", "membership: {type: static}\n"),
    "in one line, with waits": (
        "membership: {min_days: 3, type: 'dynamic'}  # as agreed\n",
        "membership: {min_days: 3, type: static}  # as agreed\n",
    ),
    "without a type": ("membership: {min_days: 3}\n", "membership: {type: static, min_days: 3}\n"),
    "empty": ("membership: {}\n", "membership: {type: static}\n"),
    "in lines": ("membership:\n  type: dynamic  # for now\n", "membership:\n  type: static  # for now\n"),
    "in lines, without a type": (
        "membership:\n  exit_lag_days: 2\n",
        "membership:\n  type: static\n  exit_lag_days: 2\n",
    ),
}


@pytest.mark.parametrize("how", WRITTEN)
def test_the_rest_stays_as_it_was(tmp_path: Path, how: str) -> None:
    before, after = WRITTEN[how]
    path = tmp_path / "a.yaml"
    path.write_text(HEAD + before + RULE)
    assert frozen_text(path, one_definition(path)) == HEAD + after + RULE


def test_what_is_written_in_an_unusual_way_is_refused_and_not_guessed(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(HEAD + "membership: {\n  type:\n    dynamic}\n" + RULE)
    with pytest.raises(DefinitionError, match="write `type: static` there by hand"):
        frozen_text(path, one_definition(path))


def test_a_file_is_written_without_what_says_the_default(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(HEAD + "include: {anonymous: false}\n" + RULE)
    audience = one_definition(path)
    assert (
        file_text(audience) == "spec: lifetide.audience/v1\nkey: a\nname: A\nrule:\n  combinator: and\n  rules: []\n"
    )
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "a.yaml").write_text(file_text(audience))
    assert one_definition(tmp_path / "b" / "a.yaml") == audience
