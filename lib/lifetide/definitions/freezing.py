"""`membership: {type: static}` in the text of a definition, all else as its author wrote it."""

from __future__ import annotations

import re

from lifetide.definitions.reading import Written

TYPE = re.compile(r"\btype:\s*[\"']?dynamic[\"']?")
FLOW = re.compile(r"^(membership:\s*\{\s*)(\S)")


def as_static(text: str, written: Written) -> str | None:
    """The text with its membership made static; None where it is written in a way that is not understood."""
    lines = text.split("\n")
    if ("membership", "type") in written.lines:
        place = written.lines["membership", "type"] - 1
        changed, count = TYPE.subn("type: static", lines[place])
        if count != 1:
            return None
        lines[place] = changed
    elif ("membership",) in written.lines:
        place = written.lines["membership",] - 1
        opened = FLOW.match(lines[place])
        if opened:
            comma = "" if opened[2] == "}" else ", "
            lines[place] = FLOW.sub(rf"\1type: static{comma}\2", lines[place])
        elif lines[place].strip() == "membership:" and place + 1 < len(lines):
            indent = re.match(r"\s*", lines[place + 1])
            lines.insert(place + 1, f"{indent[0] if indent else ''}type: static")
        else:
            return None
    elif ("rule",) in written.lines:
        lines.insert(written.lines["rule",] - 1, "membership: {type: static}")
    else:
        return None
    return "\n".join(lines)
