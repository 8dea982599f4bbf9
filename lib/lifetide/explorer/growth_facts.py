"""The customer base on a day, and active customers some months ago."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class GrowthDay:
    """The customer base at the end of a local date; `just_ordered` is an "of which" of `active`."""

    date: date
    new: int
    active: int
    slipping_away: int
    lost: int
    just_ordered: int = 0

    @property
    def base(self) -> int:
        """Everybody who had bought by then."""
        return self.new + self.active + self.slipping_away + self.lost


@dataclass(frozen=True)
class ActiveThen:
    """Active customers some calendar months before as_of; None where the shop had no order yet."""

    months_ago: int
    date: date
    active: int | None
