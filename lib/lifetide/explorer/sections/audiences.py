"""Audiences: what each is worth beside everyone, how its people came and went, what they buy."""

from __future__ import annotations

from decimal import Decimal

from lifetide.explorer.audience_facts import AudienceFacts, ClassOf, Product, Worth
from lifetide.explorer.charts import Layer, Part, legend, share_bar, stacked_area
from lifetide.explorer.facts import ReportFacts
from lifetide.explorer.figures import counted, exact_money, money, month, percent, plain, short_money, whole
from lifetide.explorer.markup import Markup, element, join
from lifetide.explorer.names import GROUP_CSS, GROUP_NAMES
from lifetide.explorer.sections.audience_months import audience_months
from lifetide.explorer.sections.furniture import caption, card, data_table, empty, section
from lifetide.vocabulary import LifecycleGroup

UNKNOWN = "–"
LOGICS = {
    "best_selling": "Bought by most in the last 90 days",
    "trending": "Bought more in the last 14 days than in the 56 before, beyond chance",
    "new": "New within 30 days",
}
TRAITS = 5
FEWEST_IN_TRAIT = 10  # members; a trait of fewer is an accident
LEAST_TOLD = 0.05  # times everyone's; less is told by the figure itself
STANDS_OUT = 1.25  # times as often as among everyone
NOT_A_TRAIT = "lifecycle_group"


def audiences(facts: ReportFacts) -> Markup:
    """The overview of all of them, then one after the other."""
    heading = "Audiences"
    lead = "Who is in each audience on the day of the report, and what they are worth beside everyone."
    found = facts.audiences.audiences
    if not found:
        words = "They appear with the first definition in the folder of audiences and the next build."
        return section("audiences", heading, lead, card(empty("No audience evaluated yet", words)))
    members = [one for one in found if one.worth.members]
    nobody = [one.name for one in found if not one.worth.members]
    note = "In brackets: how many times everyone’s figure. Annual figures are those of the last 365 days."
    if nobody:
        note += f" Nobody is in: {', '.join(nobody)}."
    overview = card(_overview(facts, members), caption(note))
    return section("audiences", heading, lead, overview, card(*(_audience(one, facts) for one in members)))


def _overview(facts: ReportFacts, members: list[AudienceFacts]) -> Markup:
    columns = ["Audience", "Members", "Value so far", "Orders", "Basket", "Orders a year", "Revenue a year", "Lost",
               "Value predicted for 365 days"]  # fmt: skip
    base = facts.audiences.everyone
    rows = [_row(one.name, one.worth, base, facts.currency) for one in members]
    return data_table("Audiences beside everyone", columns, [_row("Everyone", base, None, facts.currency), *rows])


def _row(name: str, worth: Worth, base: Worth | None, currency: str) -> list[object]:
    def beside(text: str, value: Decimal | float | None, of_base: Decimal | float | None) -> str:
        if base is None or value is None or not of_base:
            return text
        times = float(value) / float(of_base)
        return f"{text} ({times:.1f}×)" if times >= LEAST_TOLD else text

    def cash(value: Decimal | None) -> str:
        return UNKNOWN if value is None else money(value, currency)

    def number(value: float | None) -> str:
        return UNKNOWN if value is None else plain(value)

    other = base or Worth()
    lost = UNKNOWN if worth.lost_share is None else percent(worth.lost_share, 1)
    count = whole(worth.members)
    if base is not None:
        count += f" ({percent(worth.members, base.members)})"
    return [
        name,
        count,
        beside(cash(worth.ltv), worth.ltv, other.ltv),
        beside(number(worth.orders), worth.orders, other.orders),
        beside(cash(worth.basket), worth.basket, other.basket),
        beside(number(worth.annual_orders), worth.annual_orders, other.annual_orders),
        beside(cash(worth.annual_revenue), worth.annual_revenue, other.annual_revenue),
        beside(lost, worth.lost_share, other.lost_share),
        _predicted(worth, currency),
    ]


def _predicted(worth: Worth, currency: str) -> str:
    if worth.predicted is None:
        return UNKNOWN
    if worth.predicted_lower is None or worth.predicted_upper is None:
        return money(worth.predicted, currency)
    low, high = money(worth.predicted_lower, currency), money(worth.predicted_upper, currency)
    return f"{money(worth.predicted, currency)} ({low} to {high})"


def _audience(one: AudienceFacts, facts: ReportFacts) -> Markup:
    """An audience, closed until somebody wants it."""
    told = counted(one.worth.members, "member")
    moves = f"{whole(one.entered)} entered and {whole(one.left)} left on the day."
    if one.waiting:
        moves += f" {counted(one.waiting, 'member')} kept by the waits alone."
    content = join((element("p", moves, class_="note"), _growth(one), _months(one, facts), _potential(one, facts),
                    _traits(one), _overlaps(one, facts), _products(one, facts)))  # fmt: skip
    summary = element("summary", element("b", one.name), f" – {told}")
    return element("details", summary, content)


