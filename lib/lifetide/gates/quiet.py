"""Great Expectations without its noise, its project state and its network."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from typing import Any

from lifetide.errors import EnvironmentProblem


def great_expectations() -> Any:
    """The library. It takes seconds to import, so only a gate that runs asks for it."""
    try:
        import great_expectations as gx
    except ImportError:
        raise EnvironmentProblem(
            "Gates need Great Expectations, which is not installed: pip install 'lifetide[gates]'."
        ) from None
    return gx


def load_ahead() -> None:
    """Begins to import the library beside what the caller does next, such as waiting for Spark to start."""
    Thread(target=_loaded, name="lifetide-gates", daemon=True).start()


def _loaded() -> None:
    with suppress(Exception):  # whoever needs the library imports it again and hears what is wrong
        great_expectations()


@contextmanager
def quietly() -> Iterator[Any]:
    """Hands out the library, muted; the user's own project is put back after."""
    gx = great_expectations()
    from great_expectations.data_context.data_context.context_factory import project_manager
    from great_expectations.exceptions.exceptions import DataContextRequiredError

    logger = logging.getLogger("great_expectations")
    level = logger.level
    try:
        project = project_manager.get_current_project()
    except DataContextRequiredError:
        project = None
    try:
        logger.setLevel(logging.CRITICAL + 1)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield gx
    finally:
        logger.setLevel(level)
        project_manager.set_project(project)


def fresh_context(gx: Any) -> Any:
    """A context in memory: no file is read or written, no bar is drawn, no usage is reported."""
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        progress_bars=ProgressBarsConfig(globally=False, metric_calculations=False),
        analytics_enabled=False,
    )
    return gx.get_context(mode="ephemeral", project_config=config)
