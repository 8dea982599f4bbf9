"""`lifetide backtest`: the classes of past days, from what was known then, against who came back afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lifetide import flow
from lifetide.customers.people import person_days
from lifetide.errors import NotFound, UsageError
from lifetide.metrics.returns import CLASSES, KindReturns, class_returns, kind_returns, returned_within
from lifetide.pipelines.base import Base, base_of_all
from lifetide.pipelines.build import events_until
from lifetide.pipelines.context import Context
from lifetide.pipelines.learning import best_shrinkage, learned_values
from lifetide.pipelines.publishing import Candidate, Outcome, Run
from lifetide.storage import given_rows, rows
from lifetide.tables import BACKTESTS
from lifetide.vocabulary import ClassKind

CUTOFFS = 3
HORIZON_DAYS = 90
MOST_SHARE = 0.45
"""Of the log, for the horizon: with more, too little is left to learn from."""
MOST_CLASSES = 1_000


def backtest(
    context: Context, *, as_of: date, cutoffs: Sequence[date] = (), horizon_days: int | None = None
) -> tuple[Outcome, list[KindReturns]]:
    """Proves lifecycle groups, stages and segments at rolling cut-offs before as_of, and publishes `backtests`.

    For each cut-off everything is worked out from the events up to it, thresholds included, as a past build would.
    Without `cutoffs`: up to three, a horizon apart, the last one a horizon before as_of. Raises UsageError where a
    cut-off leaves no horizon, NotFound without orders.
    """
    with Run(context, "backtest", as_of=as_of) as run:
        whole = base_of_all(run, events_until(run.store, as_of), as_of, publish=False)
        run.outcome.notes.append(shrinkage_said(run, whole))
        first = whole.first_order_date
        if first is None:
            raise NotFound(f"There is no order up to {as_of}: nobody can come back yet.")
        horizon = horizon_days or horizon_of((as_of - first).days + 1)
        looked_at = checked(cutoffs, first, as_of, horizon) if cutoffs else rolling(first, as_of, horizon)
        after = run.aside("days_to_come", whole.days.where(F.col("order_count") > 0)).rows
        found: list[KindReturns] = []
        before: dict[ClassKind, KindReturns] = {}
        for cutoff in looked_at:
            counts = _counts(run, after, cutoff, horizon)
            for kind in CLASSES:
                of_kind = [(name, n, back) for its, name, n, back in counts if its == kind]
                if of_kind:
                    before[kind] = kind_returns(kind, cutoff, horizon, of_kind, before.get(kind))
                    found.append(before[kind])
        given = [row for one in found for row in _rows(one, as_of)]
        staged = run.aside(BACKTESTS.name, given_rows(context.session, BACKTESTS, given))
        where = f"as_of = DATE'{as_of}'"
        run.offer(Candidate(BACKTESTS, staged.rows, staged.count, "replace", where=where))
        return run.publish(), found


def shrinkage_said(run: Run, base: Base) -> str:
    """κ in use, and the κ that foretells the next gap best: reported, not used, since ranking alone drives it up."""
    policy = run.context.settings.policy.lifecycle
    best = best_shrinkage(base, policy)
    return (
        f"κ: {policy.shrinkage:g} is in use; of 1 to 10, {best:g} foretells the next gap best"
        if best
        else "κ: no gap"
    )


def horizon_of(days: int) -> int:
    """90 days, or 45% of a log of so many days where that is less."""
    return max(1, min(HORIZON_DAYS, int(days * MOST_SHARE)))


def rolling(first: date, as_of: date, horizon: int) -> list[date]:
    """Up to three cut-offs, a horizon apart, oldest first; each leaves a horizon on both sides where the log can."""
    found = [as_of - timedelta(days=horizon * number) for number in range(1, CUTOFFS + 1)]
    enough = [one for one in found if (one - first).days >= horizon]
    return sorted(enough) or [found[0]]


def checked(cutoffs: Sequence[date], first: date, as_of: date, horizon: int) -> list[date]:
    """The cut-offs asked for, oldest first. Raises UsageError naming all that leave no order or no horizon."""
    problems = [f"{one}: no order came before it" for one in cutoffs if one < first]
    last = as_of - timedelta(days=horizon)
    problems += [f"{one}: returns within {horizon} days can be seen up to {last}" for one in cutoffs if one > last]
    if problems:
        raise UsageError("Choose other --cutoff dates, or a shorter --horizon: " + "; ".join(problems) + ".")
    return sorted(set(cutoffs))


def _counts(run: Run, after: DataFrame, cutoff: date, horizon: int) -> list[tuple[str, str, int, int]]:
    """Kind, class, customers, and those who returned."""
    policy = run.context.settings.policy
    base = base_of_all(run, events_until(run.store, cutoff), cutoff, publish=False)
    values = learned_values(run, base, cutoff)
    people = flow.people(base.shop, base.links, cutoff)
    profiles = flow.customer_profiles(
        base.state, values, policy, as_of=cutoff, parameters_as_of=cutoff, known=base.known, shop=base.shop,
        people_=people,
    )  # fmt: skip
    came = returned_within(person_days(after, base.links, policy.identity), cutoff, horizon)
    with run.step(f"returns after {cutoff}"):
        found = rows(class_returns(profiles, came), at_most=MOST_CLASSES)
    return [(row["kind"], row["class_value"], row["customer_count"], row["returned_count"]) for row in found]


def _rows(one: KindReturns, as_of: date) -> list[list[Any]]:
    return [
        [
            as_of,
            one.cutoff,
            one.horizon_days,
            str(one.kind),
            each.name,
            each.customers,
            each.returned,
            each.expected_rate,
            one.auc,
        ]
        for each in one.classes
    ]
