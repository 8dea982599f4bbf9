"""Orders and value to come through real builds: stored, read again, blind to what came later, pooled where tiny."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from lifetide.command.explaining import explanation_text
from lifetide.command.modelling import fitted_models, models_text
from lifetide.pipelines.build import build, fit
from lifetide.pipelines.explain import explain
from lifetide.pipelines.ingest import ingest
from lifetide.storage import MemoryStore
from lifetide.tables import CUSTOMER_PROFILES, LEARNED_PARAMETERS, LTV_MODELS
from pipelines.small_shop import FIRST_DAY, LAST_DAY, TODAY, Line, SmallShop, ordinary_days

NEXT_DAY = LAST_DAY + timedelta(days=1)
WORTH = (
    "p_alive", "p_order_30d", "p_order_90d", "p_order_365d", "expected_orders_365d", "expected_order_value",
    "ltv_predicted_365d", "ltv_predicted_365d_lower", "ltv_predicted_365d_upper", "ltv_total", "importance",
    "loyalty", "buying_frequency",
)  # fmt: skip


def buying(customers: int, days: int, seed: int = 3) -> list[Line]:
    """Customers who come at rates of their own, some of whom leave for good; a few hundred days."""
    dice = random.Random(seed)
    lines: list[Line] = []
    for place in range(customers):
        day, rate = dice.randrange(days - 30), dice.gammavariate(0.9, 1 / 30) + 1 / 400
        while day < days:
            when = f"{FIRST_DAY + timedelta(days=int(day))} 10:00:00"
            price = f"{dice.gammavariate(4, 8) + 1:.2f}"
            lines.append((f"o{place}-{day}", when, f"c{place:03}", "p1", "cat1", "1", price, "completed"))
            if dice.random() < 0.1:
                break
            day += max(1, int(dice.expovariate(rate)))
    return sorted(lines, key=lambda line: line[1])


def built(spark: SparkSession, folder: Any, lines: list[Line], as_of: date) -> SmallShop:
    """A shop in memory that was built on as_of from these lines, without gates."""
    shop = SmallShop(spark, folder, gates=False)
    shop.write(lines)
    shop.store = MemoryStore(spark)  # type: ignore[attr-defined]
    ingest(replace(shop.context(), store=shop.store), today=TODAY, batch="all")  # type: ignore[attr-defined]
    build(replace(shop.context(), store=shop.store), as_of=as_of)  # type: ignore[attr-defined]
    return shop


def rows(shop: SmallShop, table, **at) -> list[dict[str, Any]]:
    found = shop.store.read(table)  # type: ignore[attr-defined]
    for name, value in at.items():
        found = found.where(F.col(name) == F.lit(value))
    return [row.asDict() for row in found.orderBy(*table.key).collect()]


AS_OF = FIRST_DAY + timedelta(days=239)


@pytest.fixture(scope="module")
def lines() -> list[Line]:
    return buying(300, 240)


@pytest.fixture(scope="module")
def shop(spark, lines, tmp_path_factory) -> SmallShop:
    return built(spark, tmp_path_factory.mktemp("valued") / "shop", lines, AS_OF)


@pytest.mark.prove
def test_a_first_build_fits_and_chooses_and_every_buyer_is_valued(shop):
    models = {row["model"]: row for row in rows(shop, LTV_MODELS)}
    assert set(models) == {
        "nbd", "bg_nbd", "mbg_nbd", "pareto_nbd", "grid", "grid_k", "trained", "mean", "gamma_gamma",
    }  # fmt: skip
    assert {row["scope"] for row in models.values()} == {"shop"}
    orders = [row for name, row in models.items() if name != "gamma_gamma"]
    assert sum(row["is_chosen"] for row in orders) == 1
    assert sum(row["weight"] or 0 for row in orders) == pytest.approx(1.0)
    assert {row["horizon_days"] for row in orders if row["poisson_deviance"] is not None} == {107}  # 45% of 239 days
    text = models_text(fitted_models(replace(shop.context(), store=shop.store), AS_OF))
    assert "Held out: 107 days from 2025-05-13" in text
    for row in rows(shop, CUSTOMER_PROFILES):
        assert None not in [row[name] for name in WORTH]
        assert 0 < row["p_order_30d"] <= row["p_order_90d"] <= row["p_order_365d"] <= 1
        assert row["p_order_365d"] <= row["expected_orders_365d"]
        assert row["ltv_total"] == row["ltv_historic"] + row["ltv_predicted_365d"]


@pytest.mark.prove
def test_a_fit_is_blind_to_what_came_later(spark, shop, lines, tmp_path_factory):
    """The same shop with other things to come, all of it there when the past build and its fit run."""
    later = [line for line in buying(300, 300, seed=4) if line[1] > f"{AS_OF + timedelta(days=1)}"]
    moved = [(f"later-{line[0]}", *line[1:]) for line in later]
    ahead = built(spark, tmp_path_factory.mktemp("ahead") / "shop", [*lines, *moved], AS_OF)
    for table in (LTV_MODELS, LEARNED_PARAMETERS, CUSTOMER_PROFILES):
        assert rows(ahead, table) == rows(shop, table), table.name


@pytest.mark.prove
def test_an_explanation_says_what_is_expected_and_why(shop):
    context = replace(shop.context(), store=shop.store)
    buyer = max(rows(shop, CUSTOMER_PROFILES), key=lambda row: row["order_count"])
    text = explanation_text(explain(context, customer_id=buyer["customer_id"], as_of=None), "EUR")
    assert f"{buyer['expected_orders_365d']:.2f} purchase days expected within 365 days" in text
    assert f"{buyer['ltv_total']:,} EUR = {buyer['ltv_historic']:,} so far and" in text
    assert f"{buyer['ltv_predicted_365d_lower']:,} to {buyer['ltv_predicted_365d_upper']:,}" in text
    assert "drawn towards the shop's" in text
    assert "chosen by 107 days that were held out" in text


def test_a_daily_build_reads_the_stored_models_and_says_what_a_full_one_says(ordinary_shop, tmp_path):
    shop = ordinary_shop.copied(tmp_path / "shop", gates=False)
    stored = shop.context().store.read(LTV_MODELS)
    assert {(row["model"], row["as_of"]) for row in stored.collect()} == {
        ("pooled", LAST_DAY), ("gamma_gamma", LAST_DAY),
    }  # fmt: skip
    shop.write(ordinary_days(range(180)))
    ingest(shop.context(), today=TODAY, batch="next")
    outcome = build(shop.context(), as_of=NEXT_DAY)
    assert any("goes on from" in note for note in outcome.notes)
    assert LTV_MODELS.name not in outcome.row_counts
    daily = profiles(shop)
    build(shop.context(), as_of=NEXT_DAY, full=True)
    assert profiles(shop) == daily


@pytest.mark.prove
def test_a_fit_adds_models_and_a_rerun_keeps_to_those_it_used(ordinary_shop, tmp_path):
    shop = ordinary_shop.copied(tmp_path / "shop", gates=False)
    build(shop.context(), as_of=NEXT_DAY)
    before = profiles(shop)
    fit(shop.context(), as_of=NEXT_DAY)
    days = {row["as_of"] for row in shop.context().store.read(LTV_MODELS).collect()}
    assert days == {LAST_DAY, NEXT_DAY}
    build(shop.context(), as_of=NEXT_DAY, full=True)
    assert profiles(shop) == before


def profiles(shop: SmallShop) -> list[tuple[Any, ...]]:
    of_day = shop.context().store.read(CUSTOMER_PROFILES).where(F.col("as_of") == F.lit(NEXT_DAY))
    return [tuple(row) for row in of_day.select("customer_id", *WORTH).orderBy("customer_id").collect()]
