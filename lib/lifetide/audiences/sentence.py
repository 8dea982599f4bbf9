"""What an audience is, in one sentence: generated from the tree, so it says what is evaluated."""

from __future__ import annotations

from collections.abc import Callable

from lifetide.audiences.fields import FIELDS, Field
from lifetide.audiences.phrases import DID, FLAGS, OF_TEXT, asked, listed, long, named, times, when
from lifetide.audiences.tree import (
    Aggregate,
    Audience,
    Compare,
    FirstTime,
    Group,
    InAudience,
    Include,
    Match,
    Node,
    Sequence,
    Step,
)
from lifetide.audiences.words import Combinator, FieldKind, MatchMode, Measure, Operator

FIGURES: dict[Measure, str] = {
    Measure.COUNT: "the number of {items}",
    Measure.COUNT_DISTINCT: "the number of different values of {of} of {items}",
    Measure.SUM: "the total {of} of {items}", Measure.AVG: "the average {of} of {items}",
    Measure.MIN: "the lowest {of} of {items}", Measure.MAX: "the highest {of} of {items}",
    Measure.MEDIAN: "the median {of} of {items}", Measure.DAYS_SINCE_LAST: "days since the last of {items}",
    Measure.MEDIAN_INTERVAL: "the median number of days between {items}",
}  # fmt: skip
KNOWN_BY_NAME = frozenset({"lifecycle_group"})
"""Fields whose words say enough: "is slipping away"."""


def sentence(audience: Audience) -> str:
    """What is true of a member, after "a customer who": the rule alone."""
    return said(audience.rule)


def universe_sentence(include: Include) -> str:
    """Whom the audience speaks of at all."""
    who = "customers and anonymous visitors" if include.anonymous else "known customers"
    channels = listed(list(include.consent), "and")
    return f"{who} subscribed to {channels}" if channels else who


def said(node: Node) -> str:
    """A node as a statement about a customer."""
    if isinstance(node, Group):
        return _joined(node, said) if node.rules else "is not anyone" if node.negated else "is anyone"
    if isinstance(node, Compare):
        return _compared(node, FIELDS[node.field])
    if isinstance(node, Match):
        return _matched(node)
    if isinstance(node, Aggregate):
        return _aggregated(node)
    if isinstance(node, Sequence):
        return _followed(node)
    if isinstance(node, FirstTime):
        return f"{_did(node.collection, node.where)} for the first time {when(node.timeframe)}"
    if isinstance(node, InAudience):
        return _in_audience(node)
    return f"is interested in {listed(list(node.categories))} with a score of at least {node.minimum:f}"


def _joined(group: Group, say: Callable[[Node], str]) -> str:
    """The rules of a group; groups inside it stand in brackets."""
    parts = [
        f"({say(rule)})" if isinstance(rule, Group) and len(rule.rules) > 1 and not rule.negated else say(rule)
        for rule in group.rules
    ]
    word = str(group.combinator)
    if len(parts) > 2 and group.combinator is Combinator.AND:
        text = ", ".join(parts[:-1]) + f", {word} " + parts[-1]
    else:
        text = f" {word} ".join(parts)
    return f"not ({text})" if group.negated else text


def _compared(node: Compare, field: Field) -> str:
    if field.kind is FieldKind.BOOLEAN and node.operator is Operator.EQUAL and node.other is None:
        yes, no = FLAGS.get(field.name, (f"{named(field.name)} is yes", f"{named(field.name)} is no"))
        return yes if node.value else no
    what = asked(node, field.words)
    if field.name in KNOWN_BY_NAME and node.other is None:
        return (
            f"is {what}"
            if node.operator not in (Operator.NULL, Operator.NOT_NULL)
            else f"{named(field.name)} is {what}"
        )
    return f"{named(field.name)} {what}" if node.operator in OF_TEXT else f"{named(field.name)} is {what}"


def _described(group: Group, fields: dict[str, Field]) -> str:
    """What elements must be like, as it follows what was done."""

    def one(node: Node) -> str:
        if isinstance(node, Group):
            return _joined(node, one) if node.rules else "of no kind" if node.negated else "of any kind"
        assert isinstance(node, Compare)
        field = fields[node.field]
        what = asked(node, field.words, describes=True)
        return f"in category {what}" if field.name == "category" else f"with {named(field.name)} {what}"

    return "" if not group.rules and not group.negated else " " + one(group)


def _elements(collection: str) -> dict[str, Field]:
    return {one.name: one for one in FIELDS[collection].elements}


def _did(collection: str, where: Group, *, denied: bool = False) -> str:
    """What was done with what; an event type that the group asks for takes the place of the collection's verb."""
    kind, rest = collection, where
    if where.combinator is Combinator.AND and not where.negated:
        types = [rule for rule in where.rules if isinstance(rule, Compare) and _names_type(rule)]
        if len(types) == 1:
            kind = str(types[0].value)
            rest = Group(tuple(rule for rule in where.rules if rule is not types[0]))
    past, base = DID[kind]
    return (f"did not {base}" if denied else past) + _described(rest, _elements(collection))


def _names_type(rule: Compare) -> bool:
    return rule.field == "event_type" and rule.operator is Operator.EQUAL and rule.other is None


def _matched(node: Match) -> str:
    time = when(node.timeframe)
    if node.mode is MatchMode.NONE:
        return f"{_did(node.collection, node.where, denied=True)} {time}"
    if node.mode is MatchMode.ALL:
        vacuous = ", or there were none" if node.is_vacuous else ""
        like = _described(node.where, _elements(node.collection)) or " of any kind"
        return f"all {node.collection} {time} were{like}{vacuous}"
    did = _did(node.collection, node.where)
    if node.mode is MatchMode.SOME:
        return f"{did} {time}"
    how = {MatchMode.AT_LEAST: "at least", MatchMode.AT_MOST: "at most", MatchMode.EXACTLY: "exactly"}[node.mode]
    threshold = node.threshold or 0
    if node.count_by in (None, "order_id"):
        return f"{did} {how} {times(threshold)} {time}"
    return f"{did} with {how} {threshold:,} different values of {named(node.count_by)} {time}"


def _aggregated(node: Aggregate) -> str:
    items = node.collection + _described(node.where, _elements(node.collection)) + " " + when(node.timeframe)
    figure = FIGURES[node.measure].format(of=named(node.of or ""), items=items)
    compared = Compare("figure", node.operator, node.value, excludes_missing=node.excludes_missing)
    return f"{figure} is {asked(compared, ())}"


def _followed(node: Sequence) -> str:
    first, *rest = node.steps
    text = f"{_did(first.collection, first.where)} {when(node.timeframe)}"
    text += "".join(f", then {_step(step)}" for step in rest)
    return text + (f", each with the same {listed([named(one) for one in node.same], 'and')}" if node.same else "")


def _step(step: Step) -> str:
    within = f" within {long(step.within)}" if step.within else ""
    return _did(step.collection, step.where, denied=step.negated) + within


def _in_audience(node: InAudience) -> str:
    audiences = listed(list(node.audiences))
    if node.operator is Operator.WAS_IN and node.timeframe is not None:
        return f"was in {audiences} {when(node.timeframe)}"
    return f"is not in {audiences}" if node.operator is Operator.NOT_IN else f"is in {audiences}"
