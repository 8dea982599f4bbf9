"""Charts as inline SVG: pure functions from figures to markup. Colours come from the page's style sheet."""

from __future__ import annotations

from lifetide.explorer.charts.area import Layer, sparkline, stacked_area
from lifetide.explorer.charts.bars import Part, bar, legend, share_bar
from lifetide.explorer.charts.columns import Column, column_compare
from lifetide.explorer.charts.flow import Band, Stop, flow_picture
from lifetide.explorer.charts.histogram import Cut, histogram
from lifetide.explorer.charts.matrix import MatrixRow, heat_matrix
from lifetide.explorer.charts.rates import rate_bar
from lifetide.explorer.charts.trend import trend

__all__ = [
    "Band", "Column", "Cut", "Layer", "MatrixRow", "Part", "Stop", "bar", "column_compare", "flow_picture",
    "heat_matrix", "histogram", "legend", "rate_bar", "share_bar", "sparkline", "stacked_area", "trend",
]  # fmt: skip
