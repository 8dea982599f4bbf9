"""The top of the page: headline, story, the one big number, and the key cards."""

from __future__ import annotations

from lifetide.explorer import story
from lifetide.explorer.charts import sparkline
from lifetide.explorer.facts import ReportFacts
from lifetide.explorer.figures import (
    change,
    counted,
    day,
    exact_money,
    money,
    percent,
    ratio,
    short_day,
    short_money,
    whole,
)
from lifetide.explorer.markup import Markup, element
from lifetide.explorer.names import SEGMENT_NAMES
from lifetide.vocabulary import LifecycleGroup


def masthead(facts: ReportFacts) -> Markup:
    """The bar with the mark, the shop and the day."""
    mark = element(
        "svg",
        element("rect", width="26", height="26", rx="7", class_="f-accent"),
        element("path", d="M4 11c3-4 6-4 9 0s6 4 9 0M4 17c3-4 6-4 9 0s6 4 9 0", class_="mark"),
        viewBox="0 0 26 26",
        width="26",
        height="26",
        aria_hidden="true",
    )
    return element(
        "header",
        element(
            "div",
            mark,
            element("span", facts.shop, class_="shop"),
            element("span", "Customer report", class_="kind"),
            element("span", day(facts.as_of), class_="day"),
            class_="inner",
        ),
    )


def hero(facts: ReportFacts) -> Markup:
    """Headline and story on the left, the number to watch on the right."""
    steps = story.first_steps(facts)
    tips = [
        element(
            "li",
            element("b", f"{SEGMENT_NAMES[step.facts.segment]}: "),
            step.why,
            " ",
            element("span", step.what, class_="goal"),
        )
        for step in steps
    ]
    doing = [element("h2", "What to do first", class_="small"), element("ol", *tips, class_="steps")] if tips else []
    return element(
        "div",
        element(
            "div",
            element("h1", story.headline(facts)),
            element("p", story.story(facts), class_="story"),
            *doing,
            class_="card tell",
        ),
        _big_number(facts),
        class_="hero",
    )


def _big_number(facts: ReportFacts) -> Markup:
    active = facts.active_now
    if active is None:
        return element(
            "div",
            element("p", "Customers known", class_="over"),
            element("p", whole(facts.customers), class_="big"),
            element("p", "The number of active customers appears with the first order.", class_="under"),
            class_="card number",
        )
    buyers = facts.growth[-1].base
    lines = [_against(then.months_ago, then.date.year, active, then.active) for then in facts.active_then]
    spark = sparkline("spark", "Active customers over time", [one.active for one in facts.growth])
    first = facts.growth[0].date
    return element(
        "div",
        element("p", "Active customers", class_="over"),
        element("p", whole(active), class_="big"),
        element("p", element("b", percent(active, buyers)), f" of {whole(buyers)} who have bought", class_="under"),
        spark if len(facts.growth) > 1 else None,
        element("p", f"{short_day(first)} to {short_day(facts.as_of)}", class_="caption spark-note")
        if len(facts.growth) > 1
        else None,
        element("ul", *lines, class_="against") if lines else None,
        class_="card number",
    )


def _against(months_ago: int, year: int, now: int, then: int | None) -> Markup:
    name = "1 month ago" if months_ago == 1 else f"{months_ago} months ago"
    if then is None:
        return element("li", element("span", name), element("span", "–"), element("span", "no history", class_="mut"))
    css = "same" if now == then else "up" if now > then else "down"
    return element(
        "li", element("span", name), element("b", whole(then)), element("span", change(now, then), class_=css)
    )


def key_cards(facts: ReportFacts) -> Markup:
    """Value and context, one fact a card."""
    orders, currency = facts.orders, facts.currency
    slip = facts.group(LifecycleGroup.SLIPPING_AWAY)
    slip_note = f"spent {short_money(slip.annual_revenue, currency)} in 365 days"
    guest_note = "every order has a name" if orders.orders else "no order yet"
    if orders.guest_orders:
        guest_note = f"{counted(orders.guest_orders, 'order')} without a name"
    cards = [
        _key("Customers", whole(facts.customers), f"{whole(facts.buyers)} have bought"),
        _key("Net revenue", short_money(orders.net_revenue, currency), exact_money(orders.net_revenue, currency)),
        *_order_cards(facts),
        _key("Slipping away", whole(slip.customers), slip_note if slip.customers else "nobody, for now"),
        _key("Returned", short_money(orders.returned_money, currency), counted(orders.voided_orders, "voided order")),
        _key("Guests", short_money(orders.guest_revenue, currency), guest_note),
    ]
    return element("section", element("h2", "Key figures", class_="unseen"), *cards, class_="keys")


def _order_cards(facts: ReportFacts) -> list[Markup]:
    """Orders and their mean value; a shop without orders has neither."""
    orders = facts.orders
    if orders.orders == 0:
        return [_key("Orders", "0", "none yet"), _key("Average order", "–", "no order yet")]
    with_name = ratio(orders.orders - orders.guest_orders, facts.buyers)
    note = f"{with_name:.1f} per customer who bought" if facts.buyers else "all by guests"
    mean = orders.net_revenue / orders.orders
    return [
        _key("Orders", whole(orders.orders), note),
        _key("Average order", money(mean, facts.currency), "net revenue ÷ orders"),
    ]


def _key(name: str, value: str, context: str) -> Markup:
    return element(
        "div",
        element("p", name, class_="over"),
        element("p", value, class_="value"),
        element("p", context, class_="under"),
        class_="card key",
    )
