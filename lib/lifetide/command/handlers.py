"""One function per command: arguments in, pipeline, words out. Each returns its exit code."""

from __future__ import annotations

import webbrowser
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lifetide.command.audiences import on_audiences_run, on_count, on_diff, on_explain_audience
from lifetide.command.ci import cases_of_checks, tell
from lifetide.command.days import asked_days
from lifetide.command.desk import Desk
from lifetide.command.explaining import explanation_text, history_text
from lifetide.command.freezing import on_freeze
from lifetide.command.ledger import audiences_of, members_after
from lifetide.command.modelling import fitted_models, models_json, models_text
from lifetide.command.previewing import preview_text
from lifetide.command.proving import proof_json, prove, show_proof
from lifetide.command.sampling import on_sample
from lifetide.command.screen import show, show_json
from lifetide.command.simulating import on_simulate
from lifetide.errors import UsageError
from lifetide.explorer.summary import summary_text
from lifetide.pipelines import demo as demo_pipeline
from lifetide.pipelines.build import build, fit, newest_event_date
from lifetide.pipelines.check import check_published
from lifetide.pipelines.explain import explain
from lifetide.pipelines.history import history
from lifetide.pipelines.ingest import ingest
from lifetide.pipelines.maintain import maintain
from lifetide.pipelines.publishing import Outcome
from lifetide.pipelines.report import report, report_facts
from lifetide.pipelines.sources import previews
from lifetide.pipelines.withdraw import withdraw
from lifetide.vocabulary import Severity


def on_sources(desk: Desk, arguments: Namespace) -> int:
    """`lifetide sources`."""
    found = previews(desk.context, today=arguments.today or desk.today())
    if arguments.json:
        show_json({"sources": [one.__dict__ | {"source": one.source.name} for one in found]})
    else:
        show("\n\n".join(preview_text(one) for one in found) or "The settings name no source.")
    return 0


def on_ingest(desk: Desk, arguments: Namespace) -> int:
    """`lifetide ingest`, with `--withdraw` the way back."""
    if arguments.withdraw and arguments.batch:
        raise UsageError("--batch names a new batch, --withdraw takes an old one out: use one of them.")
    if arguments.withdraw:
        outcome = withdraw(desk.context, batch=arguments.withdraw)
    else:
        batch = arguments.batch or desk.context.run_id
        outcome = ingest(desk.context, today=arguments.today or desk.today(), batch=batch)
    return _told(desk, outcome, arguments)


def on_build(desk: Desk, arguments: Namespace) -> int:
    """`lifetide build`."""
    days = asked_days(arguments) or [arguments.as_of or newest_event_date(desk.context.store)]
    audiences = audiences_of(desk)
    made: list[dict[str, Any]] = []
    for as_of in days:
        if made:
            desk.next_run()
        outcome = build(desk.context, as_of=as_of, parameters_from=arguments.parameters_from, full=arguments.full)
        _say(desk, outcome)
        made.append(_as_json(outcome))
        recorded = members_after(desk, audiences, as_of)
        if recorded is not None:
            _say(desk, recorded)
            made[-1]["audiences"] = _as_json(recorded)
    if arguments.json:
        show_json({"runs": made} if len(made) > 1 else made[0])
    return 0


def on_maintain(desk: Desk, arguments: Namespace) -> int:
    """`lifetide maintain`."""
    return _told(desk, maintain(desk.context), arguments)


def on_fit(desk: Desk, arguments: Namespace) -> int:
    """`lifetide fit`."""
    as_of = arguments.as_of or newest_event_date(desk.context.store)
    outcome = fit(desk.context, as_of=as_of)
    models = fitted_models(desk.context, as_of)
    show(models_text(models))
    _say(desk, outcome)
    if arguments.json:
        show_json(_as_json(outcome) | {"models": models_json(models)})
    return 0


def on_backtest(desk: Desk, arguments: Namespace) -> int:
    """`lifetide backtest`."""
    outcome, found = prove(desk, arguments)
    show_proof(found)
    models = [] if arguments.groups or outcome.as_of is None else fitted_models(desk.context, outcome.as_of)
    show(models_text(models))
    _say(desk, outcome)
    if arguments.json:
        show_json(_as_json(outcome) | {"backtests": proof_json(found), "models": models_json(models)})
    return 0


def on_check(desk: Desk, arguments: Namespace) -> int:
    """`lifetide check`."""
    results = check_published(desk.context, arguments.tables)
    failed = [one for one in results if not one.success]
    critical = [one for one in failed if one.severity is Severity.CRITICAL]
    for one in failed:
        show(f"{one.severity}: {one.table}: {one.check} – {one.why} Seen: {one.observed}")
    tell(arguments, cases_of_checks(results))
    tables = len({one.table for one in results})
    show(f"{len(results) - len(failed)} of {len(results)} expectations hold on {tables} tables.")
    if arguments.json:
        show_json({"checks": len(results), "failed": [f"{one.table}.{one.check}" for one in failed],
                   "critical": len(critical)})  # fmt: skip
    return 1 if critical else 0


