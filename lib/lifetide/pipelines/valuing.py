"""What customers will order and be worth: models fitted on a fit or the first build, and scored on every build.

Spark compresses customers to histories; the driver fits and scores these, never customers, and the answers are joined
back. A later build reads the stored models (trees of the trained scorer included) and so repeats itself: nothing of
its numbers depends on when or how the events arrived (DESIGN, law 3). Full and daily builds share this code.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lifetide.learners import learned, one_thread
from lifetide.ltv.choosing import Choice, Lesson, choose, fit_candidates
from lifetide.ltv.compressing import EPOCH, compressed, history_of, orders_after, sampled, valued, with_history
from lifetide.ltv.compressing import lessons as lessons_at
from lifetide.ltv.cutoffs import Cut, every_cut, lessons_until, origins_until
from lifetide.ltv.histories import Histories
from lifetide.ltv.lessons import histories_in, lesson_of, values_in
from lifetide.ltv.order_model import OrderModel
from lifetide.ltv.pooled import is_tiny, pooled_orders
from lifetide.ltv.proving import proven, tracked_days
from lifetide.ltv.scoring import scores
from lifetide.ltv.values import fit_values
from lifetide.ltv.worth import LIMITS, SCORED, with_worth
from lifetide.pipelines.base import Base
from lifetide.pipelines.models import Models, chosen_models, model_rows
from lifetide.pipelines.publishing import Candidate, Run
from lifetide.storage import columns, few_columns, given_columns, given_rows, rows
from lifetide.tables import LTV_MODELS
from lifetide.vocabulary import ParameterScope

HORIZON_DAYS = 365
MOST_VALUES = 1_000_000
MOST_HISTORIES = 300_000
CELLS = (1, 7, 30)
"""Days: where exact histories are more than that many, those of weekly cells are taken, else of monthly ones."""
MOST_TAUGHT = 50_000
"""Customers whose past teaches the trained scorer and chooses among the models; of more, a share by hash."""
MOST_LESSONS = 5_000_000
TYPES = "frequency int, recency_days int, tenure_days int, log_gap_sum double, " + ", ".join(
    f"{name} double" for name in (*SCORED, *LIMITS)
)


def models_for(run: Run, base: Base, as_of: date, parameters_as_of: date | None) -> Models | None:
    """The stored models of the day of the parameters, else the newest; where there are none, fitted and offered.

    None where nobody has bought yet.
    """
    known = chosen_models(run.store, as_of, parameters_as_of)
    if known is not None:
        return known
    return fit_models(run, base, as_of, ParameterScope.SHOP if run.is_current is not False else ParameterScope.PAST)


def fit_models(run: Run, base: Base, as_of: date, scope: ParameterScope) -> Models | None:
    """Chooses by rolling origins, fits on everything known, and offers the rows of ltv_models."""
    first = base.first_order_date
    if first is None:
        run.outcome.notes.append("no model of orders to come: nobody has bought yet")
        return None
    with run.step("models") as counted, one_thread():
        today = histories_in(_histories(base.state, as_of)[1])
        taught = columns(valued(base.state), at_most=MOST_VALUES) if base.known.money else {"days": ()}
        values = fit_values(values_in(taught), today) if len(taught["days"]) else None
        fitted, choice, proof = _fitted(base, today, first, as_of)
        given = model_rows(fitted, choice, values, proof, scope, as_of)
        counted.append(len(given))
    staged = run.aside(LTV_MODELS.name, given_rows(run.context.session, LTV_MODELS, given))
    run.offer(Candidate(LTV_MODELS, staged.rows, staged.count, "append"))
    run.outcome.notes.append(_said(choice, fitted[choice.name]))
    return Models(fitted[choice.name], values, choice.drift)


def with_value(run: Run, base: Base, models: Models | None, as_of: date) -> DataFrame:
    """customer_state with the columns of worth (ltv.worth); without a model as it is."""
    if models is None:
        return base.state
    with run.step("values to come") as counted, one_thread():
        days, found = _histories(base.state, as_of)
        values = models.values if base.known.money else None
        answers = {**found, **scores(found, models.orders, values, models.drift)}
        counted.append(len(found["frequency"]))
    scored = given_columns(run.context.session, answers, TYPES)
    near = F.broadcast(scored) if len(found["frequency"]) <= MOST_HISTORIES else scored
    return with_worth(base.state, near, history_of(as_of, days), values, run.context.settings.policy.worth)


def _histories(state: DataFrame, as_of: date) -> tuple[int, dict[str, Any]]:
    """The columns of the histories, and the days of the cells that they were told in."""
    for days in CELLS:
        found = few_columns(compressed(with_history(state, as_of, days)), at_most=MOST_HISTORIES)
        if found is not None:
            return days, found
    return CELLS[-1], columns(compressed(with_history(state, as_of, CELLS[-1])), at_most=100 * MOST_HISTORIES)


def _fitted(
    base: Base, today: Histories, first: date, as_of: date
) -> tuple[Mapping[str, OrderModel], Choice, str | None]:
    """Every candidate fitted on today, which one is chosen, and how it did at the newest origin."""
    if is_tiny(today):
        return {"pooled": pooled_orders(today)}, Choice("pooled"), None
    start, end = ((day - EPOCH).days for day in (first, as_of))
    cuts = every_cut(start, end, HORIZON_DAYS)
    taught = _lessons(base, cuts, int(today.size)) if cuts else {}
    kept = [
        cut for cut in origins_until(start, end, HORIZON_DAYS) if cut in taught and not is_tiny(taught[cut].known)
    ]
    origins = [(taught[cut], _known(taught, lessons_until(start, cut.day, HORIZON_DAYS))) for cut in kept]
    choice = choose(origins, learned)
    fitted = fit_candidates(today, _known(taught, lessons_until(start, end, HORIZON_DAYS)), learned).models
    proof = None
    if choice.newest is not None:
        cut = kept[0]
        cutoff = EPOCH + timedelta(days=cut.day)
        proof = proven(choice.newest, origins[0][0], str(cutoff), _seen(base, cut, int(today.size))).told()
    return fitted, choice, proof


def _known(taught: Mapping[Cut, Lesson], cuts: list[Cut]) -> list[Lesson]:
    """The lessons of those cuts by which somebody had bought."""
    return [taught[cut] for cut in cuts if cut in taught]


def _lessons(base: Base, cuts: list[Cut], customers: int) -> dict[Cut, Lesson]:
    """What was known at each cut, and what followed; none of a cut that nobody had bought by."""
    told = columns(lessons_at(base.purchases, cuts, MOST_TAUGHT, customers), at_most=MOST_LESSONS)
    return {cut: lesson_of(told, place, cut.days) for place, cut in enumerate(cuts) if place in told["cut"]}


def _seen(base: Base, cut: Cut, customers: int) -> dict[int, float]:
    """Orders up to each tracked day after the cut, of the customers who taught."""
    days = tracked_days(cut.days)
    later = orders_after(sampled(base.purchases, MOST_TAUGHT, customers), cut, days)
    times = {row["place"]: row["times"] for row in rows(later, at_most=len(days))}
    so_far, found = 0, {}
    for place, day in enumerate(days):
        so_far += times.get(place, 0)
        found[day] = float(so_far)
    return found


def _said(choice: Choice, chosen: OrderModel) -> str:
    """Which model, and what decided."""
    if choice.horizon_days is None:
        why = "; ".join(chosen.fit.notes) or "the log is too short to hold anything out"
        return f"orders to come by {choice.name}: {why}"
    deviance = choice.deviances[choice.name]
    return (
        f"orders to come by {choice.name}: deviance {deviance:.4f} over {choice.origins} earlier cut-offs, "
        f"{choice.horizon_days} days ahead; what lies beyond is extrapolated"
    )
