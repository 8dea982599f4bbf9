"""`lifetide explain CUSTOMER --audience KEY`: one customer held against one audience, with the evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pyspark.sql import DataFrame, Row
from pyspark.sql import functions as F

from lifetide.audiences import Audience
from lifetide.audiences.figures import INTERESTS, STRETCHES, all_figures
from lifetide.audiences.judging import Verdict, judged
from lifetide.audiences.people import Element, Person, Stretch, World
from lifetide.audiences.together import needed
from lifetide.errors import LifetideError, NotFound
from lifetide.pipelines.audiences import lines_on, snapshot_on, with_pinned
from lifetide.pipelines.context import Context
from lifetide.pipelines.frozen import with_frozen
from lifetide.pipelines.happened import elements_on
from lifetide.storage import rows

MOST_ELEMENTS = 100_000


@dataclass(frozen=True)
class Told:
    """The verdict on a customer and what it speaks of."""

    customer_id: str
    as_of: date
    audience: Audience
    verdict: Verdict


def explained(
    context: Context, *, customer_id: str, key: str, audiences: Mapping[str, Audience], as_of: date | None
) -> Told:
    """The verdict of plain Python. Raises NotFound for an audience or a customer that is not there."""
    day, profiles = snapshot_on(context, as_of)
    if key not in audiences and "@" not in key:
        raise NotFound(f"There is no audience {key}. Audiences: {', '.join(audiences) or 'none'}.")
    every = with_pinned(context.store, dict(audiences), also=(key,))
    used = with_frozen(context.store, needed([key], every), day)
    found = rows(profiles.where(F.col("customer_id") == customer_id), at_most=1)
    if not found:
        raise NotFound(
            f"No customer {customer_id} in the snapshot of {day}: check the id, upper and lower case count."
        )
    elements = elements_on(context, all_figures(used.values(), day), day)
    person = _person(found[0], None if elements is None else _theirs(elements, customer_id))
    world = World(day, used, lines_on(profiles, used.values()))
    return Told(customer_id, day, used[key], judged(used[key], person, world))


def _theirs(elements: DataFrame, customer_id: str) -> list[Row]:
    mine = elements.where(F.col("customer_id") == customer_id)
    try:
        return rows(mine, at_most=MOST_ELEMENTS)
    except LifetideError:
        raise LifetideError(
            f"This customer has more than {MOST_ELEMENTS:,} orders, items, visits and events in the time that the "
            "rule looks at: too many to list. The membership itself is in `lifetide audiences run`."
        ) from None


def _person(profile: Row, elements: list[Row] | None) -> Person:
    kinds: dict[str, list[Element]] = {}
    stretches, interests = [], {}
    for row in elements or []:
        if row["kind"] == STRETCHES:
            stretches.append(Stretch(row["audience_key"], row["version"], row["valid_from"], row["valid_to"]))
        elif row["kind"] == INTERESTS:
            interests[row["category"]] = row["score"]
        else:
            element = Element(row["local_date"], row["at"], row.asDict())
            kinds.setdefault(row["kind"], []).append(element)
    return Person(profile.asDict(), kinds, stretches, interests)
