"""Settings: one TOML file, every key explained in jobs/settings.toml."""

from lifetide.settings.model import CANONICAL, Gates, Settings, Shop, Source, Spark, Storage
from lifetide.settings.reading import inspect_settings, read_settings

__all__ = [
    "CANONICAL",
    "Gates",
    "Settings",
    "Shop",
    "Source",
    "Spark",
    "Storage",
    "inspect_settings",
    "read_settings",
]
