"""Definitions on disk: YAML files read within limits, with the line of every value; a folder's state in git."""

from lifetide.definitions.folders import MOST_FILES, Found, definition_files, files_at
from lifetide.definitions.freezing import as_static
from lifetide.definitions.queries import read_json
from lifetide.definitions.reading import MOST_BYTES, Written, read_yaml
from lifetide.definitions.writing import yaml_text

__all__ = [
    "MOST_BYTES", "MOST_FILES", "Found", "Written", "as_static", "definition_files", "files_at", "read_json",
    "read_yaml", "yaml_text",
]  # fmt: skip
