"""What `lifetide backtest` says."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from lifetide.command.desk import Desk
from lifetide.command.screen import show
from lifetide.explorer.names import KIND_NAMES
from lifetide.metrics.returns import KindReturns
from lifetide.pipelines.backtest import backtest
from lifetide.pipelines.build import newest_event_date
from lifetide.pipelines.publishing import Outcome


def prove(desk: Desk, arguments: Namespace) -> tuple[Outcome, list[KindReturns]]:
    """Runs the backtest that the words ask for."""
    as_of = arguments.as_of or newest_event_date(desk.context.store)
    return backtest(desk.context, as_of=as_of, cutoffs=arguments.cutoff or (), horizon_days=arguments.horizon)


def show_proof(found: list[KindReturns]) -> None:
    """A table for each kind and cut-off."""
    for one in found:
        show(_table(one))


def proof_json(found: list[KindReturns]) -> list[dict[str, Any]]:
    """The same for `--json`."""
    return [
        {
            "kind": one.kind,
            "cutoff": one.cutoff,
            "horizon_days": one.horizon_days,
            "auc": one.auc,
            "classes": [each.__dict__ | {"rate": each.rate} for each in one.classes],
        }
        for one in found
    ]


def _table(one: KindReturns) -> str:
    everyone = sum(each.customers for each in one.classes)
    lines = [
        "",
        f"  {KIND_NAMES[one.kind]} of {one.cutoff}, and who ordered within {one.horizon_days} days",
        f"    {'class':<20}{'customers':>11}{'share':>9}{'expected':>11}{'returned':>11}",
    ]
    for each in one.classes:
        expected = "" if each.expected_rate is None else f"{each.expected_rate:.1%}"
        share = each.customers / everyone
        lines.append(f"    {each.name:<20}{each.customers:>11,}{share:>9.1%}{expected:>11}{each.rate:>11.1%}")
    lines.append(f"    {_verdict(one)}")
    return "\n".join(lines)


def _verdict(one: KindReturns) -> str:
    if one.auc is None:
        return "AUC: none; the order of these classes is learned at one cut-off and judged at the next."
    falls = "each class returns less than the one above it" if one.falls else "the rates do not fall all the way"
    return f"AUC {one.auc:.4f}; {falls}."
