"""Severities that settings change, by '<table>.<check name>'."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from lifetide.errors import SettingsError
from lifetide.gates.suites import Check, Suite
from lifetide.vocabulary import Severity


def check_severities(severities: Mapping[str, Severity], suites: Iterable[Suite]) -> None:
    """Refuses each key that names no check of `suites`, with the nearest one that does."""
    known = [f"{suite.table}.{check.name}" for suite in suites for check in suite.checks]
    _refuse_unknown([key for key in severities if key not in known], known)


def with_severities(suite: Suite, severities: Mapping[str, Severity]) -> tuple[Check, ...]:
    """The checks of a suite with the severities that settings give them.

    A key of this table that names no check is refused. Keys of other tables are theirs to judge:
    `check_severities` looks at all of them at once.
    """
    known = [f"{suite.table}.{check.name}" for check in suite.checks]
    own = [key for key in severities if key.partition(".")[0] == suite.table]
    _refuse_unknown([key for key in own if key not in known], known)
    return tuple(
        replace(one, severity=severities.get(f"{suite.table}.{one.name}", one.severity)) for one in suite.checks
    )


def _refuse_unknown(unknown: Sequence[str], known: Sequence[str]) -> None:
    problems = []
    for key in sorted(unknown):
        near = difflib.get_close_matches(key, known, n=1, cutoff=0)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        problems.append(f"gates.severity: no check is named {key!r}{hint}")
    if problems:
        raise SettingsError("Severities are set for checks that do not exist:", problems)
