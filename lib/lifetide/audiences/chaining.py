"""Sequences of a person's elements in plain Python: every way is tried, forward."""

from __future__ import annotations

from lifetide.audiences.fields import FIELDS
from lifetide.audiences.people import Element, Person, World
from lifetide.audiences.plainly import group_fits, inside
from lifetide.audiences.timeframes import Timeframe, shifted
from lifetide.audiences.tree import Sequence, Step


def chain(node: Sequence, so_far: tuple[Element, ...], person: Person, world: World) -> tuple[Element, ...] | None:
    """The first way through the rest of the steps that happen, tried forward; None = there is none."""
    happening = [place for place, step in enumerate(node.steps) if not step.negated]
    if len(so_far) == len(happening):
        return so_far if _nothing_after(node, happening[-1], so_far[-1], person, world) else None
    place = happening[len(so_far)]
    step = node.steps[place]
    for element in _fulfilling(step, node.timeframe, person, world):
        if so_far and not _may_follow(element, so_far[-1], step, node):
            continue
        denied = node.steps[happening[len(so_far) - 1] + 1 : place] if so_far else ()
        if any(_denied_between(each, so_far[-1], element, node, person, world) for each in denied):
            continue
        found = chain(node, (*so_far, element), person, world)
        if found is not None:
            return found
    return None


def _fulfilling(step: Step, timeframe: Timeframe | None, person: Person, world: World) -> list[Element]:
    window = (None, None) if timeframe is None else timeframe.bounds(world.as_of)
    fields = FIELDS[step.collection].elements
    known = inside(person.elements.get(step.collection, ()), window)
    return [one for one in known if group_fits(step.where, one, fields, world.as_of)]


def _is_later(one: Element, than: Element) -> bool:
    if one.day != than.day:
        return one.day > than.day
    return one.at is not None and than.at is not None and one.at > than.at


def _may_follow(one: Element, than: Element, step: Step, node: Sequence) -> bool:
    """Later, in time, and the same in every field that must be."""
    in_time = step.within is None or one.day <= shifted(than.day, step.within)
    same = all(one.value(name) is not None and one.value(name) == than.value(name) for name in node.same)
    return _is_later(one, than) and in_time and same


def _denied_between(
    step: Step, before: Element, after: Element, node: Sequence, person: Person, world: World
) -> bool:
    return any(
        _may_follow(one, before, step, node) and _is_later(after, one)
        for one in _fulfilling(step, None, person, world)
    )


def _nothing_after(node: Sequence, place: int, last: Element, person: Person, world: World) -> bool:
    """No element of the denied steps at the end follows, and the time given for each is over."""
    for step in node.steps[place + 1 :]:
        if step.within is not None and shifted(last.day, step.within) > world.as_of:
            return False
        if any(_may_follow(one, last, step, node) for one in _fulfilling(step, None, person, world)):
            return False
    return True
