"""`lifetide report`: the figures of a day as one HTML file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pyspark.sql import DataFrame

from lifetide.explorer.collecting import collect_facts
from lifetide.explorer.facts import ReportFacts
from lifetide.explorer.playbook import playbook
from lifetide.explorer.report import report_page
from lifetide.pipelines.build import built_day
from lifetide.pipelines.context import Context
from lifetide.tables import TABLES


def report_facts(context: Context, *, as_of: date | None) -> ReportFacts:
    """The report's figures from the published tables. Raises NotFound before the first build."""
    day = built_day(context.store, as_of)

    def read(name: str) -> DataFrame:
        return context.store.read(TABLES[name])

    shop, file = context.settings.shop, context.settings.playbook_file
    plays = playbook(None if file is None else Path(file))
    return collect_facts(read, shop=shop, as_of=day, attribution=shop.attribution, plays=plays)


def report(facts: ReportFacts, path: Path) -> Path:
    """Writes the report and returns its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(report_page(facts), encoding="utf-8")
    return path
