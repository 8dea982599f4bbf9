"""Who the shop is and how it speaks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lifetide.policy import GrowthPolicy

if TYPE_CHECKING:
    from lifetide.explorer.playbook import Playbook

Explained = Callable[[Mapping[str, Any], Mapping[str, float], list[dict[str, Any]], str], str]
"""A profile, the learned values, the spells and the currency as `lifetide explain` words them."""


@dataclass(frozen=True)
class Shop:
    """A shop as the studio names it.

    `plays`: None = the shipped playbook. `explained` is None where the rows are of no warehouse.
    """

    name: str
    currency: str = "EUR"
    plays: Playbook | None = None
    new_days: int = GrowthPolicy().new_days
    explained: Explained | None = None

    @property
    def playbook(self) -> Playbook:
        """What to aim at with each class; read when a page first asks."""
        from lifetide.explorer.playbook import playbook

        return self.plays or playbook()
