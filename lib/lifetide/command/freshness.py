"""When each audience was last evaluated and as of which day: read from the published table, without Spark."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from lifetide.settings import Settings, is_address

_COLUMNS = ["audience_key", "as_of", "version", "evaluated_at", "member_count"]


class Stamp(NamedTuple):
    """The newest evaluation of an audience."""

    as_of: date
    evaluated_at: datetime
    version: int
    members: int

    @property
    def text(self) -> str:
        """As `audiences list` says it."""
        at = f"{self.evaluated_at:%Y-%m-%d %H:%M} UTC"
        return f"{self.members:,} members as of {self.as_of}, version {self.version}, evaluated {at}"


def stamps(settings: Settings) -> dict[str, Stamp]:
    """The newest evaluation by key; none where nothing was evaluated, or the tables do not lie in a folder."""
    if settings.storage.full_schema is not None or is_address(settings.storage.root):
        return {}
    from lifetide.storage.snapshots import published_tables  # the other actions read files alone

    known = published_tables(Path(settings.storage.root)).read("audience_evaluations", _COLUMNS)
    found: dict[str, Stamp] = {}
    for row in known.to_pylist():
        key = row.pop("audience_key")
        one = Stamp(row["as_of"], row["evaluated_at"], row["version"], row["member_count"])
        if key not in found or found[key].as_of < one.as_of:
            found[key] = one
    return found
