"""The floors of STYLE.md, held against every module; and planted faults, each of which is found."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from architecture import rules
from architecture.checking import findings, misplaced, place, tied_to_a_place

ROOT = Path(__file__).parents[1]


def module_of(path: Path) -> str:
    base = ROOT / "lib" if path.is_relative_to(ROOT / "lib") else ROOT
    parts = path.relative_to(base).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def source_of(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text
    cells = json.loads(text)["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")


def our_files() -> list[Path]:
    """Every file that is or would be committed; a copy without git is walked instead."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        files = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    else:
        files = [file for name in sorted(rules.TOP_LEVEL) for file in [ROOT / name, *(ROOT / name).rglob("*")]]
    return [file for file in files if file.is_file() and "__pycache__" not in file.parts]


MODULES = sorted(
    [
        *(ROOT / "lib" / "lifetide").rglob("*.py"),
        *(ROOT / "jobs").rglob("*.py"),
        *(path for path in (ROOT / "notebooks").glob("*.ipynb")),
    ]
)


def test_there_is_something_to_check() -> None:
    assert {module_of(path).partition(".")[0] for path in MODULES} == {"lifetide", "jobs", "notebooks"}


@pytest.mark.parametrize("path", MODULES, ids=module_of)
def test_a_module_keeps_to_its_floor_and_to_the_habits(path: Path) -> None:
    assert findings(module_of(path), source_of(path)) == []


def test_every_place_has_a_floor() -> None:
    assert {place(module_of(path)) for path in MODULES} - set(rules.FLOORS) == set()


def test_every_exception_is_still_needed_and_has_a_reason() -> None:
    for (module, what), why in rules.EXCEPTIONS.items():
        path = ROOT / "lib" / Path(*module.split(".")).with_suffix(".py")
        assert what in path.read_text(encoding="utf-8"), f"{module} no longer needs its exception for {what}"
        assert why


def test_scripts_and_styles_are_short_too() -> None:
    for path in (ROOT / "lib").rglob("*"):
        if path.suffix in (".js", ".css"):
            assert len(path.read_text(encoding="utf-8").splitlines()) <= rules.MOST_LINES, path.name


def test_every_file_lies_where_the_design_says_and_is_named_for_its_subject() -> None:
    assert [problem for path in our_files() for problem in misplaced(path.relative_to(ROOT))] == []


def test_no_file_names_a_registry_or_a_place_on_somebody_s_machine() -> None:
    found = []
    for path in our_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # data, pictures
        found += [f"{path.relative_to(ROOT)}: {word}" for word in tied_to_a_place(text)]
    assert found == []


# Planted faults. `HEAD` makes each planted module right in everything but its fault.

HEAD = '"""A module."""\n\nfrom __future__ import annotations\n\nfrom pyspark.sql import functions as F\n'
IMPORTS = [
    ("lifetide.tables.orders", "from pyspark.sql import DataFrame", "tables (floor 0) imports pyspark.sql.DataFrame"),
    (
        "lifetide.policy",
        "from lifetide.orders import lines",
        "policy (floor 0) imports lifetide.orders.lines (floor 1)",
    ),
    ("lifetide.settings.model", "from lifetide import main", "settings (floor 0) imports lifetide (floor 3)"),
    (
        "lifetide.orders.lines",
        "from lifetide.storage import rows",
        "orders (floor 1) imports lifetide.storage.rows (fl",
    ),
    (
        "lifetide.orders.lines",
        "from lifetide.rfm.scores import with_rfm",
        "orders (floor 1) imports lifetide.rfm.scores",
    ),
    ("lifetide.orders.lines", "from lifetide import flow", "orders (floor 1) imports lifetide.flow (floor 1)"),
    ("lifetide.orders.lines", "from ..rfm import scores", "orders (floor 1) imports lifetide.rfm.scores (floor 1)"),
    ("lifetide.orders.lines", "from pyspark.sql import SparkSession", "meaning is made of columns and frames only"),
    ("lifetide.orders.lines", "import pyspark", "meaning is made of columns and frames only"),
    ("lifetide.orders.lines", "import pandas as pd", "orders (floor 1) imports pandas"),
    ("lifetide.distributions", "import lifetide.rfm.scores", "distributions (floor 1) imports lifetide.rfm.scores"),
    ("lifetide.storage.delta", "from lifetide.flow import trade", "storage (floor 2) imports lifetide.flow.trade"),
    ("lifetide.storage.delta", "import lifetide.gates", "storage (floor 2) imports lifetide.gates (floor 2)"),
    ("lifetide.storage.delta", "import great_expectations", "storage (floor 2) imports great_expectations"),
    (
        "lifetide.gates.checking",
        "from lifetide.pipelines.build import build",
        "gates (floor 2) imports lifetide.pipe",
    ),
    ("lifetide.pipelines.build", "from lifetide.command import main", "pipelines (floor 3) imports lifetide.command"),
    ("lifetide.pipelines.build", "import jobs.build", "pipelines (floor 3) imports jobs.build"),
    ("lifetide.explorer.report", "import requests", "explorer (floor 3) imports requests"),
    ("lifetide.newcomer", "from lifetide.errors import NotFound", "newcomer has no floor"),
    ("lifetide.orders.lines", "from lifetide.newcomer import x", "imports lifetide.newcomer.x, which has no floor"),
    ("jobs.build", "from lifetide.storage import DeltaStore", "jobs (floor 4) imports lifetide.storage.DeltaStore"),
    ("notebooks.01_tour", "import delta", "notebooks (floor 4) imports delta"),
]
HABITS = [
    ("x = frame.collect()", "line 6: collect outside storage.bounded"),
    ("x = frame.toPandas()", "toPandas outside storage.bounded"),
    ("take = frame.collect", "collect outside storage.bounded"),
    ("x = frame.rdd.map(len)", ".rdd outside session and storage"),
    ("x = session._jvm", "._jvm outside session and storage"),
    ("x = session.sparkContext", ".sparkContext outside session and storage"),
    ("def f():\n    return F.udf(len, 'int')", "udf: no Python function is called per row"),
    ("def f(df):\n    return df.groupBy('a').applyInPandas(g, 'a int')", "applyInPandas: no Python function"),
    ("from datetime import date\n\ndef f():\n    return date.today()", "line 9: date.today reads the clock"),
    ("import datetime as dt\n\ndef f():\n    return dt.datetime.now(None)", "datetime.now reads the clock"),
    ("import time\n\ndef f():\n    return time.time()", "time.time reads the clock"),
    ("from time import time", "time.time is imported"),
    ("def f():\n    return F.current_date()", "F.current_date reads the clock"),
    ("def f():\n    return F.expr('date_sub(current_date(), 7)')", "SQL that reads the clock"),
    ("import os\n\ndef f():\n    return os.environ['HOME']", "os.environ reads the environment"),
    ("import os\n\ndef f():\n    return os.getenv('HOME')", "os.getenv reads the environment"),
    ("from os import environ", "os.environ is imported"),
    ("IS_NEW = F.col('a') > 1", "line 6: F.col at module level needs a session on import"),
    ("class A:\n    b = F.lit(1)", "F.lit at module level"),
    ("def f(a=F.lit(1)):\n    return a", "F.lit at module level"),
    ("from pyspark.sql import Window\n\nW = Window.partitionBy('a')", "Window.partitionBy at module level"),
    ("def f():\n" + "    a = 1\n" * 40, "f has 41 lines, 40 are allowed"),
    ("a = 1\n" * 295, "301 lines, 300 are allowed"),
]  # fmt: skip


