"""Small tables beside the profiles, at the versions of the snapshot: what was learned, foretold, grew and moved."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from lifetide.explorer.facts import RHYTHM_NAMES, GrowthDay, Learned, learned_by_name
from lifetide.explorer.flow_facts import KINDS, ZERO, Flow, whole_before
from lifetide.explorer.growth_facts import GROWTH_COLUMNS, growth_day
from lifetide.ltv.in_use import in_use
from lifetide.ltv.proof import Proof, proof_from

if TYPE_CHECKING:
    from lifetide.storage.snapshots import Published


def learned_on(tables: Published, day: date | None) -> dict[str, float]:
    """All learned values of a day by name; those of the shop before those of a past build."""
    return {name: one.value for name, one in _learned(tables, day).items()}


def rhythm_on(tables: Published, day: date | None) -> dict[str, Learned]:
    """The values of the rhythm, with their intervals."""
    return {name: one for name, one in _learned(tables, day).items() if name in RHYTHM_NAMES}


def _learned(tables: Published, day: date | None) -> dict[str, Learned]:
    if day is None:
        return {}
    columns = ["name", "scope", "value", "lower", "upper", "method", "sample_count", "is_pinned"]
    found = tables.read("learned_parameters", columns, pc.field("as_of") == day).to_pylist()
    return learned_by_name(found)


def proof_on(tables: Published, as_of: date, parameters_as_of: date | None) -> Proof | None:
    """What the model behind the predictions foretold of days that were held out; None where nothing could be."""
    fits = tables.read("ltv_models", ["as_of", "scope"]).to_pylist()
    chosen = in_use(((row["as_of"], row["scope"]) for row in fits), as_of, parameters_as_of)
    if chosen is None:
        return None
    day, scope = chosen
    of_fit = (pc.field("as_of") == day) & (pc.field("scope") == str(scope)) & pc.field("proof").is_valid()
    told = tables.read("ltv_models", ["proof"], of_fit).column("proof").to_pylist()
    return proof_from(told[0]) if told else None


def growth_of_everyone(tables: Published, as_of: date) -> tuple[GrowthDay, ...]:
    """`base_growth` of everyone up to as_of; empty where it is not published."""
    is_everyone = pc.field("audience_key").is_null() & (pc.field("date") <= as_of)
    found = tables.read(
        "base_growth", list(GROWTH_COLUMNS), is_everyone if tables.has("base_growth") else None
    ).to_pylist()
    return tuple(growth_day(row) for row in sorted(found, key=lambda row: row["date"]))


def flows_of_everyone(tables: Published, as_of: date) -> tuple[Flow, ...]:
    """`transitions` of lifecycle groups and customer stages in the twelve months that were whole by as_of."""
    end = whole_before(as_of)
    start = date(end.year - 1, end.month, 1)
    columns = ["period_start", "kind", "from_value", "to_value", "customer_count", "share", "net_revenue",
               "annual_revenue", "expected_days"]  # fmt: skip
    is_shown = (
        pc.field("kind").isin([str(kind) for kind in KINDS])
        & (pc.field("period_start") >= start)
        & (pc.field("period_start") < end)
    )
    found = tables.read("transitions", columns, is_shown if tables.has("transitions") else None).to_pylist()
    found.sort(key=lambda row: (row["period_start"], row["kind"], row["from_value"] or "", row["to_value"]))
    return tuple(
        Flow(row["period_start"], row["kind"], row["from_value"], row["to_value"], row["customer_count"],
             row["share"], row["net_revenue"] or ZERO, row["annual_revenue"] or ZERO, row["expected_days"])
        for row in found
    )  # fmt: skip
