"""How far to trust what is foretold: orders of days that were held out, beside what came."""

from __future__ import annotations

from lifetide.explorer.charts import rate_bar
from lifetide.explorer.charts.tracking import tracking
from lifetide.explorer.figures import MINUS, counted, whole
from lifetide.explorer.markup import Markup, element
from lifetide.explorer.sections.furniture import caption, card, empty, figures_behind
from lifetide.ltv.proof import Proof, Tenth, covered


def tracking_card(proof: Proof | None) -> Markup:
    """Orders that were foretold and orders that came, as time went on."""
    heading = "Foretold and seen"
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


def tenths_card(proof: Proof | None) -> Markup:
    """The same by tenths of the customers, the most expected first."""
    heading = "From the best customers to the others"
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
