"""`lifetide audiences run`, `count FILE`, `diff BASE HEAD`, `explain CUSTOMER --audience KEY`."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from pathlib import Path

from lifetide.audiences import Audience, Group
from lifetide.audiences.lints import data_lints
from lifetide.audiences.sentence import said, sentence, universe_sentence
from lifetide.command.audience_words import (
    changes_json,
    changes_markdown,
    changes_text,
    share,
    verdict_json,
    verdict_text,
)
from lifetide.command.ci import beyond, cases_of_changes, tell
from lifetide.command.definitions import definitions
from lifetide.command.desk import Desk
from lifetide.command.remembering import remembered_json, remembered_text
from lifetide.command.screen import show, show_json
from lifetide.errors import LifetideError, NotFound
from lifetide.pipelines.audiences import counted, evaluate
from lifetide.pipelines.build import built_day
from lifetide.pipelines.comparing import changes
from lifetide.pipelines.definitions import definitions_at, definitions_in, folder_of, one_definition
from lifetide.pipelines.members import run_audiences
from lifetide.pipelines.person import explained
from lifetide.pipelines.publishing import Outcome
from lifetide.pipelines.remembered import remembered


def on_audiences_run(desk: Desk, arguments: Namespace) -> tuple[Outcome, dict[str, object]]:
    """`lifetide audiences run`: members of every audience of the folder, and new versions of changed definitions."""
    found = definitions(arguments)
    unknown = [name for name in arguments.names if name not in found.audiences]
    if unknown:
        raise NotFound(f"There is no audience {', '.join(unknown)}. Audiences: {', '.join(found.audiences)}.")
    outcome, told = run_audiences(desk.context, found.audiences, arguments.as_of, replay_from=arguments.replay_from)
    wanted = arguments.names or list(told.members)
    for key in wanted:
        members = told.members[key]
        show(f"{key:<34}{members:>12,}{share(members, told.customers):>9}")
        for lint in data_lints(key, members, told.customers):
            desk.screen.say(f"  note: {lint}")
    show(f"{'all profiles':<34}{told.customers:>12,}  on {told.as_of}")
    return outcome, {"members": {key: told.members[key] for key in wanted}, "customers": told.customers}


def on_count(desk: Desk, arguments: Namespace) -> int:
    """`lifetide count FILE`: members, and how many are left after each rule."""
    beside = _beside(desk, arguments)
    audience = one_definition(arguments.file, beside)
    others = {key: one for key, one in beside.items() if key != audience.key}
    steps = _steps(audience)
    evaluated = evaluate(desk.context, {audience.key: audience, **steps}, others, arguments.as_of)
    told = counted(evaluated)
    members = told.members[audience.key]
    if arguments.json:
        show_json({"audience": audience.key, "as_of": told.as_of, "members": members, "customers": told.customers,
                   "sentence": sentence(audience), "steps": [told.members[name] for name in steps]})  # fmt: skip
        return 0
    show(f"{audience.name}: {sentence(audience)}")
    show(f"  {members:,} of {told.customers:,} customers ({share(members, told.customers)}) on {told.as_of}")
    if len(steps) > 1:
        for name, one in steps.items():
            last = one.rule.rules[-1:]
            text = said(last[0]) if last else universe_sentence(audience.include)
            show(f"  {told.members[name]:>12,}  {'and ' if len(one.rule.rules) > 1 else ''}{text}")
    return 0


def _steps(audience: Audience) -> dict[str, Audience]:
    """The audience with its first rules alone, one more each time, where all of them must hold."""
    rule = audience.rule
    if rule.negated or rule.combinator != "and":
        return {}
    return {
        f"step {length}": replace(audience, rule=Group(rule.rules[:length])) for length in range(len(rule.rules) + 1)
    }


def _beside(desk: Desk, arguments: Namespace) -> dict[str, Audience]:
    """What the file may name: the definitions of its own folder."""
    folder = Path(arguments.file).parent
    try:
        return definitions_in(folder).audiences
    except LifetideError as error:
        desk.screen.say(f"  note: other definitions in {folder} are wrong and cannot be named: {len(error.problems)}")
        return {}


def on_diff(desk: Desk, arguments: Namespace) -> int:
    """`lifetide diff BASE HEAD`: exit code 1 where a change moves more members than --max-shift allows."""
    folder = arguments.folder or folder_of(desk.context.settings)
    base = definitions_at(arguments.base, folder).audiences
    head = definitions_at(arguments.head, folder) if arguments.head else definitions_in(folder)
    day, found = changes(desk.context, base, head.audiences, arguments.as_of)
    limit = arguments.max_shift
    refused = {one.key: why for one in found if (why := beyond(one, limit))}
    tell(arguments, cases_of_changes(found, limit, {} if arguments.head else head.files))
    if arguments.format == "markdown":
        show(changes_markdown(found, day, limit))
    elif arguments.format == "json" or arguments.json:
        show_json({"as_of": day, "changes": changes_json(found), "beyond": list(refused)})
    else:
        show(changes_text(found))
    for why in refused.values():
        desk.screen.say(f"  refused: {why}")
    return 1 if refused else 0


def on_explain_audience(desk: Desk, arguments: Namespace) -> int:
    """`lifetide explain CUSTOMER --audience KEY`: the verdict with its evidence, and what the ledger says.

    The verdict is that of the version that was evaluated on the day; with --folder, of the definition there.
    """
    context, customer = desk.context, arguments.customer
    audiences = definitions_in(arguments.folder or folder_of(context.settings)).audiences
    day = built_day(context.store, arguments.as_of)
    key, _, version = arguments.audience.partition("@")
    known = remembered(context, customer_id=customer, key=key, day=day)
    is_as_written = version or known.version is None or arguments.folder is not None
    asked = arguments.audience if is_as_written else f"{key}@{known.version}"
    try:
        told = explained(context, customer_id=customer, key=asked, audiences=audiences, as_of=day)
    except NotFound as error:
        if not known.stays or arguments.folder is not None:
            raise
        show_json({"ledger": remembered_json(known)}) if arguments.json else show(
            f"{error}\n\n{remembered_text(known)}"
        )
        return 0
    if arguments.json:
        show_json(verdict_json(told) | {"ledger": remembered_json(known)})
    else:
        show(f"{verdict_text(told)}\n\n{remembered_text(known)}")
    return 0
