"""Rules about collections: `match`, `aggregate`, `sequence`, `firstTime`, each with its timeframe."""

from __future__ import annotations

from collections.abc import Mapping

from lifetide.audiences.conditions import (
    known_field,
    read_compare,
    read_group,
    read_operator,
    reads_nulls,
)
from lifetide.audiences.fields import FIELDS, Field
from lifetide.audiences.mappings import Reading, flag, mapping, whole, word
from lifetide.audiences.problems import Path, said
from lifetide.audiences.timeframes import Timeframe
from lifetide.audiences.tree import ANY_TIME, Aggregate, Compare, FirstTime, Group, Match, Node, Sequence, Step
from lifetide.audiences.values import NUMERIC, day, read_value, span, span_of
from lifetide.audiences.words import (
    COUNTING,
    MEASURED,
    OF_ANYTHING,
    OF_NUMBERS,
    OPPOSITES,
    QUANTIFIED,
    FieldKind,
    MatchMode,
    Measure,
    Operator,
    TimeMode,
)

KINDS = ("match", "aggregate", "sequence", "firstTime")
KEYS: dict[str, tuple[str, ...]] = {
    "match": ("field", "match", "value", "timeframe"),
    "aggregate": ("field", "aggregate", "operator", "value", "where", "timeframe", "nulls"),
    "sequence": ("field", "sequence", "timeframe"),
    "firstTime": ("field", "firstTime", "value", "timeframe"),
}
FIGURE = Field("the figure", FieldKind.NUMBER, "figure of an aggregate")
TIMEFRAME_KEYS = ("mode", "quantity", "unit", "from", "to")
NEEDED: dict[TimeMode, tuple[str, ...]] = {
    **dict.fromkeys(QUANTIFIED, ("quantity", "unit")),
    TimeMode.BETWEEN_AGO: ("from", "to", "unit"),
}
SUCH_AS = "such as {mode: in_the_last, quantity: 90, unit: day}"
MOST_THRESHOLD = 1_000_000
MOST_STEPS = 5


def read_behaviour(reading: Reading, path: Path, given: dict[str, object], field: Field, depth: int) -> Node | None:
    """A rule about the elements of one collection."""
    said_kinds = [kind for kind in KINDS if kind in given]
    if len(said_kinds) != 1:
        reading.problems.add(path, f"a rule about {field.name} needs one of {', '.join(KINDS)}")
        return None
    kind = said_kinds[0]
    found = mapping(reading, path, given, KEYS[kind])
    if found is None:
        return None
    if "timeframe" not in found:
        reading.problems.add(path, "timeframe is missing; say any_time if all of the past counts")
    timeframe = read_timeframe(reading, (*path, "timeframe"), found.get("timeframe", "any_time"))
    if kind == "match":
        return _match(reading, path, found, field, timeframe, depth)
    if kind == "aggregate":
        return _aggregate(reading, path, found, field, timeframe, depth)
    if kind == "sequence":
        return _sequence(reading, path, found, field, timeframe, depth)
    if found["firstTime"] is not True:
        reading.problems.add((*path, "firstTime"), f"expected true, found {said(found['firstTime'])}")
    return FirstTime(field.name, timeframe, _where(reading, path, found, "value", field, depth))


def read_timeframe(reading: Reading, path: Path, given: object) -> Timeframe:
    """A timeframe; a mode alone may stand for one that needs nothing else."""
    document = {"mode": given} if isinstance(given, str) else given
    if not isinstance(document, dict) or "mode" not in document:
        mapping(reading, path, document, TIMEFRAME_KEYS, ("mode",))
        return ANY_TIME
    where = path if isinstance(given, str) else (*path, "mode")
    mode = word(reading, where, document["mode"], TimeMode, f"a timeframe ({SUCH_AS})")
    if not isinstance(mode, TimeMode):
        return ANY_TIME
    needed = NEEDED.get(mode, ())
    allowed = ("from", "to") if mode is TimeMode.BETWEEN else needed
    found = mapping(reading, path, document, ("mode", *allowed), needed) or {}
    if mode in QUANTIFIED:
        return Timeframe(mode, span_of(reading, path, found, "quantity"))
    if mode is TimeMode.BETWEEN:
        return _between(reading, path, found)
    if mode is TimeMode.BETWEEN_AGO:
        ends = [span_of(reading, path, found, key, least=0) for key in ("from", "to")]
        near, far = sorted((one for one in ends if one), key=lambda one: one.quantity) if all(ends) else (None, None)
        return Timeframe(mode, far, near)
    return Timeframe(mode)


def _between(reading: Reading, path: Path, found: Mapping[str, object]) -> Timeframe:
    if found.get("from") is None and found.get("to") is None:
        reading.problems.add(path, "between needs from, to, or both, as dates")
    first, last = (
        day(reading, (*path, key), found[key]) if found.get(key) is not None else None for key in ("from", "to")
    )
    if first and last and first > last:
        reading.problems.add(path, f"from {first} is after to {last}: swap them")
    return Timeframe(TimeMode.BETWEEN, first=first, last=last)


def _where(reading: Reading, path: Path, found: Mapping[str, object], key: str, field: Field, depth: int) -> Group:
    """The group that elements must fulfil; without one every element does."""
    fields = {one.name: one for one in field.elements}

    def read_rule(reading_: Reading, where: Path, given: object, _depth: int) -> Compare | None:
        one = known_field(reading_, where, given, fields)
        return None if one is None else read_compare(reading_, where, given, one, fields)

    given = found.get(key)
    return Group() if given is None else read_group(reading, (*path, key), given, depth + 1, read_rule)


