"""Flows, stage metrics and backtests typed by hand, for the wholesaler of `typed_facts`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from lifetide.explorer.flow_facts import Backtest, Flow, StageMetrics

OCTOBER, NOVEMBER = date(2011, 10, 1), date(2011, 11, 1)


def typed_flows(kind: str, month: date, text: str) -> tuple[Flow, ...]:
    """One flow per line: from, to, customers, share, spent, annual revenue, expected days; · is null."""
    found = []
    for line in text.strip().splitlines():
        start, end, customers, share, spent, annual, days = line.split()
        found.append(
            Flow(
                month,
                kind,
                None if start == "·" else start,
                end,
                int(customers),
                float(share),
                Decimal(spent),
                Decimal(annual),
                None if days == "·" else float(days),
            )
        )
    return tuple(found)


FLOWS = (
    *typed_flows("lifecycle", OCTOBER, """
        just_ordered  active         610 0.47 0.00       810300.00  ·
        active        slipping_away  240 0.19 1200.00    220100.00  ·
        slipping_away lost           120 0.13 0.00       61000.00   ·
        slipping_away just_ordered   150 0.16 80100.00   140200.00  ·
        lost          just_ordered   25  0.03 9100.00    4100.00    ·
    """),
    *typed_flows("lifecycle", NOVEMBER, """
        ·             just_ordered   352 0.97 240100.50  0.00       ·
        ·             prospect       11  0.03 0.00       0.00       ·
        prospect      prospect       38  0.93 0.00       0.00       420
        prospect      just_ordered   3   0.07 900.00     0.00       ·
        just_ordered  just_ordered   702 0.55 910220.10  1990000.00 66
        just_ordered  active         521 0.41 90110.00   801220.00  ·
        just_ordered  slipping_away  48  0.04 0.00       30110.25   ·
        active        active         588 0.48 120000.00  870000.00  57
        active        just_ordered   331 0.27 310220.00  640900.00  ·
        active        slipping_away  306 0.25 2100.00    281420.80  ·
        slipping_away slipping_away  556 0.60 9100.00    402000.00  75
        slipping_away just_ordered   198 0.21 120440.00  190330.00  ·
        slipping_away active         33  0.04 8800.00    31020.00   ·
        slipping_away lost           142 0.15 0.00       74210.40   ·
        lost          lost           690 0.96 0.00       88120.00   750
        lost          just_ordered   29  0.04 11200.00   5100.00    ·
    """),
    *typed_flows("stage", NOVEMBER, """
        ·             new            352 0.97 240100.50  0.00       ·
        ·             prospect       11  0.03 0.00       0.00       ·
        prospect      prospect       38  0.93 0.00       0.00       420
        prospect      new            3   0.07 900.00     0.00       ·
        new           new            641 0.68 2010.00    290300.00  94
        new           repeat         188 0.20 61200.00   92100.00   ·
        new           at_risk        114 0.12 0.00       41030.00   ·
        repeat        repeat         720 0.71 330100.00  610020.00  104
        repeat        loyal          131 0.13 150090.00  180300.00  ·
        repeat        at_risk        163 0.16 0.00       88040.00   ·
        loyal         loyal          808 0.92 710020.00  2900410.00 380
        loyal         at_risk        70  0.08 0.00       160720.00  ·
        at_risk       at_risk        402 0.66 0.00       210090.00  88
        at_risk       repeat         58  0.10 21050.00   39020.00   ·
        at_risk       loyal          22  0.04 18090.00   44010.00   ·
        at_risk       drop_off       124 0.20 0.00       52200.00   ·
        drop_off      drop_off       588 0.95 0.00       60030.00   600
        drop_off      reactivated    31  0.05 12010.00   4020.00    ·
        reactivated   reactivated    64  0.84 20100.00   30200.00   190
        reactivated   loyal          12  0.16 9020.00    15060.00   ·
    """),
)  # fmt: skip

REPEATED = (0.11, 0.13, 0.12, 0.15, 0.14, 0.16, 0.15, 0.13, 0.17, 0.19, 0.21, 0.20)
ACTIVATED = (None, None, 0.02, 0.03, 0.03, 0.025, 0.04, 0.035, 0.04, 0.05, 0.048, 0.05)
FREQUENCY = (1.31, 1.28, 1.35, 1.33, 1.4, 1.38, 1.36, 1.41, 1.45, 1.5, 1.62, 1.58)
VALUES = ("401.10", "388.20", "395.00", "410.44", "402.01", "420.90", "415.00", "399.99", "431.20", "440.10",
          "462.70", "470.25")  # fmt: skip
SCORES = (None, None, None, 0.22, 0.25, 0.31, 0.28, None, 0.33, 0.36, 0.38, 0.41)


def _month(place: int) -> date:
    return date(2010 + (11 + place) // 12, (11 + place) % 12 + 1, 1)


def _metrics(place: int) -> StageMetrics:
    score = SCORES[place]
    return StageMetrics(
        start=_month(place),
        period="month",
        repeat_ratio=REPEATED[place],
        activation_ratio=ACTIVATED[place],
        loyal_activation_ratio=None if ACTIVATED[place] is None else 0.01,
        frequency_ratio=FREQUENCY[place],
        customer_value=Decimal(VALUES[place]),
        nps=score,
        nps_lower=None if score is None else score - 0.12,
        nps_upper=None if score is None else score + 0.1,
    )


STAGE_METRICS = (
    *(_metrics(place) for place in range(12)),
    StageMetrics(date(2011, 7, 1), "quarter", None, 0.31, 0.09, 0.02, 1.9, Decimal("415.33"), 0.31, 0.24, 0.38),
    StageMetrics(NOVEMBER, "month", "new", 0.20, None, None, 1.10, Decimal("310.00")),
    StageMetrics(NOVEMBER, "month", "loyal", None, None, None, 2.31, Decimal("612.50"), 0.5, 0.41, 0.59),
    StageMetrics(NOVEMBER, "month", "drop_off", None, 0.05, 0.01, 1.02, Decimal("280.10")),
)


def _returns(kind: str, cutoff: date, auc: float, text: str) -> tuple[Backtest, ...]:
    found = []
    for line in text.strip().splitlines():
        name, customers, returned, expected = line.split()
        expects = None if expected == "·" else float(expected)
        found.append(Backtest(cutoff, 90, kind, name, int(customers), int(returned), expects, auc))
    return tuple(found)


BACKTESTS = (
    *_returns("lifecycle", date(2011, 6, 10), 0.79, """
        just_ordered  900  603 ·
        active        710  391 ·
        slipping_away 402  101 ·
        lost          210  13  ·
    """),
    *_returns("lifecycle", date(2011, 9, 10), 0.81, """
        just_ordered  1040 707 0.67
        active        880  475 0.55
        slipping_away 620  143 0.25
        lost          410  21  0.062
    """),
    *_returns("stage", date(2011, 9, 10), 0.77, """
        new           800  304 ·
        repeat        610  396 ·
        loyal         720  612 ·
        at_risk       420  105 ·
        drop_off      380  19  ·
        reactivated   20   9   ·
    """),
)  # fmt: skip
