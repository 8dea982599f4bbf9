"""Says what a failed expectation saw, in counts and bounds alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

FIGURES = frozenset(
    f"expect_column_{figure}_to_be_between" for figure in ("max", "min", "mean", "median", "stdev", "sum")
)
"""Expectations on one figure over a column: null where every value is."""
BOUNDS = ("min_value", "max_value", "value")
RAISED = re.compile(r"^([A-Za-z_][\w.]*(?:Error|Exception|Interrupt))\b", re.MULTILINE)


def passes_on_nothing(result: Any) -> bool:
    """True where a figure over a column failed for being null, since every value is: unknown is not wrong."""
    if result.expectation_config.type not in FIGURES or raised_types(result):
        return False
    details = result.result or {}
    return "observed_value" in details and details["observed_value"] is None


def observed(result: Any, kwargs: Mapping[str, Any]) -> str:
    """Text for the reader. Values of rows stay out: a figure is told only where it is a number."""
    kinds = raised_types(result)
    if kinds:
        return f"it raised {', '.join(kinds)}"
    details = result.result or {}
    if details.get("unexpected_count") is not None:
        among = f"of {details['element_count']} rows" if "element_count" in details else "distinct values"
        return f"{details['unexpected_count']} {among}"
    value = details.get("observed_value")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        bounds = ", ".join(f"{key} {kwargs[key]}" for key in BOUNDS if kwargs.get(key) is not None)
        return f"{float(value):.10g}" + (f" ({bounds})" if bounds else "")
    return "it does not hold"


def raised_types(result: Any) -> list[str]:
    """Types of what was raised inside, first causes; messages stay out, since they may quote values."""
    kinds = []
    for info in _raised_infos(result.exception_info or {}):
        found = RAISED.search(str(info.get("exception_traceback") or ""))
        kinds.append(found.group(1).rpartition(".")[2] if found else "an exception")
    return sorted(set(kinds))


def _raised_infos(info: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What was raised: told once for an expectation, or once per metric that it needs."""
    if "raised_exception" in info:
        return [info] if info["raised_exception"] else []
    return [part for part in info.values() if isinstance(part, Mapping) and part.get("raised_exception")]
