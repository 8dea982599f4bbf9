"""Which Java is taken, which is passed over, and what the wrapper around it does. No JVM is started here."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pytest

from lifetide.errors import EnvironmentProblem
from lifetide.session.java import dressed_java, find_java, inspect_java
from lifetide.session.places import default_places

NO_MODULE = "no_such_java_from_pip"


def java_at(home: Path, version: str, *, with_release: bool = True) -> Path:
    """A folder that looks like a Java; it repeats its arguments, or tells its properties when asked to."""
    executable = home / "bin" / "java"
    executable.parent.mkdir(parents=True)
    specification = version if version.startswith("1.") else version.split(".")[0]
    executable.write_text(
        "#!/bin/sh\n"
        'case "$1" in -XshowSettings:properties)\n'
        f'  echo "    java.home = {home}" >&2\n'
        f'  echo "    java.specification.version = {specification}" >&2; exit;;\n'
        'esac\nfor word do echo "$word"; done\n'
    )
    executable.chmod(0o755)
    if with_release:
        (home / "release").write_text(f'IMPLEMENTOR="Someone"\nJAVA_VERSION="{version}"\n')
    return home


def test_java_home_comes_before_the_path(tmp_path: Path) -> None:
    chosen = java_at(tmp_path / "chosen", "21.0.8")
    on_path = java_at(tmp_path / "on path", "17.0.15")
    assert find_java(str(chosen), str(on_path / "bin"), (), NO_MODULE).home == chosen


def test_a_newer_java_home_is_passed_over_with_a_sentence(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    newer = java_at(tmp_path / "newer", "25.0.3")
    on_path = java_at(tmp_path / "supported", "17.0.15")
    with caplog.at_level(logging.WARNING):
        found = find_java(str(newer), str(on_path / "bin"), (), NO_MODULE)
    assert (found.home, found.version) == (on_path, 17)
    assert "JAVA_HOME" in caplog.text
    assert "holds Java 25; Spark needs 17 or 21" in caplog.text


def test_a_later_folder_of_the_path_is_used_when_the_first_holds_an_old_java(tmp_path: Path) -> None:
    old = java_at(tmp_path / "old", "1.8.0_402", with_release=False)
    good = java_at(tmp_path / "good", "21.0.8")
    assert find_java(None, f"{old / 'bin'}:{good / 'bin'}", (), NO_MODULE).home == good


def test_the_usual_folders_are_searched_when_the_path_has_no_java(tmp_path: Path) -> None:
    java_at(tmp_path / "jvm" / "java-11", "11.0.2")
    good = java_at(tmp_path / "jvm" / "java-17", "17.0.15")
    assert find_java(None, "", (f"{tmp_path}/jvm/*",), NO_MODULE).home == good


def test_without_any_supported_java_all_that_were_passed_over_are_named(tmp_path: Path) -> None:
    newer = java_at(tmp_path / "newer", "25")
    old = java_at(tmp_path / "old", "11.0.2")
    with pytest.raises(EnvironmentProblem, match=r"No Java 17 or 21 was found") as refused:
        find_java(str(newer), str(old / "bin"), (), NO_MODULE)
    assert [("Java 25" in text, "Java 11" in text) for text in refused.value.problems] == [
        (True, False),
        (False, True),
    ]
    assert "pip install 'lifetide[spark]'" in str(refused.value)


def test_the_java_from_pip_is_the_last_resort(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundled = java_at(tmp_path / "bundled", "21.0.8")
    (tmp_path / "java_from_a_test.py").write_text(f"JAVA_HOME = {str(bundled)!r}\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    found = find_java(None, "", (), "java_from_a_test")
    assert (found.home, found.is_from_pip) == (bundled, True)


def test_a_shim_without_a_release_file_is_asked_where_its_java_is(tmp_path: Path) -> None:
    home = java_at(tmp_path / "real", "17.0.15", with_release=False)
    found = inspect_java(home / "bin" / "java")
    assert found is not None
    assert (found.home, found.version) == (home, 17)


def test_a_file_that_is_no_program_is_no_java(tmp_path: Path) -> None:
    plain = tmp_path / "bin" / "java"
    plain.parent.mkdir()
    plain.write_text("not a program")
    assert inspect_java(plain) is None


def test_the_wrapper_drops_the_vector_module_and_passes_every_other_word_on(tmp_path: Path) -> None:
    java = inspect_java(java_at(tmp_path / "a java's home", "17.0.15") / "bin" / "java")
    assert java is not None
    home = dressed_java(java, tmp_path / "cache")
    words = ["-Xmx2g", "--add-modules=jdk.incubator.vector", "-Dname=two words", "", "*"]
    assert run(home, words) == ["-Xmx2g", "-Dname=two words", "", "*"]


def test_the_java_from_pip_is_given_the_certificates_of_the_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JAVA_TOOL_OPTIONS", raising=False)
    monkeypatch.delenv("JDK_JAVA_OPTIONS", raising=False)
    home = bundled_and_dressed(tmp_path, monkeypatch)
    assert run(home, ["-version"]) == [f"-Djavax.net.ssl.trustStore={tmp_path / 'cacerts'}", "-version"]


def test_certificates_that_the_user_chose_stay_theirs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = bundled_and_dressed(tmp_path, monkeypatch)
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-Djavax.net.ssl.trustStore=/my/own")
    assert run(home, ["-version"]) == ["-version"]


def test_a_system_java_keeps_its_own_certificates(tmp_path: Path) -> None:
    (tmp_path / "cacerts").touch()
    java = inspect_java(java_at(tmp_path / "system", "17.0.15") / "bin" / "java")
    assert java is not None
    assert run(dressed_java(java, tmp_path / "cache", [str(tmp_path / "cacerts")]), ["-version"]) == ["-version"]


def test_the_cache_is_where_the_user_says_else_where_the_system_keeps_caches() -> None:
    assert default_places({"HOME": "/home/ada"}).cache == Path("/home/ada/.cache/lifetide")
    assert default_places({"HOME": "/home/ada", "XDG_CACHE_HOME": "/c"}).cache == Path("/c/lifetide")
    assert default_places({"HOME": "/home/ada", "LIFETIDE_CACHE": "/mine"}).cache == Path("/mine")


def test_spark_submit_connect_and_databricks_are_recognised_as_platforms() -> None:
    assert not default_places({"HOME": "/home/ada"}).on_platform
    for sign in ("PYSPARK_GATEWAY_PORT", "SPARK_REMOTE", "DATABRICKS_RUNTIME_VERSION"):
        assert default_places({"HOME": "/home/ada", sign: "1"}).on_platform


def bundled_and_dressed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    bundled = java_at(tmp_path / "bundled", "21.0.8")
    (tmp_path / "cacerts").touch()
    (tmp_path / "java_with_certificates.py").write_text(f"JAVA_HOME = {str(bundled)!r}\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "java_with_certificates", raising=False)
    java = find_java(None, "", (), "java_with_certificates")
    return dressed_java(java, tmp_path / "cache", ["/no/such/store", str(tmp_path / "cacerts")])


def run(home: Path, words: list[str]) -> list[str]:
    said = subprocess.run([str(home / "bin" / "java"), *words], capture_output=True, text=True, check=True)
    return said.stdout.split("\n")[:-1]
