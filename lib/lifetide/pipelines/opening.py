"""Opens the sources: every mapping that does not fit, and every column that is not what it was, told at once."""

from __future__ import annotations

from dataclasses import dataclass

from pyspark.sql import DataFrame

from lifetide.errors import SettingsError, SourceError
from lifetide.events.kinds import HAVE_MONEY, RECORDS
from lifetide.events.mapping import unreadable_expressions
from lifetide.pipelines.context import Context
from lifetide.pipelines.drift import drift
from lifetide.pipelines.fingerprints import Remembered, SourceState, delta_states, remembered, source_state
from lifetide.settings import Settings, Source
from lifetide.storage.sources import DeltaState, read_source


@dataclass(frozen=True)
class Opened:
    """A source that can be read; `since` = the Delta version after which only changes are read, None = all of it."""

    source: Source
    raw: DataFrame
    state: SourceState
    is_read: bool
    since: int | None
    drift: tuple[str, ...]

    @property
    def needs_rates(self) -> bool:
        """True where the rows carry money and say in which currency."""
        return self.source.kind in HAVE_MONEY and "currency" in self.source.columns


def open_sources(context: Context) -> list[Opened]:
    """Every source of the settings. Raises SettingsError with all that does not fit; nothing is written then."""
    versions = delta_states(context)
    frames, problems = _frames(context, context.settings, versions)
    before = remembered(context)
    if problems:
        raise SettingsError(
            f"{context.settings.path} does not fit its sources:", [*problems, *_all_drift(frames, before)]
        )
    found = []
    for source in context.settings.sources:
        raw = frames[source.name]
        state = source_state(context, source, versions[source.name], dict(raw.dtypes))
        then = before.states.get(source.name)
        trusted = then if before.is_current else None
        changed = tuple(drift(then.columns, state.columns)) if then else ()
        found.append(Opened(source, raw, state, state.is_read(trusted), state.changes_since(trusted), changed))
    return found


def to_read(opened: list[Opened]) -> list[Opened]:
    """The sources that need reading, in the order of reading: rates first, since money needs them.

    Where one of several sources of a record has changed, all of them are read: their rows are judged together.
    """
    kinds = {one.source.kind for one in opened if not one.is_read and one.source.kind in RECORDS}
    order = {kind: place for place, kind in enumerate(RECORDS)}
    wanted = [one for one in opened if not one.is_read or one.source.kind in kinds]
    return sorted(wanted, key=lambda one: order.get(one.source.kind, len(order)))


def mapping_problems(settings: Settings, context: Context) -> list[str]:
    """Every source that cannot be read and every expression that does not fit, in words."""
    return _frames(context, settings, {})[1]


def _frames(
    context: Context, settings: Settings, versions: dict[str, DeltaState | None]
) -> tuple[dict[str, DataFrame], list[str]]:
    """Each source's rows by its name, and everything that does not fit."""
    frames, problems = {}, []
    for source in settings.sources:
        try:
            raw = read_source(context.session, source, versions.get(source.name))
        except SourceError as error:
            problems.append(str(error))
            continue
        frames[source.name] = raw
        for key, why in unreadable_expressions(raw, source.columns, source.where):
            problems.append(f"sources.{source.name}.{key}: {why}")
    return frames, problems


def _all_drift(frames: dict[str, DataFrame], before: Remembered) -> list[str]:
    return [
        f"sources.{name} since the last ingest: {change}"
        for name, raw in frames.items()
        if name in before.states
        for change in drift(before.states[name].columns, dict(raw.dtypes))
    ]
