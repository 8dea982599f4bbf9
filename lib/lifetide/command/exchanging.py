"""`lifetide audiences import FILE` and `lifetide audiences query KEY`: queries of react-querybuilder in and out."""

from __future__ import annotations

import json
from argparse import Namespace
from dataclasses import replace
from pathlib import Path

from lifetide.audiences.querybuilder_out import query_of
from lifetide.audiences.sentence import sentence
from lifetide.audiences.tree import Audience, Include, Membership
from lifetide.command.screen import show, show_json
from lifetide.definitions import read_json
from lifetide.errors import DefinitionError, LifetideError, NotFound, UsageError
from lifetide.pipelines.definitions import Defined, definitions_in, file_text, imported


def on_import(arguments: Namespace, folder: Path) -> int:
    """Each file becomes a definition of the same name in the folder; all of them, or none."""
    files = [Path(name) for name in arguments.names]
    if not files:
        raise UsageError("Name the files to import: lifetide audiences import FILE.json")
    if arguments.name and len(files) > 1:
        raise UsageError("--name is the name of one audience: import the files one by one.")
    beside = definitions_in(folder).audiences
    found: dict[Path, Audience] = {}
    problems: list[str] = []
    for path in files:
        try:
            found[_target(path, folder)] = _read(path, arguments.name, {**beside, **_by_key(found)})
        except LifetideError as error:
            head = str(error).splitlines()[0]
            problems += [f"{path}: {one}" for one in error.problems] or [head]
    if problems:
        raise DefinitionError("Nothing is imported:", problems)
    for target, audience in found.items():
        if not arguments.dry_run:
            target.write_text(file_text(audience), encoding="utf-8")
        show(f"{'Would write' if arguments.dry_run else 'Wrote'} {target}: {sentence(audience)}")
    if arguments.json:
        show_json({"imported": {one.key: str(target) for target, one in found.items()}, "dry_run": arguments.dry_run})
    return 0


def on_query(arguments: Namespace, found: Defined) -> int:
    """The rule of one audience as a query of react-querybuilder, on standard output."""
    if len(arguments.names) != 1:
        raise UsageError("Name one audience: lifetide audiences query KEY")
    key = arguments.names[0]
    audience = found.audience(key)
    if arguments.rule_only:
        audience = replace(audience, include=Include(), membership=Membership())
    query, problems = query_of(audience)
    if query is None:
        raise DefinitionError(f"{found.files[key]} says what a query cannot:", [str(one) for one in problems])
    show(json.dumps(query, sort_keys=arguments.json, indent=None if arguments.json else 2, ensure_ascii=False))
    return 0


def _target(path: Path, folder: Path) -> Path:
    target = folder / f"{path.stem}.yaml"
    if target.exists():
        raise DefinitionError(f"{path}: {target} is there already: remove it first, or rename the query.")
    return target


def _read(path: Path, name: str | None, beside: dict[str, Audience]) -> Audience:
    if not path.is_file():
        raise NotFound(f"There is no file {path}.")
    query = read_json(path.read_bytes(), str(path))
    named = name or path.stem.replace("_", " ").capitalize()
    return imported(query, path.stem, named, beside)


def _by_key(found: dict[Path, Audience]) -> dict[str, Audience]:
    return {one.key: one for one in found.values()}
