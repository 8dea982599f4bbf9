"""What SQL texts and Spark's errors have in common for everybody who writes tables."""

from __future__ import annotations

_MISSING = (
    "DELTA_MISSING_DELTA_TABLE", "DELTA_TABLE_NOT_FOUND", "DELTA_PATH_DOES_NOT_EXIST", "PATH_NOT_FOUND",
    "TABLE_OR_VIEW_NOT_FOUND", "is not a Delta",
)  # fmt: skip


def quoted(text: str) -> str:
    """The text for between single quotes in SQL."""
    return text.replace("\\", "\\\\").replace("'", "\\'")


def says_missing(error: Exception) -> bool:
    """True where an error says that there is no such Delta table; its class differs between Spark and Connect."""
    return any(words in str(error) for words in _MISSING)
