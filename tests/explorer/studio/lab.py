"""A JupyterLab of our own on loopback, and a page in a real browser that drives it."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
READY = """() => {
  const shown = window.jupyterapp?.shell.currentWidget;
  return shown?.sessionContext?.session?.kernel?.status === 'idle';
}"""


class Lab:
    """A server with a folder of its own; nothing of the user's settings is read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        home = folder / "home"
        places = {"HOME": "", "JUPYTER_CONFIG_DIR": "c", "JUPYTER_DATA_DIR": "d", "JUPYTER_RUNTIME_DIR": "r",
                  "IPYTHONDIR": "i"}  # fmt: skip
        env = os.environ | {name: str(home / part) for name, part in places.items()}
        env["PYTHONPATH"] = str(ROOT / "lib")
        home.mkdir()
        words = [
            "--no-browser", "--allow-root", f"--ServerApp.root_dir={folder}", "--ServerApp.ip=127.0.0.1",
            f"--ServerApp.port={self.port}", "--IdentityProvider.token=", "--LabApp.expose_app_in_browser=True",
            f"--LabServerApp.extra_labextensions_path={ROOT / 'lib/lifetide/explorer/studio/lab'}",
        ]  # fmt: skip
        self.log = (folder / "lab.log").open("w")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *words], env=env, stdout=self.log, stderr=self.log
        )
        self._wait()

    def _wait(self) -> None:
        for _ in range(240):
            try:
                urllib.request.urlopen(f"{self.address}/api", timeout=1).close()
            except OSError:
                assert self.process.poll() is None, (self.folder / "lab.log").read_text()
                time.sleep(0.25)
            else:
                return
        raise TimeoutError("JupyterLab did not start")

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def notebook(self, name: str, *cells: str) -> str:
        made = [{"cell_type": "code", "id": f"c{place}", "metadata": {}, "outputs": [], "execution_count": None,
                 "source": text} for place, text in enumerate(cells)]  # fmt: skip
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        (self.folder / name).write_text(
            json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": kernel, "cells": made})
        )
        return f"{self.address}/lab/tree/{name}?reset"

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)
        self.log.close()


class Desk:
    """What a person does and sees on the page."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.asked: list[str] = []
        self.errors: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def run(self, address: str) -> None:
        self.page.goto(address)
        self.page.wait_for_function(READY, timeout=60_000)
        self.command("notebook:run-all-cells")
        self.page.wait_for_selector(".lifetide .big", timeout=60_000)

    def command(self, name: str) -> None:
        self.page.evaluate(f"() => void window.jupyterapp.commands.execute('{name}')")

    def count(self) -> int:
        return int(self.page.locator(".lifetide .big").last.get_attribute("data-n"))

    def settles_at(self, act: Any) -> int:
        """The count after something was done, details included."""
        before = self.page.locator(".lifetide .words").last.inner_text()
        act()
        self.page.wait_for_function(
            "before => [...document.querySelectorAll('.lifetide .words')].at(-1).textContent !== before", arg=before
        )
        return self.count()

    def says(self, cell: int) -> str:
        """Runs a further cell and returns what it printed."""
        self.page.evaluate(
            """cell => {
              const notebook = window.jupyterapp.shell.currentWidget.content;
              notebook.activeCellIndex = cell;
              notebook.widgets[cell].model.outputs?.clear();
              void window.jupyterapp.commands.execute('notebook:run-cell');
            }""",
            cell,
        )
        told = self.page.locator(".jp-CodeCell").nth(cell).locator(".jp-OutputArea-output")
        told.first.wait_for(timeout=20_000)
        return re.sub(r"\s+", " ", told.first.inner_text()).strip()

    def off_loopback(self) -> list[str]:
        ours = ("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:")
        return [one for one in self.asked if not one.startswith(ours)]
