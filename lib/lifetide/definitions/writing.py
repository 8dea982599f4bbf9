"""Plain data as YAML that `read_yaml` reads back as it was."""

from __future__ import annotations

import yaml


class _Dumper(yaml.SafeDumper):  # type: ignore[misc]
    """Never writes anchors, and quotes what a YAML 1.1 reader takes for something else."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def yaml_text(data: object) -> str:
    """The data as block YAML, keys in their order."""
    return str(yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110))
