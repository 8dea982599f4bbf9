"""Lifetide: what each customer of a shop is doing, is worth, and why, from events in Delta tables.

The public names are fetched when they are first asked for: `import lifetide` starts and loads nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lifetide.command import main
    from lifetide.command.magics import load_ipython_extension
    from lifetide.command.studio import Studio
    from lifetide.command.warehouse import Warehouse, open_warehouse
    from lifetide.errors import LifetideError
    from lifetide.policy import Policy
    from lifetide.session import default_places, spark_session
    from lifetide.settings import read_settings
    from lifetide.storage import DeltaStore
    from lifetide.tables import TABLES

__version__ = "0.1.0"

_HOMES = {
    "DeltaStore": "lifetide.storage",
    "LifetideError": "lifetide.errors",
    "Policy": "lifetide.policy",
    "Studio": "lifetide.command.studio",
    "TABLES": "lifetide.tables",
    "Warehouse": "lifetide.command.warehouse",
    "default_places": "lifetide.session",
    "load_ipython_extension": "lifetide.command.magics",
    "main": "lifetide.command",
    "open_warehouse": "lifetide.command.warehouse",
    "read_settings": "lifetide.settings",
    "spark_session": "lifetide.session",
}

__all__ = [
    "TABLES", "DeltaStore", "LifetideError", "Policy", "Studio", "Warehouse", "default_places",
    "load_ipython_extension", "main", "open_warehouse", "read_settings", "spark_session",
]  # fmt: skip


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'lifetide' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
