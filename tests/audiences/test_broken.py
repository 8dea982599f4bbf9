"""Each broken definition is refused in under a second, with a message that says where and what to do."""

from __future__ import annotations

import time

import pytest

from audiences.broken import BROKEN, HEAD
from lifetide.definitions import Found, definition_files
from lifetide.errors import DefinitionError
from lifetide.pipelines.definitions import defined


def refusal(*files: Found) -> list[str]:
    with pytest.raises(DefinitionError) as caught:
        defined(files)
    return list(caught.value.problems)


@pytest.mark.parametrize("name", BROKEN)
def test_it_is_refused_at_once_and_says_why(name: str) -> None:
    content, message = BROKEN[name]
    began = time.process_time()  # of this process: others may be busy
    problems = refusal(Found("a.yaml", "a", content))
    assert time.process_time() - began < 1
    assert message in problems


def test_there_are_sixty_of_them() -> None:
    assert len(BROKEN) >= 60


def named(key: str, other: str) -> Found:
    text = (
        HEAD.replace("key: a", f"key: {key}")
        + f"rule: {{rules: [{{field: audience, operator: in, value: {other}}}]}}"
    )
    return Found(f"{key}.yaml", key, text.encode())


def test_a_cycle_is_spelled_out() -> None:
    problems = refusal(named("a", "b"), named("b", "c"), named("c", "a"))
    assert problems[0] == "a.yaml:4: rule: it needs itself: a needs b needs c needs a"


def test_more_than_five_audiences_inside_one_another_are_refused() -> None:
    chain = [named(key, other) for key, other in zip("abcdef", "bcdefg", strict=True)]
    last = Found("g.yaml", "g", (HEAD.replace("key: a", "key: g") + "rule: {rules: []}").encode())
    assert refusal(*chain, last) == ["a.yaml:4: rule: more than 5 audiences lie inside one another"]
    assert set(defined([*chain[1:], last]).audiences) == set("bcdefg")


def test_problems_of_all_files_are_told_at_once_with_their_lines() -> None:
    one = Found("a.yaml", "a", BROKEN["a misspelt field"][0])
    other = Found("b.yaml", "b", BROKEN["a list as a key"][0])
    assert [text.split(":")[:2] for text in refusal(one, other)] == [["a.yaml", "6"], ["b.yaml", "1"]]


def test_a_link_out_of_the_folder_is_not_followed(tmp_path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text("key: secret\n")
    folder = tmp_path / "audiences"
    folder.mkdir()
    (folder / "a.yaml").symlink_to(secret)
    with pytest.raises(DefinitionError, match="leads out of the folder"):
        definition_files(folder)
