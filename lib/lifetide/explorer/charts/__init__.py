"""Charts as inline SVG: pure functions from figures to markup. Colours come from the page's style sheet."""

from __future__ import annotations

from lifetide.explorer.charts.area import Layer, sparkline, stacked_area
from lifetide.explorer.charts.bars import Part, bar, legend, share_bar
from lifetide.explorer.charts.columns import Column, column_compare
from lifetide.explorer.charts.histogram import Cut, histogram

__all__ = [
    "Column", "Cut", "Layer", "Part", "bar", "column_compare", "histogram", "legend", "share_bar", "sparkline",
    "stacked_area",
]  # fmt: skip
