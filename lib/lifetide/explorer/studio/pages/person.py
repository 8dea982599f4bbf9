"""One customer: where they stand and why, their orders on a line with the spells behind it, and every column."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from lifetide.explorer.charts.timeline import Mark, Stretch, timeline
from lifetide.explorer.figures import counted, exact_money, short_day, whole
from lifetide.explorer.markup import Markup, element
from lifetide.explorer.names import GROUP_CSS, GROUP_NAMES, SEGMENT_NAMES
from lifetide.explorer.sections.furniture import Cell, caption, card, data_table, empty, figures_behind, section
from lifetide.explorer.studio.labels import FIELD_LABELS, SHARES, field_label, spelled, unit_of, word_label
from lifetide.explorer.studio.person import Person
from lifetide.explorer.studio.shop import Shop
from lifetide.vocabulary import LifecycleGroup, RfmSegment

NOT_SHOWN = frozenset({"as_of", "customer_id", "parameters_as_of"})
MONEY = frozenset({"ltv_historic", "ltv_historic_margin", "annual_revenue", "average_order_value", "monetary_value",
                   "ltv_predicted_365d", "ltv_predicted_365d_lower", "ltv_predicted_365d_upper", "ltv_total",
                   "ltv_predicted_365d_margin", "ltv_total_margin", "acquisition_cost", "ltv_net_of_acquisition",
                   "order_value_sum", "expected_order_value"})  # fmt: skip


def search(asked: str, offered: Sequence[str], *, is_there: bool) -> Markup:
    """The box to type an id into, and ids that begin so."""
    box = element(
        "div",
        element("label", "Customer number", for_="customer-number"),
        element("input", id="customer-number", name="customer", value=asked, autocomplete="off", spellcheck="false",
                class_="find"),
        element("button", "Show", type="button", class_="pick", data_submit="customer"),
        class_="search", data_form="customer",
    )  # fmt: skip
    buttons = [
        element("button", one, type="button", class_="pick", data_ask="customer", data_value=one) for one in offered
    ]
    if is_there:
        said = None
    elif asked and buttons:
        said = element("p", "Customers whose number begins so: ", *buttons, class_="choose")
    elif asked:
        said = empty("Nobody has that number", "Check it: upper and lower case count.")
    else:
        said = element("p", "For instance ", *buttons, class_="choose")
    lead = "What is published of a customer; names, addresses and e-mail addresses are not shown."
    return section("search", "One customer", lead, box, said)


def customer(who: Person, shop: Shop, as_of: date) -> Markup:
    """Everything of one customer."""
    profile = who.profile
    is_told = shop.explained is not None and bool(who.learned) and profile.get("lifecycle_reason") is not None
    told = shop.explained(profile, who.learned, who.spells, shop.currency) if shop.explained and is_told else ""
    group = LifecycleGroup(profile["lifecycle_group"]) if profile.get("lifecycle_group") else None
    return section(
        "customer", f"Customer {profile.get('customer_id', '')}", _standing(profile, group, as_of),
        card(_line(who, as_of), _days(who, shop), heading="Orders, and the groups behind them"),
        element("div", _why(told) if told else None, _audiences(who) if shop.explained else None, class_="why"),
        _everything(profile, shop),
    )  # fmt: skip


def _why(told: str) -> Markup:
    """Each line by itself, so that what is too long for the page goes on below where it began."""
    lines = [element("span", line + "\n") for line in told.splitlines()]
    return card(element("pre", *lines, class_="told", tabindex="0", role="region", aria_label="Why"), heading="Why")


def _standing(profile: dict[str, Any], group: LifecycleGroup | None, as_of: date) -> str:
    parts = [GROUP_NAMES[group]] if group else []
    if profile.get("rfm_segment"):
        parts.append(SEGMENT_NAMES[RfmSegment(profile["rfm_segment"])])
    return f"{' · '.join(parts)} on {short_day(as_of)}" if parts else f"On {short_day(as_of)}"


def _line(who: Person, as_of: date) -> Markup:
    bought = [day for day in who.days if day["order_count"]]
    if not who.spells and not bought:
        return empty("No order stands", "The line begins with the first one.")
    ahead = who.profile.get("expected_next_order_date")
    end = max([as_of, *([ahead] if ahead else [])])
    stretches = [
        Stretch(one["valid_from"], one["valid_to"] or date.max, GROUP_NAMES[LifecycleGroup(one["lifecycle_group"])],
                GROUP_CSS[LifecycleGroup(one["lifecycle_group"])])
        for one in who.spells
        if one["valid_from"] <= end
    ]  # fmt: skip
    largest = max([float(day["order_value"] or 0) for day in bought] or [0.0]) or 1.0
    marks = [
        Mark(day["local_date"], f"{short_day(day['local_date'])}: {counted(day['order_count'], 'order')}"
             + (f", {day['order_value']:,}" if day["order_value"] is not None else ""),
             max(0.0, float(day["order_value"] or 0)) / largest)
        for day in bought
    ]  # fmt: skip
    next_ = Mark(ahead, f"next order expected {short_day(ahead)}") if ahead and ahead >= as_of else None
    told = f"{counted(len(marks), 'day')} with orders; {counted(len(stretches), 'stretch', 'stretches')} of groups."
    chart = timeline("orders", "Orders and lifecycle groups", told, stretches, marks, as_of, next_)
    names = list(dict.fromkeys((one.name, one.css) for one in stretches))
    keys = element("ul", *(element("li", element("i", class_=f"key-dot b-{css}"), name) for name, css in names),
                   class_="legend")  # fmt: skip
    return element("div", keys, chart, caption("Dots are days with orders, larger for more money; the ring is the "
                                               "next order as expected. Spells as known today."))  # fmt: skip


def _days(who: Person, shop: Shop) -> Markup:
    def money(value: Decimal | None) -> Cell:
        return Cell("–" if value is None else exact_money(value, shop.currency), value)

    rows: list[list[object]] = [
        [short_day(day["local_date"]), Cell(whole(day["order_count"] or 0), day["order_count"]),
         money(day["order_value"]), money(day["refunded_amount"]), money(day["net_revenue"])]
        for day in reversed(who.days)
    ]  # fmt: skip
    return figures_behind("Days with orders or money", ["Day", "Orders", "Value", "Given back", "Net revenue"], rows)


def _audiences(who: Person) -> Markup:
    heading = "Audiences they are in"
    if not who.audiences:
        words = "No published audience has this customer on that day."
        return card(empty("In no audience", words), heading=heading)
    rows = [[one["name"], short_day(one["valid_from"])] for one in who.audiences]
    return card(data_table(heading, ["Audience", "Since"], rows), heading=heading)


def _everything(profile: dict[str, Any], shop: Shop) -> Markup:
    """Every column that has a value, by the groups that the builder offers."""
    groups = []
    left = [name for name in profile if name not in NOT_SHOWN and profile[name] is not None]
    for group, labels in FIELD_LABELS.items():
        rows = [[field_label(name), _said(name, profile[name], shop)] for name in labels if name in left]
        if rows:
            groups.append(card(data_table(group, ["What", "Value"], rows), heading=group))
    known = {name for labels in FIELD_LABELS.values() for name in labels}
    others = [[spelled(name), _said(name, profile[name], shop)] for name in left if name not in known]
    if others:
        groups.append(card(data_table("More", ["What", "Value"], others), heading="More"))
    return element("div", *groups, class_="facts")


def _said(name: str, value: Any, shop: Shop) -> Cell:
    if isinstance(value, bool):
        words = "yes" if value else "no"
    elif name in MONEY and isinstance(value, Decimal):
        words = exact_money(value, shop.currency)
    elif isinstance(value, date):
        words = short_day(value)
    elif name in SHARES and isinstance(value, float):
        words = f"{value:.1%}"
    elif isinstance(value, float):
        words = f"{value:.2f} {unit_of(name)}".strip()
    elif isinstance(value, (int, Decimal)):
        words = f"{whole(value)} {unit_of(name)}".strip()
    else:
        label = word_label(name, str(value))
        words = label if label != str(value) else str(value).replace("_", " ")
    return Cell(words, value)