def _growth(one: AudienceFacts) -> Markup | None:
    days = one.growth
    if len(days) < 2:
        return None
    layers = [
        Layer("Active", "active", [day.active for day in days]),
        Layer("New", "new", [day.new for day in days]),
        Layer("Slipping away", "slip", [day.slipping_away for day in days]),
        Layer("Lost", "lost", [day.lost for day in days]),
    ]
    described = "; ".join(f"{layer.name} {whole(layer.counts[-1])}" for layer in layers)
    name = f"Members of {one.name} at month ends"
    chart = stacked_area(f"growth-{one.key}", name, described, [day.date for day in days], layers)
    then = [
        f"{month(each.date)} {UNKNOWN if each.active is None else whole(each.active)}"
        for each in sorted(one.active_then, key=lambda each: each.date)
    ]
    words = f"Active of them: {'; '.join(then)}; now {whole(days[-1].active)}. The chart has today’s members."
    parts = [Part(layer.name, layer.counts[-1], layer.css) for layer in layers]
    return join((element("h4", "How its people came and went"), legend(parts), chart, caption(words)))


def _months(one: AudienceFacts, facts: ReportFacts) -> Markup | None:
    shown = audience_months(one.name, one.key, facts.stage_metrics, facts.currency)
    return None if shown is None else join((element("h4", "What its members did"), shown))


def _potential(one: AudienceFacts, facts: ReportFacts) -> Markup | None:
    classes = {LifecycleGroup(each.value): each for each in one.of_kind(NOT_A_TRAIT)}
    shown = [(group, classes[group]) for group in GROUP_NAMES if group in classes]
    whole_potential = [each.potential or Decimal(0) for _, each in shown]
    if not sum(whole_potential):
        return None
    parts = [
        Part(GROUP_NAMES[group], int(value), GROUP_CSS[group])
        for (group, _), value in zip(shown, whole_potential, strict=True)
    ]
    share = sum(each.potential_share or 0.0 for _, each in shown)
    told = "; ".join(
        f"{GROUP_NAMES[group]} {counted(each.members, 'member')}, "
        f"{UNKNOWN if each.potential is None else short_money(each.potential, facts.currency)}"
        for group, each in shown
    )
    words = (
        f"{told}. Together {money(sum(whole_potential), facts.currency)} in a year if all ordered at their own rate, "
        f"{percent(share, 1)} of what everyone could bring."
    )
    return join((
        element("h4", "Potential by active status"),
        share_bar(f"potential-{one.key}", f"Potential value of {one.name} by lifecycle group", parts),
        legend(parts),
        caption(words),
    ))  # fmt: skip


def _traits(one: AudienceFacts) -> Markup | None:
    """What is more frequent among the members than among everyone."""
    named = (each for each in one.classes if each.kind != NOT_A_TRAIT and each.value != "unknown")
    found: list[ClassOf] = [each for each in named if each.lift >= STANDS_OUT and each.members >= FEWEST_IN_TRAIT]
    best = sorted(found, key=lambda each: (-each.lift, each.kind, each.value))[:TRAITS]
    if not best:
        return None
    rows = [
        [f"{each.kind.replace('_', ' ')}: {each.value.replace('_', ' ')}", whole(each.members),
         percent(each.share, 1), f"{each.lift:.1f}×"]
        for each in best
    ]  # fmt: skip
    return join((
        element("h4", "What stands out"),
        data_table(f"Traits of {one.name}", ["Trait", "Members", "Share of them", "Than everyone"], rows),
    ))  # fmt: skip


def _overlaps(one: AudienceFacts, facts: ReportFacts) -> Markup | None:
    names = {each.key: each.name for each in facts.audiences.audiences}
    rows = [
        [names.get(key, key), whole(both), percent(share, 1)] for key, both, share in one.overlaps[:TRAITS]
    ]  # fmt: skip
    if not rows:
        return None
    return join((
        element("h4", "Shares members with"),
        data_table(f"Audiences that share members with {one.name}", ["Audience", "Members in both", "Share"], rows),
    ))  # fmt: skip


def _products(one: AudienceFacts, facts: ReportFacts) -> Markup | None:
    parts = [
        data_table(f"{title}: {one.name}", [title, "Buyers", "Units", "Net revenue", "Than everyone"],
                   [_product(each, facts) for each in one.of_logic(logic)])
        for logic, title in LOGICS.items()
        if one.of_logic(logic)
    ]  # fmt: skip
    return join((element("h4", "What they buy"), *parts)) if parts else None


def _product(one: Product, facts: ReportFacts) -> list[object]:
    revenue = UNKNOWN if one.net_revenue is None else exact_money(one.net_revenue, facts.currency)
    return [one.name, whole(one.buyers), whole(one.units), revenue, f"{one.lift:.1f}×"]
