"""The models of orders to come as a table in the terminal: what was tried, how it did, what is in use."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from lifetide.explorer.names import MODEL_NAMES
from lifetide.ltv.proving import covered, proof_from
from lifetide.pipelines.context import Context
from lifetide.pipelines.models import VALUES, model_rows_of
from lifetide.tables import LTV_MODELS


def fitted_models(context: Context, as_of: date) -> list[dict[str, Any]]:
    """The rows of ltv_models that a build of as_of uses."""
    return [row.asDict() for row in model_rows_of(context.store.read(LTV_MODELS), as_of, as_of)]


def models_text(rows: list[dict[str, Any]]) -> str:
    """A line per model, the lowest held-out deviance first; then what the chosen one foretold and what came.

    Nothing without models.
    """
    if not rows:
        return ""
    base = next((row["poisson_deviance"] for row in rows if row["model"] == "bg_nbd"), None)
    head = f"  {'model':<34}{'deviance':>10}{'÷ BG/NBD':>10}{'weight':>8}{'log-likelihood':>16}"
    lines = ["", f"  Orders to come, fitted on {rows[0]['as_of']}", head]
    for row in sorted(rows, key=lambda row: (row["poisson_deviance"] or 1e9, row["model"])):
        deviance, weight, log = row["poisson_deviance"], row["weight"], row["log_likelihood"]
        name = MODEL_NAMES.get(row["model"], row["model"]) + (" *" if row["is_chosen"] else "")
        against = "" if deviance is None or not base else f"{deviance / base:.4f}"
        lines.append(
            f"  {name:<34}{'' if deviance is None else f'{deviance:.4f}':>10}{against:>10}"
            f"{f'{weight:.0%}' if weight else '':>8}{'' if log is None else f'{log:,.1f}':>16}"
        )
        lines += [f"    {row['notes']}"] if row["notes"] else []
    lines += [
        f"  * at earlier cut-offs wrong about a tenth of the customers by {row['drift']:.1%}, which widens the limits"
        for row in rows
        if row["drift"] is not None
    ]
    lines += [f"  * in use; parameters of {_named(row)}" for row in rows if row["model"] == VALUES]
    return "\n".join([*lines, *_proof(rows)])


def _named(row: dict[str, Any]) -> str:
    of = json.loads(row["parameters"])
    numbers = ", ".join(f"{name} {value:,.3f}" for name, value in of.items() if isinstance(value, float))
    return f"{MODEL_NAMES[VALUES]}: {numbers}"


def _proof(rows: list[dict[str, Any]]) -> list[str]:
    told = next((row["proof"] for row in rows if row["proof"]), None)
    if told is None:
        return ["  Not tested: the log is too short to hold anything out."]
    proof = proof_from(told)
    last = proof.points[-1]
    lines = [
        f"  Held out: {proof.horizon_days} days from {proof.cutoff}; {last.expected:,.0f} orders foretold, "
        f"{last.actual:,.0f} came; {covered(proof.tenths)} of {len(proof.tenths)} tenths in their 80% interval",
        f"    {'tenth of customers':<22}{'foretold':>10}{'80% interval':>18}{'seen':>10}",
    ]
    for place, one in enumerate(reversed(proof.tenths), start=1):
        name = "1 (expected most)" if place == 1 else str(place)
        span = f"{one.lower:,.0f} to {one.upper:,.0f}"
        lines.append(f"    {name:<22}{one.expected:>10,.0f}{span:>18}{one.actual:>10,.0f}")
    return lines


def models_json(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """For `--json`: parameters and proof as objects, the scorer's trees left out."""
    found = []
    for row in rows:
        parameters = {name: value for name, value in json.loads(row["parameters"]).items() if name != "trees"}
        proof = None if row["proof"] is None else json.loads(row["proof"])
        found.append({**row, "parameters": parameters, "proof": proof})
    return found
