from __future__ import annotations

from decimal import Decimal

import numpy as np
import pyarrow.compute as pc
import pytest

from lifetide.explorer.studio.engine import Engine
from lifetide.explorer.studio.made_up import AS_OF, made_up_ids, made_up_shop, made_up_table
from lifetide.explorer.studio.profiles import in_columns

MANY = 70_000  # more than one block


def test_the_same_seed_makes_the_same_customers_and_another_makes_others():
    assert made_up_table(MANY, seed=3).equals(made_up_table(MANY, seed=3))
    assert not made_up_table(MANY, seed=3).equals(made_up_table(MANY, seed=4))


def test_who_ordered_once_has_no_interval_of_their_own_and_everybody_else_has():
    table = made_up_table(MANY)
    once = pc.equal(table["order_count"], 1)
    assert 0 < pc.sum(once).as_py() < MANY
    assert pc.is_null(table["own_interval_days"]).equals(once)


def test_money_adds_up_and_dates_say_what_days_say():
    table = made_up_table(MANY)
    assert pc.add(table["ltv_historic"], table["ltv_predicted_365d"]).to_pylist() == table["ltv_total"].to_pylist()
    assert table["ltv_historic"].equals(table["order_value_sum"])
    days = [(AS_OF - day).days for day in table["last_order_date"].to_pylist()]
    assert days == table["days_since_last_order"].to_pylist()
    tenure = [(AS_OF - day).days for day in table["first_order_date"].to_pylist()]
    assert tenure == table["tenure_days"].to_pylist()


def test_importance_parts_a_sorted_list_at_its_half_four_fifths_and_nineteen_twentieths():
    table = made_up_table(20_000)
    worth = np.array([float(one) for one in table["ltv_total"].to_pylist()])
    by_hand = np.searchsorted(np.quantile(worth, [0.5, 0.8, 0.95]), worth)
    words = np.array(table["importance"].to_pylist())
    assert [len(set(words[by_hand == place])) for place in range(4)] == [1, 1, 1, 1]
    assert len(set(words)) == 4


@pytest.mark.parametrize("field", ["ltv_total", "order_count", "days_since_last_order"])
def test_the_sum_over_everybody_is_that_of_the_digits(field: str):
    columns = made_up_shop(MANY)
    engine = Engine(in_columns(columns, lambda: made_up_ids(MANY), "Made up", AS_OF))
    digits = engine.source.slices(field).total(engine.everyone, MANY)
    assert digits > 0
    assert engine.amount(field, engine.everyone, MANY) == Decimal(digits).scaleb(-columns[field].scale)
