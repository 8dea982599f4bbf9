"""What a customer is worth, and why, in a person's words."""

from __future__ import annotations

import json
from typing import Any

from lifetide.explorer.figures import counted, percent
from lifetide.explorer.names import MODEL_NAMES
from lifetide.ltv.classes import FREQUENT_FROM, HIGH_ABOVE, MEDIUM_ABOVE, OFTEN_ABOVE, SELDOM_UP_TO, VIP_ABOVE
from lifetide.pipelines.explain import Explanation
from lifetide.pipelines.models import VALUES


def worth_lines(found: Explanation, currency: str) -> list[str]:
    """Orders and money to come with their reasons; nothing where no model knows the customer."""
    p = found.profile
    if p["expected_orders_365d"] is None:
        return []
    chances = ("p_order_30d", "p_order_90d", "p_order_365d", "p_alive")
    month, quarter, year, alive = (percent(p[name], 1) for name in chances)
    lines = [
        f"  Chance of order   {month} within 30 days, {quarter} within 90, {year} within 365; "
        f"{alive} that this is still a customer",
        f"  Orders to come    {p['expected_orders_365d']:.2f} purchase days expected within 365 days, from "
        f"{counted(p['frequency'], 'repeat purchase day')} in {counted(p['tenure_days'], 'day')}",
    ]
    if p["ltv_predicted_365d"] is not None:
        lines += _money(found, currency)
    return [*lines, *_classes(found, currency), *_models(found)]


def _money(found: Explanation, currency: str) -> list[str]:
    p = found.profile
    lines = [
        f"  Value to come     {p['ltv_predicted_365d']:,} {currency} = {p['expected_orders_365d']:.2f} orders of "
        f"{p['expected_order_value']:,}; of 100 such customers 90 bring "
        f"{p['ltv_predicted_365d_lower']:,} to {p['ltv_predicted_365d_upper']:,}",
        f"  Lifetime value    {p['ltv_total']:,} {currency} = {p['ltv_historic']:,} so far and "
        f"{p['ltv_predicted_365d']:,} to come{_margin(p)}{_cost(p)}",
    ]
    for model in found.models:
        if model["model"] == VALUES:
            of = json.loads(model["parameters"])
            mean = of["p"] * of["gamma"] / (of["q"] - 1)
            lines.append(
                f"    value of one    {p['average_order_value']:,} per order so far, drawn towards the shop's "
                f"{mean:,.2f} the less it has shown (Gamma-Gamma: p {of['p']:.3f}, q {of['q']:.3f}, "
                f"γ {of['gamma']:,.2f})"
            )
    return lines


def _margin(p: dict[str, Any]) -> str:
    return "" if p["ltv_total_margin"] is None else f"; margin {p['ltv_total_margin']:,}"


def _cost(p: dict[str, Any]) -> str:
    if p["ltv_net_of_acquisition"] is None:
        return ""
    return f"; {p['ltv_net_of_acquisition']:,} after {p['acquisition_cost']:,} for winning this customer"


def _classes(found: Explanation, currency: str) -> list[str]:
    p, limits = found.profile, found.parameters
    lines = []
    if p["importance"] is not None:
        lines.append(
            f"  Importance        {p['importance']}; by lifetime value vip above {limits[VIP_ABOVE]:,.2f}, high "
            f"above {limits[HIGH_ABOVE]:,.2f}, medium above {limits[MEDIUM_ABOVE]:,.2f} {currency}"
        )
    if p["loyalty"] is not None:
        many = f"; frequent from {limits[FREQUENT_FROM]:g} orders" if FREQUENT_FROM in limits else ""
        lines.append(f"  Loyalty           {p['loyalty']}{many}")
    if p["buying_frequency"] is not None:
        thirds = ""
        if OFTEN_ABOVE in limits:
            rate = 365 / p["baseline_interval_days"]
            thirds = (
                f"; {rate:.1f} orders a year at the baseline, low up to {limits[SELDOM_UP_TO]:.1f}, "
                f"high above {limits[OFTEN_ABOVE]:.1f}"
            )
        lines.append(f"  Buying frequency  {p['buying_frequency']}{thirds}")
    return lines


def _models(found: Explanation) -> list[str]:
    """Which model said so, and how far it was tested."""
    lines = []
    for model in found.models:
        if not model["is_chosen"] or model["model"] == VALUES:
            continue
        of = json.loads(model["parameters"])
        name = MODEL_NAMES[model["model"]]
        if "members" in of:
            name += f" ({', '.join(MODEL_NAMES[member] for member in of['members'])})"
        elif all(isinstance(value, float) for value in of.values() if not isinstance(value, dict | str)):
            numbers = {key: value for key, value in of.items() if isinstance(value, float)}
            name += f" ({', '.join(f'{key} {value:.4g}' for key, value in numbers.items())})"
        tested = "not tested: the log is too short"
        if model["horizon_days"] is not None:
            tested = f"chosen by {model['horizon_days']} days that were held out; beyond them it extrapolates"
        lines.append(f"  Model             {name}, fitted on {model['as_of']}; {model['notes'] or tested}")
    return lines
