"""Can the figures be trusted: gates, what was refused, what was published, and the words explained."""

from __future__ import annotations

from lifetide.explorer.facts import FailedCheck, ReportFacts, RunFacts, TableChecks
from lifetide.explorer.figures import counted, day, plain, short_day, whole
from lifetide.explorer.markup import Markup, element
from lifetide.explorer.names import reason_name, table_name
from lifetide.explorer.sections.furniture import badge, card, data_table, empty, section

GLOSSARY: tuple[tuple[str, str], ...] = (
    ("Own interval", "The mean number of days between a customer’s days of shopping. With few of them, the group’s "
     "rhythm is mixed in."),
    ("Just ordered", "Ordered so recently that silence says nothing yet."),
    ("Active", "Within the own rhythm. In the chart of the base: not new, and active or just ordered."),
    ("Slipping away", "Longer silent than three of four gaps of this shop, measured in own intervals; or buying "
     "less often than before."),
    ("Lost", "A lifecycle group: silent beyond what 95 of 100 gaps reach. Not the Lost segment."),
    ("Lost segment", "One of the fourteen segments: lowest scores for recency, frequency and money."),
    ("New", "First order at most 30 days before the day in question."),
    ("Prospect", "Known to the shop, without an order that stands: none yet, or all cancelled or returned."),
    ("Guest", "An order without a name. It counts in the shop’s totals, in nobody’s profile."),
    ("Net revenue", "Sales after discounts, less what was given back."),
    ("Voided order", "An order of which every unit was returned, or that was cancelled."),
    ("Gate", "Checks that staged tables must pass before anybody sees them. A failed critical check stops them."),
)  # fmt: skip


def data_quality(facts: ReportFacts) -> Markup:
    """Failures first, then every gate, then what ingest refused."""
    heading = "Can these figures be trusted?"
    if not facts.checks:
        words = "No gate has reported on this run. Run the checks, then make the report again."
        return section("quality", heading, None, card(empty("Not checked", words)))
    checks = sum(table.checks for table in facts.checks)
    passed = sum(table.passed for table in facts.checks)
    lead = f"{whole(passed)} of {counted(checks, 'check')} held, on {counted(len(facts.checks), 'gate')}."
    failing = [(table, failed) for table in facts.checks for failed in table.failures]
    failing.sort(key=lambda pair: pair[1].severity != "critical")
    alarms = [_failure(table, failed) for table, failed in failing]
    worst_first = sorted(facts.checks, key=lambda table: (-table.failed_critical, -table.failed_warnings))
    rows = [
        [table_name(table.table), f"{whole(table.passed)} of {whole(table.checks)}", _state(table)]
        for table in worst_first
    ]
    return section(
        "quality",
        heading,
        lead,
        element("ul", *alarms, class_="alarms", aria_label="Checks that failed") if alarms else None,
        element(
            "div",
            card(data_table("Gates", ["Table", "Held", "State"], rows), heading="Gates", css="gates"),
            _refused(facts),
            class_="pair",
        ),
    )


def _failure(table: TableChecks, failed: FailedCheck) -> Markup:
    is_critical = failed.severity == "critical"
    return element(
        "li",
        badge("Critical" if is_critical else "Warning", "bad" if is_critical else "warn"),
        element("b", f"{table_name(table.table)}: {failed.name}"),
        element("span", f"Seen: {failed.observed}", class_="seen") if failed.observed else None,
        element("span", failed.why, class_="mut") if failed.why else None,
        class_="critical" if is_critical else "warning",
    )


def _state(table: TableChecks) -> Markup:
    if table.failed_critical:
        return badge(f"{table.failed_critical} critical", "bad")
    if table.failed_warnings:
        return badge(counted(table.failed_warnings, "warning"), "warn")
    return badge("all held", "good")


def _refused(facts: ReportFacts) -> Markup:
    if not facts.rejections:
        return card(empty("No row was refused", "Every row that came in could be used."), heading="Refused rows")
    rows = [[reason_name(reason), whole(count)] for reason, count in facts.rejections]
    note = f"{counted(facts.rejected_rows, 'row')}; a row can have several reasons"
    return card(data_table("Refused rows by reason", ["Reason", "Rows"], rows), heading="Refused rows", note=note)


def published(facts: ReportFacts) -> Markup:
    """Which run this is, and how many rows each table holds."""
    run = facts.run
    facts_of_run = [
        ("Figures as of", day(facts.as_of)),
        ("Parameters as of", day(facts.parameters_as_of) if facts.parameters_as_of else "–"),
        ("Orders", _span(facts)),
        ("Run", element("code", run.run_id) if run else "–"),
        ("Published", _instant(run)),
        ("Took", f"{plain(float(run.seconds))} seconds" if run and run.seconds is not None else "–"),
    ]
    listed = element(
        "dl", *(element("div", element("dt", name), element("dd", value)) for name, value in facts_of_run)
    )
    rows = [[element("code", name), whole(count)] for name, count in facts.row_counts]
    tables = (
        data_table("Rows per published table", ["Table", "Rows"], rows)
        if rows
        else empty("No row counts", "The run kept none.")
    )
    return section(
        "published",
        "What was published",
        None,
        element(
            "div",
            card(listed, _steps(run), heading="This run"),
            card(tables, heading="Tables"),
            class_="pair",
        ),
    )


def _span(facts: ReportFacts) -> str:
    orders = facts.orders
    if orders.first_date is None or orders.last_date is None:
        return "none yet"
    span = f"{short_day(orders.first_date)} to {short_day(orders.last_date)}"
    return f"{span}, refunds known on {short_day(orders.restated_on)}" if orders.restated_on else span


def _instant(run: RunFacts | None) -> str:
    if run is None or run.published_at is None:
        return "–"
    return f"{short_day(run.published_at.date())}, {run.published_at:%H:%M} UTC"


def _steps(run: RunFacts | None) -> Markup | None:
    if run is None or not run.steps:
        return None
    rows = [[step.name, f"{step.seconds:.1f}"] for step in run.steps]
    return element("details", element("summary", "Steps of the run"), data_table("Steps", ["Step", "Seconds"], rows))


def glossary() -> Markup:
    """The words of the page in plain words."""
    items = [element("div", element("dt", word), element("dd", meaning)) for word, meaning in GLOSSARY]
    return section("glossary", "Words on this page", None, card(element("dl", *items, class_="glossary")))
