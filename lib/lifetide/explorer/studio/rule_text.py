"""A rule as a person types it into a cell: a whole definition, a group, or a list of rules that all hold."""

from __future__ import annotations

import re
from typing import Any

from lifetide.audiences import Audience, parse
from lifetide.audiences.words import SPEC
from lifetide.definitions import read_yaml


def audience_of_text(text: str, name: str = "") -> Audience:
    """The audience that the YAML says. Raises DefinitionError with everything that is wrong."""
    plain: Any = read_yaml(text.encode(), "the cell").data or []
    if isinstance(plain, dict) and "rule" in plain:
        document = plain
    elif isinstance(plain, dict) and "rules" in plain:
        document = {"rule": plain}
    else:
        document = {"rule": {"combinator": "and", "rules": plain if isinstance(plain, list) else [plain]}}
    title = name or str(document.get("name", "From a cell"))
    key = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_") or "cell"
    key = key if key[0].isalpha() else f"a_{key}"
    return parse({"spec": SPEC, "key": key[:63], "name": title, **document})
