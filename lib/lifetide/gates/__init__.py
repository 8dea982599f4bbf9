"""Gates: suites in, results out. What a result means for a run is decided by the pipelines."""

from __future__ import annotations

from lifetide.gates.checking import CheckResult, check
from lifetide.gates.quiet import load_ahead
from lifetide.gates.severities import check_severities
from lifetide.gates.suites import Check, Suite, gated_tables, load_suite, suite_folders

__all__ = [
    "Check",
    "CheckResult",
    "Suite",
    "check",
    "check_severities",
    "gated_tables",
    "load_ahead",
    "load_suite",
    "suite_folders",
]
