"""What every pipeline gets from the command."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pyspark.sql import SparkSession

from lifetide.pipelines.progress import Progress
from lifetide.settings import Settings
from lifetide.storage import Store


@dataclass(frozen=True)
class Context:
    """Session, store, settings, a clock, suites' folders and someone to tell.

    `now` is the command's clock (nothing below it reads one); `run_id` names the run that the command is.
    """

    session: SparkSession
    store: Store
    settings: Settings
    now: Callable[[], datetime]
    run_id: str
    suites: Sequence[Path]
    progress: Progress
    dry_run: bool = False
