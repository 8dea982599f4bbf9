# ruff: noqa: E501 (tables are as wide as what they say)
"""Worth from a snapshot: sums by group, importance and category, and the models of the parameters' day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from given import given
from lifetide.explorer.reading_worth import FEWEST, worth_facts
from lifetide.tables import CUSTOMER_PROFILES, LTV_MODELS
from lifetide.vocabulary import Importance, LifecycleGroup

AS_OF = date(2026, 3, 31)
PEOPLE = """
    as_of      | customer_id | lifecycle_group | importance | order_count | annual_orders | annual_revenue | ltv_historic | ltv_predicted_365d | ltv_total | expected_orders_365d | expected_order_value | baseline_interval_days
    2026-03-31 | ada         | active          | vip        | 3           | 2             | 90.00          | 100.00       | 50.00              | 150.00    | 2.5                  | 20.00                | 36.5
    2026-03-31 | ben         | lost            | low        | 1           | 0             | 0.00           | 10.00        | 5.00               | 15.00     | 0.5                  | 10.00                | 73
    2026-03-31 | cem         | lost            | vip        | 2           | 1             | 30.00          | 40.00        | 60.00              | 100.00    | 1.5                  | 40.00                | 365
    2026-03-31 | dee         | prospect        | ·          | 0           | 0             | 0.00           | 0.00         | ·                  | ·         | ·                    | ·                    | ·
"""
MODELS = """
    model       | scope | as_of      | parameters                                                        | poisson_deviance | horizon_days | weight | is_chosen
    nbd         | shop  | 2026-03-30 | {"family": "nbd", "r": 0.5, "alpha": 6.0, "standard_errors": {"r": 0.1, "alpha": null}} | 1.5 | 90 | 1 | true
    gamma_gamma | shop  | 2026-03-30 | {"p": 4.0, "q": 5.0, "gamma": 40.0}                               | ·                | ·            | ·      | true
    nbd         | shop  | 2026-01-01 | {"family": "nbd", "r": 9.0, "alpha": 9.0}                         | 9.5              | 9            | 1      | true
    nbd         | past  | 2026-03-30 | {"family": "nbd", "r": 8.0, "alpha": 9.0}                         | 8.5              | 9            | 1      | true
"""


def test_sums_and_models_of_a_snapshot(spark):
    found = worth_facts(
        given(spark, CUSTOMER_PROFILES, PEOPLE), given(spark, LTV_MODELS, MODELS), AS_OF, date(2026, 3, 30)
    )
    assert [(one.group, one.customers, one.annual_revenue, one.predicted, one.potential) for one in found.groups] == [
        (LifecycleGroup.ACTIVE, 1, Decimal("90.00"), Decimal("50.00"), 10 * 20.0),
        (LifecycleGroup.LOST, 2, Decimal("30.00"), Decimal("65.00"), 5 * 10.0 + 1 * 40.0),
    ]
    assert [(one.importance, one.customers, one.net_revenue, one.total) for one in found.importance] == [
        (Importance.VIP, 2, Decimal("140.00"), Decimal("250.00")), (Importance.LOW, 1, Decimal("10.00"), Decimal("15.00")),
    ]  # fmt: skip
    assert [(one.name, one.deviance) for one in found.models] == [("nbd", 1.5), ("gamma_gamma", None)]
    assert found.models[0].parameters == (("r", 0.5, 0.1), ("alpha", 6.0, None))
    assert (found.horizon_days, found.proof, found.categories) == (90, None, ())


def test_a_category_is_told_beside_everyone_with_an_interval(spark):
    rows = [
        (AS_OF, f"c{place:04}", "Mugs" if place % 2 else "Cards", Decimal(30 if place % 2 else 10))
        for place in range(2_000)
    ] + [(AS_OF, f"few{place}", "Rare", Decimal(20)) for place in range(FEWEST - 1)]
    columns = [
        CUSTOMER_PROFILES.column(name) for name in ("as_of", "customer_id", "main_category", "ltv_predicted_365d")
    ]
    typed = spark.createDataFrame(rows, ", ".join(f"{one.name} {one.type}" for one in columns))
    empty = given(spark, CUSTOMER_PROFILES, PEOPLE).limit(0)
    people = empty.unionByName(typed, allowMissingColumns=True)
    found = worth_facts(people, given(spark, LTV_MODELS, MODELS), AS_OF, date(2026, 3, 30)).categories
    assert [(one.name, one.customers, one.mean) for one in found] == [("Mugs", 1_000, 30.0), ("Cards", 1_000, 10.0)]
    assert found[0].ratio == 30.0 / 20.0
    assert found[0].lower < 1.5 < found[0].upper
    assert found[1].upper < 1 < found[0].lower
