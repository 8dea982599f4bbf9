"""Event logs of any size with known truth: every row follows from the seed and the customer's number."""

from lifetide.simulate.mapping import FORMATS, prepare_folder, settings_text
from lifetide.simulate.telling import Simulated, plan_for, shop, simulate
from lifetide.simulate.world import Plan, World

__all__ = [
    "FORMATS",
    "Plan",
    "Simulated",
    "World",
    "plan_for",
    "prepare_folder",
    "settings_text",
    "shop",
    "simulate",
]
