"""Shops at the edge of what can be learned from: sensible values or null with a reason, no crash, no NaN."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from lifetide.pipelines.build import build
from lifetide.pipelines.ingest import ingest
from lifetide.storage import MemoryStore
from lifetide.tables import (
    BASE_GROWTH,
    CUSTOMER_PROFILES,
    LEARNED_PARAMETERS,
    LIFECYCLE_SPELLS,
    LTV_MODELS,
    STAGE_METRICS,
    TRANSITIONS,
)
from pipelines.small_shop import Line, SmallShop

FIRST = date(2025, 1, 1)
pytestmark = pytest.mark.prove

PUBLISHED = (
    CUSTOMER_PROFILES,
    LEARNED_PARAMETERS,
    LTV_MODELS,
    LIFECYCLE_SPELLS,
    BASE_GROWTH,
    TRANSITIONS,
    STAGE_METRICS,
)


def bought(customer: str, *days: int) -> list[Line]:
    return [
        (
            f"{customer}-{day}",
            f"{FIRST + timedelta(days=day)} 10:00:00",
            customer,
            "p1",
            "cat1",
            "1",
            "10.00",
            "completed",
        )
        for day in days
    ]


def people(number: int, *days: int) -> list[Line]:
    return [line for place in range(number) for line in bought(f"c{place:03}", *days)]


SHOPS: dict[str, tuple[list[Line], int]] = {
    "one customer, one order": (bought("ann", 0), 0),
    "everything on one day": (people(40, 0), 0),
    "nobody came twice": ([line for place in range(60) for line in bought(f"c{place:03}", place)], 90),
    "everybody came every week": (people(40, *range(0, 120, 7)), 130),
    "gaps of years": (bought("ann", 0, 1100, 2300) + bought("ben", 400, 2300) + bought("cem", 900), 2400),
}


@pytest.fixture(scope="module", params=SHOPS)
def tables(request, spark, tmp_path_factory) -> dict[str, Any]:
    lines, last = SHOPS[request.param]
    shop = SmallShop(spark, tmp_path_factory.mktemp("edge"))
    shop.write(lines)
    as_of, store = FIRST + timedelta(days=last), MemoryStore(spark)
    ingest(replace(shop.context(), store=store), today=as_of, batch="all")
    build(replace(shop.context(), store=store), as_of=as_of)
    found = {table.name: [row.asDict() for row in store.read(table).collect()] for table in PUBLISHED}
    return {"shop": request.param, "as_of": as_of, **found}


def test_no_value_is_nan_or_endless(tables):
    for table in PUBLISHED:
        for row in tables[table.name]:
            strange = [name for name, value in row.items() if isinstance(value, float) and not math.isfinite(value)]
            assert strange == [], f"{tables['shop']}: {table.name}"


def test_everyone_has_a_group_a_stage_and_a_segment_and_a_limit_to_their_silence(tables):
    for row in tables["customer_profiles"]:
        assert None not in (row["lifecycle_group"], row["customer_stage"], row["rfm_segment"])
        assert row["slip_after_days"] <= row["lost_after_days"]
        assert row["baseline_interval_days"] > 0


def test_what_could_not_be_learned_says_so(tables):
    learned = {row["name"]: row for row in tables["learned_parameters"]}
    methods = {
        name: learned[name]["method"]
        for name in ("population_interval_days", "cut75", "at_risk_days", "loyal_orders")
    }
    values = {name: learned[name]["value"] for name in methods}
    assert values["at_risk_days"] < learned["drop_off_days"]["value"]
    if tables["shop"] == "everybody came every week":
        assert (values["population_interval_days"], methods["cut75"]) == (7.0, "quantile")
        assert learned["just_ordered_days"]["value"] == 3.5
    elif tables["shop"] == "gaps of years":
        assert (methods["population_interval_days"], methods["cut75"]) == ("median", "default")
        assert values["population_interval_days"] == 1525.0  # of 1150 and 1900
    else:
        assert (values["population_interval_days"], methods["population_interval_days"]) == (60.0, "default")
        assert (values["cut75"], methods["cut75"]) == (1.5, "default")
        assert (values["at_risk_days"], methods["at_risk_days"]) == (120.0, "default")
    assert values["loyal_orders"] >= 1


def test_flows_and_growth_end_with_everyone(tables):
    buyers = len(tables["customer_profiles"])
    last = max(tables["base_growth"], key=lambda row: row["date"])
    assert last["date"] == tables["as_of"]
    assert sum(last[name] for name in ("new_count", "active_count", "slipping_away_count", "lost_count")) == buyers
    month = tables["as_of"].replace(day=1)
    for kind in ("lifecycle", "stage"):
        ended = [row for row in tables["transitions"] if (row["kind"], row["period_start"]) == (kind, month)]
        assert sum(row["customer_count"] for row in ended) == buyers


def test_value_to_come_is_pooled_wide_and_says_so(tables):
    models = {row["model"]: row for row in tables["ltv_models"]}
    assert set(models) == {"pooled", "gamma_gamma"}
    assert "one rate for all" in models["pooled"]["notes"]
    assert models["pooled"]["is_chosen"]
    assert models["pooled"]["horizon_days"] is None
    for row in tables["customer_profiles"]:
        assert 0 < row["p_order_30d"] <= row["p_order_90d"] <= row["p_order_365d"] <= 1
        assert row["ltv_predicted_365d_lower"] <= row["ltv_predicted_365d"] <= row["ltv_predicted_365d_upper"]
        assert row["ltv_total"] == row["ltv_historic"] + row["ltv_predicted_365d"]
        if tables["shop"] != "everybody came every week":
            assert row["ltv_predicted_365d_upper"] >= 2 * row["ltv_predicted_365d"]
