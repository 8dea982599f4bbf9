from __future__ import annotations

import pytest

from audiences.random_people import Shop, frame
from audiences.random_rules import AS_OF
from audiences.test_three_ways import lines_by_hand
from explorer.studio.crowd import engine_of, members_of, profile_audiences
from lifetide.audiences.judging import judged
from lifetide.audiences.memberships import MEMBER, memberships
from lifetide.audiences.people import World
from lifetide.audiences.ranks import lines_of, ranks_of, value_counts, value_lines
from lifetide.tables import CUSTOMER_PROFILES


def agree_with_plain_python(seed: int, count: int, people: int) -> int:
    shop = Shop(seed, people)
    engine, everybody = engine_of(shop), shop.people()
    audiences = profile_audiences(seed, count)
    world = World(AS_OF, audiences, lines_by_hand(audiences, everybody))
    wrong, telling = [], 0
    for name, audience in audiences.items():
        expected = {one for one, person in everybody.items() if judged(audience, person, world).is_member}
        found = members_of(engine, shop, audience)
        telling += 0 < len(found) < people
        if found != expected:
            wrong.append((name, audience.rule, found ^ expected))
    assert not wrong
    return telling


def test_three_hundred_random_trees_have_the_members_that_plain_python_finds():
    assert agree_with_plain_python(seed=3, count=300, people=70) > 150


def agree_with_spark(spark, seed: int, count: int, people: int) -> None:
    shop = Shop(seed, people)
    engine, audiences = engine_of(shop), profile_audiences(seed, count)
    profiles = frame(spark, CUSTOMER_PROFILES, shop.rows.profiles)
    ranks = ranks_of(audiences.values())
    counts = value_counts(profiles, ranks).collect()[0].asDict()
    lines = lines_of(ranks, value_lines(profiles, ranks, counts).collect()[0].asDict())
    rows = memberships(audiences, profiles, None, lines, AS_OF).collect()
    for name, audience in audiences.items():
        expected = {row["customer_id"] for row in rows if row[MEMBER + name]}
        assert (name, members_of(engine, shop, audience)) == (name, expected)


def test_a_hundred_random_trees_have_the_members_that_spark_finds(spark):
    agree_with_spark(spark, seed=5, count=100, people=80)


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(10, 20))
def test_a_thousand_random_trees_have_the_members_that_spark_finds(spark, seed):
    agree_with_spark(spark, seed=seed, count=100, people=80)
