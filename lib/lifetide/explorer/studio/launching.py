"""A notebook that holds the studio, and the JupyterLab that opens it: on this machine's own address alone."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

NAME = "audiences.ipynb"
KERNEL = {"name": "python3", "display_name": "Python 3"}


def notebook_in(folder: Path, settings: Path | None) -> Path:
    """Writes the notebook where there is none yet; one that is there keeps what was written in it."""
    path = folder / NAME
    if not path.exists():
        source = "" if settings is None else repr(str(settings.resolve()))
        path.write_text(json.dumps(_notebook(source), indent=1) + "\n", encoding="utf-8")
    return path


def _notebook(source: str) -> dict[str, object]:
    texts = (f"from lifetide import Studio\n\nstudio = Studio({source})\nstudio", "studio.to_pandas().head()")
    cells: list[dict[str, object]] = [
        {"cell_type": "code", "id": f"studio-{place}", "metadata": {}, "outputs": [], "execution_count": None,
         "source": text}
        for place, text in enumerate(texts)
    ]  # fmt: skip
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": KERNEL}, "cells": cells}


def labextensions() -> Path:
    """The folder that holds the launcher's tile."""
    return Path(str(files("lifetide.explorer.studio").joinpath("lab")))


def lab_command(
    python: str, folder: Path, notebook: Path, *, is_opened: bool, port: int, is_root: bool = False
) -> list[str]:
    """The command line of JupyterLab."""
    return [
        python, "-m", "jupyterlab", f"--ServerApp.root_dir={folder}", "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}", f"--LabServerApp.extra_labextensions_path={labextensions()}",
        f"--LabApp.default_url=/lab/tree/{notebook.name}", *([] if is_opened else ["--no-browser"]),
        *(["--allow-root"] if is_root else []),
    ]  # fmt: skip
