"""Tables in Delta or in memory, and the one door out of Spark.

The names are fetched when they are first asked for: who reads published tables without Spark loads none of it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lifetide.storage.bounded import arrow, columns, few_columns, rows
    from lifetide.storage.conforming import conform, ddl
    from lifetide.storage.delta import DeltaStore
    from lifetide.storage.given import given_columns, given_rows
    from lifetide.storage.memory import MemoryStore
    from lifetide.storage.passing import Counted
    from lifetide.storage.raw import RawArchive
    from lifetide.storage.store import Staged, Store

_HOMES = {
    "Counted": "passing", "DeltaStore": "delta", "MemoryStore": "memory", "RawArchive": "raw", "Staged": "store",
    "Store": "store", "arrow": "bounded", "columns": "bounded", "conform": "conforming", "ddl": "conforming",
    "few_columns": "bounded", "given_columns": "given", "given_rows": "given", "rows": "bounded",
}  # fmt: skip

__all__ = [
    "Counted", "DeltaStore", "MemoryStore", "RawArchive", "Staged", "Store", "arrow", "columns", "conform", "ddl",
    "few_columns", "given_columns", "given_rows", "rows",
]  # fmt: skip


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
