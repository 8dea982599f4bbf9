"""What a wholesaler's customers are worth, typed: round figures that add up."""

from __future__ import annotations

from decimal import Decimal

from lifetide.explorer.worth_facts import CategoryWorth, GroupWorth, ImportanceWorth, ModelFacts, WorthFacts
from lifetide.ltv.proof import Point, Proof, Tenth
from lifetide.vocabulary import Importance, LifecycleGroup

GROUPS = tuple(
    GroupWorth(group, customers, Decimal(last), Decimal(coming), potential, orders, expected)
    for group, customers, last, coming, potential, orders, expected in (
        (LifecycleGroup.JUST_ORDERED, 1_500, 5_000_000, 6_000_000, 9e6, 9_000, 11_000.0),
        (LifecycleGroup.ACTIVE, 828, 1_500_000, 1_600_000, 3e6, 4_000, 4_100.4),
        (LifecycleGroup.SLIPPING_AWAY, 1_000, 1_000_000, 1_200_000, 4.5e6, 3_000, 3_200.0),
        (LifecycleGroup.LOST, 1_000, 500_000, 700_000, 3.5e6, 1_700, 1_700.0),
    )
)
IMPORTANCE = (
    ImportanceWorth(Importance.VIP, 433, Decimal("4800000.00"), Decimal("10300000.00")),
    ImportanceWorth(Importance.HIGH, 1_298, Decimal("2240000.00"), Decimal("5000000.00")),
    ImportanceWorth(Importance.MEDIUM, 1_299, Decimal("720000.00"), Decimal("2000000.00")),
    ImportanceWorth(Importance.LOW, 1_298, Decimal("240000.00"), Decimal("500000.00")),
)
CATEGORIES = (
    CategoryWorth("Tins and storage", 400, 2_640.0, 1.1, 0.95, 1.25),
    CategoryWorth("Cards", 31, 1_200.0, 0.5, None, None),
)
MODELS = (
    ModelFacts("mean", True, None, 1.7429, None, (), None),
    ModelFacts("grid", False, 0.5, 1.7584, -37473.3, (), None),
    ModelFacts("nbd", False, 0.5, 1.7721, -37551.4, (("r", 0.8273, 0.0268), ("alpha", 9.869, 0.3704)), None),
    ModelFacts("pareto_nbd", False, 0.0, 1.7721, -37551.4, (("r", 0.8273, None),), "no dropout found"),
    ModelFacts("gamma_gamma", True, None, None, -29402.1, (("p", 2.735, 0.1385), ("q", 3.37, 0.1116)), None),
)
TENTHS = tuple(Tenth(292.6, 100.0 * place, 90.0 * place, 110.0 * place, 105.0 * place) for place in range(1, 10))
PROOF = Proof(
    "2011-06-25", 167, (*TENTHS, Tenth(292.6, 2_156.0, 2_055.0, 2_256.0, 2_381.0)),
    (Point(84, 3_105.7, 2_724.0), Point(167, 6_157.6, 6_525.0)),
)  # fmt: skip
WORTH = WorthFacts(GROUPS, IMPORTANCE, CATEGORIES, MODELS, 167, 0.082, PROOF)
