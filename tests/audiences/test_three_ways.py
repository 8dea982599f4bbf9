"""Random rules over a random shop: Spark, plain Python and the explanation say the same of everybody."""

from __future__ import annotations

from decimal import Decimal
from math import ceil
from typing import Any

import pytest
from pyspark.sql import functions as F

from audiences.random_people import Shop, frame
from audiences.random_rules import AS_OF, Rules
from audiences.test_round_trip import ruled
from lifetide.audiences import Audience, parse
from lifetide.audiences.elements import elements
from lifetide.audiences.figures import all_figures, kind_of
from lifetide.audiences.judging import Finding, is_included, judged
from lifetide.audiences.memberships import MEMBER, memberships
from lifetide.audiences.people import Person, World
from lifetide.audiences.ranks import lines_of, ranks_of, value_counts, value_lines
from lifetide.audiences.together import in_order, together_problems
from lifetide.audiences.tree import Lines
from lifetide.tables import AUDIENCE_MEMBERS, CUSTOMER_INTERESTS, CUSTOMER_PROFILES

BASE = 5
"""The first few audiences name no other, the next may name those before them."""


def documents(seed: int, count: int) -> dict[str, Audience]:
    found: dict[str, Audience] = {}
    for number in range(count):
        key = f"a{number}"
        others = [] if number < BASE else list(found)[:BASE]
        found[key] = parse(Rules(seed * 1000 + number, others).audience(key))
    return found


def by_spark(spark: Any, shop: Shop, audiences: dict[str, Audience]) -> tuple[dict[str, set[str]], Lines]:
    profiles = frame(spark, CUSTOMER_PROFILES, shop.rows.profiles)
    figures = all_figures(audiences.values(), AS_OF)
    kinds = {kind_of(one) for one in figures}
    made = elements(shop.happened(spark), kinds, dict.fromkeys(kinds), AS_OF)
    assert made is not None
    everything = (
        made.withColumnRenamed("source_id", "customer_id")
        .unionByName(stretches(spark, shop), allowMissingColumns=True)
        .unionByName(interests(spark, shop), allowMissingColumns=True)
    )
    ranks = ranks_of(audiences.values())
    lines: Lines = {}
    if ranks:
        counts = value_counts(profiles, ranks).collect()[0].asDict()
        lines = lines_of(ranks, value_lines(profiles, ranks, counts).collect()[0].asDict())
    rows = memberships(audiences, profiles, everything, lines, AS_OF).collect()
    assert all(row[MEMBER + name] is not None for row in rows for name in audiences)
    return {name: {row["customer_id"] for row in rows if row[MEMBER + name]} for name in audiences}, lines


def stretches(spark: Any, shop: Shop) -> Any:
    rows = frame(spark, AUDIENCE_MEMBERS, shop.rows.stretches)
    kept = rows.select("customer_id", "audience_key", "version", "valid_from", "valid_to")
    return kept.withColumn("kind", F.lit("stretches"))


def interests(spark: Any, shop: Shop) -> Any:
    rows = frame(spark, CUSTOMER_INTERESTS, shop.rows.interests)
    return rows.select("customer_id", "category", "score").withColumn("kind", F.lit("interests"))


def lines_by_hand(audiences: dict[str, Audience], people: dict[str, Person]) -> Lines:
    """The value of the last one taken, by sorting."""
    found = {}
    for include, node in ranks_of(audiences.values()):
        seen = [one.profile[node.field] for one in people.values() if is_included(include, one)]
        values = sorted(
            (float(value) for value in seen if value is not None), reverse=node.operator != "bottomPercent"
        )
        assert isinstance(node.value, Decimal)
        top = min(int(node.value), len(values))
        wanted = top if node.operator == "topN" else ceil(len(values) * node.value / 100)
        found[include, node] = values[wanted - 1] if values else None
    return found


def explained(finding: Finding) -> bool:
    """What the findings of the leaves say together."""
    node = finding.node
    if not hasattr(node, "rules"):
        return finding.holds
    parts = [explained(part) for part in finding.parts]
    together = all(parts) if node.combinator == "and" or not parts else any(parts)
    return together != node.negated


def agree(spark: Any, seed: int, count: int, people: int = 60) -> dict[str, set[str]]:
    return agree_on(spark, documents(seed, count), Shop(seed, people))


def agree_on(spark: Any, audiences: dict[str, Audience], shop: Shop) -> dict[str, set[str]]:
    assert not together_problems(audiences)
    assert len(in_order(audiences)) <= 2
    found, lines = by_spark(spark, shop, audiences)
    everybody = shop.people()
    by_hand = World(AS_OF, audiences, lines_by_hand(audiences, everybody))
    as_spark = World(AS_OF, audiences, lines)
    wrong = []
    for name, audience in audiences.items():
        plain = {one for one, person in everybody.items() if judged(audience, person, by_hand).is_member}
        verdicts = {one: judged(audience, person, as_spark) for one, person in everybody.items()}
        told = {one for one, each in verdicts.items() if each.is_in_universe and explained(each.rule)}
        if not found[name] == plain == told:
            wrong.append((name, found[name] ^ plain, found[name] ^ told))
    assert not wrong
    return found


def test_a_hundred_random_audiences_have_the_same_members_in_spark_in_python_and_in_the_explanation(spark):
    found = agree(spark, seed=1, count=100)
    assert sum(0 < len(members) < 60 for members in found.values()) > 50


def sequences(seed: int, count: int) -> dict[str, Audience]:
    """Sequences whose steps are views, carts and items; half ask for the same product, each over two timeframes."""
    found: dict[str, Audience] = {}
    for number in range(count):
        rules = Rules(seed * 1000 + number, [])
        dice = rules.dice
        steps: list[dict[str, Any]] = [{"field": dice.choice(["views", "carts", "items"])}]
        for _ in range(dice.choice([1, 1, 2])):
            steps.append({"field": dice.choice(["views", "carts", "items"]), "negate": dice.random() < 0.2})
            if dice.random() < 0.6:
                steps[-1]["within"] = {"quantity": dice.randint(1, 9), "unit": dice.choice(["day", "week", "month"])}
        sequence = {"steps": steps, "same": ["product_id"] if number % 2 else []}
        for times in ("narrow", "wide"):
            timeframe = {"mode": "between_ago", "from": dice.choice([0, 7, 20]), "to": 60, "unit": "day"}
            rule = {"field": steps[0]["field"], "sequence": sequence,
                    "timeframe": timeframe if times == "narrow" else "any_time"}  # fmt: skip
            found[f"a{number}_{times}"] = parse({**ruled(rule), "key": f"a{number}_{times}"})
    return found


def test_sixty_random_sequences_over_two_timeframes_have_the_same_members_three_ways(spark):
    found = agree_on(spark, sequences(seed=1, count=60), Shop(21, 50))
    assert sum(0 < len(members) < 50 for members in found.values()) > 80


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(2, 12))
def test_a_thousand_random_audiences_have_the_same_members_three_ways(spark, seed):
    agree(spark, seed=seed, count=100, people=40)
