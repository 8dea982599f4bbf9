"""`lifetide audiences freeze KEY`: who is in an audience now stays in it, whatever the rule says later."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from pathlib import Path

from lifetide.audiences import Audience
from lifetide.audiences.words import MembershipType
from lifetide.command.definitions import definitions
from lifetide.command.desk import Desk
from lifetide.command.screen import show
from lifetide.errors import UsageError
from lifetide.pipelines.definitions import frozen_text
from lifetide.pipelines.members import run_audiences
from lifetide.pipelines.publishing import Outcome
from lifetide.vocabulary import RunStatus


def on_freeze(desk: Desk, arguments: Namespace) -> tuple[Outcome, dict[str, object]]:
    """Runs all audiences with this one static, and then says `type: static` in its file: a new version of it."""
    found = definitions(arguments)
    if len(arguments.names) != 1:
        raise UsageError("Name one audience: lifetide audiences freeze KEY")
    key = arguments.names[0]
    audience = found.audience(key)
    if audience.membership.type is MembershipType.STATIC:
        raise UsageError(f"{key} is static already; a change of its rule is a new version with members of its own.")
    path = Path(found.files[key])
    text = frozen_text(path, audience)
    outcome, told = run_audiences(desk.context, {**found.audiences, key: _static(audience)}, arguments.as_of)
    if outcome.status is RunStatus.UNCHANGED:
        raise UsageError(f"Nothing is frozen: {'; '.join(outcome.notes)}. Freeze the newest day, without --as-of.")
    if not desk.context.dry_run:
        path.write_text(text, encoding="utf-8")
    members = told.members[key]
    show(f"{key}: its {members:,} members of {told.as_of} stay. {path} says `type: static` now: commit it.")
    return outcome, {"audience": key, "members": members, "as_of": told.as_of}


def _static(audience: Audience) -> Audience:
    return replace(audience, membership=replace(audience.membership, type=MembershipType.STATIC))
