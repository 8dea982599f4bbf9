"""Runs a suite on a table that is already stored. Results carry counts and bounds, never values of rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyspark.sql import DataFrame

from lifetide.errors import LifetideError
from lifetide.gates.building import INDEX, built_suite
from lifetide.gates.observing import observed, passes_on_nothing, raised_types
from lifetide.gates.quiet import fresh_context, quietly
from lifetide.gates.severities import with_severities
from lifetide.gates.suites import Check, Suite
from lifetide.vocabulary import Severity

VERDICT = "BOOLEAN_ONLY"  # other formats scan the data again for each expectation, even if it holds
DETAILS = {"result_format": "BASIC", "partial_unexpected_count": 0}  # counts, without a sample of the rows


@dataclass(frozen=True)
class CheckResult:
    """What came of one check; `observed` is null where it held."""

    table: str
    check: str
    severity: Severity
    success: bool
    observed: str | None
    why: str


def check(df: DataFrame, suite: Suite, severities: Mapping[str, Severity]) -> list[CheckResult]:
    """One result per expectation, in the suite's order. `df` is read several times: hand in stored rows."""
    checks = with_severities(suite, severities)
    with quietly() as gx:
        batch = _batch(gx, df)
        verdicts = _run(batch, suite.table, checks, range(len(checks)), VERDICT)
        failures = {index: verdict for index, verdict in verdicts.items() if not verdict.success}
        unexplained = [index for index, failure in sorted(failures.items()) if not raised_types(failure)]
        failures.update(_run(batch, suite.table, checks, unexplained, DETAILS))
    return [_result(suite.table, one, failures.get(index)) for index, one in enumerate(checks)]


def _result(table: str, one: Check, failure: Any | None) -> CheckResult:
    if failure is None or passes_on_nothing(failure):
        return CheckResult(table, one.name, one.severity, success=True, observed=None, why=one.why)
    seen = observed(failure, one.configuration.get("kwargs", {}))
    return CheckResult(table, one.name, one.severity, success=False, observed=seen, why=one.why)


def _batch(gx: Any, df: DataFrame) -> Any:
    """The rows as Great Expectations wants them."""
    source = fresh_context(gx).data_sources.add_spark("staged", persist=False)
    definition = source.add_dataframe_asset("rows").add_batch_definition_whole_dataframe("all")
    return definition.get_batch(batch_parameters={"dataframe": df})


def _run(
    batch: Any, table: str, checks: Sequence[Check], positions: Sequence[int], result_format: Any
) -> dict[int, Any]:
    """Result by position of those of the checks that stand at `positions`."""
    if not positions:
        return {}
    suite = built_suite(table, [checks[position].configuration for position in positions])
    report = batch.validate(suite, result_format=result_format)
    found = {positions[result.expectation_config.meta[INDEX]]: result for result in report.results}
    if len(found) != len(positions):
        raise LifetideError(f"{table}: Great Expectations judged {len(found)} of {len(positions)} expectations.")
    return found
