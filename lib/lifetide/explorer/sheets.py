"""Style sheets of report and studio, and the policy that allows one of them and nothing else."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files


def chart_sheet() -> str:
    """What charts, tables and cards are drawn with; the studio's pages use it too."""
    return _asset("charts.css")


def report_sheet() -> str:
    """The report's whole style sheet."""
    return chart_sheet() + _asset("report.css")


def _asset(name: str) -> str:
    return files("lifetide.explorer").joinpath("assets").joinpath(name).read_text(encoding="utf-8").strip() + "\n"


def policy(css: str) -> str:
    """Allows the style sheet by its hash, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
