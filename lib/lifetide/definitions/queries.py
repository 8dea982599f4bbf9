"""JSON of a query as plain data, refused where it could harm a reader or means two things."""

from __future__ import annotations

import json

from lifetide.definitions.reading import MOST_BYTES
from lifetide.errors import DefinitionError


def read_json(content: bytes, name: str) -> object:
    """The value of a JSON file. Raises DefinitionError naming the file, and the line where there is one."""
    if len(content) > MOST_BYTES:
        raise DefinitionError(f"{name}: {len(content):,} bytes; a query has at most {MOST_BYTES:,}.")
    try:
        return json.loads(content.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_number)
    except UnicodeDecodeError:
        raise DefinitionError(f"{name}: not UTF-8: save the file as UTF-8.") from None
    except json.JSONDecodeError as error:
        raise DefinitionError(f"{name}:{error.lineno}: not JSON: {error.msg}.") from None
    except RecursionError:
        raise DefinitionError(f"{name}: nested too deep.") from None
    except ValueError as error:
        raise DefinitionError(f"{name}: {error}.") from None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for key, _ in pairs if [one for one, _ in pairs].count(key) > 1)
        raise ValueError(f"{twice[:60]!r} stands twice in one mapping")
    return found


def _no_number(word: str) -> object:
    raise ValueError(f"{word} is no number that JSON knows")
