"""Static audiences: from the day after the first of their version, their members are those of the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from pyspark.sql import functions as F

from lifetide.audiences import Audience, Group, rule_hash
from lifetide.audiences.timeframes import Timeframe
from lifetide.audiences.tree import InAudience, Include, Membership
from lifetide.audiences.words import MembershipType, Operator, TimeMode
from lifetide.pipelines.calendar import calendar
from lifetide.storage import Store, rows
from lifetide.tables import AUDIENCE_DEFINITIONS

MOST_VERSIONS = 100_000


def with_frozen(store: Store, audiences: Mapping[str, Audience], as_of: date) -> dict[str, Audience]:
    """The audiences; a static one that was evaluated before as_of asks for the members of then and nothing else."""
    static = {name: one for name, one in audiences.items() if one.membership.type is MembershipType.STATIC}
    if not static:
        return dict(audiences)
    versions = _versions(store, static)
    begun = _begun(store, as_of) if versions else set()
    frozen = {
        name: _those_of(audiences[name], reference, as_of)
        for name, reference in versions.items()
        if reference in begun
    }
    return {**audiences, **frozen}


def _versions(store: Store, static: Mapping[str, Audience]) -> dict[str, str]:
    """key@version by name, of those that are published as they stand."""
    keys = sorted({one.key for one in static.values()})
    known = store.read(AUDIENCE_DEFINITIONS).where(F.col("audience_key").isin(keys))
    found = rows(known.select("audience_key", "version", "rule_hash"), at_most=MOST_VERSIONS)
    newest = {
        (row["audience_key"], row["rule_hash"]): row["version"] for row in sorted(found, key=lambda row: row[1])
    }
    versions: dict[str, str] = {}
    for name, one in static.items():
        version = newest.get((one.key, rule_hash(one)))
        if "@" in name:
            versions[name] = name
        elif version is not None:
            versions[name] = f"{one.key}@{version}"
    return versions


def _begun(store: Store, as_of: date) -> set[str]:
    """The versions, as key@version, that were evaluated before as_of."""
    return {f"{key}@{version}" for (key, version), first in calendar(store).firsts.items() if first < as_of}


def _those_of(audience: Audience, reference: str, as_of: date) -> Audience:
    """Whoever is in the version on as_of by the ledger, whatever the rule says by now."""
    then = Timeframe(TimeMode.BETWEEN, first=as_of, last=as_of)
    rule = Group((InAudience(Operator.WAS_IN, (reference,), then),))
    return replace(audience, rule=rule, include=Include(anonymous=True), membership=Membership())
