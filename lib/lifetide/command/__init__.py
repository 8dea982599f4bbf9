"""`lifetide COMMAND`: the one entry, for the terminal, for `spark-submit jobs/COMMAND.py` and for tests."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code; `argv` is None for the process's own words."""
    from lifetide.command.entry import entered  # the parser, which a notebook that imports the studio does without

    return entered(argv)


def run(command: str) -> None:
    """The door of a job: `spark-submit jobs/COMMAND.py …` is `lifetide COMMAND …`."""
    sys.exit(main([command, *sys.argv[1:]]))
