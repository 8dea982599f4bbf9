"""Definitions of audiences from files: all of them, or every problem of all of them with file and line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lifetide.audiences import Audience, check, document
from lifetide.audiences.brief import brief
from lifetide.audiences.problems import Problem
from lifetide.audiences.querybuilder_in import rule_of
from lifetide.audiences.together import references, together_problems
from lifetide.audiences.words import SPEC, MembershipType
from lifetide.definitions import Found, Written, as_static, definition_files, files_at, read_yaml, yaml_text
from lifetide.errors import DefinitionError, NotFound, SettingsError
from lifetide.settings import Settings


@dataclass(frozen=True)
class Defined:
    """Audiences by key, in the order of their files, and the file of each with its lines."""

    audiences: dict[str, Audience]
    files: dict[str, str]
    written: dict[str, Written]

    def audience(self, key: str) -> Audience:
        """One of them. Raises NotFound with the keys that there are."""
        if key not in self.audiences:
            raise NotFound(f"There is no audience {key}. Audiences: {', '.join(self.audiences) or 'none'}.")
        return self.audiences[key]


def folder_of(settings: Settings) -> Path:
    """The folder of the settings. Raises SettingsError where they name none."""
    if settings.audiences_folder is None:
        raise SettingsError(f'{settings.path} names no folder of audiences: add [audiences] folder = "audiences".')
    return Path(settings.audiences_folder)


def definitions_in(folder: Path) -> Defined:
    """The audiences of a folder. Raises DefinitionError with everything wrong, NotFound without the folder."""
    return defined(definition_files(folder))


def definitions_at(state: str, folder: Path) -> Defined:
    """Those of another folder, or of `folder` as it was at a git reference."""
    other = Path(state)
    return defined(definition_files(other) if other.is_dir() else files_at(state, folder))


def defined(files: Sequence[Found]) -> Defined:
    """The audiences of the files. Raises DefinitionError with the problems of all of them."""
    problems: list[str] = []
    audiences: dict[str, Audience] = {}
    names: dict[str, str] = {}
    lines: dict[str, Written] = {}
    for one in files:
        try:
            written = read_yaml(one.content, one.name)
        except DefinitionError as error:
            problems.append(str(error))
            continue
        audience, found = check(written.data, stem=one.stem)
        in_order = sorted(found, key=lambda problem: written.line(problem.path))
        problems += [_placed(one.name, written, problem) for problem in in_order]
        if audience is not None and audience.key in audiences:
            problems.append(f"{one.name}:1: {audience.key} is defined in {names[audience.key]} too")
        elif audience is not None:
            audiences[audience.key] = audience
            names[audience.key], lines[audience.key] = one.name, written
    for key, wrong in together_problems(_with_versions(audiences)).items():
        if key in audiences:
            problems += [_placed(names[key], lines[key], problem) for problem in wrong]
    if problems:
        count = "a problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise DefinitionError(f"The definitions of audiences have {count}:", problems)
    return Defined(audiences, names, lines)


def one_definition(path: Path, beside: Mapping[str, Audience] | None = None) -> Audience:
    """The audience of one file, which may name those `beside` it. Raises DefinitionError, NotFound."""
    return next(iter(defined_by(path, beside).audiences.values()))


def defined_by(path: Path, beside: Mapping[str, Audience] | None = None) -> Defined:
    """The same, with its file and lines."""
    if not path.is_file():
        raise NotFound(f"There is no file {path}.")
    found = Found(str(path), path.stem, path.read_bytes())
    written = read_yaml(found.content, found.name)
    audience, problems = check(written.data, stem=found.stem)
    if audience is not None:
        everyone = _with_versions({**(beside or {}), audience.key: audience})
        problems = tuple(together_problems(everyone).get(audience.key, ()))
    if audience is None or problems:
        raise DefinitionError(f"{path} is wrong:", [_placed(found.name, written, one) for one in problems])
    return Defined({audience.key: audience}, {audience.key: found.name}, {audience.key: written})


def definition_text(audience: Audience) -> str:
    """An audience as text, every default said: what a comparison of two states shows."""
    return yaml_text(document(audience))


def file_text(audience: Audience) -> str:
    """An audience as the text of its file, as a person would write it."""
    return yaml_text(brief(audience))


def frozen_text(path: Path, audience: Audience) -> str:
    """The text of the audience's file with its membership made static. Raises DefinitionError where that fails."""
    content = path.read_bytes()
    text = as_static(content.decode("utf-8"), read_yaml(content, str(path)))
    wanted = replace(audience, membership=replace(audience.membership, type=MembershipType.STATIC))
    if text is not None and check(read_yaml(text.encode(), str(path)).data)[0] == wanted:
        return text
    raise DefinitionError(f"{path}: its membership cannot be changed from here: write `type: static` there by hand.")


def imported(query: object, key: str, name: str, beside: Mapping[str, Audience]) -> Audience:
    """The audience whose rule a query of react-querybuilder says. Raises DefinitionError with all that is wrong."""
    rule, problems = rule_of(query)
    audience, found = check({"spec": SPEC, "key": key, "name": name, "rule": rule})
    problems += found
    if audience is not None and not problems:
        problems = tuple(together_problems(_with_versions({**beside, key: audience})).get(key, ()))
    if audience is None or problems:
        raise DefinitionError(f"{key}.json cannot be an audience:", [str(one) for one in problems])
    return audience


def _with_versions(audiences: Mapping[str, Audience]) -> dict[str, Audience]:
    """The audiences, and for `key@version` the key itself: versions are looked up when they are evaluated."""
    named = {reference for one in audiences.values() for reference in references(one) if "@" in reference}
    pinned = {one: audiences[one.split("@")[0]] for one in named if one.split("@")[0] in audiences}
    return {**audiences, **pinned}


def _placed(name: str, written: Written, problem: Problem) -> str:
    return f"{name}:{written.line(problem.path)}: {problem}"
