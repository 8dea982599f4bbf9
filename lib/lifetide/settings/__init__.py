"""Settings: one TOML file, every key explained in jobs/settings.toml."""

from lifetide.settings.model import CANONICAL, Gates, Settings, Shop, Source, Spark, Storage, is_address
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
    "is_address",
    "read_settings",
]
