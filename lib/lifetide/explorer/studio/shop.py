"""Who the shop is and how it speaks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lifetide.explorer.playbook import Playbook, playbook
from lifetide.policy import GrowthPolicy

Explained = Callable[[Mapping[str, Any], Mapping[str, float], list[dict[str, Any]], str], str]
"""A profile, the learned values, the spells and the currency as `lifetide explain` words them."""


@dataclass(frozen=True)
class Shop:
    """A shop as the studio names it; `explained` is None where the rows are of no warehouse."""

    name: str
    currency: str = "EUR"
    playbook: Playbook = field(default_factory=playbook)
    new_days: int = GrowthPolicy().new_days
    explained: Explained | None = None
