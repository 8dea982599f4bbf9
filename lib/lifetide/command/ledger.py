"""The ledger of members beside a build: definitions are read before it, members recorded after it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from lifetide.audiences import Audience
from lifetide.command.desk import Desk
from lifetide.pipelines.build import newest_build
from lifetide.pipelines.definitions import definitions_in, folder_of
from lifetide.pipelines.members import run_audiences
from lifetide.pipelines.publishing import Outcome


def audiences_of(desk: Desk) -> dict[str, Audience]:
    """The definitions that the settings name; none without a folder of them. Raises where one of them is wrong."""
    settings = desk.context.settings
    if settings.audiences_folder is None:
        return {}
    folder = folder_of(settings)
    if not folder.is_dir():
        desk.screen.say(f"  note: there is no folder {folder}, so no audience is evaluated")
        return {}
    return definitions_in(folder).audiences


def members_after(desk: Desk, audiences: Mapping[str, Audience], as_of: date) -> Outcome | None:
    """A run of its own that records the members of as_of; None where as_of is not the current day or none is defined.

    Raises GateRefused where a gate says no: the build stands then, and the ledger is as it was.
    """
    if not audiences or desk.context.dry_run or newest_build(desk.context.store) != as_of:
        return None
    desk.next_run()
    outcome, _ = run_audiences(desk.context, audiences, as_of)
    return outcome
