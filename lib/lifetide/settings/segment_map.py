"""An own map from RFM scores to segments: a CSV file with a line r,f,m,segment for each of the 125 cells."""

from __future__ import annotations

import csv
from itertools import product
from pathlib import Path

from lifetide.vocabulary import RfmSegment as Segment

COLUMNS = ["r", "f", "m", "segment"]
BEFORE_THE_GRID = (Segment.ENGAGED_VISITOR, Segment.LOYAL_VISITOR, Segment.FIRST_TIME)
IN_THE_GRID = tuple(str(segment) for segment in Segment if segment not in BEFORE_THE_GRID)
SCORES = ("1", "2", "3", "4", "5")
CELLS = tuple(product(SCORES, repeat=3))


def segment_map(path: Path) -> tuple[tuple[str, ...], list[str]]:
    """The segments of all cells by R, then F, then M (none where the map is wrong), and everything wrong with it."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *lines = list(csv.reader(file)) or [[]]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        return (), [f"no map can be read at {path}: {error}"]
    if [name.strip() for name in header] != COLUMNS:
        return (), [f"the first line of {path} must be {','.join(COLUMNS)}, it is {','.join(header)}"]
    problems: list[str] = []
    found: dict[tuple[str, ...], str] = {}
    for number, line in enumerate(lines, start=2):
        if line:
            _take([value.strip() for value in line], f"line {number}", found, problems)
    holes = [" ".join(cell) for cell in CELLS if cell not in found]
    if holes:
        problems.append(f"no segment for {len(holes)} of {len(CELLS)} cells (r f m): {', '.join(holes)}")
    return (() if problems else tuple(found[cell] for cell in CELLS)), problems


def _take(line: list[str], where: str, found: dict[tuple[str, ...], str], problems: list[str]) -> None:
    """Puts a line among the cells that were found; its scores count as given even where its segment is wrong."""
    if len(line) != len(COLUMNS):
        problems.append(f"{where} has {len(line)} values instead of {len(COLUMNS)}")
        return
    *scores, segment = line
    cell = tuple(scores)
    if segment in BEFORE_THE_GRID:
        problems.append(f"{where}: {segment} is decided before the scores, it cannot stand in a map")
    elif segment not in IN_THE_GRID:
        problems.append(f"{where}: unknown segment {segment!r}; known are {', '.join(IN_THE_GRID)}")
    if not set(cell) <= set(SCORES):
        problems.append(f"{where}: scores are 1 to 5, these are {' '.join(cell)}")
    elif cell in found:
        problems.append(f"{where}: the cell {' '.join(cell)} stands in the map twice")
    else:
        found[cell] = segment
