"""Public purchase logs cut at a date: what the order models know, and what each customer then did."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from lifetide.ltv.histories import Floats, Histories, distinct, histories

DATA = Path(__file__).parents[1] / "data"
CDNOW_CUTOFF = date(1997, 9, 30)


@cache
def cdnow_days() -> pd.DataFrame:
    """One row per customer × purchase day of the CDNOW sample, with its value."""
    rows = pd.read_parquet(DATA / "cdnow_sample.parquet")
    days = rows.groupby(["customer_id", "date"], as_index=False)["amount"].sum()
    days["date"] = pd.to_datetime(days["date"])
    return days.sort_values(["customer_id", "date"])


def cut(days: pd.DataFrame, cutoff: date) -> tuple[Histories, Floats]:
    """A history per customer at the cut-off (not distinct), and the purchase days after it."""
    at = pd.Timestamp(cutoff)
    before = days[days["date"] <= at]
    gaps = before.groupby("customer_id")["date"].diff().dt.days
    by = before.assign(log_gap=np.log(gaps).fillna(0.0)).groupby("customer_id")
    first, last = by["date"].min(), by["date"].max()
    after = days[days["date"] > at].groupby("customer_id").size().reindex(first.index, fill_value=0)
    columns = {
        "frequency": by.size() - 1, "recency_days": (last - first).dt.days, "tenure_days": (at - first).dt.days,
        "log_gap_sum": by["log_gap"].sum(),
    }  # fmt: skip
    return histories(columns), after.to_numpy(np.float64)


@cache
def cdnow() -> Histories:
    """The distinct histories of the CDNOW sample in the 39 weeks of the literature."""
    return distinct(cut(cdnow_days(), CDNOW_CUTOFF)[0])[0]