def _match(
    reading: Reading, path: Path, found: Mapping[str, object], field: Field, timeframe: Timeframe, depth: int
) -> Match | None:
    where = (*path, "match")
    match = mapping(reading, where, found["match"], ("mode", "threshold", "count_by", "vacuous"), ("mode",))
    if match is None or "mode" not in match:
        return None
    mode = word(reading, (*where, "mode"), match["mode"], MatchMode, "a mode")
    if not isinstance(mode, MatchMode):
        return None
    threshold = None
    if mode in COUNTING:
        threshold = whole(reading, (*where, "threshold"), match.get("threshold", 1), 0, MOST_THRESHOLD)
    elif "threshold" in match:
        reading.problems.add((*where, "threshold"), f"{mode} takes no threshold; atLeast, atMost and exactly do")
    count_by = match.get("count_by")
    if count_by is not None:
        if mode not in COUNTING:
            reading.problems.add((*where, "count_by"), f"{mode} counts nothing; atLeast, atMost and exactly do")
        count_by = _element(reading, (*where, "count_by"), count_by, field)
    vacuous = flag(reading, (*where, "vacuous"), match.get("vacuous", False))
    if vacuous and mode is not MatchMode.ALL:
        reading.problems.add((*where, "vacuous"), "vacuous goes with mode all")
    group = _where(reading, path, found, "value", field, depth)
    return Match(field.name, mode, timeframe, group, threshold, count_by, vacuous)


def _element(reading: Reading, path: Path, given: object, field: Field) -> str | None:
    names = [one.name for one in field.elements]
    if isinstance(given, str) and given in names:
        return given
    reading.problems.unknown(path, f"a field of {field.name}", given, names)
    return None


def _aggregate(
    reading: Reading, path: Path, found: Mapping[str, object], field: Field, timeframe: Timeframe, depth: int
) -> Aggregate | None:
    where = (*path, "aggregate")
    figure = mapping(reading, where, found["aggregate"], ("measure", "of"), ("measure",))
    if figure is None or "measure" not in figure:
        return None
    measure = word(reading, (*where, "measure"), figure["measure"], Measure, "a measure")
    operator = read_operator(reading, path, found, FIGURE)
    if operator is not None and operator not in MEASURED:
        reading.problems.add((*path, "operator"), f"a figure takes {', '.join(MEASURED)}")
    if not isinstance(measure, Measure) or operator is None:
        return None
    of = None
    if measure in OF_ANYTHING:
        of = _element(reading, (*where, "of"), figure.get("of"), field)
        if of and measure in OF_NUMBERS and field.element(of).kind not in NUMERIC:
            reading.problems.add((*where, "of"), f"{measure} needs a number, {of} is a {field.element(of).kind}")
    elif "of" in figure:
        reading.problems.add((*where, "of"), f"{measure} is not of a field")
    value = read_value(reading, (*path, "value"), found.get("value"), FIGURE, operator)
    excludes = reads_nulls(reading, path, found) and operator in OPPOSITES
    group = _where(reading, path, found, "where", field, depth)
    return Aggregate(field.name, measure, Operator(operator), timeframe, of, value, group, excludes)


def _sequence(
    reading: Reading, path: Path, found: Mapping[str, object], field: Field, timeframe: Timeframe, depth: int
) -> Sequence | None:
    where = (*path, "sequence")
    document = mapping(reading, where, found["sequence"], ("steps", "same"), ("steps",))
    if document is None:
        return None
    given = document.get("steps")
    if not isinstance(given, list) or not 2 <= len(given) <= MOST_STEPS:
        reading.problems.add((*where, "steps"), f"expected a list of 2 to {MOST_STEPS} steps")
        return None
    read = [_step(reading, (*where, "steps", place), one, field, depth) for place, one in enumerate(given)]
    steps = tuple(step for step in read if step is not None)
    if len(steps) < len(read):
        return None
    if steps[0].negated or steps[0].within:
        reading.problems.add((*where, "steps", 0), "the first step can neither be denied nor follow within a time")
    same = document.get("same", [])
    if not isinstance(same, list):
        reading.problems.add((*where, "same"), f"expected a list of fields, found {said(same)}")
        same = []
    for place, one in enumerate(same):
        for collection in dict.fromkeys(step.collection for step in steps):
            _element(reading, (*where, "same", place), one, FIELDS[collection])
    return Sequence(steps, timeframe, tuple(sorted({one for one in same if isinstance(one, str)})))


def _step(reading: Reading, path: Path, given: object, field: Field, depth: int) -> Step | None:
    found = mapping(reading, path, given, ("field", "value", "within", "negate"))
    if found is None or not reading.count():
        return None
    name = found.get("field", field.name)
    collections = {one.name: one for one in FIELDS.values() if one.kind is FieldKind.COLLECTION}
    if not isinstance(name, str) or name not in collections:
        reading.problems.unknown((*path, "field"), "a collection", name, collections)
        return None
    within = span(reading, (*path, "within"), found["within"]) if "within" in found else None
    negated = flag(reading, (*path, "negate"), found.get("negate", False))
    return Step(name, _where(reading, path, found, "value", collections[name], depth), within, negated)
