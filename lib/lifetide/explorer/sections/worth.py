"""What customers are worth: the coming year beside the last one, by group and category, and how far to trust it."""

from __future__ import annotations

from lifetide.explorer.charts import bar, rate_bar
from lifetide.explorer.charts.tracking import tracking
from lifetide.explorer.facts import ReportFacts
from lifetide.explorer.figures import MINUS, counted, money, percent, short_day, whole
from lifetide.explorer.markup import Markup, element
from lifetide.explorer.names import GROUP_CSS, GROUP_NAMES, MODEL_NAMES
from lifetide.explorer.sections.furniture import caption, card, data_table, empty, figures_behind, section
from lifetide.explorer.worth_facts import ModelFacts
from lifetide.ltv.proving import Tenth, covered

NONE = "–"


def worth(facts: ReportFacts) -> Markup:
    """Money by group and importance; categories; then the models, what they foretold and what came."""
    heading = "What customers are worth"
    if not facts.worth.models:
        words = "The first build with an order fits the models of orders to come."
        return section("worth", heading, None, card(empty("No model yet", words)))
    categories = _categories(facts)
    return section(
        "worth",
        heading,
        lead(facts),
        element("div", _groups(facts), _importance(facts), class_="pair"),
        element("div", categories, class_="pair whole-row") if categories else None,
        element("div", _tracking(facts), _tenths(facts), class_="pair"),
        element("div", _models(facts), class_="pair whole-row"),
    )


def lead(facts: ReportFacts) -> str:
    """What is expected of the coming year, beside the last one."""
    groups = facts.worth.groups
    orders, last = sum(one.expected_orders for one in groups), sum(one.annual_orders for one in groups)
    said = (
        f"Within 365 days of {short_day(facts.as_of)} these customers are expected to buy on {whole(orders)} days; "
        f"they placed {counted(last, 'order')} in the 365 days before"
    )
    predicted, revenue = sum(one.predicted for one in groups), sum(one.annual_revenue for one in groups)
    if predicted:
        said += f". That is worth {money(predicted, facts.currency)}, beside {money(revenue, facts.currency)}"
    return said + ". Customers who are yet to come are not counted."


def _groups(facts: ReportFacts) -> Markup:
    whole_potential = sum(one.potential for one in facts.worth.groups)
    rows = [
        [
            GROUP_NAMES[one.group],
            whole(one.customers),
            money(one.annual_revenue, facts.currency),
            money(one.predicted, facts.currency),
            element(
                "span",
                f"{money(one.potential, facts.currency)} ({percent(one.potential, whole_potential)})",
                bar(one.potential / whole_potential if whole_potential else 0.0, GROUP_CSS[one.group]),
            ),
        ]
        for one in facts.worth.groups
    ]
    columns = ["Group", "Customers", "Last year", "Coming year", "At their own rhythm"]
    made = (
        "At their own rhythm: 365 days ÷ the customer’s normal interval × the expected value of an order, as if "
        "everybody stayed. Bar: share of the whole."
    )
    return card(data_table("Worth by lifecycle group", columns, rows), caption(made), heading="By lifecycle group")


def _importance(facts: ReportFacts) -> Markup:
    found = facts.worth.importance
    heading = "By importance"
    if not found:
        return card(empty("No importance", "It needs money: map amounts or prices."), heading=heading)
    customers, revenue = sum(one.customers for one in found), sum(one.net_revenue for one in found)
    rows = [
        [
            "VIP" if one.importance == "vip" else one.importance.capitalize(),
            f"{whole(one.customers)} ({percent(one.customers, customers)})",
            f"{money(one.net_revenue, facts.currency)} ({percent(one.net_revenue, revenue)})",
            money(one.total, facts.currency),
        ]
        for one in found
    ]
    columns = ["Class", "Customers", "Net revenue so far", "With what is to come"]
    made = "Classes by lifetime value: what a customer brought and is expected to bring within a year."
    return card(data_table("Worth by importance", columns, rows), caption(made), heading=heading)


def _categories(facts: ReportFacts) -> Markup | None:
    found = facts.worth.categories
    if not found:
        return None
    rows = [
        [
            one.name,
            whole(one.customers),
            money(one.mean, facts.currency),
            _beside(one.ratio),
            NONE if one.lower is None or one.upper is None else f"{_beside(one.lower)} to {_beside(one.upper)}",
        ]
        for one in found
    ]  # fmt: skip
    columns = ["Main category", "Customers", "Value to come, each", "Beside everyone", "90% interval"]
    made = "Buyers by the category they bought most of. An interval that takes in 0% shows no difference."
    return card(
        data_table("Value to come by main category", columns, rows), caption(made), heading="By main category"
    )


