"""Tables in Delta or in memory, and the one door out of Spark."""

from lifetide.storage.bounded import arrow, columns, few_columns, rows
from lifetide.storage.conform import conform, ddl
from lifetide.storage.delta import DeltaStore
from lifetide.storage.given import given_columns, given_rows
from lifetide.storage.memory import MemoryStore
from lifetide.storage.raw import RawArchive
from lifetide.storage.store import Staged, Store

__all__ = [
    "DeltaStore", "MemoryStore", "RawArchive", "Staged", "Store", "arrow", "columns", "conform", "ddl", "few_columns",
    "given_columns", "given_rows", "rows",
]  # fmt: skip
