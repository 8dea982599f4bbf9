"""A past day told with today's knowledge: profiles and memberships of some people, or of everyone, on that day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lifetide import flow
from lifetide.audiences import Audience
from lifetide.audiences.elements import Happened
from lifetide.audiences.figures import all_figures
from lifetide.audiences.memberships import memberships
from lifetide.audiences.ranks import ranks_of
from lifetide.audiences.together import needed
from lifetide.errors import NotFound
from lifetide.pipelines.audiences import lines_on, with_pinned
from lifetide.pipelines.base import base_of_all
from lifetide.pipelines.frozen import with_frozen
from lifetide.pipelines.going_on import known_by_last_build
from lifetide.pipelines.happened import elements_of
from lifetide.pipelines.models import chosen_models
from lifetide.pipelines.news import News
from lifetide.pipelines.parameters import Parameters, chosen_parameters, values_of
from lifetide.pipelines.publishing import Run
from lifetide.pipelines.valuing import with_value
from lifetide.storage import rows
from lifetide.tables import CUSTOMER_PROFILES, EVENTS, LEARNED_PARAMETERS
from lifetide.tables.model import MONEY
from lifetide.vocabulary import ParameterScope

_OF_EVERYONE = "acquisition_cost"
"""The column that depends on all customers: of some people it is taken from the newest snapshot."""


def past_day(run: Run, day: date, audiences: Mapping[str, Audience], news: News | None, newest: date) -> DataFrame:
    """Memberships (`in <name>`) on `day` by today's knowledge, of the people of the news; None = of everyone.

    A line (topPercent, topN) of some people's day is the one of the day's snapshot, as it was reported, or where
    there is none the newest one's.
    """
    context, store = run.context, run.store
    events = store.read(EVENTS).where(F.col("event_date") <= F.lit(day))
    if news is not None:
        events = run.aside("their_events", events.join(news.ids, "source_id", "left_semi")).rows
    known = known_by_last_build(run)
    base = base_of_all(run, events, day, publish=False, known=known)
    parameters = _parameters(run, day)
    snapshot = store.read(CUSTOMER_PROFILES).where(F.col("as_of") == F.lit(newest))
    shop = base.shop if news is None else replace(base.shop, acquisition_costs=None)
    valued = with_value(run, base, chosen_models(store, day, parameters.as_of), day)
    profiles = flow.customer_profiles(
        valued, parameters.values, context.settings.policy, as_of=day, parameters_as_of=parameters.as_of,
        known=known, shop=shop, people_=flow.people(base.shop, base.links, day),
    )  # fmt: skip
    if news is not None:
        theirs = snapshot.select("customer_id", _OF_EVERYONE)
        profiles = profiles.join(news.people, "customer_id", "left_semi").drop(_OF_EVERYONE)
        less_cost = (F.col("ltv_total") - F.col(_OF_EVERYONE)).cast(MONEY)
        profiles = profiles.join(theirs, "customer_id", "left").withColumn("ltv_net_of_acquisition", less_cost)
        profiles = profiles.select(*CUSTOMER_PROFILES.column_names)
    profiles = run.aside("their_profiles", profiles).rows
    used = with_frozen(store, needed(audiences, with_pinned(store, audiences)), day)
    figures = all_figures(used.values(), day)
    happened = Happened(base.orders, base.lines, base.days, events)
    elements = elements_of(context, happened, figures, day, base.shop)
    is_reported = news is not None and ranks_of(used.values())
    lines = lines_on(_reported(run, day, snapshot) if is_reported else profiles, used.values())
    return memberships(used, profiles, elements, lines, day)


def _reported(run: Run, day: date, newest: DataFrame) -> DataFrame:
    """The snapshot of the day, else the newest one."""
    snapshot = run.store.read(CUSTOMER_PROFILES).where(F.col("as_of") == F.lit(day))
    return snapshot if rows(snapshot.select("as_of").limit(1), at_most=1) else newest


def _parameters(run: Run, day: date) -> Parameters:
    """Those that a build of the day would use; before the first of them, the first."""
    found = chosen_parameters(run.store, day, None)
    if found is not None:
        return found
    of_shop = run.store.read(LEARNED_PARAMETERS).where(F.col("scope") == str(ParameterScope.SHOP))
    first = rows(of_shop.agg(F.min("as_of")), at_most=1)[0][0]
    if first is None:
        raise NotFound("Nothing was learned yet: run `lifetide build` first.")
    return Parameters(values_of(of_shop.where(F.col("as_of") == F.lit(first))), first, ParameterScope.SHOP)
