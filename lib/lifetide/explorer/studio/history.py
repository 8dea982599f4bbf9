"""What lies behind the profiles and takes a while to read: spells, gaps, the snapshot before; each read once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from threading import RLock
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from lifetide.explorer.facts import GrowthDay
from lifetide.explorer.flow_facts import Flow
from lifetide.explorer.months import months_before
from lifetide.explorer.studio.bits import Words
from lifetide.explorer.studio.columns import Coded
from lifetide.explorer.studio.packing import column_of
from lifetide.explorer.studio.past import Past, moves, past_of
from lifetide.explorer.studio.profiles import Profiles
from lifetide.explorer.studio.rhythms import NEEDED, Rhythms, rhythms_of
from lifetide.explorer.studio.small_tables import flows_of_everyone, growth_of_everyone, proof_on, rhythm_on
from lifetide.ltv.proof import Proof
from lifetide.vocabulary import RfmSegment

if TYPE_CHECKING:
    from lifetide.storage.snapshots import Published

SEGMENTS = tuple(str(segment) for segment in RfmSegment)
MOST_SPELLS = 30_000_000  # held in memory, 13 bytes each and as much again for their changes
SPELLS = ["customer_id", "lifecycle_group", "valid_from", "valid_to"]


@dataclass
class History:
    """The parts, each read when it is first asked for; reading them on another thread is safe."""

    profiles: Profiles
    new_days: int
    _reading: RLock = field(default_factory=RLock, repr=False)

    @property
    def tables(self) -> Published | None:
        return self.profiles.tables

    def has(self, part: str) -> bool:
        """False where the snapshot has nothing of the kind beside it."""
        if self.tables is None:
            return False
        needed = {
            "past": "lifecycle_spells",
            "rhythms": "customer_state",
            "flows": "transitions",
            "proof": "ltv_models",
        }
        table = needed.get(part, "customer_profiles")
        if not self.tables.has(table) or (part == "past" and self.is_long):
            return False
        return part != "rhythms" or set(NEEDED) <= self.profiles.readable

    @cached_property
    def is_long(self) -> bool:
        """True where there are more spells than are held in memory."""
        return int(self._tables.rows("lifecycle_spells").count_rows()) > MOST_SPELLS

    @cached_property
    def growth(self) -> tuple[GrowthDay, ...]:
        """Everyone's base over time, as published."""
        return () if self.tables is None else growth_of_everyone(self.tables, self.profiles.as_of)

    def is_read(self, part: str) -> bool:
        """True where asking for the part takes no time."""
        return part in self.__dict__

    def read(self, part: str) -> None:
        """Reads a part, once: who asks while it is being read waits for it."""
        with self._reading:
            getattr(self, part)

    @cached_property
    def past(self) -> Past:
        """Spells."""
        spells = self._tables.read("lifecycle_spells", SPELLS)
        rows = self.profiles.places(spells.column("customer_id"))
        return past_of(spells, rows, self.profiles.count, self.profiles.as_of, self.new_days).ready()

    @cached_property
    def parameters_as_of(self) -> date | None:
        """The day that the profiles' parameters were learned on."""
        found: date | None = pc.max(self.profiles.read("parameters_as_of")).as_py()
        return found

    @cached_property
    def rhythms(self) -> Rhythms:
        """Gaps and intervals."""
        state = self._tables.read("customer_state", ["customer_id", "last_gaps"])
        return rhythms_of(self.profiles, state, rhythm_on(self._tables, self.parameters_as_of))

    @cached_property
    def proof(self) -> Proof | None:
        """How the model behind the predictions did on days that were held out."""
        return proof_on(self._tables, self.profiles.as_of, self.parameters_as_of)

    @cached_property
    def flows(self) -> tuple[Flow, ...]:
        """Everyone's flows of twelve whole months, with their money."""
        return flows_of_everyone(self._tables, self.profiles.as_of)

    @cached_property
    def before(self) -> tuple[date, npt.NDArray[np.uint8]] | None:
        """The earlier snapshot that is nearest to a month ago: its day, and each customer's segment then + 1."""
        if self.tables is None:
            return None
        days = [day for day in self.tables.days("customer_profiles") if day < self.profiles.as_of]
        if not days:
            return None
        ago = months_before(self.profiles.as_of, 1)
        day = min(days, key=lambda one: (abs((one - ago).days), one))
        then = self._tables.read("customer_profiles", ["customer_id", "rfm_segment"], pc.field("as_of") == day)
        rows = self.profiles.places(then.column("customer_id"))
        column = column_of(then.column("rfm_segment"), SEGMENTS)
        found = np.zeros(self.profiles.count, np.uint8)
        if isinstance(column, Coded):
            found[rows[rows >= 0]] = column.codes[rows >= 0]
        return day, found

    def segment_moves(self, members: Words) -> dict[RfmSegment, tuple[int, int]] | None:
        """Members who came into each segment and who left it since the snapshot before; None without one."""
        now = self.profiles.column("rfm_segment")
        if self.before is None or not isinstance(now, Coded):
            return None
        size = len(SEGMENTS) + 1
        counts = moves(self.before[1], np.minimum(now.codes, size - 1).astype(np.uint8), members, size)
        return {
            segment: (int(counts[:, place].sum() - counts[place, place]),
                      int(counts[place].sum() - counts[place, place]))
            for place, segment in enumerate(RfmSegment, start=1)
        }  # fmt: skip

    @property
    def _tables(self) -> Published:
        if self.tables is None:
            raise LookupError("there are no tables beside these rows")
        return self.tables
