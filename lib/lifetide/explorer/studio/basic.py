"""The builder from ipywidgets alone, for front ends that refuse custom widgets: groups, rules, exact count, cards."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import ipywidgets as w

from lifetide.explorer.studio.basic_values import OPERATORS, fresh, value_control
from lifetide.explorer.studio.drafts import rules_of
from lifetide.explorer.studio.later import soon
from lifetide.explorer.studio.session import Session, sign_of

MATCHES = {"all": ("and", False), "any": ("or", False), "none": ("or", True)}
EXTRAS = {"valueSource", "scale", "nulls", "ignore_case"}
ROW = w.Layout(align_items="center", flex_flow="row wrap")
INNER = w.Layout(border="1px solid #c9d6e2", padding="6px", margin="4px 0 4px 12px")


class BasicBuilder:
    """Widgets over a session; every change counts anew. `box` is what is shown."""

    def __init__(self, session: Session, save: Callable[[str], Any]) -> None:
        self.session = session
        self._save = save
        self._named = 0
        self.count = w.HTML()
        self.cards = w.HTML()
        self.said = w.Label()
        self.rules = w.VBox()
        self.name = w.Text(value=session.standing.name, placeholder="Name this audience", description="Audience")
        save_button = w.Button(description="Save", button_style="primary")
        save_button.on_click(self._on_save)
        self.box = w.VBox([w.HBox([self.name, save_button, self.said]), self.rules, self.count, self.cards])
        self.lay_out()

    def lay_out(self) -> None:
        """Draws groups and rules anew, after one came or went."""
        self.rules.children = (self._group(dict(self.session.draft), None),)
        self.tell()

    def listen(self) -> None:
        """From now on, what was worked out on another thread is shown as it comes."""
        tell = soon(self.tell)
        self.session.elsewhere.when_ready = tell
        if self.session.exact is not None:
            self.session.exact.when_ready = lambda _: tell()

    def tell(self) -> None:
        """Counts and shows the figures."""
        told, members = self.session.count(self.session.draft)
        shown = told.get("exact", told)
        self.count.value = (
            f'<div style="font-size:30px;font-weight:700">{sign_of(told)}{shown["n"]:,}'
            f'<span style="font-size:13px;font-weight:400"> of {shown["of"]:,} customers · {_exactness(told)}</span>'
            "</div>"
        )
        everyone, stats = self.session.everyone(), self.session.figures.stats(members)
        cells = [
            f"<td style='padding:4px 14px 4px 0'><small>{escape(one.label)}</small><br>"
            f"<b>{self._figure(stats[one.name], one.kind)}</b><br>"
            f"<small>everyone {self._figure(everyone[one.name], one.kind)}</small></td>"
            for one in self.session.figures.measures
        ]
        self.cards.value = f"<table><tr>{''.join(cells)}</tr></table>"
        self.said.value = "; ".join(self.session.problems())

    def _figure(self, value: float | None, kind: str) -> str:
        if value is None:
            return "–"
        return f"{escape(self.session.symbol)}{value:,.0f}" if kind == "money" else f"{value:,.1f}"

    def _group(self, group: dict[str, Any], parent: dict[str, Any] | None) -> w.Widget:
        self._own(group)
        now = next((name for name, how in MATCHES.items() if how == _how(group)), "all")
        match = w.ToggleButtons(options=list(MATCHES), value=now, style={"button_width": "56px"})

        def matched(change: Any) -> None:
            group["combinator"], group["not"] = MATCHES[change["new"]]
            self.tell()

        match.observe(matched, "value")
        field = w.Dropdown(options=[("Add a rule …", ""), *self._fields()], value="")

        def added(change: Any) -> None:
            if change["new"]:
                group["rules"].append(fresh(self.session.offers[change["new"]], self._id()))
                self.lay_out()

        field.observe(added, "value")
        more = w.Button(description="Add group", icon="plus")
        more.on_click(lambda _: self._changed(group["rules"].append(_empty(self._id()))))
        head = [w.Label("Customers who match" if parent is None else "Match"), match, w.Label("of these")]
        rows = [self._group(one, group) if "rules" in one else self._rule(one, group) for one in group["rules"]]
        foot = [field, more, *([] if parent is None else [self._remover(group, parent)])]
        return w.VBox([w.HBox(head, layout=ROW), *rows, w.HBox(foot, layout=ROW)], layout=INNER)

    def _rule(self, rule: dict[str, Any], parent: dict[str, Any]) -> w.Widget:
        offer = self.session.offers.get(str(rule.get("field")))
        operators = [] if offer is None else OPERATORS.get(offer.control, [])
        is_plain = rule.get("operator") in [value for _, value in operators] and not EXTRAS & set(rule)
        if offer is None or not is_plain:
            words = self.session.said(self.session.draft, str(rule["id"]))
            return w.HBox([w.Label(words or "as written in the file"), self._remover(rule, parent)], layout=ROW)
        operator = w.Dropdown(options=operators, value=rule["operator"], layout=w.Layout(width="150px"))

        def compared(change: Any) -> None:
            rule.update(fresh(offer, rule["id"], change["new"]))
            self.lay_out()

        operator.observe(compared, "value")

        def valued(value: Any) -> None:
            rule["value"] = value
            self.tell()

        control = value_control(rule, offer, self.session.base(offer.field.name), valued)
        name = w.Label(offer.label, layout=w.Layout(width="150px"))
        return w.HBox([name, operator, control, self._remover(rule, parent)], layout=ROW)

    def _remover(self, node: dict[str, Any], parent: dict[str, Any]) -> w.Widget:
        button = w.Button(icon="times", tooltip="Remove", layout=w.Layout(width="36px"))
        button.on_click(lambda _: self._changed(parent["rules"].remove(node)))
        return button

    def _changed(self, _: None) -> None:
        self.lay_out()

    def _fields(self) -> list[tuple[str, str]]:
        return [(one.label, name) for name, one in self.session.offers.items() if one.control in OPERATORS]

    def _own(self, group: dict[str, Any]) -> None:
        """What is drawn is what is changed: the outermost group becomes the session's draft."""
        group["rules"] = [dict(one) for one in group["rules"]]
        if group["id"] == self.session.draft["id"]:
            self.session.draft = group

    def _id(self) -> str:
        taken = {str(one.get("id")) for one in rules_of(self.session.draft)}
        while f"b{self._named}" in taken:
            self._named += 1
        return f"b{self._named}"

    def _on_save(self, _: Any) -> None:
        self.session.rename(self.name.value)
        self.said.value = f"Saved as {self._save(self.name.value)}"


def _exactness(told: dict[str, Any]) -> str:
    """What may be said of a count: exact, or why it is an estimate."""
    if "wait" in told and "exact" not in told:
        return escape(told["wait"])
    if not sign_of(told):
        return "exact"
    low, high = told["interval"]
    return escape(f"estimate ({low:,} to {high:,}, 95% sure) {told.get('inexact', '')}".strip())


def _how(group: dict[str, Any]) -> tuple[str, bool]:
    return group.get("combinator", "and"), bool(group.get("not"))


def _empty(name: str) -> dict[str, Any]:
    return {"id": name, "combinator": "or", "rules": []}
