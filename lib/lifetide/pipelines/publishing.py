"""A run: stage all its tables, gate them in the order of the flow, publish all or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime

from pyspark.sql import DataFrame

from lifetide import __version__
from lifetide.errors import ContractError, GateRefused, LifetideError
from lifetide.gates import CheckResult, check, check_severities, gated_tables, load_suite
from lifetide.pipelines.context import Context
from lifetide.pipelines.progress import Step
from lifetide.policy import Policy
from lifetide.storage import Staged, conform
from lifetide.tables import CHECK_RESULTS, RUNS, Table
from lifetide.vocabulary import RunStatus, Severity

WRITERS = 3
"""Tables written at a time: a commit waits more than it works."""
SMALL = 200_000
"""Rows; up to it a candidate is held in memory while its suite reads it several times."""


@dataclass(frozen=True)
class Candidate:
    """Rows staged for a table: `how` they are written; `where` = the slice to replace, or to delete by "tidy";
    `delete_when` = rows to take out by key.
    """

    table: Table
    rows: DataFrame
    count: int
    how: str
    where: str | None = None
    delete_when: str | None = None


@dataclass
class Outcome:
    """What a run did: for the terminal, for `--json`, and its row of `runs`."""

    run_id: str
    job: str
    status: RunStatus
    as_of: date | None = None
    batch: str | None = None
    row_counts: dict[str, int] = field(default_factory=dict)
    output_versions: dict[str, int] = field(default_factory=dict)
    checks: list[CheckResult] = field(default_factory=list)
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)
    filtered_count: int | None = None
    rejected_count: int | None = None


class Run:
    """One run of a job: `with Run(…) as run:`, stage, stage, …, then `publish`. A fault is recorded and undone."""

    def __init__(self, context: Context, job: str, *, as_of: date | None = None, batch: str | None = None) -> None:
        self.context = context
        self.store = context.store
        self.candidates: list[Candidate] = []
        self.outcome = Outcome(context.run_id, job, RunStatus.PUBLISHED, as_of, batch)
        self.is_current: bool | None = None
        self.knows: list[str] | None = None
        self.source_fingerprints: dict[str, str] | None = None
        self.fingerprint = fingerprint(context.settings.policy)
        self._began = context.now()
        self.input_versions: dict[str, int] = {}

    def __enter__(self) -> Run:
        """Becomes the only writer, takes back what an unfinished run left, and remembers the versions it reads.

        Raises Busy where another run writes.
        """
        if not self.context.dry_run:
            outcome = self.outcome
            is_left = self.store.lock(outcome.run_id, outcome.job, f"{self._began:%Y-%m-%d %H:%M:%S} UTC")
            self._begin(recovering=is_left)
        else:
            self.input_versions = self.store.versions()
        return self

    def _begin(self, *, recovering: bool) -> None:
        """Starts from what is published; frees the lock where it cannot."""
        try:
            for undone in self.store.recover() if recovering else []:
                self.outcome.notes.append(f"recovered {undone}")
            self.input_versions = self.store.versions()
        except BaseException:
            self.store.unlock(in_order=not recovering)
            raise

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        """Records a fault; what the person can mend (usage, settings, gates) is told by its own error."""
        if self.context.dry_run:
            return
        in_order = True
        is_fault = not isinstance(error, LifetideError) or isinstance(error, ContractError)
        if error is not None and is_fault and not isinstance(error, GateRefused):
            in_order = self._failed(error)
        self.store.unlock(in_order=in_order)

    @contextmanager
    def step(self, name: str) -> Iterator[list[int]]:
        """Times a step; append its number of rows to the list that it yields."""
        self.context.progress.begin(name)
        began, counted = self.context.now(), list[int]()
        yield counted
        seconds = (self.context.now() - began).total_seconds()
        self.context.progress.end(Step(name, seconds, counted[0] if counted else None))

    def aside(self, name: str, rows: DataFrame) -> Staged:
        """Stages rows that are an intermediate of this run, not a table."""
        with self.step(name) as counted:
            staged = self.store.stage(name, rows)
            counted.append(staged.count)
        return staged

    def stage(self, table: Table, rows: DataFrame, how: str = "replace", *, where: str | None = None) -> DataFrame:
        """Stages a table's rows for publication and returns them as they were stored."""
        staged = self.aside(table.name, conform(rows, table))
        self.offer(Candidate(table, staged.rows, staged.count, how, where))
        return staged.rows

    def offer(self, candidate: Candidate) -> None:
        """Adds rows that are staged already."""
        self.candidates.append(candidate)
        self.outcome.row_counts[candidate.table.name] = candidate.count

    def publish(self) -> Outcome:
        """Gates every candidate, then writes them all; the row in `runs` comes last.

        Raises GateRefused where a critical expectation failed; then no table was touched.
        """
        if not self.outcome.checks:
            self.gate()
        if self.context.dry_run:
            self.outcome.notes.append("dry run: nothing was written")
            return self._finish()
        written = [one for one in self.candidates if one.count or one.how in ("replace", "tidy")]
        self.context.progress.begin("publish")
        with ThreadPoolExecutor(WRITERS) as pool:  # leaving it waits for every write, also where one failed
            for candidate, (version, seconds) in zip(written, pool.map(self._timed_write, written), strict=True):
                self.outcome.output_versions[candidate.table.name] = version
                self.context.progress.end(Step(f"publish {candidate.table.name}", seconds))
        self._record(None)
        self.store.clear_stage()
        return self._finish()

    def _timed_write(self, candidate: Candidate) -> tuple[int, float]:
        began = self.context.now()
        return self._write(candidate), (self.context.now() - began).total_seconds()

    def gate(self) -> None:
        """Runs the suites on the staged rows. Raises GateRefused naming every critical expectation that failed."""
        folders, severities = self.context.suites, self.context.settings.gates.severity
        suites = {name: load_suite(name, folders) for name in gated_tables(folders)}
        check_severities(severities, suites.values())
        for candidate in self.candidates:
            if candidate.table.name not in suites or candidate.count == 0:
                continue
            with self.step(f"check {candidate.table.name}") as counted:
                rows = candidate.rows
                if candidate.delete_when is not None:
                    rows = rows.alias("s").where(f"NOT ({candidate.delete_when})")
                rows = rows.select(*candidate.table.column_names)
                held = rows.coalesce(1).persist() if candidate.count <= SMALL else rows
                try:
                    found = check(held, suites[candidate.table.name], severities)
                finally:
                    if held is not rows:
                        held.unpersist()
                self.outcome.checks.extend(found)
                counted.append(len(found))
        failed = [c for c in self.outcome.checks if not c.success and c.severity is Severity.CRITICAL]
        if failed:
            self.refuse(failed)

    def refuse(self, failed: list[CheckResult]) -> None:
        """Records the refusal and raises it."""
        self.outcome.status = RunStatus.REFUSED
        problems = [f"{c.table}: {c.check} – {c.why} Seen: {c.observed}" for c in failed]
        error = GateRefused(
            f"Nothing was published: {len(failed)} critical expectation{'s' if len(failed) > 1 else ''} failed "
            f"in run {self.outcome.run_id}.",
            problems,
        )
        if not self.context.dry_run:
            self._record(f"{len(failed)} critical expectations failed: {', '.join(c.check for c in failed)}")
            self.store.clear_stage()
        raise error

    def unchanged(self) -> Outcome:
        """Ends a run that found nothing to do."""
        self.outcome.status = RunStatus.UNCHANGED
        if not self.context.dry_run:
            self._record(None)
            self.store.clear_stage()
        return self._finish()

    def _failed(self, error: BaseException) -> bool:
        """Takes back what was half written, and says so in `runs` without anybody's data; False = it could not."""
        self.outcome.status = RunStatus.FAILED
        try:
            self.store.recover()
            self._record(type(error).__name__)
            self.store.clear_stage()
        except Exception as another:  # noqa: BLE001 - the first fault is the one to tell; the next run recovers
            self.outcome.notes.append(f"recovery is left to the next run ({type(another).__name__})")
            return False
        return True

    def _write(self, candidate: Candidate) -> int:
        run_id = self.outcome.run_id
        if candidate.how == "merge":
            return self.store.merge(candidate.table, candidate.rows, run_id=run_id, delete_when=candidate.delete_when)
        if candidate.how == "tidy":
            return self.store.tidy(candidate.table, where=candidate.where)
        if candidate.how == "append":
            return self.store.append(candidate.table, candidate.rows, run_id=run_id)
        return self.store.replace(candidate.table, candidate.rows, where=candidate.where, run_id=run_id)

    def _record(self, message: str | None) -> None:
        outcome = self.outcome
        if outcome.checks:
            results = [
                (outcome.run_id, c.table, c.check, str(c.severity), c.success, c.observed, c.why)
                for c in outcome.checks
            ]
            self.store.note(CHECK_RESULTS, results, run_id=outcome.run_id)
        ended: datetime = self.context.now()
        row = (
            outcome.run_id, outcome.job, outcome.as_of, str(outcome.status), self.is_current, outcome.batch,
            self._began, ended, (ended - self._began).total_seconds(), self.fingerprint,
            self.source_fingerprints, self.input_versions,
            outcome.output_versions if outcome.status is RunStatus.PUBLISHED else {}, outcome.row_counts, self.knows,
            outcome.filtered_count, outcome.rejected_count, message,
        )  # fmt: skip
        self.store.note(RUNS, [row], run_id=outcome.run_id)

    def _finish(self) -> Outcome:
        self.outcome.seconds = (self.context.now() - self._began).total_seconds()
        return self.outcome


def fingerprint(policy: Policy) -> str:
    """Hash of everything besides tables and as_of that a result depends on."""
    return hashlib.sha256(f"{__version__} {policy!r}".encode()).hexdigest()[:16]
