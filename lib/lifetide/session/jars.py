"""The Delta jars: fetched once with Spark's own resolver, pinned by checksum, used from the cache ever after.

Spark's resolver honours what the user has set up: ~/.m2, DEFAULT_ARTIFACT_REPOSITORY, spark-defaults.conf.
Jars on the class path start a session a second sooner than `spark.jars.packages`, and need no network.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from lifetide.errors import EnvironmentProblem
from lifetide.session.files import make_folder, write_once
from lifetide.session.launch import launch_variables, spark_folder, variables_set

DELTA = "io.delta:delta-spark_4.1_2.13:4.4.0"

# Delta asks for 34 jars; Spark has all but these seven already.
NOT_NEEDED = "org.*:*,com.*:*,javax.*:*,commons-*:*,io.airlift:*"

PINNED: Mapping[str, str] = {
    "delta-kernel-api-4.4.0.jar": "ee9b5a14ac3b7efdff4d61a58478fe8eb0e5a3fbca43889dca7290795fe79a11",
    "delta-kernel-defaults-4.4.0.jar": "225c975199e4718b38ee5b7e6da7f19e9585024262b2cec2656b32151a856b0b",
    "delta-kernel-unitycatalog-4.4.0.jar": "cea22dfb4ac562b3cd27bf652697750e8336009d73fb06631363aaaad5345ffa",
    "delta-spark_4.1_2.13-4.4.0.jar": "75a9400986853c061f5109f012547de2545a5759e5e752e5ef633dabe16a4f10",
    "delta-storage-4.4.0.jar": "c46735481fa8e326b0957be02b4420cbcab4b325bb08009b7f2045a95133f1cc",
    "unitycatalog-client-0.6.0.jar": "48257499a86b801a3e2372cec55ac226ca1c1c7eabe5c118e7302f29a1fdbc19",
    "unitycatalog-hadoop-0.6.0.jar": "c47b63c961c87102b9e1d63809a0915ba4c86b7652f57c8d39ca3a05b441a150",
}

Fetch = Callable[[Path, Path], Path]  # (cache, java_home) → the folder in which the resolver left its jars


def delta_jars(
    cache: Path, java_home: Path, *, pinned: Mapping[str, str] = PINNED, fetch: Fetch | None = None
) -> list[Path]:
    """The jars in `<cache>/jars`, each with the checksum that is pinned here; missing ones are fetched first.

    A jar that differs is never replaced in silence: the user learns which, and decides.
    """
    folder = cache / "jars"
    missing = [name for name in pinned if not (folder / name).is_file()]
    if missing:
        fetched = (fetch or fetch_with_ivy)(cache, java_home)
        _refuse_differences(fetched, {name: pinned[name] for name in missing}, advice=_ADVICE_FETCHED)
        for name in missing:
            _copy_whole(_fetched_jar(fetched, name), make_folder(folder) / name)
    _refuse_differences(folder, pinned, advice=_ADVICE_KEPT)
    return [folder / name for name in pinned]


def fetch_with_ivy(cache: Path, java_home: Path) -> Path:
    """Let `spark-submit` resolve the packages for a script that does nothing, in a process of its own."""
    ivy = make_folder(cache / "ivy")
    nothing = write_once(cache / "ivy" / "nothing.py", "pass\n")
    settings = {
        "spark.jars.packages": DELTA,
        "spark.jars.excludes": NOT_NEEDED,
        "spark.jars.ivy": str(ivy),
        "spark.master": "local[1]",
        "spark.pyspark.python": sys.executable,
    }
    command = [str(spark_folder() / "bin" / "spark-submit")]
    for name, value in settings.items():
        command += ["--conf", f"{name}={value}"]
    with variables_set(launch_variables(java_home)):
        run = subprocess.run([*command, str(nothing)], capture_output=True, text=True, check=False)  # noqa: S603
    if run.returncode != 0:
        said = write_once(ivy / "resolver.log", run.stdout + run.stderr)
        raise EnvironmentProblem(
            f"The Delta jars ({DELTA}) could not be fetched; the resolver's own words are in {said}. "
            "Connect to the network once, or set DEFAULT_ARTIFACT_REPOSITORY to a Maven repository in reach."
        )
    return ivy / "jars"


_ADVICE_FETCHED = "the repository it came from serves another file under this name: use a different one"
_ADVICE_KEPT = "delete it and run again: it will be fetched anew"


def _refuse_differences(folder: Path, pinned: Mapping[str, str], *, advice: str) -> None:
    problems = []
    for name, expected in pinned.items():
        jar = _fetched_jar(folder, name)
        if not jar.is_file():
            problems.append(f"{name} is missing")
        elif (found := hashlib.sha256(jar.read_bytes()).hexdigest()) != expected:
            problems.append(f"{jar} has SHA-256 {found[:16]}…, not {expected[:16]}…; {advice}")
    if problems:
        raise EnvironmentProblem(f"The Delta jars in {folder} are not those Lifetide was tested with.", problems)


def _fetched_jar(folder: Path, name: str) -> Path:
    """Ivy puts the organisation before the name ("io.delta_delta-storage-4.4.0.jar"); the cache does not."""
    return next(iter(sorted(folder.glob(f"*_{name}"))), folder / name)


def _copy_whole(source: Path, target: Path) -> None:
    """Copy under a passing name first, so that a run cut short leaves no half jar under the real one."""
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".copy-") as passing:
        copied = Path(shutil.copyfile(source, Path(passing) / target.name))
        copied.replace(target)
