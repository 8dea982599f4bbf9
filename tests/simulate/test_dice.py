from __future__ import annotations

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from lifetide.simulate.dice import Dice

THROWS = 8_000


def test_each_die_has_the_moments_that_its_formula_says(spark: SparkSession) -> None:
    dice = Dice(5)
    shape = F.lit(4)
    thrown = {
        "uniform": dice.uniform("a", "id"),
        "other": dice.uniform("b", "id"),
        "exponential": dice.exponential("c", "id"),
        "gamma": dice.gamma(3, "d", "id"),
        "erlang": dice.erlang(shape, 4, "e", "id"),
        "beta": dice.beta(2, 10, "f", "id"),
        "normal": dice.normal("g", "id"),
        "trials": dice.trials(0.25, "h", "id").cast("double"),
        "below": dice.below(12, "i", "id").cast("double"),
    }
    table = spark.range(0, THROWS, 1, 2).select(*(one.alias(name) for name, one in thrown.items()))
    moments = [F.struct(F.mean(name), F.variance(name), F.min(name), F.max(name)).alias(name) for name in thrown]
    (found,) = table.agg(*moments, F.corr("uniform", "other").alias("corr")).collect()
    wanted = {
        "uniform": (1 / 2, 1 / 12), "exponential": (1.0, 1.0), "gamma": (3.0, 3.0), "erlang": (1.0, 1 / 4),
        "beta": (1 / 6, 20 / (144 * 13)), "normal": (0.0, 1.0), "trials": (4.0, 12.0), "below": (5.5, 143 / 12),
    }  # fmt: skip
    for name, (mean, variance) in wanted.items():
        assert found[name][0] == pytest.approx(mean, abs=4 * (variance / THROWS) ** 0.5), name
        assert found[name][1] == pytest.approx(variance, rel=0.1), name
    assert abs(found["corr"]) < 0.05
    assert found["uniform"][2] > 0
    assert found["uniform"][3] < 1
    assert (found["trials"][2], found["below"][2], found["below"][3]) == (1, 0, 11)


def test_a_number_hangs_on_seed_purpose_and_keys_alone(spark: SparkSession) -> None:
    keys = spark.range(0, 2, 1, 1)
    columns = [Dice(1).uniform("a", "id"), Dice(1).uniform("a", "id"), Dice(2).uniform("a", "id"),
               Dice(1).uniform("b", "id")]  # fmt: skip
    rows = keys.select(*(one.alias(str(place)) for place, one in enumerate(columns))).collect()
    for row in rows:
        assert row[0] == row[1]
        assert len({row[0], row[2], row[3]}) == 3
    assert rows[0][0] != rows[1][0]