def on_report(desk: Desk, arguments: Namespace) -> int:
    """`lifetide report`."""
    path = arguments.to or desk.context.settings.path.parent / "report.html"
    written = report(report_facts(desk.context, as_of=arguments.as_of), path)
    show(f"Wrote {written}")
    if arguments.json:
        show_json({"report": written})
    _open(written, wanted=arguments.open)
    return 0


def on_explain(desk: Desk, arguments: Namespace) -> int:
    """`lifetide explain CUSTOMER`, with `--audience` of one audience."""
    if arguments.audience:
        return on_explain_audience(desk, arguments)
    if arguments.folder is not None:
        raise UsageError("--folder names definitions of audiences: say with --audience KEY which one to explain.")
    found = explain(desk.context, customer_id=arguments.customer, as_of=arguments.as_of)
    if arguments.json:
        show_json({"profile": found.profile, "parameters": found.parameters, "spells": found.spells})
    else:
        show(explanation_text(found, desk.context.settings.shop.currency))
    return 0


def on_audiences(desk: Desk, arguments: Namespace) -> int:
    """`lifetide audiences run` and `freeze`."""
    outcome, told = on_freeze(desk, arguments) if arguments.action == "freeze" else on_audiences_run(desk, arguments)
    _say(desk, outcome)
    if arguments.json:
        show_json(_as_json(outcome) | told)
    return 0


def on_history(desk: Desk, arguments: Namespace) -> int:
    """`lifetide history CUSTOMER`."""
    found = history(desk.context, customer_id=arguments.customer)
    if arguments.json:
        show_json({"customer_id": found.customer_id, "reported": found.reported, "spells": found.spells})
    else:
        show(history_text(found))
    return 0


def on_demo(desk: Desk, arguments: Namespace) -> int:
    """`lifetide demo`: ingest, build, report, and a page of text."""
    context = desk.context
    outcomes = [ingest(context, today=demo_pipeline.TODAY, batch="online-retail")]
    desk.next_run()
    outcomes.append(build(desk.context, as_of=demo_pipeline.AS_OF))
    recorded = members_after(desk, audiences_of(desk), demo_pipeline.AS_OF)
    if recorded is not None:
        outcomes.append(recorded)
    folder = context.settings.path.parent
    facts = report_facts(desk.context, as_of=demo_pipeline.AS_OF)
    written = report(facts, folder / "report.html")
    show(summary_text(facts))
    show(_where_to_go(folder, written))
    if arguments.json:
        show_json({"runs": [_as_json(one) for one in outcomes], "report": written, "dir": folder})
    _open(written, wanted=arguments.open)
    return 0


HANDLERS: dict[str, Callable[[Desk, Namespace], int]] = {
    "demo": on_demo,
    "sources": on_sources,
    "ingest": on_ingest,
    "build": on_build,
    "fit": on_fit,
    "backtest": on_backtest,
    "audiences": on_audiences,
    "count": on_count,
    "diff": on_diff,
    "sample": on_sample,
    "check": on_check,
    "report": on_report,
    "explain": on_explain,
    "history": on_history,
    "maintain": on_maintain,
    "simulate": on_simulate,
}


def _told(desk: Desk, outcome: Outcome, arguments: Namespace) -> int:
    _say(desk, outcome)
    if arguments.json:
        show_json(_as_json(outcome))
    return 0


def _say(desk: Desk, outcome: Outcome) -> None:
    for note in outcome.notes:
        desk.screen.say(f"  {note}")
    warned = [one for one in outcome.checks if not one.success]
    for one in warned:
        desk.screen.say(f"  {one.severity}: {one.table}: {one.check} – {one.why} Seen: {one.observed}")
    what = f"{outcome.job} {outcome.status}"
    if outcome.as_of:
        what += f" for {outcome.as_of}"
    if outcome.batch:
        what += f", batch {outcome.batch}"
    counts = "; ".join(f"{name} {count:,}" for name, count in outcome.row_counts.items() if count)
    show(f"{what} in {outcome.seconds:.1f} s (run {outcome.run_id})" + (f": {counts}" if counts else ""))


def _as_json(outcome: Outcome) -> dict[str, Any]:
    failed = [f"{one.table}.{one.check}" for one in outcome.checks if not one.success]
    return {
        "run_id": outcome.run_id, "job": outcome.job, "status": str(outcome.status), "as_of": outcome.as_of,
        "batch": outcome.batch, "row_counts": outcome.row_counts, "output_versions": outcome.output_versions,
        "filtered": outcome.filtered_count, "rejected": outcome.rejected_count, "checks": len(outcome.checks),
        "failed_checks": failed, "seconds": round(outcome.seconds, 1), "notes": outcome.notes,
    }  # fmt: skip


def _where_to_go(folder: Path, written: Path) -> str:
    settings = folder / "settings.toml"
    return (
        f"\n  The report           {written}\n"
        f"  The tables           {folder / 'warehouse'} (Delta; open them with any reader)\n"
        f"  The audiences        lifetide audiences run --settings {settings}\n"
        f"  One customer         lifetide explain 14911 --settings {settings}\n"
        f"  The gates again      lifetide check --settings {settings}\n"
        f"  Your own shop        copy {settings} and map your tables under [[sources]]\n"
    )


def _open(path: Path, *, wanted: bool) -> None:
    if wanted:
        webbrowser.open(path.resolve().as_uri())
