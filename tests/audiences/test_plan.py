"""Many audiences cost one scan of the profiles and one of each collection, from the first date that matters on."""

from __future__ import annotations

from audiences.random_people import Shop, frame
from audiences.random_rules import AS_OF
from audiences.test_round_trip import ruled
from lifetide.audiences import parse
from lifetide.audiences.elements import Happened, elements
from lifetide.audiences.figures import all_figures, earliest, kind_of
from lifetide.audiences.judging import judged
from lifetide.audiences.memberships import memberships
from lifetide.audiences.people import World
from lifetide.tables import CUSTOMER_DAYS, CUSTOMER_PROFILES, EVENTS, ORDERS, SALE_LINES

COLLECTIONS = ("orders", "items", "visits", "views", "searches", "carts", "messages")


def test_fifty_audiences_over_every_collection_scan_each_table_once(spark, tmp_path):
    shop = Shop(3, 25)
    tables = {
        CUSTOMER_PROFILES: shop.rows.profiles, ORDERS: shop.rows.orders, SALE_LINES: shop.rows.lines,
        CUSTOMER_DAYS: shop.rows.days, EVENTS: shop.rows.events,
    }  # fmt: skip
    for table, rows in tables.items():
        frame(spark, table, rows).coalesce(1).write.parquet(str(tmp_path / table.name))
    stored = {table: spark.read.parquet(str(tmp_path / table.name)) for table in tables}
    several = {"mode": "atLeast", "threshold": 2, "count_by": "product_id"}
    audiences = {
        f"a{days}_{name}_{len(match)}": parse(ruled({
            "field": name, "match": match,
            "timeframe": {"mode": "in_the_last", "quantity": days, "unit": "day"},
        }))
        for days in (7, 30, 60, 90, 180, 365)
        for name, match in (*((one, {"mode": "some"}) for one in COLLECTIONS), ("views", several), ("items", several))
    }  # fmt: skip
    figures = all_figures(audiences.values(), AS_OF)
    kinds = {kind_of(one) for one in figures}
    happened = Happened(*(stored[table] for table in (ORDERS, SALE_LINES, CUSTOMER_DAYS, EVENTS)))
    made = elements(happened, kinds, {kind: earliest(figures, kind) for kind in kinds}, AS_OF)
    assert made is not None
    found = memberships(
        audiences, stored[CUSTOMER_PROFILES], made.withColumnRenamed("source_id", "customer_id"), {}, AS_OF
    )
    plan = found._jdf.queryExecution().executedPlan().toString()
    assert plan.count("FileScan parquet") == len(tables)
    assert "ReusedExchange" not in plan
    told = found.collect()
    for name, audience in audiences.items():
        plain = {one for one, each in shop.people().items() if judged(audience, each, World(AS_OF)).is_member}
        assert {row["customer_id"] for row in told if row[f"in {name}"]} == plain, name
