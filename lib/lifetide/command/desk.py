"""Where a command reads its surroundings: clock, environment, settings, session. Nothing below it does."""

from __future__ import annotations

import os
import uuid
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

from pyspark.sql import SparkSession

from lifetide.command.screen import Screen
from lifetide.errors import SettingsError
from lifetide.gates import load_ahead, suite_folders
from lifetide.pipelines.context import Context
from lifetide.pipelines.opening import mapping_problems
from lifetide.session import default_places, spark_session
from lifetide.settings import Settings, inspect_settings
from lifetide.shipped import shipped_suites
from lifetide.storage import DeltaStore

GATED = ("demo", "ingest", "build", "fit", "audiences", "check")


def utc_now() -> datetime:
    """The clock."""
    return datetime.now(timezone.utc)


def new_run_id() -> str:
    """A run's name: sortable by time, unique."""
    return f"{utc_now():%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:8]}"


class Desk:
    """Everything a handler needs, made once per command."""

    def __init__(self, context: Context, screen: Screen) -> None:
        self.context = context
        self.screen = screen

    def today(self) -> date:
        """The shop's calendar date now."""
        return utc_now().astimezone(ZoneInfo(self.context.settings.shop.timezone)).date()

    def next_run(self) -> None:
        """A new run id, for a command that makes several runs."""
        self.context = replace(self.context, run_id=new_run_id())


def desk(arguments: Namespace, settings_path: Path, screen: Screen, run_id: str) -> Desk:
    """Reads the settings, starts Spark, and lays everything out.

    Raises SettingsError with every problem at once, those of the SQL in mappings included.
    """
    settings, problems = inspect_settings(settings_path)
    if problems and not settings.sources:
        raise _wrong(settings_path, problems)
    if arguments.command in GATED:
        load_ahead()
    with_session = _session(arguments.command, settings, os.environ)
    context = Context(
        session=with_session,
        store=DeltaStore(with_session, settings.storage.root, settings.storage.full_schema),
        settings=settings,
        now=utc_now,
        run_id=run_id,
        suites=suite_folders(settings.gates.suites, shipped_suites()),
        progress=screen,
        dry_run=getattr(arguments, "dry_run", False),
    )
    if problems:  # otherwise those who read the sources say what does not fit
        problems += [one for one in mapping_problems(settings, context) if not _is_told(one, problems)]
    if problems:
        raise _wrong(settings_path, problems)
    return Desk(context, screen)


def _session(command: str, settings: Settings, environ: Mapping[str, str]) -> SparkSession:
    places = default_places(environ)
    return spark_session(
        f"lifetide {command}",
        cache=places.cache,
        java_home=places.java_home,
        search_path=places.search_path,
        on_platform=places.on_platform,
        master=settings.spark.master,
        memory=settings.spark.memory,
        options=settings.spark.options,
    )


def _wrong(path: Path, problems: list[str]) -> SettingsError:
    count = "a problem" if len(problems) == 1 else f"{len(problems)} problems"
    return SettingsError(f"{path} has {count}; nothing was read or written:", problems)


def _is_told(problem: str, problems: list[str]) -> bool:
    """A missing file is told by the settings already."""
    return "PATH_NOT_FOUND" in problem and any("no file or folder at" in one for one in problems)
