# ruff: noqa: E501 - a rule and its query stand in a line each
"""Forty rules about behaviour, each with the query that a person wrote for it. as_of = 2024-03-31, a Sunday.

Views in DuckDB: o = orders that stand, i = their lines of products, v = one row per visit, e = events of visitors;
all with who, d (local date), t (instant). A query gives the members.
"""

from __future__ import annotations

from typing import Any

ALL = "select customer_id who from p where not is_anonymous"
D90 = {"mode": "in_the_last", "quantity": 90, "unit": "day"}
D30 = {"mode": "in_the_last", "quantity": 30, "unit": "day"}
SHOES = {"rules": [{"field": "category", "operator": "=", "value": "shoes"}]}


def where(*rules: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"rules": list(rules), **more}


def one(field: str, operator: str, value: Any = None, **more: Any) -> dict[str, Any]:
    return {"field": field, "operator": operator, "value": value, **more}


RULES: list[tuple[dict[str, Any], str]] = [
    # match
    ({"field": "orders", "match": {"mode": "some"}, "timeframe": D90}, "select who from o where d between '2024-01-02' and '2024-03-31'"),
    ({"field": "orders", "match": {"mode": "none"}, "timeframe": D90}, f"{ALL} except select who from o where d >= '2024-01-02'"),
    ({"field": "orders", "match": {"mode": "atLeast", "threshold": 2}, "timeframe": "any_time"}, "select who from o group by who having count(*) >= 2"),
    ({"field": "orders", "match": {"mode": "atMost", "threshold": 1}, "timeframe": "last_year"}, f"{ALL} except select who from o where year(d) = 2023 group by who having count(*) > 1"),
    ({"field": "orders", "match": {"mode": "exactly", "threshold": 1}, "timeframe": "this_year"}, "select who from o where year(d) = 2024 group by who having count(*) = 1"),
    ({"field": "orders", "match": {"mode": "exactly", "threshold": 0}, "timeframe": "this_quarter"}, f"{ALL} except select who from o where d >= '2024-01-01'"),
    ({"field": "orders", "match": {"mode": "all"}, "value": where(one("channel", "=", "web")), "timeframe": "any_time"}, "select who from o group by who having bool_and(coalesce(channel = 'web', false))"),
    ({"field": "orders", "match": {"mode": "all", "vacuous": True}, "value": where(one("channel", "=", "web")), "timeframe": "any_time"}, f"{ALL} except select who from o where channel is distinct from 'web'"),
    ({"field": "items", "match": {"mode": "some"}, "value": SHOES, "timeframe": "any_time"}, "select who from i where category = 'shoes'"),
    ({"field": "items", "match": {"mode": "none"}, "value": SHOES, "timeframe": "any_time"}, f"{ALL} except select who from i where category = 'shoes'"),
    ({"field": "items", "match": {"mode": "atLeast", "threshold": 2, "count_by": "order_id"}, "value": where(one("product_id", "in", ["p1", "p2"])), "timeframe": "any_time"}, "select who from i where product_id in ('p1', 'p2') group by who having count(distinct order_id) >= 2"),
    ({"field": "items", "match": {"mode": "atLeast", "threshold": 3, "count_by": "product_id"}, "timeframe": "any_time"}, "select who from i group by who having count(distinct product_id) >= 3"),
    ({"field": "items", "match": {"mode": "some"}, "value": where(one("category", "!=", "shoes")), "timeframe": D90}, "select who from i where category is distinct from 'shoes' and d >= '2024-01-02'"),
    ({"field": "items", "match": {"mode": "some"}, "value": where(one("category", "!=", "shoes", nulls="exclude")), "timeframe": D90}, "select who from i where category <> 'shoes' and d >= '2024-01-02'"),
    ({"field": "items", "match": {"mode": "some"}, "value": where(one("category", "=", "shoes", ignore_case=True)), "timeframe": "any_time"}, "select who from i where lower(category) = 'shoes'"),
    ({"field": "items", "match": {"mode": "some"}, "value": {**SHOES, "not": True}, "timeframe": "any_time"}, "select who from i where category is distinct from 'shoes'"),
    ({"field": "items", "match": {"mode": "some"}, "value": where(one("amount", "=", "discount_amount", valueSource="field")), "timeframe": "any_time"}, "select who from i where amount = discount_amount"),
    ({"field": "items", "match": {"mode": "some"}, "value": where(one("amount", ">", 10), one("quantity", "=", 1), combinator="or"), "timeframe": D30}, "select who from i where (amount > 10 or quantity = 1) and d >= '2024-03-02'"),
    ({"field": "visits", "match": {"mode": "atLeast", "threshold": 2}, "timeframe": "any_time"}, "select who from v group by who having count(*) >= 2"),
    ({"field": "views", "match": {"mode": "some"}, "value": where(one("page", "beginsWith", "/Sale")), "timeframe": "any_time"}, "select who from e where event_type in ('page_viewed', 'product_viewed') and page[:5] = '/Sale'"),
    ({"field": "searches", "match": {"mode": "some"}, "value": where(one("query", "contains", "%")), "timeframe": "any_time"}, "select who from e where event_type = 'searched' and contains(query, '%')"),
    ({"field": "carts", "match": {"mode": "some"}, "timeframe": {"mode": "between", "from": "2023-06-01", "to": "2024-02-29"}}, "select who from e where event_type = 'cart_added' and d between '2023-06-01' and '2024-02-29'"),
    ({"field": "messages", "match": {"mode": "some"}, "value": where(one("event_type", "=", "message_opened")), "timeframe": "last_month"}, "select who from e where event_type = 'message_opened' and d between '2024-02-01' and '2024-02-29'"),
    ({"field": "messages", "match": {"mode": "some"}, "timeframe": "this_week"}, "select who from e where event_type[:8] = 'message_' and d between '2024-03-25' and '2024-03-31'"),
    ({"field": "views", "match": {"mode": "some"}, "timeframe": {"mode": "between_ago", "from": 30, "to": 90, "unit": "day"}}, "select who from e where event_type in ('page_viewed', 'product_viewed') and d between '2024-01-01' and '2024-03-01'"),
    ({"field": "orders", "match": {"mode": "some"}, "timeframe": {"mode": "before_the_last", "quantity": 1, "unit": "month"}}, "select who from o where d <= '2024-02-29'"),
    # aggregate
    ({"field": "orders", "aggregate": {"measure": "sum", "of": "net_revenue"}, "operator": ">=", "value": 20, "timeframe": "any_time"}, "select who from o group by who having sum(net_revenue) >= 20"),
    ({"field": "orders", "aggregate": {"measure": "sum", "of": "net_revenue"}, "operator": "=", "value": 0, "timeframe": D90}, f"{ALL} except select who from o where d >= '2024-01-02' group by who having sum(net_revenue) is distinct from 0"),
    ({"field": "orders", "aggregate": {"measure": "sum", "of": "margin"}, "operator": "null", "timeframe": "any_time"}, "select who from o group by who having count(margin) = 0"),
    ({"field": "orders", "aggregate": {"measure": "avg", "of": "net_revenue"}, "operator": ">", "value": 5, "timeframe": "any_time"}, "select who from o group by who having avg(net_revenue) > 5"),
    ({"field": "items", "aggregate": {"measure": "median", "of": "amount"}, "operator": "<=", "value": 3, "timeframe": "any_time"}, "select who from i group by who having median(amount::double) <= 3"),
    ({"field": "items", "aggregate": {"measure": "max", "of": "amount"}, "operator": "between", "value": [3, 20], "timeframe": "any_time"}, "select who from i group by who having max(amount) between 3 and 20"),
    ({"field": "items", "aggregate": {"measure": "min", "of": "amount"}, "operator": "!=", "value": -4, "timeframe": "any_time"}, f"{ALL} except select who from i group by who having min(amount) = -4"),
    ({"field": "items", "aggregate": {"measure": "countDistinct", "of": "category"}, "operator": ">", "value": 2, "timeframe": "any_time"}, "select who from i group by who having count(distinct category) > 2"),
    ({"field": "orders", "aggregate": {"measure": "daysSinceLast"}, "operator": "<", "value": 45, "timeframe": "any_time"}, "select who from o group by who having date '2024-03-31' - max(d) < 45"),
    ({"field": "orders", "aggregate": {"measure": "medianInterval"}, "operator": "<=", "value": 60, "timeframe": "any_time"}, "select who from (select who, d - lag(d) over (partition by who order by d) gap from (select distinct who, d from o)) group by who having median(gap) <= 60"),
    # first time and sequences
    ({"field": "items", "firstTime": True, "value": SHOES, "timeframe": D90}, "select who from i where category = 'shoes' group by who having min(d) >= '2024-01-02'"),
    ({"field": "views", "sequence": {"steps": [{}, {"field": "carts", "within": {"quantity": 14, "unit": "day"}}]}, "timeframe": "any_time"},
     "select a.who from e a join e b using (who) where a.event_type in ('page_viewed', 'product_viewed') and b.event_type = 'cart_added' and (b.d, b.t) > (a.d, a.t) and b.d <= a.d + 14"),
    ({"field": "carts", "sequence": {"steps": [{}, {"field": "items", "negate": True, "within": {"quantity": 7, "unit": "day"}}], "same": ["product_id"]}, "timeframe": "any_time"},
     "select who from e a where event_type = 'cart_added' and d + 7 <= '2024-03-31' and not exists (from i b where b.who = a.who and b.product_id = a.product_id and (b.d, b.t) > (a.d, a.t) and b.d <= a.d + 7)"),
    ({"field": "views", "sequence": {"steps": [{}, {"field": "orders", "negate": True}, {"field": "messages"}]}, "timeframe": "any_time"},
     "select a.who from e a join e c using (who) where a.event_type in ('page_viewed', 'product_viewed') and c.event_type[:8] = 'message_' and (c.d, c.t) > (a.d, a.t)"
     " and not exists (from o b where b.who = a.who and (b.d, b.t) > (a.d, a.t) and (c.d, c.t) > (b.d, b.t))"),
    ({"field": "views", "sequence": {"steps": [{}, {"field": "carts", "negate": True}, {"field": "views", "within": {"quantity": 1, "unit": "month"}}], "same": ["product_id"]}, "timeframe": D90},
     "select a.who from e a join e c using (who, product_id) where a.event_type in ('page_viewed', 'product_viewed') and c.event_type in ('page_viewed', 'product_viewed')"
     " and a.d >= '2024-01-02' and (c.d, c.t) > (a.d, a.t) and c.d <= a.d + interval 1 month"
     " and not exists (from e b where b.event_type = 'cart_added' and b.who = a.who and b.product_id = a.product_id and (b.d, b.t) > (a.d, a.t) and (c.d, c.t) > (b.d, b.t))"),
]  # fmt: skip

VIEWS = """
create view o as select source_id who, order_date d, ordered_at t, * from orders where voided_on is null and state <> 'credit' and order_date <= '2024-03-31';
create view i as select order_source_id who, order_date d, order_at t, * from lines where order_id in (select order_id from o) and is_product is distinct from false;
create view v as select source_id who, local_date d from days, range(coalesce(visit_count, 0)) where local_date <= '2024-03-31';
create view e as select source_id who, event_date d, event_at t, * from events where state is null and event_date <= '2024-03-31';
create view p as from profiles;
"""
