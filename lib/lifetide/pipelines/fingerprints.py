"""Which sources need reading: those whose files or mapping changed since an ingest that took all of them in."""

from __future__ import annotations

import hashlib

from pyspark.sql import functions as F

from lifetide import __version__
from lifetide.pipelines.context import Context
from lifetide.settings import Settings, Source
from lifetide.storage import rows
from lifetide.storage.sources import files_fingerprint
from lifetide.tables import RUNS
from lifetide.vocabulary import RunStatus


def source_fingerprints(context: Context) -> dict[str, str]:
    """Fingerprint by source, of its files and of everything that decides what becomes of its rows.

    Sources without one (catalog tables) are left out: they are always read.
    """
    found = {}
    for source in context.settings.sources:
        files = files_fingerprint(context.session, source)
        if files is not None:
            found[source.name] = f"{files}-{_meaning(context.settings, source)}"
    return found


def changed_sources(context: Context, fingerprints: dict[str, str]) -> list[Source]:
    """The sources to read; all of them where the last ingest refused rows, or a batch was withdrawn since."""
    done = F.col("job").isin("ingest", "withdraw") & F.col("status").isin(
        str(RunStatus.PUBLISHED), str(RunStatus.UNCHANGED)
    )
    last = rows(context.store.read(RUNS).where(done).orderBy(F.col("finished_at").desc()).limit(1), at_most=1)
    if not last or last[0]["job"] != "ingest" or last[0]["rejected_count"]:
        return list(context.settings.sources)
    known = last[0]["source_fingerprints"] or {}
    return [
        source
        for source in context.settings.sources
        if source.name not in fingerprints or fingerprints[source.name] != known.get(source.name)
    ]


def _meaning(settings: Settings, source: Source) -> str:
    told = (__version__, source, settings.shop.timezone, settings.shop.currency, settings.policy.ingest)
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]
