"""Notebooks run top to bottom on the demo's tables, and every cell says something."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
PARAMETERS = "# Parameters"


SOON = ("01_tour", "06_rfm_in_one_cell")  # the tables by Spark, the pages without it; the others run in make prove


@pytest.mark.delta
@pytest.mark.parametrize(
    "path",
    [pytest.param(path, marks=[] if path.stem in SOON else [pytest.mark.prove], id=path.stem) for path in NOTEBOOKS],
)
def test_it_runs_on_the_tables_of_the_demo(path: Path, demo_folder: Path, tmp_path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    parameters = next(cell for cell in notebook.cells if cell.source.startswith(PARAMETERS))
    assert parameters.source == f'{PARAMETERS}\nfolder = "../lifetide-demo"'
    parameters.source = f"folder = {str(demo_folder)!r}"
    NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell is not parameters and not cell.source.startswith("from "):
            assert cell.outputs, f"said nothing: {cell.source}"
