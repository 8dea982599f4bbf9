"""Random rules as documents: every operator, kind of condition and timeframe, groups up to six deep."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from lifetide.audiences import FIELDS, Field
from lifetide.audiences.words import (
    BARE,
    COUNTING,
    LISTS,
    OF_ANYTHING,
    OF_NUMBERS,
    OPPOSITES,
    PAIRS,
    RANKS,
    SPANS,
    FieldKind,
    MatchMode,
    Measure,
    Operator,
    TimeMode,
)

AS_OF = date(2024, 3, 31)
TEXTS = ("shoes", "Shoes", "sho*", "hat", "a_b", "100%", "x?z", "ÄRMEL", "", "s", "[ab]", "back\\slash")
CATEGORIES = ("shoes", "Shoes", "hats", "a_b", "100%", "xyz", "ärmel", "back\\slash", "")
NUMERIC = (FieldKind.NUMBER, FieldKind.MONEY)
MOST_DEEP = 6
COLLECTIONS = [name for name, one in FIELDS.items() if one.kind is FieldKind.COLLECTION]


class Rules:
    """Documents from a seed. `others` = keys of audiences that may be named."""

    def __init__(self, seed: int, others: list[str] | None = None) -> None:
        self.dice = random.Random(seed)
        self.others = others or []

    def audience(self, key: str) -> dict[str, Any]:
        dice = self.dice
        include = {"anonymous": dice.random() < 0.7, "consent": dice.choice([[], [], ["email"], ["email", "ads"]])}
        rule = self.group(dice.randint(1, MOST_DEEP), self.rule)
        return {"spec": "lifetide.audience/v1", "key": key, "name": key, "include": include, "rule": rule}

    def group(self, depth: int, rule: Any) -> dict[str, Any]:
        dice = self.dice
        rules = [
            self.group(depth - 1, rule) if depth > 1 and dice.random() < 0.6 else rule()
            for _ in range(dice.choice([0, 1, 1, 2, 2, 2, 3]))
        ]
        return {"combinator": dice.choice(["and", "or"]), "not": dice.random() < 0.3, "rules": rules}

    def rule(self) -> dict[str, Any]:
        kind = self.dice.choice(["profile"] * 4 + ["behaviour"] * 5 + ["audience", "interest"])
        if kind == "behaviour":
            return self.behaviour()
        if kind == "audience" and self.others:
            return self.audience_rule()
        if kind == "interest":
            value = {"categories": self.dice.sample(CATEGORIES, 2)}
            return {"field": "interest", "operator": "interestedIn", "value": value,
                    "minimum": self.dice.choice([0, 0.25, 0.5])}  # fmt: skip
        fields = {name: one for name, one in FIELDS.items() if one.kind not in NOT_COMPARED}
        return self.compare(fields)

    def audience_rule(self) -> dict[str, Any]:
        operator = self.dice.choice(["in", "notIn", "wasIn"])
        value = [self.dice.choice(self.others)]
        said: dict[str, Any] = {"field": "audience", "operator": operator, "value": value}
        if operator == "wasIn":
            said |= {"value": self.dice.sample(["vips", "vips@2", "churned"], 2), "timeframe": self.timeframe()}
        return said

    def compare(self, fields: dict[str, Field], *, ranks: bool = True) -> dict[str, Any]:
        dice = self.dice
        field = fields[dice.choice(list(fields))]
        operator = dice.choice([one for one in field.operators if ranks or one not in RANKS])
        said: dict[str, Any] = {"field": field.name, "operator": str(operator)}
        others = [one for one in fields.values() if are_alike(field, one)]
        if others and operator in FIELD_TO_FIELD and dice.random() < 0.3:
            said |= {"valueSource": "field", "value": dice.choice(others).name}
            if field.kind in NUMERIC:
                said["scale"] = dice.choice([1, 2, 0.5, 0.1])
        elif operator not in BARE:
            said["value"] = self.value(field, operator)
        if field.kind is FieldKind.STRING and operator not in BARE and dice.random() < 0.4:
            said["ignore_case"] = True
        if operator in OPPOSITES and dice.random() < 0.4:
            said["nulls"] = "exclude"
        return said

    def value(self, field: Field, operator: Operator) -> Any:
        dice = self.dice
        if operator in SPANS:
            return {"quantity": dice.randint(1, 40), "unit": dice.choice(["day", "week", "month", "year"])}
        if operator in RANKS:
            return dice.choice([1, 5, 10, 50]) if operator is Operator.TOP_N else dice.choice([1, 10, 33.3, 50, 100])
        if operator in LISTS:
            return [self.scalar(field) for _ in range(dice.randint(1, 3))]
        if operator in PAIRS or (field.kind is FieldKind.DATE and operator is Operator.BETWEEN):
            return sorted([self.scalar(field), self.scalar(field)])
        found = self.scalar(field)
        return (
            found
            if found or operator in (Operator.EQUAL, Operator.UNEQUAL) or found is False
            else "s"
            if isinstance(found, str)
            else found
        )

    def scalar(self, field: Field) -> Any:
        dice = self.dice
        if field.words:
            return dice.choice(field.words)
        if field.kind in NUMERIC:
            return dice.choice([0, 1, 2, 3, 5, 10, 30, 59.5, 19.99, 0.1, -4])
        if field.kind is FieldKind.BOOLEAN:
            return dice.random() < 0.5
        if field.kind is FieldKind.DATE:
            return str(AS_OF - timedelta(days=dice.randint(-20, 400)))
        return dice.choice(TEXTS)

    def timeframe(self) -> Any:
        dice = self.dice
        mode = dice.choice(list(TimeMode))
        unit = dice.choice(["day", "week", "month", "year"])
        quantity = dice.randint(1, {"day": 90, "week": 12, "month": 6, "year": 1}[unit])
        if mode in (TimeMode.IN_THE_LAST, TimeMode.BEFORE_THE_LAST, TimeMode.IN_THE_NEXT):
            return {"mode": str(mode), "quantity": quantity, "unit": unit}
        if mode is TimeMode.BETWEEN_AGO:
            return {"mode": str(mode), "from": dice.randint(0, quantity), "to": quantity, "unit": unit}
        if mode is TimeMode.BETWEEN:
            ends = sorted(str(AS_OF - timedelta(days=dice.randint(-5, 400))) for _ in range(2))
            return {
                "mode": str(mode),
                **dice.choice([{"from": ends[0]}, {"to": ends[1]}, {"from": ends[0], "to": ends[1]}]),
            }
        return str(mode)

    def where(self, collection: str) -> dict[str, Any]:
        fields = {one.name: one for one in FIELDS[collection].elements}
        return self.group(self.dice.choice([1, 1, 2]), lambda: self.compare(fields, ranks=False))

    def behaviour(self) -> dict[str, Any]:
        name = self.dice.choice(COLLECTIONS)
        kind = self.dice.choice(
            [self.match, self.match, self.aggregate, self.aggregate, self.sequence, self.first_time]
        )
        rule = {"field": name, **kind(name), "timeframe": self.timeframe()}
        if "sequence" in rule and self.dice.random() < 0.6:
            rule["timeframe"] = "any_time"
        return rule

    def match(self, name: str) -> dict[str, Any]:
        mode = self.dice.choice(list(MatchMode))
        match: dict[str, Any] = {"mode": str(mode)}
        if mode in COUNTING:
            match["threshold"] = self.dice.randint(0, 3)
            if self.dice.random() < 0.4:
                match["count_by"] = self.dice.choice(FIELDS[name].elements).name
        if mode is MatchMode.ALL:
            match["vacuous"] = self.dice.random() < 0.5
        return {"match": match, "value": self.where(name)}

    def aggregate(self, name: str) -> dict[str, Any]:
        numbers = [one.name for one in FIELDS[name].elements if one.kind in NUMERIC]
        measure = self.dice.choice([one for one in Measure if numbers or one not in OF_NUMBERS])
        figure: dict[str, Any] = {"measure": str(measure)}
        if measure in OF_ANYTHING:
            any_field = [one.name for one in FIELDS[name].elements]
            figure["of"] = self.dice.choice(numbers if measure in OF_NUMBERS else any_field)
        compared = self.compare({FIGURE.name: FIGURE}, ranks=False)
        del compared["field"]
        return {"aggregate": figure, **compared, "where": self.where(name)}

    def sequence(self, name: str) -> dict[str, Any]:
        dice = self.dice
        steps: list[dict[str, Any]] = []
        for place in range(dice.randint(2, 4)):
            collection = name if place == 0 else dice.choice(COLLECTIONS)
            step: dict[str, Any] = {"field": collection}
            if dice.random() < 0.25:
                step["value"] = self.where(collection)
            if place and dice.random() < 0.6:
                step["within"] = {"quantity": dice.randint(1, 30), "unit": dice.choice(["day", "week", "month"])}
            if place:
                step["negate"] = dice.random() < 0.35
            steps.append(step)
        alike = set.intersection(*({one.name for one in FIELDS[step["field"]].elements} for step in steps))
        same = [dice.choice(sorted(alike))] if alike and dice.random() < 0.4 else []
        return {"sequence": {"steps": steps, "same": same}}

    def first_time(self, name: str) -> dict[str, Any]:
        return {"firstTime": True, "value": self.where(name)}


FIGURE = Field("figure", FieldKind.NUMBER, "a figure")
NOT_COMPARED = (FieldKind.COLLECTION, FieldKind.AUDIENCE, FieldKind.INTEREST)
FIELD_TO_FIELD = (
    Operator.EQUAL, Operator.UNEQUAL, Operator.LESS, Operator.AT_MOST, Operator.GREATER, Operator.AT_LEAST,
    Operator.BEFORE, Operator.AFTER, Operator.ON,
)  # fmt: skip


def are_alike(one: Field, other: Field) -> bool:
    if one.name == other.name:
        return False
    if one.kind in NUMERIC:
        return other.kind in NUMERIC
    return one.kind is other.kind and one.words == other.words
