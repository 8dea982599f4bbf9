"""What SQL texts and Spark's errors have in common for everybody who writes tables."""

from __future__ import annotations

_MISSING = (
    "DELTA_MISSING_DELTA_TABLE", "DELTA_TABLE_NOT_FOUND", "DELTA_PATH_DOES_NOT_EXIST", "PATH_NOT_FOUND",
    "TABLE_OR_VIEW_NOT_FOUND", "is not a Delta",
)  # fmt: skip

_NO_FEED = (
    "DELTA_MISSING_CHANGE_DATA", "DELTA_CHANGE_TABLE_FEED_DISABLED", "DELTA_CHANGE_DATA", "DELTA_VERSION_NOT_FOUND",
    "DELTA_LOG_FILE_NOT_FOUND", "DELTA_TRUNCATED_TRANSACTION_LOG",
)  # fmt: skip


def quoted(text: str) -> str:
    """The text for between single quotes in SQL."""
    return text.replace("\\", "\\\\").replace("'", "\\'")


def says_missing(error: Exception) -> bool:
    """True where an error says that there is no such Delta table; its class differs between Spark and Connect."""
    return any(words in str(error) for words in _MISSING)


def says_no_feed(error: Exception) -> bool:
    """True where an error says that a table keeps no change feed, or no longer as far back as was asked."""
    return any(words in str(error) for words in _NO_FEED)


def says_denied(error: Exception) -> bool:
    """True where an object store lets this process not in, without credentials for instance."""
    return "AccessDenied" in str(error)
