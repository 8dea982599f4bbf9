"""The reference against hand-typed expectations and published figures."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest

from lifetide.tables import TABLES
from reference import Policy, evaluate
from reference.refunds import cents
from reference.rfm import cuts_of, segment, stage_of
from reference.rhythm import has_rate_drop, rate_drop_limit

SAMPLE = Path(__file__).parents[1] / "data" / "cdnow_sample.parquet"
KINDS = {"sale": "order_completed", "refund": "order_refunded", "cancel": "order_cancelled"}


def line(at: str, kind: str, order: str, who: str | None, what: str | None, units: str, amount: str, **more):
    """One event; its id is made of order, product and kind."""
    return {
        "event_id": f"{order}/{what}/{kind}",
        "event_type": KINDS[kind],
        "event_at": datetime.fromisoformat(at).replace(tzinfo=timezone.utc),
        "source_id": who,
        "customer_id": None if who is None or who.startswith("anon:") else who,
        "order_id": order,
        "refunds_order_id": None,
        "product_id": what,
        "is_product": True,
        "category": None,
        "quantity": Decimal(units),
        "amount": Decimal(amount),
        "discount_amount": None,
        "channel": None,
        **more,
    }


def buys(who: str, *dates: str):
    return [line(f"{day}T12:00", "sale", f"{who}-{day}", who, None, "1", "10.00") for day in dates]


def by(rows, name: str):
    return {row[name]: row for row in rows}


def matches(result):
    return sorted(
        (row["credit_event_id"], row["sale_event_id"], str(row["units"] + 0), str(row["amount"]))
        for row in result.refund_matches
    )


def days(result):
    return {
        (row["source_id"], str(row["local_date"])): (
            row["order_count"], str(row["order_value"]), str(row["refunded_amount"]), str(row["net_revenue"]),
        )
        for row in result.customer_days
    }  # fmt: skip


# ---------------------------------------------------------------- refunds

TWO_SALES = [
    line("2026-01-01T10:00", "sale", "1", "ada", "cup", "2", "10.00"),
    line("2026-01-05T10:00", "sale", "2", "ada", "cup", "3", "15.00"),
]


def test_a_refund_by_units_takes_the_first_sold_first_and_splits_its_money():
    credit = line("2026-01-10T10:00", "refund", "c1", "ada", "cup", "-3", "-10.00")
    result = evaluate([*TWO_SALES, credit], date(2026, 1, 31), "UTC")
    assert matches(result) == [
        ("c1/cup/refund", "1/cup/sale", "2.00", "6.67"),
        ("c1/cup/refund", "2/cup/sale", "1.00", "3.33"),
    ]
    orders = by(result.orders, "order_id")
    assert (orders["1"]["state"], orders["1"]["voided_on"]) == ("refunded", date(2026, 1, 10))
    assert (orders["2"]["state"], orders["2"]["voided_on"]) == ("partly_refunded", None)
    assert (orders["1"]["net_revenue"], orders["2"]["net_revenue"]) == (Decimal("3.33"), Decimal("11.67"))
    assert days(result) == {
        ("ada", "2026-01-01"): (0, "0.00", "0.00", "10.00"),
        ("ada", "2026-01-05"): (1, "11.67", "0.00", "15.00"),
        ("ada", "2026-01-10"): (0, "0.00", "10.00", "-10.00"),
    }


def test_units_credited_before_any_sale_stay_unmatched_and_later_credits_go_on():
    events = [
        line("2026-01-01T09:00", "refund", "c0", "ada", "cup", "-1", "-4.00"),
        *TWO_SALES,
        line("2026-01-10T10:00", "refund", "c1", "ada", "cup", "-6", "-24.00"),
    ]
    result = evaluate(events, date(2026, 1, 31), "UTC")
    assert matches(result) == [
        ("c1/cup/refund", "1/cup/sale", "2.00", "8.00"),
        ("c1/cup/refund", "2/cup/sale", "3.00", "12.00"),
    ]
    credits = {row["order_id"]: row["net_revenue"] for row in result.orders if row["state"] == "credit"}
    assert credits == {"c0": Decimal("-4.00"), "c1": Decimal("-4.00")}
    [customer] = result.profiles
    assert (customer["lifecycle_group"], customer["rfm_segment"]) == ("prospect", "engaged_visitor")
    assert customer["ltv_historic"] == Decimal("-3.00")


def test_a_sale_at_the_same_instant_comes_before_the_credit():
    events = [
        line("2026-01-01T10:00", "refund", "0", "ada", "cup", "-2", "-10.00"),
        TWO_SALES[0],
    ]
    assert len(evaluate(events, date(2026, 1, 31), "UTC").refund_matches) == 1


def test_a_named_refund_falls_on_its_order_and_its_other_money_on_the_first_line():
    events = [
        line("2026-01-01T10:00", "sale", "1", "ada", "cup", "2", "10.00"),
        line("2026-01-01T10:00", "sale", "1", "ada", "mug", "1", "7.00"),
        line("2026-01-02T10:00", "refund", "c1", "bob", "mug", "-3", "-9.00", refunds_order_id="1"),
        line("2026-01-03T10:00", "refund", "c2", "bob", "cup", "-4", "-9.99", refunds_order_id="1"),
    ]
    result = evaluate(events, date(2026, 1, 31), "UTC")
    assert matches(result) == [
        ("c1/mug/refund", "1/cup/sale", "0.00", "6.00"),
        ("c1/mug/refund", "1/mug/sale", "1.00", "3.00"),
        ("c2/cup/refund", "1/cup/sale", "2.00", "9.99"),  # 5.00 for two units, 4.99 for the excess, one row
    ]
    [order] = result.orders
    assert (order["state"], order["voided_on"]) == ("refunded", date(2026, 1, 3))
    assert (order["refunded_amount"], order["net_revenue"]) == (Decimal("18.99"), Decimal("-1.99"))
    assert {row["source_id"] for row in result.customer_days} == {"ada"}
    items = {(row["product_id"], row["local_date"].day): row for row in result.customer_items}
    assert items["mug", 2]["units_credited"] == 3
    assert items["cup", 3]["net_revenue"] == Decimal("-9.99")


def test_a_cancellation_names_its_order_by_the_order_id_and_voids_it_services_included():
    events = [
        line("2026-01-01T10:00", "sale", "1", "ada", "cup", "2", "10.00"),
        line("2026-01-01T10:00", "sale", "1", "ada", "post", "1", "3.00", is_product=False),
        line("2026-01-02T10:00", "cancel", "1", "ada", "cup", "-2", "-10.00"),
    ]
    [open_order] = evaluate(events, date(2026, 1, 31), "UTC").orders
    assert (open_order["state"], open_order["item_count"]) == ("partly_refunded", 2)
    events.append(line("2026-01-04T10:00", "cancel", "1", "ada", "post", "-1", "-3.00", is_product=False))
    [order] = evaluate(events, date(2026, 1, 31), "UTC").orders
    assert (order["state"], order["voided_on"]) == ("cancelled", date(2026, 1, 4))
    [before] = evaluate(events, date(2026, 1, 3), "UTC").orders
    assert (before["state"], before["voided_on"]) == ("partly_refunded", None)


def test_guests_are_in_the_orders_only_and_return_what_any_guest_bought_first():
    events = [
        line("2026-01-01T10:00", "sale", "1", None, "cup", "2", "10.00"),
        line("2026-01-01T11:00", "sale", "2", None, "cup", "2", "12.00"),
        line("2026-01-01T12:00", "sale", "3", "ada", "cup", "2", "10.00"),
        line("2026-01-02T10:00", "refund", "c1", None, "cup", "-2", "-10.00"),
    ]
    result = evaluate(events, date(2026, 1, 31), "UTC")
    states = {row["order_id"]: row["state"] for row in result.orders}
    assert states == {"1": "refunded", "2": "completed", "3": "completed"}
    assert [row["source_id"] for row in result.customer_days] == ["ada"]
    assert [row["customer_id"] for row in result.profiles] == ["ada"]


def test_money_adds_up_to_the_events():
    events = [
        *TWO_SALES,
        line("2026-01-06T10:00", "sale", "3", None, "cup", "1", "5.00"),
        line("2026-01-07T10:00", "refund", "c1", "ada", "cup", "-4", "-13.01"),
        line("2026-01-08T10:00", "refund", "c2", "ada", "cup", "-4", "-0.05"),
    ]
    result = evaluate(events, date(2026, 1, 31), "UTC")
    assert sum(row["net_revenue"] for row in result.orders) == Decimal("16.94")
    assert sum(row["ltv_historic"] for row in result.profiles) == Decimal("11.94")


def test_halves_of_a_cent_go_away_from_zero():
    assert [str(cents(Decimal(text))) for text in ("0.125", "-0.125", "0.1249")] == ["0.13", "-0.13", "0.12"]


# ---------------------------------------------------------------- days and customers


def test_a_day_is_the_local_date_of_the_shop():
    events = [line("2026-06-30T23:30", "sale", "1", "ada", "cup", "1", "5.00")]
    assert evaluate(events, date(2026, 6, 30), "Europe/London").orders == []
    [order] = evaluate(events, date(2026, 7, 1), "Europe/London").orders
    assert order["order_date"] == date(2026, 7, 1)


def test_two_orders_on_one_day_are_one_purchase():
    events = [
        line("2026-01-01T10:00", "sale", "1", "ada", "cup", "1", "5.00", discount_amount=Decimal("1.00")),
        line("2026-01-01T11:00", "sale", "2", "ada", "cup", "1", "6.00"),
        line("2026-01-11T11:00", "sale", "3", "ada", "cup", "2", "20.01"),
    ]
    [row] = evaluate(events, date(2026, 1, 15), "UTC").profiles
    seen = {name: row[name] for name in ("order_count", "order_day_count", "frequency", "recency_days")}
    assert seen == {"order_count": 3, "order_day_count": 2, "frequency": 1, "recency_days": 10}
    assert (row["average_order_value"], row["monetary_value"]) == (Decimal("10.34"), Decimal("20.01"))
    assert row["discount_share"] == pytest.approx(1 / 32.01)
    # the shop's only gap is 10 days: (3 × 10 + 10) ÷ 4
    assert (row["baseline_interval_days"], row["just_ordered_until_days"]) == (10, 5)
    assert (row["slip_after_days"], row["lost_after_days"]) == (15, 35)
    assert (row["days_since_last_order"], row["lifecycle_group"]) == (4, "just_ordered")
    assert row["expected_next_order_date"] == date(2026, 1, 21)


def test_main_category_is_the_one_with_most_units_then_revenue_then_name():
    events = [
        line("2026-01-01T10:00", "sale", "1", "ada", "cup", "2", "5.00", category="china"),
        line("2026-01-01T10:00", "sale", "1", "ada", "tea", "2", "6.00", category="food"),
        line("2026-01-01T10:00", "sale", "1", "bob", "pen", "9", "1.00"),
        line("2026-01-01T10:00", "sale", "2", "anon:x", "b", "1", "1.00", category="books"),
        line("2026-01-01T10:00", "sale", "2", "anon:x", "a", "1", "1.00", category="art"),
    ]
    state = by(evaluate(events, date(2026, 1, 1), "UTC").customer_state, "customer_id")
    assert set(state) == {"ada", "anon:x"}  # an order is its first line's customer's
    assert (state["ada"]["main_category"], state["anon:x"]["main_category"]) == ("food", "art")
    assert (state["ada"]["is_anonymous"], state["anon:x"]["is_anonymous"]) == (False, True)


def test_the_keys_of_each_table_are_the_catalogue_columns():
    events = [*TWO_SALES, line("2026-01-10T10:00", "refund", "c1", "ada", "cup", "-9", "-10.00")]
    events += buys("bob", "2026-01-01", "2026-01-03")
    result = evaluate(events, date(2026, 1, 31), "UTC")
    tables = {
        "orders": result.orders,
        "refund_matches": result.refund_matches,
        "customer_days": result.customer_days,
        "customer_items": result.customer_items,
        "customer_state": result.customer_state,
        "learned_parameters": result.learned,
        "customer_profiles": result.profiles,
        "lifecycle_spells": result.lifecycle_spells,
        "base_growth": result.base_growth,
    }
    for name, rows in tables.items():
        assert rows, name
        assert all(set(row) == set(TABLES[name].column_names) for row in rows), name


# ---------------------------------------------------------------- rhythm and spells


def test_the_limit_of_a_rate_drop_is_the_published_point_of_f():
    # Upper 5% points of F(4, v2) as in any printed table, v2 = 6, 8, 10, 12, 20, 30, 40, 60, 120.
    printed = {5: 4.53, 6: 3.84, 7: 3.48, 8: 3.26, 12: 2.87, 17: 2.69, 22: 2.61, 32: 2.53, 62: 2.45}
    assert {gaps: round(rate_drop_limit(gaps), 2) for gaps in printed} == printed
    assert rate_drop_limit(500) == rate_drop_limit(200)


def test_three_orders_a_month_and_then_one_a_month_is_a_rate_drop():
    assert has_rate_drop([10] * 9 + [30, 30], rate_drop_limit)
    # With five gaps the limit is 4.53 times the rhythm before.
    assert not has_rate_drop([10, 10, 10, 45, 45], rate_drop_limit)
    assert has_rate_drop([10, 10, 10, 46, 45], rate_drop_limit)
    assert not has_rate_drop([10, 60, 60], rate_drop_limit)  # too few gaps to tell


def spells_of(result, who: str):
    return [
        (str(row["valid_from"]), str(row["valid_to"]), row["lifecycle_group"], row["reason"])
        for row in result.lifecycle_spells
        if row["customer_id"] == who
    ]


def test_spells_of_a_customer_with_one_late_return():
    result = evaluate(buys("ada", "2026-01-01", "2026-04-11"), date(2026, 4, 20), "UTC")
    # One gap of 100 days, so everyone's rhythm is 100 and all limits are 150 and 350 days.
    assert spells_of(result, "ada") == [
        ("2026-01-01", "2026-02-01", "just_ordered", "recent_order"),
        ("2026-02-01", "2026-04-11", "active", "on_rhythm"),
        ("2026-04-11", "2026-05-12", "just_ordered", "recent_order"),
        ("2026-05-12", "2026-09-09", "active", "on_rhythm"),
        ("2026-09-09", "2027-03-28", "slipping_away", "overdue"),
        ("2027-03-28", "None", "lost", "silent_too_long"),
    ]


def test_a_spell_goes_on_over_a_purchase_and_reasons_stay_apart():
    start = date(2026, 1, 1)
    gaps = [10] * 9 + [30, 30]
    dates = [start + timedelta(days=sum(gaps[:number])) for number in range(len(gaps) + 1)]
    policy = Policy(cut75=2.0, cut95=4.0, just_ordered_days=12)
    events = buys("ada", *(str(day) for day in dates))
    result = evaluate(events, dates[-1], "UTC", policy=policy)
    # Mean gap 150 ÷ 11 = 13.6 is the shop's rhythm. Ten days are within all limits: one spell up to the tenth
    # purchase on 2026-04-01, whose limits are floor(2 × (3·13.6 + 90) ÷ 12) = 21 days.
    assert spells_of(result, "ada") == [
        ("2026-01-01", "2026-04-14", "just_ordered", "recent_order"),
        ("2026-04-14", "2026-04-23", "active", "on_rhythm"),
        ("2026-04-23", "2026-05-01", "slipping_away", "overdue"),
        # On 2026-05-01 one long gap is no drop yet: (30 + 10) ÷ 2 ÷ 10 = 2 < F. m = (40.9 + 120) ÷ 13 = 12.4.
        ("2026-05-01", "2026-05-14", "just_ordered", "recent_order"),
        ("2026-05-14", "2026-05-26", "active", "on_rhythm"),
        ("2026-05-26", "2026-05-31", "slipping_away", "overdue"),
        # On 2026-05-31 it is: 30 ÷ 10 = 3 > 2.93. m = (40.9 + 150) ÷ 14 = 13.6, limits 27 and 54.
        ("2026-05-31", "2026-06-28", "slipping_away", "buys_less_often"),
        ("2026-06-28", "2026-07-25", "slipping_away", "overdue"),
        ("2026-07-25", "None", "lost", "silent_too_long"),
    ]
    [profile] = result.profiles
    assert (profile["lifecycle_group"], profile["lifecycle_reason"]) == ("slipping_away", "buys_less_often")
    assert (profile["recent_rate"], profile["earlier_rate"]) == (1.0, 3.0)


def test_everybody_is_in_one_count_of_the_base_each_day():
    events = buys("ada", "2026-01-01", "2026-04-11") + buys("bob", "2026-01-05")
    growth = by(evaluate(events, date(2026, 4, 20), "UTC").base_growth, "date")
    names = ("new_count", "active_count", "slipping_away_count", "lost_count", "just_ordered_count")
    seen = {str(day): tuple(growth[day][name] for name in names) for day in growth}
    assert len(seen) == 110
    assert seen["2026-01-01"] == (1, 0, 0, 0, 0)
    assert seen["2026-01-31"] == (2, 0, 0, 0, 0)
    assert seen["2026-02-01"] == (1, 1, 0, 0, 0)
    assert seen["2026-04-20"] == (0, 2, 0, 0, 1)


def test_given_parameters_are_used_instead_of_learned_ones():
    taught = evaluate(buys("ada", "2026-01-01", "2026-01-21"), date(2026, 1, 31), "UTC").learned
    [row] = evaluate(buys("bob", "2026-02-01"), date(2026, 2, 2), "UTC", parameters=taught).profiles
    assert (row["group_interval_days"], row["parameters_as_of"]) == (20, date(2026, 1, 31))
    assert (row["baseline_source"], row["just_ordered_until_days"]) == ("group", 10)


# ---------------------------------------------------------------- RFM


def test_the_125_cells_of_preset_exponea_are_counted_as_published():
    cells = Counter(segment(*cell) for cell in product(range(1, 6), repeat=3))
    assert cells == {
        "champion": 8, "loyal": 14, "potential_loyalist": 8, "recent": 14, "promising": 18,
        "needs_attention": 6, "about_to_sleep": 14, "at_risk": 26, "cant_lose_them": 4, "hibernating": 10,
        "lost": 3,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ((5, 5, 5), "champion"), ((4, 3, 4), "loyal"),
        ((5, 5, 1), "promising"), ((4, 2, 5), "potential_loyalist"),
        ((5, 3, 3), "potential_loyalist"), ((4, 1, 5), "recent"),
        ((3, 4, 4), "loyal"), ((3, 3, 3), "needs_attention"),
        ((3, 2, 2), "about_to_sleep"), ((1, 4, 4), "cant_lose_them"),
        ((2, 5, 5), "at_risk"), ((1, 5, 1), "at_risk"),
        ((2, 2, 2), "about_to_sleep"), ((2, 1, 2), "hibernating"),
        ((1, 1, 3), "hibernating"), ((1, 2, 1), "lost"),
    ],
)  # fmt: skip
def test_a_cell_has_its_segment(cell: tuple[int, int, int], expected: str):
    assert segment(*cell) == expected


def test_each_segment_has_a_stage():
    stages = [stage_of(name) for name in ("engaged_visitor", "first_time", "promising", "champion", "lost")]
    assert stages == ["acquire", "retain", "increase_value", "cherish", "reactivate"]


def test_fewer_than_five_values_are_cut_at_midpoints():
    assert cuts_of([2, 2, 3, 5]) == ([2.5, 4.0], "midpoint")
    assert cuts_of([]) == ([], "midpoint")
    assert cuts_of([1, 2, 3, 4, 5, 6]) == ([2.0, 3.0, 4.0, 5.0], "quantile")


# ---------------------------------------------------------------- published figures


def test_cdnow_sample_has_the_published_groups():
    parquet = pytest.importorskip("pyarrow.parquet")
    events = []
    for number, row in enumerate(parquet.read_table(SAMPLE).to_pylist()):
        who, day, money = row["customer_id"], row["date"], f"{row['amount']:.2f}"
        sale = line(f"{day}T12:00", "sale", f"{who}-{day}", who, None, str(row["quantity"]), money)
        events.append({**sale, "event_id": str(number)})
    result = evaluate(events, date(1997, 9, 30), "America/New_York")
    assert len(result.profiles) == 2357
    assert sum(row["frequency"] for row in result.profiles) == 2457
    groups = Counter(row["lifecycle_group"] for row in result.profiles)
    shares = {name: round(count / 2357, 3) for name, count in groups.items()}
    assert shares == {"just_ordered": 0.068, "active": 0.094, "slipping_away": 0.116, "lost": 0.722}
    today = {
        row["customer_id"]: (row["lifecycle_group"], row["reason"])
        for row in result.lifecycle_spells
        if row["valid_from"] <= date(1997, 9, 30) < (row["valid_to"] or date.max)
    }
    assert today == {row["customer_id"]: (row["lifecycle_group"], row["lifecycle_reason"]) for row in result.profiles}
