"""`lifetide audiences validate|list|fields|schema|import|query`: what needs files alone and starts no Spark."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from lifetide.audiences import FIELDS, Audience, Field, document, rule_hash
from lifetide.audiences.lints import lints
from lifetide.audiences.schema import schema_text
from lifetide.audiences.sentence import sentence, universe_sentence
from lifetide.audiences.words import FieldKind
from lifetide.command.ci import Case, tell
from lifetide.command.exchanging import on_import, on_query
from lifetide.command.freshness import Stamp, stamps
from lifetide.command.screen import show, show_json
from lifetide.definitions import yaml_text
from lifetide.errors import NotFound
from lifetide.pipelines.definitions import Defined, defined_by, definitions_in, folder_of, one_definition
from lifetide.settings import inspect_settings
from lifetide.vocabulary import Severity


def on_definitions(arguments: Namespace) -> int:
    """`lifetide audiences ACTION`, for an action that needs no tables."""
    return HANDLERS[arguments.action](arguments)


def definitions(arguments: Namespace) -> Defined:
    """The definitions of --folder, else of the settings."""
    return definitions_in(_folder(arguments))


def _folder(arguments: Namespace) -> Path:
    if arguments.folder is not None:
        return Path(arguments.folder)
    settings, _ = inspect_settings(arguments.settings)
    return folder_of(settings)


class Note(NamedTuple):
    """What is allowed but seldom meant, and the line that says it."""

    line: int
    said: str


def _validate(arguments: Namespace) -> int:
    files = [Path(name) for name in arguments.names]
    found = [defined_by(path, _beside(path)) for path in files] if files else [definitions(arguments)]
    told = {name: each for one in found for name, each in _notes(one).items()}
    for name, each in told.items():
        for note in each:
            show(f"note: {name}:{note.line}: {note.said}")
    show(f"{len(told)} definition{'s are' if len(told) != 1 else ' is'} valid.")
    _tell(arguments, told)
    if arguments.json:
        notes = {name: [note._asdict() for note in each] for name, each in told.items() if each}
        show_json({"valid": len(told), "notes": notes})
    return 0


def _notes(found: Defined) -> dict[str, list[Note]]:
    """The notes on each file, most of them none."""
    return {
        found.files[key]: [Note(found.written[key].line(lint.path), str(lint)) for lint in lints(one)]
        for key, one in found.audiences.items()
    }


def _tell(arguments: Namespace, told: dict[str, list[Note]]) -> None:
    """Every file for the build server; what is allowed but seldom meant is a warning."""
    suite = "lifetide audiences"
    well = [Case(suite, name, file=name) for name, each in told.items() if not each]
    warned = [
        Case(suite, f"{name}:{note.line}", note.said, Severity.WARNING, name, note.line)
        for name, each in told.items()
        for note in each
    ]
    tell(arguments, well + warned)


def _beside(path: Path) -> dict[str, Audience]:
    """The other definitions of the file's folder, as far as they are valid."""
    found = {}
    for other in sorted(path.parent.glob("*.y*ml")):
        if other.resolve() != path.resolve():
            try:
                one = one_definition(other)
            except (NotFound, OSError):
                continue
            found[one.key] = one
    return found


def _list(arguments: Namespace) -> int:
    found = definitions(arguments)
    known = stamps(inspect_settings(arguments.settings)[0]) if Path(arguments.settings).is_file() else {}
    if arguments.json:
        show_json({"audiences": [_as_json(one, known.get(key)) for key, one in found.audiences.items()]})
        return 0
    for key, one in found.audiences.items():
        owner = f", {one.owner}" if one.owner else ""
        show(f"{key}  ({one.name}{owner})\n    {universe_sentence(one.include)}: {sentence(one)}")
        show(f"    {known[key].text if key in known else 'never evaluated'}")
    show(f"\n{len(found.audiences)} audiences.")
    return 0


def _as_json(one: Audience, stamp: Stamp | None) -> dict[str, Any]:
    evaluated = None if stamp is None else stamp._asdict()
    return {**document(one), "rule_hash": rule_hash(one), "sentence": sentence(one), "evaluated": evaluated}


def _fields(arguments: Namespace) -> int:
    unknown = [name for name in arguments.names if name not in FIELDS]
    if unknown:
        raise NotFound(f"There is no field {', '.join(unknown)}: `lifetide audiences fields` lists them.")
    asked = [FIELDS[name] for name in arguments.names] or list(FIELDS.values())
    if arguments.json:
        show_json({"fields": [_field_json(one) for one in asked]})
    elif arguments.names:
        show("\n\n".join(_field_text(one) for one in asked))
    else:
        show("\n".join(f"{one.name:<30}{one.kind:<12}{one.meaning}" for one in asked))
        show("\n`lifetide audiences fields NAME` shows operators, words, and an example.")
    return 0


def _schema(arguments: Namespace) -> int:
    """The JSON Schema of a definition: printed, or written to the file that is named."""
    if not arguments.names:
        show(schema_text())
        return 0
    for name in arguments.names:
        Path(name).write_text(schema_text(), encoding="utf-8")
        show(f"Wrote {name}. In the first line of a definition: # yaml-language-server: $schema={Path(name).name}")
    if arguments.json:
        show_json({"schema": arguments.names})
    return 0


def _field_json(one: Field) -> dict[str, Any]:
    told = {
        "name": one.name, "kind": str(one.kind), "meaning": one.meaning, "missing": one.null,
        "operators": [str(each) for each in one.operators], "words": list(one.words), "example": one.example,
    }  # fmt: skip
    return told | ({"fields": [_field_json(each) for each in one.elements]} if one.elements else {})


def _field_text(one: Field) -> str:
    lines = [f"{one.name}: {one.meaning}", f"  kind       {one.kind}"]
    if one.kind is not FieldKind.COLLECTION:
        lines.append(f"  operators  {' '.join(one.operators)}")
        lines.append(f"  missing    {one.null}")
    if one.words:
        lines.append(
            f"  words      {', '.join(one.words)}" + (" (from least to most)" if one.kind == "ordered" else "")
        )
    lines += [f"  {each.name:<18}{each.kind:<9}{each.meaning}" for each in one.elements]
    example = "\n".join(f"    {line}" for line in yaml_text([json.loads(json.dumps(one.example))]).splitlines())
    return "\n".join([*lines, "  example", example])


HANDLERS: dict[str, Callable[[Namespace], int]] = {
    "validate": _validate,
    "list": _list,
    "fields": _fields,
    "schema": _schema,
    "import": lambda arguments: on_import(arguments, _folder(arguments)),
    "query": lambda arguments: on_query(arguments, definitions(arguments)),
}
