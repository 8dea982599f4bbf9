"""YAML text ↔ plain data, without any object that YAML could make by itself."""

from __future__ import annotations

from typing import Any

import yaml

from lifetide.errors import LifetideError

SHORT = 100  # characters; a mapping or list without further ones inside stands on one line up to here


def plain_of(text: str, where: str) -> Any:
    """What the text says. Raises LifetideError with file and line where it is no YAML."""
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise LifetideError(f"{where} is not YAML: {error}") from None


def text_of(plain: Any) -> str:
    """The data as a person would write it: keys in their order, what is small on one line."""
    text: str = yaml.dump(plain, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=SHORT, indent=2)
    return text


class _Dumper(yaml.SafeDumper):  # type: ignore[misc]
    """Lists are indented under their key; small leaves stand on one line."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001
        super().increase_indent(flow, False)

    def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> Any:  # noqa: FBT001
        is_leaf = not any(isinstance(one, dict) or _is_deep(one) for one in mapping.values())
        return super().represent_mapping(tag, mapping, flow_style=is_leaf and _is_short(mapping))

    def represent_sequence(self, tag: str, sequence: Any, flow_style: bool | None = None) -> Any:  # noqa: FBT001
        return super().represent_sequence(tag, sequence, flow_style=not _is_deep(sequence))


def _is_deep(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(one, dict | list) for one in value)


def _is_short(mapping: Any) -> bool:
    return "spec" not in mapping and len(str(mapping)) <= SHORT
