"""The Delta jars are the pinned ones or there is a sentence; a run that has them asks nobody."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from lifetide.errors import EnvironmentProblem
from lifetide.session.jars import PINNED, delta_jars

CONTENTS = {"delta-spark.jar": b"spark", "delta-storage.jar": b"storage"}
PINS = {name: hashlib.sha256(content).hexdigest() for name, content in CONTENTS.items()}
JAVA = Path("/no/java/needed")


class Repository:
    """Stands in for Ivy: leaves files named as Ivy names them, and counts how often it was asked."""

    def __init__(self, contents: dict[str, bytes]) -> None:
        self.contents = contents
        self.times_asked = 0

    def __call__(self, cache: Path, java_home: Path) -> Path:
        self.times_asked += 1
        folder = cache / "ivy" / "jars"
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in self.contents.items():
            (folder / f"io.delta_{name}").write_bytes(content)
        return folder


def test_missing_jars_are_fetched_once_and_reused_without_a_network(tmp_path: Path) -> None:
    repository = Repository(CONTENTS)
    first = delta_jars(tmp_path, JAVA, pinned=PINS, fetch=repository)
    second = delta_jars(tmp_path, JAVA, pinned=PINS, fetch=repository)
    assert first == second == [tmp_path / "jars" / name for name in CONTENTS]
    assert [jar.read_bytes() for jar in second] == list(CONTENTS.values())
    assert repository.times_asked == 1


def test_one_jar_that_was_deleted_is_fetched_again(tmp_path: Path) -> None:
    repository = Repository(CONTENTS)
    delta_jars(tmp_path, JAVA, pinned=PINS, fetch=repository)
    (tmp_path / "jars" / "delta-storage.jar").unlink()
    delta_jars(tmp_path, JAVA, pinned=PINS, fetch=repository)
    assert (tmp_path / "jars" / "delta-storage.jar").read_bytes() == b"storage"
    assert repository.times_asked == 2


def test_a_kept_jar_that_changed_is_refused_by_name_and_not_replaced(tmp_path: Path) -> None:
    repository = Repository(CONTENTS)
    delta_jars(tmp_path, JAVA, pinned=PINS, fetch=repository)
    (tmp_path / "jars" / "delta-storage.jar").write_bytes(b"tampered with")
    with pytest.raises(EnvironmentProblem, match="not those Lifetide was tested with") as refused:
        delta_jars(tmp_path, JAVA, pinned=PINS, fetch=repository)
    (problem,) = refused.value.problems
    assert str(tmp_path / "jars" / "delta-storage.jar") in problem
    assert "delete it and run again" in problem
    assert repository.times_asked == 1


def test_a_repository_that_serves_another_file_is_refused_and_nothing_is_kept(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem) as refused:
        delta_jars(tmp_path, JAVA, pinned=PINS, fetch=Repository({**CONTENTS, "delta-spark.jar": b"other"}))
    (problem,) = refused.value.problems
    assert "delta-spark.jar" in problem
    assert "use a different one" in problem
    assert not list((tmp_path / "jars").glob("*"))


def test_all_jars_that_the_repository_did_not_have_are_named_together(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem) as refused:
        delta_jars(tmp_path, JAVA, pinned=PINS, fetch=Repository({}))
    assert refused.value.problems == ("delta-spark.jar is missing", "delta-storage.jar is missing")


def test_seven_jars_are_pinned_each_with_a_whole_checksum() -> None:
    assert len(PINNED) == 7
    assert {len(bytes.fromhex(checksum)) for checksum in PINNED.values()} == {32}
