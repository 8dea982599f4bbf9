"""What a table is made of: a grain, a key, and columns with a meaning and a meaning of null."""

from __future__ import annotations

import builtins
from dataclasses import dataclass
from enum import Enum

from lifetide.vocabulary import Word

NEVER = "never"
LATER = "always, for now: a later release fills it"

MONEY = "decimal(18,2)"
UNIT_PRICE = "decimal(18,6)"
UNITS = "decimal(18,3)"


class Keeping(Enum):
    """How a run writes a table; the text is for the data dictionary."""

    MERGED = "rows are merged by key"
    WHOLE = "rewritten whole by each current build"
    BY_AS_OF = "one slice per as_of, replaced by a rerun of that as_of"
    APPENDED = "rows are added, never changed"


@dataclass(frozen=True)
class Column:
    """A column: its Spark SQL type, what it means, and when it is null (`NEVER` = not null)."""

    name: str
    type: str
    meaning: str
    null: str = NEVER
    words: builtins.type[Word] | None = None


@dataclass(frozen=True)
class Table:
    """A table: `grain` completes the sentence "One row per …"; `key` is unique (a null is a value of its own)."""

    name: str
    grain: str
    key: tuple[str, ...]
    keeping: Keeping
    columns: tuple[Column, ...]
    cluster_by: tuple[str, ...] = ()
    is_later: bool = False

    @property
    def column_names(self) -> list[str]:
        return [column.name for column in self.columns]

    def column(self, name: str) -> Column:
        """The column of that name; raises KeyError with the table's name."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")


def table(
    name: str,
    grain: str,
    key: str,
    keeping: Keeping,
    *columns: Column,
    cluster_by: str = "",
    is_later: bool = False,
) -> Table:
    """A table from its parts; `key` and `cluster_by` are names separated by spaces."""
    made = Table(name, grain, tuple(key.split()), keeping, columns, tuple(cluster_by.split()), is_later)
    for wanted in (*made.key, *made.cluster_by):
        made.column(wanted)
    return made


def col(name: str, type_: str, meaning: str, null: str = NEVER, words: type[Word] | None = None) -> Column:
    """A column, spelled short."""
    return Column(name, type_, meaning, null, words)
