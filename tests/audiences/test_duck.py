"""Rules about behaviour against DuckDB, in queries written by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import duckdb
import pyarrow

from audiences.behaviour_rules import RULES, VIEWS
from audiences.random_people import Shop
from audiences.test_round_trip import ruled
from audiences.test_three_ways import by_spark
from lifetide.audiences import parse

SEED, PEOPLE = 7, 200


def table(rows: list[dict[str, Any]]) -> pyarrow.Table:
    """Instants without their zone, which is UTC: DuckDB needs an extension for zones."""

    def plain(value: Any) -> Any:
        return value.replace(tzinfo=None) if isinstance(value, datetime) else value

    return pyarrow.Table.from_pylist([{name: plain(value) for name, value in row.items()} for row in rows])


def by_duck(shop: Shop) -> list[set[str]]:
    with duckdb.connect() as duck:
        rows = shop.rows
        duck.register(
            "profiles",
            table([{name: row[name] for name in ("customer_id", "is_anonymous")} for row in rows.profiles]),
        )
        duck.register("orders", table(rows.orders))
        duck.register("lines", table(rows.lines))
        duck.register("days", table(rows.days))
        duck.register("events", table(rows.events))
        duck.execute(VIEWS)
        known = {row[0] for row in duck.execute("select customer_id from p where not is_anonymous").fetchall()}
        return [{row[0] for row in duck.execute(query).fetchall()} & known for _, query in RULES]


def test_forty_rules_about_behaviour_have_the_members_of_their_queries(spark):
    shop = Shop(SEED, PEOPLE)
    audiences = {f"r{place}": parse({**ruled(rule), "include": {}}) for place, (rule, _) in enumerate(RULES)}
    found, _ = by_spark(spark, shop, audiences)
    wanted = by_duck(shop)
    assert len(RULES) >= 40
    wrong = [RULES[place][0] for place, members in enumerate(wanted) if found[f"r{place}"] != members]
    assert not wrong
    assert all(0 < len(members) < PEOPLE for members in wanted)
