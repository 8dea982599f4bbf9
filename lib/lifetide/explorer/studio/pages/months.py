"""What customers did in the newest whole month and quarter, as published for everyone and for a saved audience."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from lifetide.explorer.flow_facts import METRICS_READ, StageMetrics, whole_before, whole_quarter_before
from lifetide.explorer.markup import Markup
from lifetide.explorer.sections.audience_months import audience_months
from lifetide.explorer.sections.furniture import card, empty, section

if TYPE_CHECKING:
    from lifetide.storage.snapshots import Published

NOTHING = "They come with the first whole month of customers that a build publishes."
UNSAVED = "An audience is told of here once it is saved and a build has evaluated it."


def months_on(tables: Published, as_of: date, key: str) -> list[StageMetrics]:
    """Whole months and quarters of everyone and of the audience, oldest first; none of an earlier release."""
    if not tables.has("stage_metrics") or not set(METRICS_READ) <= set(tables.rows("stage_metrics").schema.names):
        return []
    of_both = pc.field("audience_key").is_null() | (pc.field("audience_key") == key)
    found = tables.read("stage_metrics", list(METRICS_READ), of_both & pc.field("stage").is_null()).to_pylist()
    made = [StageMetrics(*(row[name] for name in METRICS_READ)) for row in found]
    ends = {"month": whole_before(as_of), "quarter": whole_quarter_before(as_of)}
    return sorted((one for one in made if one.start < ends[one.period]), key=lambda one: one.start)


def achieved(found: Sequence[StageMetrics], key: str, name: str, currency: str) -> Markup:
    """A card for the saved audience, where it has one, and one for everyone."""
    heading = "What they did"
    lead = "Of the newest whole month and quarter, as published: shares of those who began it, orders by its buyers."
    everyone = audience_months("everyone", None, found, currency)
    if everyone is None:
        return section("achieved", heading, lead, card(empty("No whole month yet", NOTHING)))
    mine = audience_months(name, key, found, currency) if key else None
    if mine is not None:
        return section("achieved", heading, lead, card(mine, heading=name))
    return section("achieved", heading, lead, card(everyone, heading="Everyone", note=UNSAVED))
