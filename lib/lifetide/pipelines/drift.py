"""How the columns of a source differ from those of the last ingest."""

from __future__ import annotations

from collections.abc import Mapping


def drift(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Every column gained, lost, renamed or retyped, in words; both map a column's name to its type.

    A column lost and one gained of the same type are a renamed one where no others of that type could be meant.
    """
    lost = {name: type_ for name, type_ in before.items() if name not in now}
    gained = {name: type_ for name, type_ in now.items() if name not in before}
    found = []
    for name, type_ in list(lost.items()):
        same = [other for other, its_type in gained.items() if its_type == type_]
        if len(same) == 1 and list(lost.values()).count(type_) == 1:
            found.append(f"renamed {name} to {same[0]} ({type_})")
            del lost[name], gained[same[0]]
    found += [f"gained {name} ({type_})" for name, type_ in gained.items()]
    found += [f"lost {name} ({type_})" for name, type_ in lost.items()]
    found += [
        f"retyped {name} from {before[name]} to {type_}"
        for name, type_ in now.items()
        if name in before and before[name] != type_
    ]
    return found
