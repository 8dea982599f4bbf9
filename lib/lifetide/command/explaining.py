"""An explanation in a person's words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lifetide.command.worth_words import worth_lines
from lifetide.lifecycle.stages import stage_limits_of
from lifetide.pipelines.explain import Explanation
from lifetide.pipelines.history import History
from lifetide.pipelines.snapshots import is_during
from lifetide.vocabulary import LifecycleReason as Reason

NAMES = {
    "prospect": "Prospect", "just_ordered": "Just Ordered", "active": "Active", "slipping_away": "Slipping Away",
    "lost": "Lost",
}  # fmt: skip


def explanation_text(found: Explanation, currency: str) -> str:
    """The profile part: rhythm, lifecycle group, RFM segment, worth, spells."""
    p = found.profile
    lines = [
        f"Customer {p['customer_id']} on {p['as_of']} (parameters learned on {p['parameters_as_of']})",
        "",
    ]
    lines += [f"{NAMES[p['lifecycle_group']]}: {_why(p)}", ""]
    if p["order_count"]:
        lines += [*_orders(p, currency), "", *_rhythm(found), ""]
        worth = worth_lines(found, currency)
        lines += [*worth, ""] if worth else []
    lines += _stage(found) + _segment(found) + _spells(found)
    return "\n".join(lines)


def _why(p: dict[str, Any]) -> str:
    silence = _counted(p["days_since_last_order"] or 0)
    said: dict[str, Callable[[], str]] = {
        Reason.NO_NET_ORDER: lambda: "no order stands; nothing was bought, or all of it was given back.",
        Reason.SILENT_TOO_LONG: lambda: (
            f"silent for {silence}, more than the {p['lost_after_days']} days after which "
            "customers with this rhythm hardly ever return."
        ),
        Reason.OVERDUE: lambda: (
            f"silent for {silence}; with a normal interval of "
            f"{_days(p['baseline_interval_days'])} the next order was due by day {p['slip_after_days']}."
        ),
        Reason.BUYS_LESS_OFTEN: lambda: (
            f"buys less often than before: {_rate(p['recent_rate'])} lately, {_rate(p['earlier_rate'])} earlier."
        ),
        Reason.RECENT_ORDER: lambda: (
            f"ordered {silence} ago; up to {p['just_ordered_until_days']} days it is too soon to tell."
        ),
        Reason.ON_RHYTHM: lambda: (
            f"silent for {silence}, within the {p['slip_after_days']} days that are normal for this customer."
        ),
    }
    return said[p["lifecycle_reason"]]()


def _orders(p: dict[str, Any], currency: str) -> list[str]:
    return [
        f"  Orders            {p['order_count']} on {p['order_day_count']} days, {p['first_order_date']} to "
        f"{p['last_order_date']}",
        f"  Net revenue       {p['ltv_historic']:,} {currency}; {p['average_order_value']:,} per order; "
        f"{p['annual_orders']} orders and {p['annual_revenue']:,} in the last 365 days",
    ]


def _rhythm(found: Explanation) -> list[str]:
    p, learned = found.profile, found.parameters
    own = "none yet" if p["own_interval_days"] is None else _days(p["own_interval_days"])
    return [
        f"  Own interval      {own}, from {p['frequency']} gaps ({p['regularity']})",
        f"  Group interval    {_days(p['group_interval_days'])} ({p['group_key']})",
        f"  Baseline          {_days(p['baseline_interval_days'])} ({p['baseline_source']}); now "
        f"{p['overdue_ratio']:.2f} times it; next order expected {p['expected_next_order_date']}",
        f"  Limits            just ordered to day {p['just_ordered_until_days']}, slipping after day "
        f"{p['slip_after_days']} (cut {learned['cut75']:.4f}), lost after day {p['lost_after_days']} "
        f"(cut {learned['cut95']:.4f})",
    ]


def _stage(found: Explanation) -> list[str]:
    p, limits = found.profile, stage_limits_of(found.parameters)
    if p["customer_stage"] is None or limits is None:
        return []
    at_risk, drop_off = limits.of(p["main_category"])
    silences = f"at risk from {at_risk} days of silence, dropped off from {drop_off}"
    said = f"{silences}, loyal from {limits.loyal_orders} orders"
    return [f"  Customer stage    {p['customer_stage']} ({p['stage_reason']}); {said}"]


def _segment(found: Explanation) -> list[str]:
    p = found.profile
    if p["rfm_recency"] is None:
        return [f"  RFM segment       {p['rfm_segment']} ({p['rfm_reason']}), stage {p['rfm_stage']}"]

    def cuts(measure: str) -> str:
        values = [found.parameters.get(f"rfm_{measure}_cut_{place}") for place in range(1, 5)]
        return " ".join(f"{value:,.10g}" for value in values if value is not None)

    silence = _counted(p["days_since_last_order"])
    return [
        f"  RFM segment       {p['rfm_segment']} ({p['rfm_reason']}), stage {p['rfm_stage']}",
        f"    recency         {p['rfm_recency']} of 5: {silence}, cuts {cuts('recency')}",
        f"    frequency       {p['rfm_frequency']} of 5: {p['order_count']} orders, cuts {cuts('frequency')}",
        f"    monetary        {p['rfm_monetary']} of 5: {p['ltv_historic']:,}, cuts {cuts('monetary')}",
    ]


def _spells(found: Explanation) -> list[str]:
    if not found.spells:
        return []
    as_of = found.profile["as_of"]
    lines = ["", "  Spells (as known today)"]
    for spell in found.spells:
        mark = " <- then" if is_during(spell, as_of) else ""
        ahead = " (if nothing is bought)" if spell["valid_from"] > as_of else ""
        lines.append(f"{_spell(spell)}{ahead}{mark}")
    return lines


def history_text(found: History) -> str:
    """Each snapshot with the group that was reported and the one of today's knowledge; then the spells."""
    lines = [f"Customer {found.customer_id}, as reported in {len(found.reported)} snapshots", ""]
    if found.reported:
        head = f"  {'as of':<12}{'reported':<16}{'restated':<16}{'segment':<20}{'orders':>7}"
        lines.append(f"{head}{'net revenue':>15}  published")
    for one in found.reported:
        restated = one["restated_group"] or "-"
        mark = " *" if restated not in ("-", one["lifecycle_group"]) else ""
        revenue = "unknown" if one["ltv_historic"] is None else f"{one['ltv_historic']:,}"
        published = "" if one["published_at"] is None else f"{one['published_at']:%Y-%m-%d %H:%M}"
        lines.append(
            f"  {one['as_of']!s:<12}{one['lifecycle_group']:<16}{restated + mark:<16}{one['rfm_segment']:<20}"
            f"{one['order_count']:>7,}{revenue:>15}  {published}"
        )
    if any(one["restated_group"] not in (None, one["lifecycle_group"]) for one in found.reported):
        lines += ["", "  * events that came later, or other parameters, tell that day differently"]
    if found.spells:
        lines += ["", "  Spells (as known today)"]
        lines += [_spell(spell) for spell in found.spells]
    return "\n".join(lines)


def _spell(spell: dict[str, Any]) -> str:
    end = str(spell["valid_to"] or "open end")
    return f"    {spell['valid_from']} to {end:<10}  {spell['lifecycle_group']} ({spell['reason']})"


def _days(value: float) -> str:
    return f"{value:.1f} days"


def _rate(value: float) -> str:
    return f"{value:.1f} purchase days a month"


def _counted(days: int) -> str:
    return "1 day" if days == 1 else f"{days:,} days"