def _beside(ratio: float) -> str:
    """+10% or −5% of everyone's."""
    return f"{(ratio - 1) * 100:+.0f}%".replace("-", MINUS)


def _tracking(facts: ReportFacts) -> Markup:
    proof, heading = facts.worth.proof, "Foretold and seen"
    if proof is None:
        words = "The log is too short to hold anything out: at least a month of orders is needed."
        return card(empty("Not tested", words), heading=heading)
    points = [(one.days, one.expected, one.actual) for one in proof.points]
    last = proof.points[-1]
    off = last.expected / last.actual - 1 if last.actual else 0.0
    told = f"{whole(last.expected)} orders foretold, {whole(last.actual)} came ({off:+.1%})".replace("-", MINUS)
    chart = tracking("tracking-chart", "Orders after the cut-off", told, points)
    rows = [[counted(days, "day"), whole(expected), whole(actual)] for days, expected, actual in points]
    made = f"Dashed: foretold with what was known on {proof.cutoff}. Line: what these customers then did."
    return card(
        element("p", f"{told}.", class_="said"), chart, caption(made),
        figures_behind("Orders after the cut-off", ["After", "Foretold", "Seen"], rows),
        heading=heading, note=f"{proof.horizon_days} days",
    )  # fmt: skip


def _tenths(facts: ReportFacts) -> Markup:
    proof, heading = facts.worth.proof, "From the best customers to the others"
    if proof is None:
        return card(empty("Not tested", "The log is too short to hold anything out."), heading=heading)
    most = max(max(one.expected, one.actual) for one in proof.tenths) or 1.0
    bars = [_tenth(place, one, most) for place, one in enumerate(reversed(proof.tenths))]
    within = covered(proof.tenths)
    made = (
        f"Bar: orders seen; upright mark: foretold. In {within} of {len(proof.tenths)} tenths the number seen lies "
        "in the 80% interval of the one foretold, which knows of chance but not of a shop that changes."
    )
    return card(element("ul", *bars, class_="rates"), caption(made), heading=heading, note="tenths of customers")


def _tenth(place: int, one: Tenth, most: float) -> Markup:
    name = "the tenth expected to buy most" if place == 0 else f"tenth {place + 1}"
    return element(
        "li",
        element("span", name, class_="name"),
        element("b", whole(one.actual)),
        rate_bar(one.actual / most, one.expected / most, "active"),
        element("span", f"foretold {whole(one.expected)} ({whole(one.lower)} to {whole(one.upper)})", class_="mut"),
    )


def _models(facts: ReportFacts) -> Markup:
    rows = [
        [
            MODEL_NAMES.get(one.name, one.name) + (" (in use)" if one.is_chosen else ""),
            NONE if one.deviance is None else f"{one.deviance:.4f}",
            NONE if not one.weight else f"{one.weight:.0%}",
            NONE if one.log_likelihood is None else f"{one.log_likelihood:,.1f}".replace("-", MINUS),
            _parameters(one) or NONE,
            one.notes or "",
        ]
        for one in facts.worth.models
    ]
    columns = ["Model", "Deviance", "Weight", "Log-likelihood", "Parameters and 90% intervals", "Notes"]
    made = (
        "Deviance: Poisson deviance of orders that were held out, mean over earlier cut-offs; the mean of models is "
        "used unless one of them is better by a twentieth. Weeks are the unit of time."
    )
    horizon = facts.worth.horizon_days
    note = None if horizon is None else f"tested {horizon} days ahead; beyond that the models extrapolate"
    if facts.worth.drift is not None:
        made += (
            " At those cut-offs the model in use was wrong about the orders of a tenth of the customers by "
            f"{percent(facts.worth.drift, 1)}: the limits of a customer’s value take that in."
        )
    return card(data_table("Models", columns, rows), caption(made), heading="The models", note=note)


def _parameters(one: ModelFacts) -> str:
    """Each with estimate ± 1.645 standard errors where they are known."""
    return "; ".join(
        f"{name} {value:.4g}" + ("" if error is None else f" ({max(value - 1.645 * error, 0):.3g} to "
                                 f"{value + 1.645 * error:.3g})")
        for name, value, error in one.parameters
    )  # fmt: skip
