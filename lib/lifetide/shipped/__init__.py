"""Files that come with the package: demo data, suites, audiences. A checkout has the last two where people look."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent
DEMO = _HERE / "demo"
CLICKSTREAM = _HERE / "clickstream"


def shipped_suites() -> Path:
    """The folder of the suites that come with Lifetide."""
    in_wheel = _HERE / "expectations"
    return in_wheel if in_wheel.is_dir() else _HERE.parents[2] / "expectations"


def shipped_audiences() -> Path:
    """The folder of the examples of audiences that come with Lifetide."""
    in_wheel = _HERE / "audiences"
    return in_wheel if in_wheel.is_dir() else _HERE.parents[2] / "jobs" / "audiences"


def shipped_schema() -> Path:
    """The JSON Schema of an audience file, beside the examples."""
    return shipped_audiences() / "audience.schema.json"
