"""The browser's side without a browser: pure functions under node, the size and the shape of what is sent."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from explorer.test_report_in_browser import missing
from lifetide.explorer.studio.assets import script, sheet

HERE = Path(__file__).parent


def node() -> str:
    found = shutil.which("node")
    if found is None:
        missing("node is not on PATH: it runs the scripts' tests")
    return str(found)


def test_the_pure_functions_hold():
    done = subprocess.run(
        [node(), "--test", str(HERE / "front.test.mjs")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_the_joined_script_is_a_module_without_imports_and_nothing_of_another_machine(tmp_path: Path):
    file = tmp_path / "studio.mjs"
    file.write_text(script())
    assert subprocess.run([node(), "--check", str(file)], check=False).returncode == 0
    assert "import " not in script()
    assert script().count("export ") == 1
    for text in (script(), sheet()):
        assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
        assert "innerHTML" not in text


def test_script_and_sheet_are_small():
    assert len((script() + sheet()).encode()) <= 90_000
