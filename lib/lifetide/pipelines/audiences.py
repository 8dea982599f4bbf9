"""Audiences against a published snapshot: who is in which, how many, and new versions of definitions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lifetide.audiences import Audience, canonical_json, parse, rule_hash
from lifetide.audiences.figures import all_figures
from lifetide.audiences.memberships import EVERYONE_HERE, MEMBER, member_counts, memberships
from lifetide.audiences.ranks import lines_of, ranks_of, value_counts, value_lines
from lifetide.audiences.together import needed, references
from lifetide.audiences.tree import Lines
from lifetide.errors import NotFound
from lifetide.pipelines.build import built_day
from lifetide.pipelines.context import Context
from lifetide.pipelines.frozen import with_frozen
from lifetide.pipelines.happened import elements_on
from lifetide.pipelines.snapshots import no_snapshot
from lifetide.storage import Store, rows
from lifetide.tables import AUDIENCE_DEFINITIONS, CUSTOMER_PROFILES

MOST_VERSIONS = 100_000


@dataclass(frozen=True)
class Evaluated:
    """Memberships of a day: `rows` has customer_id and a column `in <reference>` per audience asked for.

    `profiles` = the snapshot that they were found in.
    """

    as_of: date
    profiles: DataFrame
    audiences: dict[str, Audience]
    rows: DataFrame
    lines: Lines


@dataclass(frozen=True)
class Counted:
    """Members by key, and how many profiles there are."""

    as_of: date
    members: dict[str, int]
    customers: int


def snapshot_on(context: Context, as_of: date | None) -> tuple[date, DataFrame]:
    """The profiles of a day, the newest one by default. Raises NotFound where there is no such snapshot."""
    day = built_day(context.store, as_of)
    snapshots = context.store.read(CUSTOMER_PROFILES)
    profiles = snapshots.where(F.col("as_of") == F.lit(day))
    if not rows(profiles.select("customer_id").limit(1), at_most=1):
        raise NotFound(no_snapshot(snapshots, day) or f"The snapshot of {day} has no customers.")
    return day, profiles


def evaluate(
    context: Context, asked: Mapping[str, Audience], beside: Mapping[str, Audience], as_of: date | None
) -> Evaluated:
    """The audiences asked for, which may name those `beside` them; everything in one pass over each table."""
    day, profiles = snapshot_on(context, as_of)
    every = with_pinned(context.store, {**beside, **asked})
    used = with_frozen(context.store, needed(asked, every), day)
    lines = lines_on(profiles, used.values())
    elements = elements_on(context, all_figures(used.values(), day), day)
    found = memberships(used, profiles, elements, lines, day)
    kept = [f"`{MEMBER}{name}`" for name in asked]
    return Evaluated(day, profiles, dict(asked), found.select("customer_id", *kept), lines)


def counted(evaluated: Evaluated) -> Counted:
    """How many are in each audience."""
    found = rows(member_counts(evaluated.rows, evaluated.audiences), at_most=1)[0].asDict()
    return Counted(evaluated.as_of, {name: found[name] for name in evaluated.audiences}, found[EVERYONE_HERE])


def lines_on(profiles: DataFrame, audiences: Iterable[Audience]) -> Lines:
    """Where the lines of all ranks lie: two narrow passes, none where nobody ranks."""
    ranks = ranks_of(audiences)
    if not ranks:
        return {}
    counts = rows(value_counts(profiles, ranks), at_most=1)[0].asDict()
    return lines_of(ranks, rows(value_lines(profiles, ranks, counts), at_most=1)[0].asDict())


def with_pinned(store: Store, audiences: Mapping[str, Audience], also: Iterable[str] = ()) -> dict[str, Audience]:
    """The audiences, and every `key@version` that they (or `also`) name as published. Raises NotFound for others."""
    named = {one for audience in audiences.values() for one in references(audience) if "@" in one}
    named |= {one for one in also if "@" in one}
    found = dict(audiences)
    while missing := sorted(named - set(found)):
        for reference in missing:
            found[reference] = published_audience(store, reference)
            named |= {one for one in references(found[reference]) if "@" in one}
    return found


def published_audience(store: Store, reference: str) -> Audience:
    """The audience as a version of it was published. Raises NotFound where it was not."""
    key, version = reference.split("@")
    known = store.read(AUDIENCE_DEFINITIONS)
    mine = known.where((F.col("audience_key") == key) & (F.col("version") == int(version)))
    found = rows(mine, at_most=1)
    if not found:
        raise NotFound(
            f"Version {version} of audience {key} was never published: `lifetide audiences run` does that."
        )
    return parse({**json.loads(found[0]["canonical"]), "key": key, "name": found[0]["name"]})


def new_versions(store: Store, audiences: Iterable[Audience]) -> list[tuple[object, ...]]:
    """Rows of audience_definitions for audiences whose canonical form is not that of their last version."""
    known = rows(
        store.read(AUDIENCE_DEFINITIONS)
        .groupBy("audience_key")
        .agg(F.max("version").alias("version"), F.max_by("rule_hash", "version").alias("rule_hash")),
        at_most=MOST_VERSIONS,
    )
    last = {row["audience_key"]: row for row in known}
    found: list[tuple[object, ...]] = []
    for one in audiences:
        before = last.get(one.key)
        if before is None or before["rule_hash"] != rule_hash(one):
            version = 1 if before is None else before["version"] + 1
            found.append(
                (one.key, version, rule_hash(one), canonical_json(one), one.name, one.owner, version - 1 or None)
            )
    return found
