"""What each source was when it was last read, and what of it needs reading now."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

from pyspark.sql import functions as F

from lifetide import __version__
from lifetide.pipelines.context import Context
from lifetide.settings import Settings, Source
from lifetide.storage import rows
from lifetide.storage.sources import DeltaState, delta_state, files_fingerprint
from lifetide.tables import RUNS
from lifetide.vocabulary import RunStatus


@dataclass(frozen=True)
class SourceState:
    """A source at an ingest: its files or its Delta version, what becomes of its rows, its columns.

    `waits`: rows were refused that a later ingest may take (no exchange rate yet, dated in the future).
    """

    meaning: str
    columns: dict[str, str] = field(default_factory=dict)
    files: str | None = None
    delta: DeltaState | None = None
    waits: bool = False

    def as_text(self) -> str:
        """For the row in `runs`."""
        return json.dumps(asdict(self), sort_keys=True)

    def is_read(self, before: SourceState | None) -> bool:
        """True where everything of it was taken in before."""
        is_known = self.files is not None or self.delta is not None
        return is_known and before is not None and replace(self, columns={}) == replace(before, columns={})

    def changes_since(self, before: SourceState | None) -> int | None:
        """The version after which only changes need reading; None where the whole source does."""
        if before is None or before.waits or before.meaning != self.meaning:
            return None
        then, now = before.delta, self.delta
        if then is None or now is None or then.table_id != now.table_id or not (then.has_changes and now.has_changes):
            return None
        return then.version if then.version < now.version else None


@dataclass(frozen=True)
class Remembered:
    """States of the sources at the last ingest that took them in; `is_current` is false after a withdrawal."""

    states: Mapping[str, SourceState]
    is_current: bool


def remembered(context: Context) -> Remembered:
    """What the last good ingest wrote down."""
    done = F.col("job").isin("ingest", "withdraw") & F.col("status").isin(
        str(RunStatus.PUBLISHED), str(RunStatus.UNCHANGED)
    )
    ended = context.store.read(RUNS).where(done).orderBy(F.col("finished_at").desc())
    last = rows(ended.select("job").limit(1), at_most=1)
    noted = rows(ended.where("job = 'ingest'").select("source_fingerprints").limit(1), at_most=1)
    states = {name: _from_text(text) for name, text in ((noted[0][0] or {}) if noted else {}).items()}
    known = {name: state for name, state in states.items() if state is not None}
    return Remembered(known, is_current=bool(last) and last[0]["job"] == "ingest")


def delta_states(context: Context) -> dict[str, DeltaState | None]:
    """The Delta version of each source that is a Delta table."""
    return {source.name: delta_state(context.session, source) for source in context.settings.sources}


def source_state(
    context: Context, source: Source, delta: DeltaState | None, columns: Mapping[str, str]
) -> SourceState:
    """What a source is now."""
    files = files_fingerprint(context.session, source) if delta is None else None
    return SourceState(_meaning(context.settings, source), dict(columns), files, delta)


def replace_waits(text: str, *, waits: bool) -> str:
    """A state's text, saying whether refused rows wait."""
    state = _from_text(text)
    return text if state is None else replace(state, waits=waits).as_text()


def _from_text(text: str) -> SourceState | None:
    """None where another release wrote it."""
    try:
        raw = json.loads(text)
        delta = DeltaState(**raw.pop("delta")) if raw.get("delta") else None
        return SourceState(**{**raw, "delta": delta})
    except (ValueError, TypeError, AttributeError):
        return None


def _meaning(settings: Settings, source: Source) -> str:
    told = (__version__, source, settings.shop.timezone, settings.shop.currency, settings.policy.ingest)
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]
