"""The one family of errors. A message says what, where, and what to do next; one error carries all problems."""

from __future__ import annotations

from collections.abc import Sequence


class LifetideError(Exception):
    """Anything Lifetide refuses or cannot do, in words for the person at the terminal.

    `exit_code` is what a command ends with: 1 refused by a gate or contract, 2 wrong usage or settings.
    """

    exit_code = 2

    def __init__(self, message: str, problems: Sequence[str] = ()) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join([message, *(f"  - {problem}" for problem in self.problems)]))


class SettingsError(LifetideError):
    """The settings file, a mapping or a policy is wrong; `problems` lists everything that is."""


class UsageError(LifetideError):
    """A command was called with words that do not fit together."""


class EnvironmentProblem(LifetideError):
    """The machine lacks something (Java, jars, a supported Spark) and Lifetide cannot fetch it."""


class SourceError(LifetideError):
    """A source cannot be read or its mapping does not fit its columns."""


class NotFound(LifetideError):
    """A table, snapshot, batch or customer that was asked for does not exist."""


class ContractError(LifetideError):
    """Rows do not have the columns and types that `tables/` promises; nothing was written."""

    exit_code = 1


class Busy(LifetideError):
    """Another run writes to the same tables; the message names it. Nothing was changed."""

    exit_code = 1


class GateRefused(LifetideError):
    """A critical expectation failed; nothing was published."""

    exit_code = 1


class DefinitionError(LifetideError):
    """An audience definition is wrong; `problems` lists everything that is, each with its place."""
