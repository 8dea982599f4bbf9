"""A Chromium for the tests that drive one: the machine's own, else the one that Playwright keeps for itself.

    python tests/chromium.py

says where it is, as `make test` does before its tests. Where there is none it is fetched once, into Playwright's
cache; where that cannot be, one line says what to do. Where a Chromium is, nothing is ever fetched.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    "/usr/bin/chromium",
    "/usr/lib/chromium/chromium",
    "/snap/bin/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
FETCH = [sys.executable, "-m", "playwright", "install", "chromium"]
PATIENCE = 900  # seconds for some 170 MB
HOW = "install Chromium or Chrome (Debian, Ubuntu: apt install chromium), or run `make test` once with a network"


def of_machine() -> str | None:
    """The Chromium or Chrome on PATH or in the usual places."""
    named = next((path for path in map(shutil.which, NAMES) if path), None)
    return named or next((path for path in PLACES if Path(path).exists()), None)


def chromium(playwright: Any) -> str | None:
    """The machine's, else the one in Playwright's cache; None where neither is. Fetches nothing."""
    kept = playwright.chromium.executable_path
    return of_machine() or (kept if Path(kept).exists() else None)


def obtained() -> tuple[str | None, str]:
    """Where a Chromium is, fetched if need be; or None and what to do, in one line."""
    found = of_machine() or _of_playwright()
    if found is None:
        sys.stderr.write("No Chromium here: fetching Playwright's into its cache (some 170 MB, once).\n")
        try:
            fetched = subprocess.run(
                FETCH, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=PATIENCE
            )
        except subprocess.TimeoutExpired:
            return None, f"The tests need a browser; fetching one took more than {PATIENCE} s: {HOW}."
        found = _of_playwright()
        if found is None:
            return None, f"The tests need a browser, and Playwright could not fetch one ({_reason(fetched)}): {HOW}."
    if subprocess.run([found, "--version"], capture_output=True, check=False).returncode:
        return None, f"{found} does not start: `sudo {' '.join(FETCH[:3])} install-deps chromium`, or {HOW}."
    return found, ""


def _of_playwright() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        kept = playwright.chromium.executable_path
    return kept if Path(kept).exists() else None


def _reason(fetched: subprocess.CompletedProcess[str]) -> str:
    """The installer's first line of error."""
    errors = [line.removeprefix("Error: ") for line in fetched.stdout.splitlines() if line.startswith("Error: ")]
    return errors[0].strip() if errors else "no reason told"


def main() -> int:
    path, trouble = obtained()
    if path is None:
        sys.stderr.write(trouble + "\n")
        return 2
    sys.stdout.write(f"Browser tests drive {path}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
