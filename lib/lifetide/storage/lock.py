"""One writer per warehouse: a lock that the operating system frees when its holder dies."""

from __future__ import annotations

import fcntl
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from lifetide.errors import Busy

LOCK = "_lock"


@dataclass
class FolderLock:
    """An advisory lock on `<root>/_lock`, held by this process; the file says who holds it and since when.

    A holder that ends in order leaves the file empty, so that words in a free file tell of one that crashed.
    """

    root: Path
    _file: IO[str] | None = field(default=None, repr=False)

    def take(self, run_id: str, job: str, since: str) -> str | None:
        """Takes the lock and returns the run id of a crashed holder, if it took over from one.

        Raises Busy where another run holds it; then nothing has changed.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        file = (self.root / LOCK).open("a+", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = _words(file)
            file.close()
            raise Busy(
                f"Another run writes to {self.root}: {holder.get('job', 'a job')}, run "
                f"{holder.get('run_id', 'unknown')}, since {holder.get('since', 'a moment ago')}. Nothing was "
                "changed; start again when it is done."
            ) from None
        crashed = _words(file).get("run_id")
        file.truncate(0)
        file.write(json.dumps({"run_id": run_id, "job": job, "since": since}))
        file.flush()
        self._file = file
        return crashed

    def free(self, *, in_order: bool) -> None:
        """Gives the lock back; not `in_order` = the next holder has to clean up first."""
        if self._file is None:
            return
        if in_order:
            self._file.truncate(0)
            self._file.flush()
        self._file.close()
        self._file = None


def _words(file: IO[str]) -> dict[str, str]:
    """Who holds the lock, as the file says; nothing where it is empty or being written."""
    file.seek(0)
    try:
        found = json.loads(file.read() or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
