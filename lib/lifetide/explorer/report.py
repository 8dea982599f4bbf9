"""The report as one self-contained page: nothing is loaded, nothing runs, every text from data is escaped."""

from __future__ import annotations

from lifetide.explorer.facts import ReportFacts
from lifetide.explorer.figures import day
from lifetide.explorer.markup import Markup, element, join
from lifetide.explorer.sections import (
    achieved,
    audiences,
    flows,
    lifecycle,
    opening,
    proof,
    quality,
    rhythm,
    segments,
    worth,
)
from lifetide.explorer.sheets import policy, report_sheet

LINKS = (
    ("lifecycle", "Lifecycle"),
    ("growth", "Growth"),
    ("active", "Active"),
    ("flows", "Flows"),
    ("achieved", "Stages"),
    ("segments", "Segments"),
    ("audiences", "Audiences"),
    ("worth", "Worth"),
    ("rhythm", "Rhythm"),
    ("proof", "Proof"),
    ("sellers", "Bestsellers"),
    ("quality", "Quality"),
    ("published", "Published"),
    ("glossary", "Words"),
)


def report_page(facts: ReportFacts) -> str:
    """The whole page. The style sheet is allowed by its hash; no other style, script or request is."""
    css = report_sheet()
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy(css)),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", f"{facts.shop}: customers on {day(facts.as_of)}"),
        element("style", Markup(css)),
    )
    body = element("body", _skip(), opening.masthead(facts), _links(), _main(facts), _footer(facts))
    return "<!doctype html>\n" + element("html", head, body, lang="en") + "\n"


def _skip() -> Markup:
    return element("a", "Skip to the figures", href="#figures", class_="skip")


def _links() -> Markup:
    return element(
        "nav",
        element("ul", *(element("li", element("a", name, href=f"#{key}")) for key, name in LINKS), class_="inner"),
        aria_label="Sections",
    )


def _main(facts: ReportFacts) -> Markup:
    return element(
        "main",
        join(
            (
                opening.hero(facts),
                opening.key_cards(facts),
                lifecycle.lifecycle_groups(facts),
                element("div", lifecycle.base_growth(facts), lifecycle.active_compared(facts), class_="two-one"),
                flows.flows(facts),
                achieved.achieved(facts),
                segments.segments_by_stage(facts),
                audiences.audiences(facts),
                worth.worth(facts),
                rhythm.rhythm(facts),
                proof.proof(facts),
                segments.sellers(facts),
                quality.data_quality(facts),
                quality.published(facts),
                quality.glossary(),
            )
        ),
        id="figures",
        class_="inner",
        tabindex="-1",
    )


def _footer(facts: ReportFacts) -> Markup:
    made = (
        f"Made by Lifetide for {facts.shop}, figures as of {day(facts.as_of)}. It holds counts and sums, no person."
    )
    return element(
        "footer",
        element(
            "div",
            element("p", made),
            element("p", facts.attribution, class_="attribution") if facts.attribution else None,
            class_="inner",
        ),
    )
