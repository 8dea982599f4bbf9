"""Packed columns kept in files beside the data, one folder per version and day: the second opening reads nothing."""

from __future__ import annotations

import json
import shutil
import uuid
from contextlib import suppress
from pathlib import Path

import numpy as np

from lifetide.explorer.studio.columns import Coded, Column, Kind, Numeric
from lifetide.explorer.studio.slices import Slices, from_rows

LAYOUT = 1  # raised whenever the files change their meaning
KEPT_VERSIONS = 2


class PackedFiles:
    """Columns by name under a folder; where it cannot be written nothing is kept, and nothing fails."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def load(self, name: str) -> Column | None:
        """The column, mapped into memory; None where it is not there or not whole."""
        told = self.folder / f"{name}.json"
        try:
            facts = json.loads(told.read_text(encoding="utf-8"))
            values = np.load(self.folder / f"{name}.npy", mmap_mode="r")
            if "labels" in facts:
                return Coded(values, tuple(facts["labels"]))
            missing = np.load(self.folder / f"{name}.missing.npy") if facts["has_missing"] else None
            return Numeric(values, Kind(facts["kind"]), facts["scale"], missing)
        except (OSError, ValueError, KeyError):
            return None

    def keep(self, name: str, column: Column) -> None:
        """Writes the column; the small file that names it comes last, so that half a column is none."""
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            if isinstance(column, Coded):
                self._save(f"{name}.npy", column.codes)
                self._tell(name, {"labels": list(column.labels)})
            else:
                self._save(f"{name}.npy", column.values)
                if column.missing is not None:
                    self._save(f"{name}.missing.npy", column.missing)
                has_missing = column.missing is not None
                self._tell(name, {"kind": column.kind, "scale": column.scale, "has_missing": has_missing})

    def load_slices(self, name: str) -> Slices | None:
        """The digits of a column; None where they are not there or not whole."""
        try:
            lowest = json.loads((self.folder / f"{name}.digits.json").read_text(encoding="utf-8"))["lowest"]
            return from_rows(lowest, np.load(self.folder / f"{name}.digits.npy", mmap_mode="r"))
        except (OSError, ValueError, KeyError):
            return None

    def has_slices(self, name: str) -> bool:
        """True where the digits of a column are there."""
        return (self.folder / f"{name}.digits.json").exists()

    def keep_slices(self, name: str, slices: Slices) -> None:
        """Writes the digits of a column."""
        if slices.digits:
            with suppress(OSError):
                self.folder.mkdir(parents=True, exist_ok=True)
                self._save(f"{name}.digits.npy", np.stack(slices.digits))
                self._tell(f"{name}.digits", {"lowest": slices.lowest})

    def _save(self, name: str, values: np.ndarray) -> None:
        aside = self.folder / f".{name}.{uuid.uuid4().hex}"
        with aside.open("wb") as file:
            np.save(file, values)
        aside.replace(self.folder / name)

    def _tell(self, name: str, facts: dict[str, object]) -> None:
        aside = self.folder / f".{name}.json.{uuid.uuid4().hex}"
        aside.write_text(json.dumps(facts), encoding="utf-8")
        aside.replace(self.folder / f"{name}.json")


def packed_files(root: Path, table: str, version: int, as_of: str) -> PackedFiles:
    """The files for one slice; those of older versions go."""
    home = root / "_studio"
    folder = home / f"{table}-{LAYOUT}-{version:010d}" / as_of
    with suppress(OSError):
        older = sorted(one for one in home.glob(f"{table}-*") if one.name != folder.parent.name)
        for one in older[: -(KEPT_VERSIONS - 1) or None]:
            shutil.rmtree(one, ignore_errors=True)
    return PackedFiles(folder)
