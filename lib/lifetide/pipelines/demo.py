"""`lifetide demo`: a real shop's year of orders, built from the bundled file to the report."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

from lifetide.errors import UsageError
from lifetide.shipped import DEMO, shipped_audiences, shipped_schema

AS_OF = date(2011, 12, 9)
TODAY = date(2011, 12, 10)
_FILES = ("settings.toml", "online_retail.parquet", "ATTRIBUTION.md")


def prepare_demo(folder: Path) -> Path:
    """Lays settings and data into `folder` and returns the path of the settings; files of a user stay.

    Raises UsageError where the folder holds something that is no demo.
    """
    settings = folder / "settings.toml"
    if folder.exists() and any(folder.iterdir()) and not (folder / _FILES[1]).exists():
        raise UsageError(f"{folder} is not empty and holds no demo; choose another folder with --dir DIR.")
    (folder / "audiences").mkdir(parents=True, exist_ok=True)
    for name in _FILES:
        if not (folder / name).exists():
            shutil.copyfile(DEMO / name, folder / name)
    for path in sorted([*shipped_audiences().glob("*.yaml"), shipped_schema()]):
        if not (folder / "audiences" / path.name).exists():
            shutil.copyfile(path, folder / "audiences" / path.name)
    return settings
