"""Facts typed by hand, near a real gift wholesaler in size; the growth of the base follows simple formulas."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from explorer.typed_flows import BACKTESTS, FLOWS, STAGE_METRICS
from explorer.typed_worth import WORTH
from lifetide.explorer.facts import (
    ActiveThen,
    Bin,
    FailedCheck,
    GroupFacts,
    GrowthDay,
    Learned,
    OrderFacts,
    ReportFacts,
    RhythmExample,
    RhythmFacts,
    RunFacts,
    RunStep,
    SegmentFacts,
    Seller,
    TableChecks,
)
from lifetide.vocabulary import LifecycleGroup, RfmSegment

AS_OF = date(2011, 12, 9)
FIRST = date(2010, 12, 1)

GROUPS = (
    GroupFacts(LifecycleGroup.PROSPECT, 43, Decimal("-4120.55"), Decimal("-4120.55")),
    GroupFacts(LifecycleGroup.JUST_ORDERED, 1_487, Decimal("4412307.18"), Decimal("4201880.02")),
    GroupFacts(LifecycleGroup.ACTIVE, 1_012, Decimal("1988410.44"), Decimal("1930112.90")),
    GroupFacts(LifecycleGroup.SLIPPING_AWAY, 996, Decimal("1203377.61"), Decimal("1150204.77")),
    GroupFacts(LifecycleGroup.LOST, 833, Decimal("688211.32"), Decimal("640005.10")),
)

SEGMENTS = (
    SegmentFacts(RfmSegment.ENGAGED_VISITOR, 43, Decimal("-4120.55")),
    SegmentFacts(RfmSegment.LOYAL_VISITOR, 0),
    SegmentFacts(RfmSegment.FIRST_TIME, 1_493, Decimal("610332.10")),
    SegmentFacts(RfmSegment.RECENT, 112, Decimal("61020.44")),
    SegmentFacts(RfmSegment.PROMISING, 187, Decimal("66871.20")),
    SegmentFacts(RfmSegment.POTENTIAL_LOYALIST, 141, Decimal("204117.85")),
    SegmentFacts(RfmSegment.LOYAL, 462, Decimal("941208.63")),
    SegmentFacts(RfmSegment.CHAMPION, 571, Decimal("4770118.39")),
    SegmentFacts(RfmSegment.CANT_LOSE_THEM, 31, Decimal("118422.07")),
    SegmentFacts(RfmSegment.AT_RISK, 498, Decimal("921744.32")),
    SegmentFacts(RfmSegment.NEEDS_ATTENTION, 156, Decimal("233190.03")),
    SegmentFacts(RfmSegment.ABOUT_TO_SLEEP, 312, Decimal("196204.12")),
    SegmentFacts(RfmSegment.HIBERNATING, 301, Decimal("148077.40")),
    SegmentFacts(RfmSegment.LOST, 64, Decimal("21000.00")),
)

ACTIVE_THEN = (
    ActiveThen(1, date(2011, 11, 9), 1_914),
    ActiveThen(3, date(2011, 9, 9), 1_622),
    ActiveThen(6, date(2011, 6, 9), 1_301),
    ActiveThen(12, date(2010, 12, 9), 0),
)

RATIO_COUNTS = (
    612, 1480, 1905, 1830, 1610, 1322, 1040, 802, 655, 500, 402, 318, 251, 200, 160, 131, 104, 82, 66, 52, 41, 33, 27,
    21, 98,
)  # fmt: skip
OWN_COUNTS = (61, 118, 170, 231, 262, 270, 255, 214, 190, 168, 141, 122, 108, 92, 80, 66, 54, 47, 38, 30, 103)

RHYTHM = RhythmFacts(
    population_interval=Learned("population_interval_days", 67.5, "median", 2_835, 65.0, 70.0),
    just_ordered=Learned("just_ordered_days", 30.0, "default", 0),
    cut75=Learned("cut75", 1.437, "quantile", 11_905, 1.41, 1.462),
    cut95=Learned("cut95", 3.218, "quantile", 11_905, 3.11, 3.31),
    gap_ratios=tuple(
        Bin(place * 0.25, (place + 1) * 0.25 if place < len(RATIO_COUNTS) - 1 else None, count)
        for place, count in enumerate(RATIO_COUNTS)
    ),
    own_intervals=tuple(
        Bin(place * 10, (place + 1) * 10 if place < len(OWN_COUNTS) - 1 else None, count)
        for place, count in enumerate(OWN_COUNTS)
    ),
    examples=(
        RhythmExample(945, 31.0, 45.0, 100.0),
        RhythmExample(945, 66.0, 95.0, 213.0),
        RhythmExample(945, 118.0, 170.0, 380.0),
    ),
)

SELLERS = (
    Seller("REGENCY CAKESTAND 3 TIER", Decimal("132567.70"), Decimal(11_555)),
    Seller("WHITE HANGING HEART T-LIGHT HOLDER", Decimal("93823.85"), Decimal(34_204)),
    Seller("JUMBO BAG RED RETROSPOT", Decimal("83236.76"), Decimal(45_066)),
    Seller("PARTY BUNTING", Decimal("67687.53"), Decimal(15_027)),
    Seller("ASSORTED COLOUR BIRD ORNAMENT", Decimal("56499.22"), Decimal(35_362)),
    Seller("RABBIT NIGHT LIGHT", Decimal("51137.80"), Decimal(27_080)),
    Seller("CHILLI LIGHTS", Decimal("45936.81"), Decimal(9_638)),
    Seller("PAPER CHAIN KIT 50'S CHRISTMAS", Decimal("41500.48"), Decimal(15_166)),
    Seller("PICNIC BASKET WICKER 60 PIECES", Decimal("39619.50"), Decimal(61)),
    Seller("BLACK RECORD COVER FRAME", Decimal("39387.00"), Decimal(11_651)),
)

CHECKS = (
    TableChecks("events", 24, 24),
    TableChecks("orders", 17, 17),
    TableChecks("customer_days", 12, 12),
    TableChecks(
        "customer_profiles", 41, 40, 0, 1,
        (FailedCheck("largest share of one segment", "warning", "0.345, at most 0.3 expected",
                     "One segment swallowing the base usually means that cuts collapsed."),),
    ),
    TableChecks("lifecycle_spells", 9, 9),
    TableChecks("run_metrics", 8, 8),
)  # fmt: skip


def growth() -> tuple[GrowthDay, ...]:
    """One row per day from the first order to as_of; the base grows towards 4,328 and ends exactly there."""
    days = (AS_OF - FIRST).days
    made = []
    for place in range(days + 1):
        base = round(4_328 * (place / days) ** 0.62) if place else 92
        new = min(base, round(330 + 60 * ((place % 90) / 90)))
        older = base - new
        lost = round(older * 0.21 * place / days)
        slipping = round(older * 0.25 * place / days)
        active = older - lost - slipping
        made.append(GrowthDay(FIRST + timedelta(days=place), new, active, slipping, lost, active // 2))
    return tuple(made)


def wholesaler() -> ReportFacts:
    """A shop in full swing."""
    return ReportFacts(
        shop="Gift wholesaler",
        currency="GBP",
        as_of=AS_OF,
        parameters_as_of=AS_OF,
        run=RunFacts(
            "build-20111209-7f3a",
            datetime(2011, 12, 10, 2, 14, tzinfo=timezone.utc),
            "published",
            74.2,
            (RunStep("orders", 14.1), RunStep("customer_state", 9.8), RunStep("customer_profiles", 21.6)),
        ),
        orders=OrderFacts(
            orders=20_128,
            net_revenue=Decimal("9747747.93"),
            voided_orders=231,
            returned_money=Decimal("896812.49"),
            guest_orders=1_602,
            guest_revenue=Decimal("1459561.93"),
            first_date=FIRST,
            last_date=AS_OF,
        ),
        groups=GROUPS,
        segments=SEGMENTS,
        growth=growth(),
        active_then=ACTIVE_THEN,
        rhythm=RHYTHM,
        sellers=SELLERS,
        seller_kind="product",
        checks=CHECKS,
        rejected_rows=2_518,
        rejections=(("missing_amount", 2_517), ("negative_amount", 2)),
        row_counts=(
            ("events", 539_392),
            ("orders", 23_796),
            ("refund_matches", 9_104),
            ("customer_days", 19_296),
            ("customer_items", 379_979),
            ("customer_state", 4_371),
            ("customer_profiles", 4_371),
            ("lifecycle_spells", 23_144),
            ("base_growth", 374),
        ),
        flows=FLOWS,
        stage_metrics=STAGE_METRICS,
        backtests=BACKTESTS,
        worth=WORTH,
    )


def no_customers() -> ReportFacts:
    """A shop before its first order."""
    return ReportFacts(shop="New shop", currency="EUR", as_of=AS_OF)


def one_day() -> ReportFacts:
    """A shop after its first day: nobody has come back."""
    return ReportFacts(
        shop="First day",
        currency="EUR",
        as_of=AS_OF,
        parameters_as_of=AS_OF,
        orders=OrderFacts(orders=1, net_revenue=Decimal("19.90"), first_date=AS_OF, last_date=AS_OF),
        groups=(GroupFacts(LifecycleGroup.JUST_ORDERED, 1, Decimal("19.90"), Decimal("19.90")),),
        segments=(SegmentFacts(RfmSegment.FIRST_TIME, 1, Decimal("19.90")),),
        growth=(GrowthDay(AS_OF, 1, 0, 0, 0),),
        active_then=tuple(ActiveThen(months, AS_OF, None) for months in (1, 3, 6, 12)),
        rhythm=RhythmFacts(
            population_interval=Learned("population_interval_days", 60.0, "default", 0),
            just_ordered=Learned("just_ordered_days", 30.0, "default", 0),
            cut75=Learned("cut75", 1.5, "default", 0),
            cut95=Learned("cut95", 3.5, "default", 0),
        ),
        sellers=(Seller("Mugs", Decimal("19.90"), Decimal(2)),),
    )
