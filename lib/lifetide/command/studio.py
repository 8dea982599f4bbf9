"""The studio's door: what `from lifetide import Studio` gives, `lifetide studio`, and the magics of a notebook."""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lifetide.errors import NotFound, UsageError
from lifetide.explorer.figures import SYMBOLS
from lifetide.explorer.studio.app import Studio as OpenStudio
from lifetide.explorer.studio.made_up import AS_OF, made_up_ids, made_up_shop
from lifetide.explorer.studio.profiles import MOST_ROWS, Profiles, in_columns
from lifetide.explorer.studio.sampling import SAMPLE
from lifetide.explorer.studio.shelf import Shelf
from lifetide.explorer.studio.shop import Shop

if TYPE_CHECKING:
    from lifetide.settings import Settings

SETTINGS = "settings.toml"
DEMO = "lifetide-demo"
MADE_UP = 500_000


class Studio(OpenStudio):
    """Opens the studio in a notebook: `Studio("settings.toml")`, `Studio(df, as_of=…)`, or `Studio()`.

    `source`: a settings file or its folder; a pandas or Spark DataFrame with one row per customer; a number of
    made-up customers. Without one, settings.toml here or in lifetide-demo/ is taken, else a made-up shop.
    `widgets="basic"`: for front ends that refuse custom widgets.
    `audiences`: the folder of definitions (default: that of the settings, or `audiences` here).
    """

    def __init__(
        self,
        source: Any = None,
        *,
        as_of: date | str | None = None,
        audiences: str | Path | None = None,
        currency: str = "EUR",
        widgets: str = "full",
    ) -> None:
        if widgets not in ("full", "basic"):
            raise UsageError(f"widgets={widgets!r} is neither 'full' nor 'basic'.")
        self._open(source, as_of, audiences, currency)
        self.is_basic = widgets == "basic"

    def _open(self, source: Any, as_of: date | str | None, audiences: str | Path | None, currency: str) -> None:
        day = date.fromisoformat(as_of) if isinstance(as_of, str) else as_of
        found = _found_settings() if source is None else source
        if isinstance(found, (str, Path)):
            super().__init__(*_of_settings(Path(found), day, audiences))
            return
        shelf = Shelf(Path(audiences) if audiences else Path("audiences"))
        symbol = SYMBOLS.get(currency, currency + " ")
        if found is None or isinstance(found, int):
            super().__init__(_made_up(found or MADE_UP), symbol, shelf, None, Shop("A made-up shop", currency))
        elif day is None:
            raise UsageError("Say which day the rows speak of: Studio(df, as_of='2026-06-30').")
        else:
            rows, shop = _of_frame(found, day, "Your table"), Shop("Your table", currency)
            super().__init__(rows, symbol, shelf, _on_spark(found), shop)


def _found_settings() -> Path | None:
    places = (Path(SETTINGS), Path(DEMO, SETTINGS), Path("..", SETTINGS), Path("..", DEMO, SETTINGS))
    return next((one for one in places if one.is_file()), None)


def _made_up(customers: int) -> Profiles:
    note = "nobody is real: open your own with Studio('settings.toml')"
    columns = made_up_shop(customers)
    return in_columns(columns, lambda: made_up_ids(customers), "A made-up shop", AS_OF, note)


def _of_settings(path: Path, day: date | None, audiences: str | Path | None) -> tuple[Any, ...]:
    from lifetide.command.studio_spark import OnSpark  # what a made-up shop does without is loaded here
    from lifetide.explorer.studio.sources import published
    from lifetide.settings import is_address, read_settings

    file = path / SETTINGS if path.is_dir() else path
    if not file.is_file():
        raise NotFound(f"There is no settings file at {file}: run `lifetide demo`, or name yours.")
    settings = read_settings(file)
    folder = Path(audiences or settings.audiences_folder or file.parent / "audiences")
    symbol = SYMBOLS.get(settings.shop.currency, settings.shop.currency + " ")
    shelf = Shelf(folder)

    if settings.storage.full_schema is not None or is_address(settings.storage.root):
        from lifetide.command.warehouse import open_warehouse

        warehouse = open_warehouse(file)
        at = day or warehouse.newest_as_of()
        rows = warehouse.table("customer_profiles").where(f"as_of = DATE '{at}'")
        profiles = _of_frame(rows, at, settings.shop.name, is_catalogued=True)
    else:
        profiles = published(Path(settings.storage.root), settings.shop.name, day)
    return profiles, symbol, shelf, OnSpark(file, profiles, shelf), _shop(settings)


def _shop(settings: Settings) -> Shop:
    from lifetide.explorer.playbook import playbook

    plays = playbook(None if settings.playbook_file is None else Path(settings.playbook_file))
    return Shop(settings.shop.name, settings.shop.currency, plays, settings.policy.growth.new_days, _explained)


def _explained(
    profile: Mapping[str, Any], learned: Mapping[str, float], spells: list[dict[str, Any]], at: str
) -> str:
    """The words of `lifetide explain`."""
    from lifetide.command.explaining import explanation_text
    from lifetide.pipelines.explain import Explanation

    return explanation_text(Explanation(dict(profile), dict(learned), spells), at)


def _of_frame(
    frame: Any, day: date, title: str = "Your table", *, is_catalogued: bool = False, most_rows: int = MOST_ROWS,
    size: int = SAMPLE,
) -> Profiles:  # fmt: skip
    """A table with one row per customer, held whole; of one on Spark with more than `most_rows`, a random sample."""
    import pyarrow as pa

    from lifetide.explorer.studio.sources import in_memory

    if _is_pandas(frame):
        return in_memory(pa.Table.from_pandas(frame, preserve_index=False), title, day)
    from lifetide.storage import arrow

    there = frame.count()
    if there <= most_rows:
        return in_memory(arrow(frame, at_most=there), title, day, is_catalogued=is_catalogued)
    drawn = arrow(frame.sample(fraction=min(1.0, size / there), seed=SEED), at_most=there)
    note = f"a sample of {drawn.num_rows:,} stands for {there:,}"
    made = in_memory(drawn, title, day, note, is_catalogued=is_catalogued)
    return replace(made, population=there)


SEED = 7


def _on_spark(frame: Any) -> Any:
    if _is_pandas(frame):
        return None
    from lifetide.command.studio_spark import OfFrame

    return OfFrame(frame)


def _is_pandas(frame: Any) -> bool:
    return type(frame).__module__.startswith("pandas")


def on_studio(arguments: Namespace) -> int:
    """`lifetide studio`: JupyterLab with a notebook that holds the studio. Nothing is computed here."""
    from lifetide.explorer.studio.launching import lab_command, notebook_in

    folder = (arguments.dir or Path()).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    settings = arguments.settings if arguments.settings.is_file() else None
    notebook = notebook_in(folder, settings)
    command = lab_command(sys.executable, folder, notebook, is_opened=not arguments.no_browser, port=arguments.port,
                          is_root=getattr(os, "geteuid", lambda: 1)() == 0)  # fmt: skip
    sys.stdout.write(f"Opening {notebook.name} in JupyterLab; Ctrl-C here ends it.\n")
    sys.stdout.flush()
    return subprocess.run(command, check=False).returncode  # noqa: S603 - our own words, no shell
