"""Small files in the cache, written so that two runs at the same moment never see half of one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from lifetide.errors import EnvironmentProblem


def write_once(path: Path, text: str, *, mode: int = 0o644) -> Path:
    """Make `path` hold `text`: a file that does already is left alone, another is replaced in one step."""
    try:
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            return path
        make_folder(path.parent)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).chmod(mode)
        Path(name).replace(path)
    except OSError as problem:
        raise _not_writable(path, problem) from problem
    return path


def make_folder(path: Path) -> Path:
    """The folder, made with its parents if need be; a sentence if the cache cannot be written to."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise _not_writable(path, problem) from problem
    return path


def _not_writable(path: Path, problem: OSError) -> EnvironmentProblem:
    return EnvironmentProblem(
        f"Lifetide cannot write {path} ({problem.strerror}): set LIFETIDE_CACHE to a folder that you may write to."
    )
