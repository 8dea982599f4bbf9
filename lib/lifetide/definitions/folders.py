"""The files of a folder of definitions, on disk or as git keeps them."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from lifetide.errors import DefinitionError, NotFound

SUFFIXES = (".yaml", ".yml")
MOST_FILES = 2_000
GIT_SECONDS = 60


@dataclass(frozen=True)
class Found:
    """A file: what messages call it, its stem, its content."""

    name: str
    stem: str
    content: bytes


def definition_files(folder: Path) -> list[Found]:
    """The YAML files that lie in the folder itself, by name. Raises NotFound without the folder.

    A link that leads out of the folder is refused: a definition is a file of this folder.
    """
    if not folder.is_dir():
        raise NotFound(f"There is no folder of audiences at {folder}: make it, or name one under [audiences] folder.")
    paths = sorted(path for path in folder.iterdir() if path.suffix in SUFFIXES and path.is_file())
    if len(paths) > MOST_FILES:
        raise DefinitionError(f"{folder} holds {len(paths):,} definitions; at most {MOST_FILES:,} are read.")
    for path in paths:
        if path.is_symlink() and path.resolve().parent != folder.resolve():
            raise DefinitionError(f"{path} leads out of the folder: put the file itself there.")
    return [Found(str(path), path.stem, path.read_bytes()) for path in paths]


def files_at(reference: str, folder: Path) -> list[Found]:
    """The same files as they were at a git reference. Raises NotFound where git knows no such state."""
    top = _git(folder, "rev-parse", "--show-toplevel").decode().strip()
    within = folder.resolve().relative_to(Path(top).resolve()).as_posix()
    commit = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{reference}^{{commit}}")
    state = commit.decode().strip()
    prefix = "" if within == "." else f"{within}/"
    listed = _git(Path(top), "ls-tree", "-z", "--name-only", state, "--", prefix or ".").decode().split("\0")
    names = sorted(name for name in listed if name.endswith(SUFFIXES))
    return [
        Found(f"{reference}:{name}", Path(name).stem, _git(Path(top), "show", f"{state}:{name}")) for name in names
    ]


def _git(folder: Path, *words: str) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - fixed words; the reference is checked by rev-parse
            ["git", "-C", str(folder), *words],  # noqa: S607 - the user's own git
            capture_output=True,
            timeout=GIT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotFound(f"git cannot be asked about {folder} ({type(error).__name__}).") from None
    if done.returncode:
        why = done.stderr.decode(errors="replace").strip().splitlines()
        raise NotFound(f"git knows no such state ({' '.join(words[:2])}): {why[0] if why else 'unknown reference'}")
    return done.stdout
