"""The models as a table in the terminal, and a customer's worth in words, from typed rows."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

from lifetide.command.modelling import models_json, models_text
from lifetide.command.worth_words import worth_lines
from lifetide.ltv.proving import Point, Proof, Tenth
from lifetide.pipelines.explain import Explanation

DAY = date(2026, 3, 1)
PROOF = Proof(
    "2025-09-01", 181, tuple(Tenth(10.0, float(place), place - 0.6, place + 0.6, place + 0.5) for place in range(10)),
    (Point(181, 45.0, 50.0),),
)  # fmt: skip


def row(model: str, parameters: dict, **more) -> dict:
    empty = dict.fromkeys(("log_likelihood", "poisson_deviance", "horizon_days", "weight", "proof", "drift", "notes"))
    return {"model": model, "as_of": DAY, "parameters": json.dumps(parameters), "is_chosen": False, **empty, **more}


MODELS = [
    row("bg_nbd", {"r": 0.5, "alpha": 6.0, "a": 1.0, "b": 2.0}, log_likelihood=-9.5, poisson_deviance=1.25,
        weight=0.0),
    row("mean", {"members": ["grid", "trained"]}, poisson_deviance=1.2, horizon_days=181, is_chosen=True,
        proof=PROOF.told(), drift=0.0712),
    row("grid", {"cells": [[1, 0.1, 0.2, 1.0]]}, poisson_deviance=1.22, weight=0.5, notes="a note"),
    row("trained", {"shape": 2.0, "trees": {"start": 0.1}}, poisson_deviance=1.21, weight=0.5),
    row("gamma_gamma", {"p": 4.0, "q": 5.0, "gamma": 40.0}, log_likelihood=-99.0, is_chosen=True),
]  # fmt: skip
PROFILE = {
    "p_order_30d": 0.304, "p_order_90d": 0.55, "p_order_365d": 0.9, "p_alive": 0.98, "expected_orders_365d": 2.5,
    "frequency": 1, "tenure_days": 59, "expected_order_value": Decimal("46.67"),
    "ltv_predicted_365d": Decimal("116.68"), "ltv_predicted_365d_lower": Decimal("0.00"),
    "ltv_predicted_365d_upper": Decimal("1280.02"), "ltv_total": Decimal("1206.68"),
    "ltv_historic": Decimal("1090.00"), "ltv_total_margin": None, "ltv_net_of_acquisition": Decimal("1200.00"),
    "acquisition_cost": Decimal("6.68"), "average_order_value": Decimal("545.00"), "importance": "high",
    "loyalty": "loyal", "buying_frequency": "medium", "baseline_interval_days": 50.0,
}  # fmt: skip
LIMITS = {
    "importance_medium_above": 50.0, "importance_high_above": 100.0, "importance_vip_above": 1500.0,
    "loyalty_frequent_from": 6.0, "buying_frequency_low_up_to": 4.0, "buying_frequency_high_above": 12.0,
}  # fmt: skip


def test_a_line_per_model_the_best_first_then_the_proof():
    lines = models_text(MODELS).splitlines()
    assert lines[1] == "  Orders to come, fitted on 2026-03-01"
    assert [line.split("  ")[1] for line in lines[3:5]] == ["Mean of models *", "Trained scorer"]
    assert "1.2000    0.9600" in lines[3]
    assert "    a note" in lines
    assert "  * at earlier cut-offs wrong about a tenth of the customers by 7.1%, which widens the limits" in lines
    assert any("Gamma-Gamma (value of an order): p 4.000, q 5.000, gamma 40.000" in line for line in lines)
    assert (
        "  Held out: 181 days from 2025-09-01; 45 orders foretold, 50 came; 10 of 10 tenths in their 80% interval"
        in lines
    )
    assert models_text([]) == ""


def test_the_machine_gets_objects_without_the_trees():
    trained = next(one for one in models_json(MODELS) if one["model"] == "trained")
    assert trained["parameters"] == {"shape": 2.0}
    assert models_json(MODELS)[1]["proof"]["tracking"] == [[181, 45.0, 50.0]]


def test_worth_is_told_with_its_reasons():
    text = "\n".join(worth_lines(Explanation(PROFILE, LIMITS, [], MODELS), "EUR"))
    assert "30% within 30 days, 55% within 90, 90% within 365; 98% that this is still a customer" in text
    certain = "\n".join(worth_lines(Explanation({**PROFILE, "p_order_365d": 0.9992}, LIMITS, [], MODELS), "EUR"))
    assert "55% within 90, >99% within 365" in certain
    assert "2.50 purchase days expected within 365 days, from 1 repeat purchase day in 59 days" in text
    assert "116.68 EUR = 2.50 orders of 46.67; of 100 such customers 90 bring 0.00 to 1,280.02" in text
    assert "1,206.68 EUR = 1,090.00 so far and 116.68 to come; 1,200.00 after 6.68 for winning this customer" in text
    assert "545.00 per order so far, drawn towards the shop's 40.00 the less it has shown" in text
    assert "high; by lifetime value vip above 1,500.00, high above 100.00, medium above 50.00 EUR" in text
    assert "loyal; frequent from 6 orders" in text
    assert "medium; 7.3 orders a year at the baseline, low up to 4.0, high above 12.0" in text
    assert (
        "Mean of models (Grid, Trained scorer), fitted on 2026-03-01; chosen by 181 days that were held out" in text
    )


def test_nothing_is_said_of_a_prospect():
    assert worth_lines(Explanation({**PROFILE, "expected_orders_365d": None}, {}, []), "EUR") == []
