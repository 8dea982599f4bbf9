"""The saved audiences: files in a folder, each one YAML definition, listed, opened and written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from lifetide.audiences import Audience, check, document
from lifetide.audiences.brief import brief
from lifetide.audiences.problems import Problem
from lifetide.audiences.together import leaves
from lifetide.audiences.tree import Compare, Group, InAudience, Node
from lifetide.errors import LifetideError, NotFound
from lifetide.explorer.studio.bits import Words
from lifetide.explorer.studio.naming import MOST_NESTED, is_membership, members_of_named
from lifetide.explorer.studio.sampling import scaled
from lifetide.explorer.studio.saying import sentence_of
from lifetide.explorer.studio.session import Session, Told

MOST_KEY = 63


@dataclass
class Shelf:
    """A folder of definitions. `folder` None = nowhere to save: what is saved stays in this session."""

    folder: Path | None
    _held: dict[str, Audience] = field(default_factory=dict)
    _wrong: dict[str, str] = field(default_factory=dict)

    def read(self) -> dict[str, Audience]:
        """The definitions by key, read anew; what cannot be read is kept as a problem."""
        if self.folder is None:
            return self._held
        held: dict[str, Audience] = {}
        wrong: dict[str, str] = {}
        for path in sorted([*self.folder.glob("*.yaml"), *self.folder.glob("*.yml")]):
            try:
                audience, problems = _read(path)
            except (LifetideError, OSError) as error:
                wrong[path.stem] = str(error).splitlines()[0]
                continue
            if audience is None:
                wrong[path.stem] = str(problems[0])
            else:
                held[audience.key] = audience
        self._held, self._wrong = held, wrong
        return held

    def audience(self, key: str) -> Audience:
        """The definition. Raises NotFound with the keys that there are."""
        stem = key.partition("@")[0]
        held = self._held if stem in self._held else self.read()
        if stem not in held:
            there = ", ".join(held) or "none"
            raise NotFound(f"No audience is saved as {stem}; there are: {there}." + self._why(stem))
        return held[stem]

    def _why(self, key: str) -> str:
        return f" {self._wrong[key]}" if key in self._wrong else ""

    def save(self, audience: Audience, *, is_new: bool) -> tuple[Path, Audience]:
        """Writes the definition; a new one gets a key from its name that no other has."""
        if is_new:
            audience = replace(audience, key=self._free_key(audience.name))
        checked, problems = check(document(audience))
        if checked is None:
            raise LifetideError(
                "This cannot be saved as a definition, which speaks of customer_profiles alone; copy it as SQL:",
                [str(one) for one in problems],
            )
        self._held[audience.key] = audience
        path = (self.folder or Path()) / f"{audience.key}.yaml"
        if self.folder is not None:
            self.folder.mkdir(parents=True, exist_ok=True)
            aside = path.with_suffix(".part")
            aside.write_text(definition_text(audience), encoding="utf-8")
            aside.replace(path)
        return path, audience

    def _free_key(self, name: str) -> str:
        taken = {*self.read(), *self._wrong}
        stem = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:MOST_KEY] or "audience"
        stem = stem if stem[0].isalpha() else f"a_{stem}"[:MOST_KEY]
        tries = (stem if place == 1 else f"{stem[: MOST_KEY - 5]}_{place}" for place in range(1, 10_000))
        return next(one for one in tries if one not in taken)

    def table(self, session: Session) -> list[Told]:
        """The figures of each saved audience, and in words what is wrong with those that cannot be read."""
        return [*self._rows(session), *({"key": "", "name": key, "problem": why} for key, why in self._wrong.items())]

    def _rows(self, session: Session) -> Iterator[Told]:
        for key, audience in self.read().items():
            row: Told = {"key": key, "name": audience.name}
            if self._waits(audience, session):
                yield row | {"problem": "asks about behaviour: open it, and it is counted"}
                continue
            try:
                figures = session.figures_of(audience.include)
                members = session.engine.members(audience.rule, figures.universe)
                row |= scaled(figures.stats(members), session.factor)
                row["said"] = sentence_of(audience.rule, session.offers, session.symbol)
            except LifetideError as error:
                row["problem"] = str(error).splitlines()[0]
            yield row

    def _waits(self, audience: Audience, session: Session, nested: int = 1) -> bool:
        """True where no column answers the audience, or one that it names; those are not counted unasked."""
        for leaf in leaves(audience.rule):
            if isinstance(leaf, InAudience) and leaf.timeframe is None:
                named = [self._held.get(key.partition("@")[0]) for key in leaf.audiences]
                if nested < MOST_NESTED and any(one and self._waits(one, session, nested + 1) for one in named):
                    return True
            elif not isinstance(leaf, Compare) and not session.elsewhere.has(leaf):
                return True
        return False

    def members(self, node: Node, session: Session) -> Words:
        """Who is in other audiences, as their definitions stand now."""
        engine = session.engine

        def elsewhere(inner: Node) -> Words:
            return session.elsewhere.of(inner, engine.everyone)

        return members_of_named(node, engine, self.audience, elsewhere)

    def beside(self, rule: Group) -> tuple[tuple[str, Audience], ...]:
        """The audiences that a rule names, and those that they name, by the keys that they are named by."""
        found: dict[str, Audience] = {}
        waiting = _named_in(rule)
        while waiting:
            key = waiting.pop()
            if key not in found:
                found[key] = self.audience(key)
                waiting += _named_in(found[key].rule)
        return tuple(sorted(found.items(), key=lambda one: one[0]))


def _named_in(rule: Group) -> list[str]:
    named = [leaf for leaf in leaves(rule) if isinstance(leaf, InAudience) and is_membership(leaf)]
    return [key for leaf in named for key in leaf.audiences]


def _read(path: Path) -> tuple[Audience | None, tuple[Problem, ...]]:
    from lifetide.definitions import read_yaml  # an empty shelf opens without a reader of files

    return check(read_yaml(path.read_bytes(), path.name).data, stem=path.stem)


def definition_text(audience: Audience) -> str:
    """The file of a definition: YAML, what is default left out."""
    from lifetide.definitions import yaml_text

    return yaml_text(brief(audience))
