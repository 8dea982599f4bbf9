"""Where Java is looked for and downloads are kept, worked out once from the environment of a command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

# Set by spark-submit, by Spark Connect and by Databricks: Spark runs already, and starting another is wrong.
SIGNS_OF_A_PLATFORM = ("PYSPARK_GATEWAY_PORT", "SPARK_REMOTE", "DATABRICKS_RUNTIME_VERSION")


@dataclass(frozen=True)
class Places:
    """What `spark_session` needs to know of its surroundings.

    `cache` holds what is fetched or made once, and may be deleted at any time. `java_home` is the user's
    JAVA_HOME (None: unset), `search_path` their PATH. `on_platform`: Spark was started around this process.
    """

    cache: Path
    java_home: str | None
    search_path: str
    on_platform: bool


def default_places(environ: Mapping[str, str]) -> Places:
    """The places that follow from the variables a command was started with.

    LIFETIDE_CACHE names the cache outright; else it is `lifetide` in XDG_CACHE_HOME, else in ~/.cache.
    """
    home = Path(environ.get("HOME") or Path.home())
    caches = Path(environ.get("XDG_CACHE_HOME") or home / ".cache")
    return Places(
        cache=Path(environ.get("LIFETIDE_CACHE") or caches / "lifetide").expanduser().absolute(),
        java_home=environ.get("JAVA_HOME") or None,
        search_path=environ.get("PATH", ""),
        on_platform=any(environ.get(sign) for sign in SIGNS_OF_A_PLATFORM),
    )
