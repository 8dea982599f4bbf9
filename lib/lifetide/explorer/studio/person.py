"""One customer by id: profile, spells, days of orders, audiences; from the pinned tables, without Spark."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lifetide.explorer.studio.profiles import Profiles
from lifetide.explorer.studio.small_tables import learned_on

if TYPE_CHECKING:
    from lifetide.storage.snapshots import Published

MOST_SPELLS, MOST_DAYS, MOST_LINKS, MOST_AUDIENCES, MOST_OFFERED = 10_000, 20_000, 100, 1_000, 8
SHOWN_DAYS = ("local_date", "order_count", "order_value", "net_revenue", "refunded_amount")


@dataclass(frozen=True)
class Person:
    """A customer and what is published of them up to as_of."""

    profile: dict[str, Any]
    learned: dict[str, float]
    spells: list[dict[str, Any]]
    days: list[dict[str, Any]]
    audiences: list[dict[str, Any]]
    """Stretches of membership that hold on as_of, each with the audience's name."""


def offered(profiles: Profiles, begins: str) -> list[str]:
    """A few ids that begin so, in their order."""
    ids = profiles.read("customer_id").cast(pa.string())
    found = pc.filter(ids, pc.starts_with(ids, begins))
    places = pc.select_k_unstable(found, k=min(MOST_OFFERED, len(found)), sort_keys=[("", "ascending")])
    return [str(one) for one in found.take(places).to_pylist()]


def person(profiles: Profiles, customer_id: str) -> Person | None:
    """The customer; None where nobody has that id in the snapshot."""
    place = pc.index(profiles.read("customer_id").cast(pa.string()), customer_id).as_py()
    if place < 0:
        return None
    tables = profiles.tables
    if tables is None:
        (row,) = profiles.rows(np.array([place])).to_pylist()
        return Person(row, {}, [], [], [])
    snapshots = tables.of_customer("customer_profiles", "customer_id", [customer_id], most=MOST_SPELLS)
    profile = next(one for one in snapshots if one["as_of"] == profiles.as_of)
    spells = tables.of_customer("lifecycle_spells", "customer_id", [customer_id], most=MOST_SPELLS)
    links = tables.of_customer("identities", "customer_id", [customer_id], most=MOST_LINKS)
    sources = sorted({customer_id, *(str(one["source_id"]) for one in links)})
    days = tables.of_customer("customer_days", "source_id", sources, most=MOST_DAYS)
    days = [one for one in days if one["source_id"] == customer_id or _is_theirs(one, links)]
    members = tables.of_customer("audience_members", "customer_id", [customer_id], most=MOST_AUDIENCES)
    return Person(
        profile, learned_on(tables, profile["parameters_as_of"]),
        sorted(spells, key=lambda one: one["valid_from"]), _by_day(days, profiles.as_of),
        sorted(_named(tables, [one for one in members if _is_in(one, profiles.as_of)]), key=_since),
    )  # fmt: skip


def _named(tables: Published, members: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The stretches with the name that each audience had in its version."""
    told = tables.read("audience_definitions", ["audience_key", "version", "name"]).to_pylist()
    names = {(one["audience_key"], one["version"]): one["name"] for one in told}
    return [one | {"name": names.get((one["audience_key"], one["version"]), one["audience_key"])} for one in members]


def _since(stretch: dict[str, Any]) -> tuple[date, str]:
    return stretch["valid_from"], stretch["name"]


def _by_day(days: list[dict[str, Any]], as_of: date) -> list[dict[str, Any]]:
    """One entry per day with orders or money up to as_of; days of several source ids are added up."""
    found: dict[date, dict[str, Any]] = {}
    for one in days:
        when = one["local_date"]
        if when > as_of or not (one["order_count"] or one["net_revenue"]):
            continue
        so_far = found.setdefault(when, {"local_date": when})
        for name in SHOWN_DAYS[1:]:
            if one[name] is not None:
                so_far[name] = so_far.get(name, 0) + one[name]
    return [{name: found[when].get(name) for name in SHOWN_DAYS} for when in sorted(found)]


def _is_theirs(day: dict[str, Any], links: list[dict[str, Any]]) -> bool:
    """True where an id that was linked to the customer was so on that day."""
    when = day["local_date"]
    return any(
        one["source_id"] == day["source_id"]
        and (one["valid_from"] is None or one["valid_from"].date() <= when)
        and (one["valid_to"] is None or when < one["valid_to"].date())
        for one in links
    )


def _is_in(stretch: dict[str, Any], day: date) -> bool:
    is_believed = stretch["recorded_to"] is None
    return bool(
        is_believed and stretch["valid_from"] <= day and (stretch["valid_to"] is None or day < stretch["valid_to"])
    )
