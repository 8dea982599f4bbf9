"""What can be copied as SQL says what the engine counts: on random trees, by Spark."""

from __future__ import annotations

from decimal import Decimal

from pyspark.sql import functions as F

from audiences.random_people import Shop, frame
from audiences.random_rules import AS_OF
from explorer.studio.crowd import engine_of, members_of, profile_audiences
from lifetide.audiences import FIELDS, Audience, parse
from lifetide.audiences.tree import Compare, Include
from lifetide.explorer.studio.sqltext import SqlText, literal
from lifetide.tables import CUSTOMER_PROFILES


def test_forty_random_trees_as_sql_have_the_engines_members(spark):
    shop = Shop(7, 70)
    engine, audiences = engine_of(shop), profile_audiences(7, 40)
    profiles = frame(spark, CUSTOMER_PROFILES, shop.rows.profiles)
    conditions = {}
    for name, audience in audiences.items():

        def line(node: Compare, include: Include) -> Decimal | None:
            return engine.line(node, engine.universe(include))

        text = SqlText(FIELDS, AS_OF, line, audiences.__getitem__).audience(audience)
        conditions[name] = F.coalesce(F.expr(text), F.lit(False)).alias(name)
    rows = profiles.select("customer_id", *conditions.values()).collect()
    for name, audience in audiences.items():
        found = {row["customer_id"] for row in rows if row[name]}
        assert (name, found) == (name, members_of(engine, shop, audience))


def test_an_audience_within_is_written_out():
    def of(key: str, *rules: object) -> Audience:
        head = {"spec": "lifetide.audience/v1", "key": key, "name": key}
        return parse({**head, "rule": {"combinator": "and", "rules": list(rules)}})

    vips = of("vips", {"field": "importance", "operator": "in", "value": ["vip"]})
    outer = of("outer", {"field": "audience", "operator": "notIn", "value": ["vips"]})
    text = SqlText(FIELDS, AS_OF, lambda *_: None, lambda _: vips).audience(outer)
    assert text == "NOT is_anonymous\nAND NOT ((NOT is_anonymous\nAND (importance IN ('vip')) IS TRUE))"


def test_texts_are_closed_in_quotes_whatever_they_hold():
    assert literal("it's \\ here") == "'it\\'s \\\\ here'"
