"""The demo's value to come, worked out again without Spark: by DuckDB, and by formulas written out."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from deltalake import DeltaTable

from lifetide.learners import scorer_from
from lifetide.ltv.histories import histories
from lifetide.ltv.storing import order_models

pytestmark = pytest.mark.delta
AS_OF = date(2011, 12, 9)


@pytest.fixture(scope="module")
def tables(demo_folder: Path) -> dict[str, Any]:
    """Published tables as Arrow."""
    names = ("customer_profiles", "customer_days", "ltv_models", "learned_parameters")
    return {name: DeltaTable(str(demo_folder / "warehouse" / name)).to_pyarrow_table() for name in names}


@pytest.fixture(scope="module")
def people(tables: dict[str, Any]) -> Any:
    """One row per buyer: the history as DuckDB counts it from customer_days, and what was published."""
    customer_days, customer_profiles = tables["customer_days"], tables["customer_profiles"]  # noqa: F841 - read by SQL
    return duckdb.sql("""
        WITH gaps AS (
            SELECT source_id AS customer_id, local_date, order_value,
                local_date - lag(local_date) OVER (PARTITION BY source_id ORDER BY local_date) AS gap
            FROM customer_days WHERE order_count > 0
        ), known AS (
            SELECT customer_id, count(*) - 1 AS x, max(local_date) - min(local_date) AS t_x,
                DATE '2011-12-09' - min(local_date) AS t, coalesce(sum(ln(gap)), 0) AS logs,
                sum(order_value)::DOUBLE AS value
            FROM gaps GROUP BY 1)
        SELECT * FROM known JOIN customer_profiles USING (customer_id) ORDER BY customer_id""").df()


def test_expected_orders_are_those_of_the_stored_models_for_everyone(tables: dict[str, Any], people: Any) -> None:
    rows = [row for row in tables["ltv_models"].to_pylist() if row["model"] != "gamma_gamma"]
    mean = order_models({row["model"]: row["parameters"] for row in rows}, scorer_from)["mean"]
    assert [row["model"] for row in rows if row["is_chosen"]] == ["mean"]
    of = histories({
        "frequency": people["x"], "recency_days": people["t_x"], "tenure_days": people["t"],
        "log_gap_sum": people["logs"].round(3),
    })  # fmt: skip
    assert len(people) == 4_328
    assert people["expected_orders_365d"].to_numpy() == pytest.approx(mean.expected_orders(of, 365 / 7), rel=1e-9)
    assert people["p_order_90d"].to_numpy() == pytest.approx(mean.p_order(of, 90 / 7), rel=1e-9)


def test_nbd_is_what_its_formula_says(tables: dict[str, Any], people: Any) -> None:
    """(r + x) / (α + T) · t and 1 − ((α + T) / (α + T + t))^(r + x), Morrison and Schmittlein 1988."""
    row = next(row for row in tables["ltv_models"].to_pylist() if row["model"] == "nbd")
    of = json.loads(row["parameters"])
    r, alpha = of["r"], of["alpha"]
    assert (r, alpha) == pytest.approx((0.8273, 9.869), abs=2e-3)
    x, t = people["x"].to_numpy(np.float64), people["t"].to_numpy(np.float64) / 7
    weeks = 365 / 7
    model = order_models({"nbd": row["parameters"]}, scorer_from)["nbd"]
    of_all = histories({"frequency": x, "recency_days": people["t_x"], "tenure_days": people["t"]})
    assert model.expected_orders(of_all, weeks) == pytest.approx((r + x) / (alpha + t) * weeks)
    assert model.p_order(of_all, weeks) == pytest.approx(1 - ((alpha + t) / (alpha + t + weeks)) ** (r + x))


def test_the_value_of_an_order_is_gamma_gammas_and_sums_add_up(tables: dict[str, Any], people: Any) -> None:
    """Fader and Hardie, note 025, eq. 5: p (γ + n·m) / (p·n + q − 1)."""
    row = next(row for row in tables["ltv_models"].to_pylist() if row["model"] == "gamma_gamma")
    p, q, gamma = (json.loads(row["parameters"])[name] for name in ("p", "q", "gamma"))
    days = np.where(people["value"] > 0, people["x"] + 1, 0)
    each = p * (gamma + np.maximum(people["value"], 0)) / (p * days + q - 1)
    published = people["expected_order_value"].astype(float)
    assert published.to_numpy() == pytest.approx(each.to_numpy(), abs=0.0051)
    predicted = people["ltv_predicted_365d"].astype(float)
    assert predicted.to_numpy() == pytest.approx((people["expected_orders_365d"] * published).to_numpy(), abs=0.0051)
    total = people["ltv_historic"] + people["ltv_predicted_365d"]
    assert people["ltv_total"].to_numpy() == pytest.approx(total.to_numpy(), abs=1e-6)
    assert (people["ltv_predicted_365d_lower"] <= people["ltv_predicted_365d"]).all()
    assert (people["ltv_predicted_365d"] <= people["ltv_predicted_365d_upper"]).all()
    last_year = people["annual_revenue"].astype(float).sum()
    assert 0.8 < predicted.sum() / last_year < 1.5


def test_a_tenth_is_vip_and_prospects_are_nothing(tables: dict[str, Any], people: Any) -> None:
    limits = {row["name"]: row["value"] for row in tables["learned_parameters"].to_pylist()}
    worth = people["ltv_total"].astype(float)
    assert limits["importance_vip_above"] == pytest.approx(np.quantile(worth, 0.9), rel=1e-3)
    assert ((people["importance"] == "vip") == (worth > limits["importance_vip_above"])).all()
    assert people["importance"].value_counts(normalize=True)["vip"] == pytest.approx(0.1, abs=0.002)
    assert ((people["loyalty"] == "one_time") == (people["order_count"] == 1)).all()
    assert limits["loyalty_frequent_from"] == np.quantile(people["order_count"][people["order_count"] > 1], 0.8)
    prospects = [row for row in tables["customer_profiles"].to_pylist() if row["order_count"] == 0]
    assert len(prospects) == 43
    names = ("p_alive", "expected_orders_365d", "ltv_predicted_365d", "ltv_total", "importance", "buying_frequency")
    assert {row[name] for row in prospects for name in names} == {None}
