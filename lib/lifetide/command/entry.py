"""One command from its words to its exit code, and what is said where it fails."""

from __future__ import annotations

import os
import sys
import traceback
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from lifetide.command.ci import tell_error
from lifetide.command.parser import NEED_TABLES, parser
from lifetide.command.screen import Screen, show_json
from lifetide.errors import LifetideError

FAULT = 70


def entered(argv: Sequence[str] | None) -> int:
    """Runs one command and returns its exit code; `argv` is None for the process's own words."""
    arguments = parser().parse_args(argv)
    screen = Screen()
    if arguments.command == "audiences" and arguments.action not in NEED_TABLES:
        return _without_spark(arguments)
    from lifetide.command.desk import desk, new_run_id  # the parser answers --help without loading Spark
    from lifetide.command.handlers import HANDLERS
    from lifetide.command.simulating import settings_of

    run_id = new_run_id()
    try:
        if arguments.command == "studio":
            return _studio(arguments)
        return HANDLERS[arguments.command](desk(arguments, settings_of(arguments), screen, run_id), arguments)
    except LifetideError as error:
        screen.close()
        sys.stderr.write(f"lifetide {arguments.command}: {error}\n")
        tell_error(arguments, error)
        if arguments.json:
            show_json({"error": str(error).splitlines()[0], "problems": list(error.problems), "run_id": run_id})
        if arguments.debug:
            traceback.print_exc()
        return error.exit_code
    except KeyboardInterrupt:
        screen.close()
        sys.stderr.write("lifetide: interrupted; nothing half-written is visible, the next run takes it back\n")
        return 130
    except Exception as error:  # noqa: BLE001 - the last line of defence: exit code 70
        screen.close()
        log = _log(run_id)
        sys.stderr.write(
            f"lifetide {arguments.command}: a fault of Lifetide ({type(error).__name__}) in run {run_id}; nothing "
            f"was published. The details are in {log}; please report them.\n"
        )
        if arguments.debug:
            traceback.print_exc()
        return FAULT


def _studio(arguments: Namespace) -> int:
    """The one command that needs no Spark."""
    from lifetide.command.studio import on_studio

    return on_studio(arguments)


def _without_spark(arguments: Namespace) -> int:
    """What needs files alone answers at once."""
    from lifetide.command.definitions import on_definitions

    try:
        return on_definitions(arguments)
    except LifetideError as error:
        sys.stderr.write(f"lifetide {arguments.command} {arguments.action}: {error}\n")
        tell_error(arguments, error)
        if arguments.json:
            show_json({"error": str(error).splitlines()[0], "problems": list(error.problems)})
        return error.exit_code


def _log(run_id: str) -> Path:
    """Keeps the traceback where only the user can read it."""
    from lifetide.session import default_places

    folder = default_places(os.environ).cache / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{run_id}.log"
    path.touch(mode=0o600)
    path.write_text(traceback.format_exc(), encoding="utf-8")
    return path
