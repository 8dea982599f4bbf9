"""Forty planted bad rows in a copy of good ones: each is refused with its reasons, and none is lost."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from lifetide.errors import GateRefused
from lifetide.pipelines.ingest import ingest
from lifetide.tables import EVENTS, REJECTED_EVENTS
from pipelines.small_shop import Line, SmallShop, ordinary_days

pytestmark = pytest.mark.delta
TODAY = date(2025, 12, 1)
AT = "2025-02-01 10:00:00"
LONG = "x" * 2000

BAD: list[tuple[Line, set[str]]] = [
    (("", AT, "c01", "p1", "cat1", "1", "2.00", "completed"), {"missing_order_id"}),
    (("   ", AT, "c01", "p1", "cat1", "1", "2.00", "completed"), {"missing_order_id"}),
    (("b03", "", "c01", "p1", "cat1", "1", "2.00", "completed"), {"missing_ordered_at"}),
    (("b04", "2025-02-30 10:00:00", "c01", "p1", "cat1", "1", "2.00", "completed"), {"bad_ordered_at"}),
    (("b05", "yesterday", "c01", "p1", "cat1", "1", "2.00", "completed"), {"bad_ordered_at"}),
    (("b06", "31.01.2025", "c01", "p1", "cat1", "1", "2.00", "completed"), {"bad_ordered_at"}),
    (("b07", "2025-02-01 25:00:00", "c01", "p1", "cat1", "1", "2.00", "completed"), {"bad_ordered_at"}),
    (("b08", "2025-13-01", "c01", "p1", "cat1", "1", "2.00", "completed"), {"bad_ordered_at"}),
    (("b09", "2099-01-01 00:00:00", "c01", "p1", "cat1", "1", "2.00", "completed"), {"future_date"}),
    (("b10", "2025-12-03 00:00:01", "c01", "p1", "cat1", "1", "2.00", "completed"), {"future_date"}),
    (("b11", "1899-12-31 10:00:00", "c01", "p1", "cat1", "1", "2.00", "completed"), {"too_old_date"}),
    (("b12", "1969-12-31 10:00:00", "c01", "p1", "cat1", "1", "2.00", "completed"), {"too_old_date"}),
    (("b13", AT, "c01", "p1", "cat1", "", "2.00", "completed"), {"missing_quantity"}),
    (("b14", AT, "c01", "p1", "cat1", "two", "2.00", "completed"), {"bad_quantity"}),
    (("b15", AT, "c01", "p1", "cat1", "NaN", "2.00", "completed"), {"bad_quantity"}),
    (("b16", AT, "c01", "p1", "cat1", "Infinity", "2.00", "completed"), {"bad_quantity"}),
    (("b17", AT, "c01", "p1", "cat1", "0", "2.00", "completed"), {"bad_quantity"}),
    (("b18", AT, "c01", "p1", "cat1", "1e12", "0.00", "completed"), {"bad_quantity"}),
    (("b19", AT, "c01", "p1", "cat1", "1.23456", "2.00", "completed"), {"bad_quantity"}),
    (("b20", AT, "c01", "p1", "cat1", "9" * 41, "0", "completed"), {"bad_quantity"}),
    (("b21", AT, "c01", "p1", "cat1", "-1", "2.00", "completed"), {"negative_quantity"}),
    (("b22", AT, "c01", "p1", "cat1", "-0.5", "2.00", ""), {"negative_quantity"}),
    (("b23", AT, "c01", "p1", "cat1", "1", "", "completed"), {"missing_amount"}),
    (("b24", AT, "c01", "p1", "cat1", "1", "free", "completed"), {"bad_amount"}),
    (("b25", AT, "c01", "p1", "cat1", "1", "NaN", "completed"), {"bad_amount"}),
    (("b26", AT, "c01", "p1", "cat1", "1", "-Infinity", "completed"), {"bad_amount"}),
    (("b27", AT, "c01", "p1", "cat1", "1", "1,50", "completed"), {"bad_amount"}),
    (("b28", AT, "c01", "p1", "cat1", "1", "-2.00", "completed"), {"negative_amount"}),
    (("b29", AT, "c01", "p1", "cat1", "1", "100000000.01", "completed"), {"amount_too_large"}),
    (("b30", AT, "c01", "p1", "cat1", "1000000", "101", "completed"), {"amount_too_large"}),
    (("b31", AT, "c01", "p1", "cat1", "1", "1e30", "completed"), {"bad_amount"}),
    (("b32", AT, "c01", "p1", "cat1", "1", "2.00", "shipped"), {"unknown_state"}),
    (("b33", AT, "c01", "p1", "cat1", "1", "2.00", "DROP TABLE"), {"unknown_state"}),
    (("b\x0034", AT, "c01", "p1", "cat1", "1", "2.00", "completed"), {"bad_characters"}),
    (("b35", AT, "c\x0701", "p1", "cat1", "1", "2.00", "completed"), {"bad_characters"}),
    (("b36", AT, "c01", "p\x1b[1m", "cat1", "1", "2.00", "completed"), {"bad_characters"}),
    (("b37", AT, "c01", "p1", "cat\u2028egory", "1", "2.00", "completed"), {"bad_characters"}),
    ((LONG, AT, "c01", "p1", "cat1", "1", "2.00", "completed"), {"text_too_long"}),
    (("b39", AT, LONG, "p1", "cat1", "1", "2.00", "completed"), {"text_too_long"}),
    (("", "never", "c01", "p1", "cat1", "-1", "", "lost"),
     {"missing_order_id", "bad_ordered_at", "negative_quantity", "missing_amount", "unknown_state"}),
]  # fmt: skip


def test_forty_bad_rows_are_each_rejected_with_their_reasons_and_none_is_lost(
    spark: SparkSession, tmp_path: Path
) -> None:
    assert len(BAD) == 40
    good = [*ordinary_days(range(-420, 330)), ("gift", AT, "c01", "p1", "cat1", "1", "gift", "completed")]
    shop = SmallShop(spark, tmp_path / "shop")
    shop.write([*good, *(line for line, _ in BAD)])
    outcome = ingest(shop.context(), today=TODAY, batch="mixed")
    store = shop.context().store
    assert outcome.filtered_count == 1
    assert outcome.rejected_count == 40
    assert store.read(EVENTS).count() == len(good) - 1
    assert outcome.row_counts["read:lines"] == store.read(EVENTS).count() + 1 + store.read(REJECTED_EVENTS).count()
    found = sorted(sorted(row["reasons"]) for row in store.read(REJECTED_EVENTS).collect())
    assert found == sorted(sorted(reasons) for _, reasons in BAD)
    payloads = [row["payload"] for row in store.read(REJECTED_EVENTS).collect()]
    assert not any('"c01"' in payload for payload in payloads), "a person's id must be masked"

    again = ingest(shop.context(), today=TODAY, batch="mixed again")
    assert again.status == "unchanged"
    assert store.read(REJECTED_EVENTS).count() == 40


@pytest.mark.prove  # half a minute; the door is tested in test_publish_or_nothing, the gate in test_checking
def test_a_batch_with_too_many_bad_rows_is_refused_as_a_whole(spark: SparkSession, tmp_path: Path) -> None:
    shop = SmallShop(spark, tmp_path / "shop")
    shop.write([*ordinary_days(range(30)), *(line for line, _ in BAD)])
    with pytest.raises(GateRefused, match="rejected_share"):
        ingest(shop.context(), today=TODAY, batch="mostly bad")
    assert shop.context().store.read(EVENTS).count() == 0