@pytest.mark.parametrize(("module", "line", "finding"), IMPORTS)
def test_a_planted_import_is_found(module: str, line: str, finding: str) -> None:
    found = findings(module, f'"""A module."""\n\n{line}\n')
    assert len(found) == 1
    assert found[0].startswith(f"{module}: line 3: ")
    assert finding in found[0]


@pytest.mark.parametrize(("code", "finding"), HABITS)
def test_a_planted_fault_is_found(code: str, finding: str) -> None:
    found = findings("lifetide.orders.lines", f"{HEAD}{code}\n")
    assert [one for one in found if finding in one], found
    assert len(found) == 1


def test_a_planted_module_without_a_subject_is_found() -> None:
    assert findings("lifetide.orders.utils", HEAD) == ["lifetide.orders.utils: a module is not called utils"]


def test_a_planted_module_without_a_docstring_is_found() -> None:
    assert findings("lifetide.orders.lines", "A = 1\n") == ["lifetide.orders.lines: no docstring"]


@pytest.mark.parametrize(
    ("path", "finding"),
    [
        ("lib/lifetide/orders/utils.py", "utils.py says nothing about its subject"),
        ("tests/common/test_x.py", "common says nothing about its subject"),
        ("notes.md", "notes.md does not belong to the top level"),
        ("docs/index.md", "docs does not belong to the top level"),
    ],
)
def test_a_planted_file_is_found(path: str, finding: str) -> None:
    assert list(misplaced(Path(path))) == [f"{path}: {finding}"]


@pytest.mark.parametrize("path", ["README.md", ".ci/run", "lib/lifetide/orders/lines.py", "jobs/build.py"])
def test_a_file_in_its_place_passes(path: str) -> None:
    assert list(misplaced(Path(path))) == []


@pytest.mark.parametrize("word", [*rules.REGISTRIES, rules.WORKPLACE])
def test_a_planted_place_is_found(word: str) -> None:
    assert tied_to_a_place(f"see https://x.{word}somewhere") == [word]


@pytest.mark.parametrize(
    ("module", "code"),
    [
        ("lifetide.flow", "from lifetide.rfm.scores import with_rfm"),
        ("lifetide.rfm.learning", "from lifetide.distributions import quantiles"),
        ("lifetide.ltv.fitting", "import numpy"),
        ("lifetide.storage.bounded", "def rows(df):\n    return df.collect()"),
        ("lifetide.session.spark", "def f(session):\n    return session.sparkContext"),
        ("lifetide.session.launch", "import os\n\ndef f():\n    return os.environ"),
        ("lifetide.command.desk", "from datetime import date\n\ndef f():\n    return date.today()"),
        ("lifetide.orders.lines", "def f():\n    return F.collect_list('a')"),
        ("lifetide.orders.lines", "def f(now):\n    return now()"),
        ("lifetide.orders.lines", 'def f():\n    """' + "Line.\n    " * 60 + '"""\n    return 1'),
        ("lifetide.orders.lines", "a = 1\n" * 294),
    ],
)
def test_what_is_allowed_passes(module: str, code: str) -> None:
    assert findings(module, f"{HEAD}{code}\n" if module != "lifetide.session.launch" else f'"""A."""\n{code}\n') == []
