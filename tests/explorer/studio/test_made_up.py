from __future__ import annotations

from decimal import Decimal

import numpy as np
import pyarrow.compute as pc
import pytest

from lifetide.explorer.facts import STAGES
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


GRID = """
recent              recent              potential_loyalist  champion     champion
promising           promising           potential_loyalist  champion     champion
needs_attention     needs_attention     needs_attention     loyal        loyal
about_to_sleep      about_to_sleep      about_to_sleep      at_risk      at_risk
lost                lost                hibernating         hibernating  cant_lose_them
"""


def test_segments_are_read_off_a_grid_of_silence_and_worth_and_one_order_is_a_first_time():
    table = made_up_table(20_000)
    silence, worth, orders = (
        np.array([float(one) for one in table[name].to_pylist()])
        for name in ("days_since_last_order", "ltv_total", "order_count")
    )
    fifths = [0.2, 0.4, 0.6, 0.8]
    row = np.searchsorted(np.quantile(silence, fifths), silence)
    column = np.searchsorted(np.quantile(worth, fifths), worth)
    words = np.array([line.split() for line in GRID.strip().splitlines()])
    by_hand = np.where(orders == 1, "first_time", words[row, column])
    assert by_hand.tolist() == table["rfm_segment"].to_pylist()
    assert set(words.ravel()) <= set(by_hand)
    stage_of = {str(one): str(stage) for stage, segments in STAGES.items() for one in segments}
    assert [stage_of[one] for one in by_hand] == table["rfm_stage"].to_pylist()


def test_groups_and_stages_follow_from_silence_overdue_and_orders():
    table = made_up_table(20_000)
    names = ("days_since_last_order", "overdue_ratio", "order_count", "lifecycle_group", "customer_stage", "loyalty")
    for silence, overdue, orders, group, stage, loyalty in zip(
        *(table[name].to_pylist() for name in names), strict=True
    ):
        by_hand = "active" if overdue <= 1.5 else "slipping_away" if overdue <= 3 else "lost"
        assert group == ("just_ordered" if silence <= 30 else by_hand)
        if group == "lost":
            assert stage == "drop_off"
        elif overdue > 2:
            assert stage == "at_risk"
        else:
            assert stage == ("new" if orders == 1 else "repeat" if orders < 6 else "loyal")
        assert (loyalty == "one_time") == (orders == 1)


@pytest.mark.parametrize("field", ["ltv_total", "order_count", "days_since_last_order"])
def test_the_sum_over_everybody_is_that_of_the_digits(field: str):
    columns = made_up_shop(MANY)
    engine = Engine(in_columns(columns, lambda: made_up_ids(MANY), "Made up", AS_OF))
    digits = engine.source.slices(field).total(engine.everyone, MANY)
    assert digits > 0
    assert engine.amount(field, engine.everyone, MANY) == Decimal(digits).scaleb(-columns[field].scale)
