"""A shop of which plain Python can tell on any day, by what was known on any other, who ordered within ten days.

Each order has one piece of a product of its own, so a credit note gives back the order of its product and no other.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from lifetide.audiences import Audience, parse
from lifetide.audiences.tree import Membership
from lifetide.audiences.words import MembershipType
from pipelines.small_shop import FIRST_DAY, SETTINGS, Line, SmallShop

DAY = timedelta(days=1)
WINDOW = 10
LINKED = """
[[sources]]
name = "mergers"
kind = "identities"
format = "csv"
path = "mergers.csv"
[sources.columns]
merged_customer_id = "old"
customer_id = "new"
linked_at = "at"
"""


def buyers(**membership: object) -> dict[str, Audience]:
    """Whoever ordered within ten days, by orders and by the profile; the second with waits where asked."""
    rule = {"field": "orders", "match": {"mode": "some"}, "timeframe": {"mode": "in_the_last", "quantity": WINDOW,
            "unit": "day"}}  # fmt: skip
    silent = {"field": "days_since_last_order", "operator": "<", "value": WINDOW}
    return {
        "by_orders": _audience("by_orders", rule),
        "by_profile": _audience("by_profile", silent, **membership),
    }


def with_static() -> dict[str, Audience]:
    """The same, and a third that keeps the members of its first day."""
    found = buyers()
    rule = found["by_orders"].rule
    return {**found, "kept": Audience("kept", "kept", rule, membership=Membership(MembershipType.STATIC))}


def _audience(key: str, rule: dict[str, object], **membership: object) -> Audience:
    document = {"spec": "lifetide.audience/v1", "key": key, "name": key, "rule": {"rules": [rule]}}
    return parse({**document, **({"membership": membership} if membership else {})})


@dataclass
class DatedShop:
    """Orders and credit notes as (day, customer, product), and mergers as (day, old, new); all that is known now."""

    seed: int
    people: int = 12
    sold: dict[str, tuple[date, str]] = field(default_factory=dict)
    given_back: dict[str, date] = field(default_factory=dict)
    merged: dict[str, tuple[date, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)

    def trade(self, day: date, *, late: int = 0) -> None:
        """What arrives on a day: orders and credit notes of the day, and some dated up to `late` days before."""
        for number in range(self._chance.randint(0, 3)):
            self._order(day, number)
        if self._chance.random() < 0.4:
            self._give_back(day)
        if late and self._chance.random() < 0.5:
            past = max(FIRST_DAY, day - self._chance.randint(1, late) * DAY)
            self._order(past, f"late{day.toordinal()}")
        if late and self._chance.random() < 0.4:
            self._give_back(max(FIRST_DAY, day - self._chance.randint(1, late) * DAY))
        if late and self._chance.random() < 0.15 and len(self.merged) < 3:
            old, new = self._chance.sample([f"c{n:02}" for n in range(self.people)], 2)
            if old not in self.merged and new not in self.merged and old not in [n for _, n in self.merged.values()]:
                self.merged[old] = (max(FIRST_DAY, day - self._chance.randint(0, late) * DAY), new)

    def _order(self, day: date, number: object) -> None:
        customer = f"c{self._chance.randrange(self.people):02}"
        self.sold[f"p{day.toordinal()}x{number}"] = (day, customer)

    def _give_back(self, day: date) -> None:
        open_ = [one for one, (on, _) in sorted(self.sold.items()) if on <= day and one not in self.given_back]
        if open_:
            self.given_back[self._chance.choice(open_)] = day

    def write(self, shop: SmallShop) -> None:
        """The shop exports all it knows."""
        lines: list[Line] = []
        for product, (day, customer) in sorted(self.sold.items()):
            lines.append((f"o{product}", f"{day} 09:00:00", customer, product, "cat", "1", "10.00", "completed"))
            if product in self.given_back:
                at = f"{self.given_back[product]} 22:00:00"
                lines.append((f"r{product}", at, customer, product, "cat", "1", "10.00", "refunded"))
        shop.write(lines)
        (shop.folder / "settings.toml").write_text(SETTINGS + LINKED)
        rows = [f"{old},{new},{day} 12:00:00" for old, (day, new) in sorted(self.merged.items())]
        (shop.folder / "mergers.csv").write_text("\n".join(["old,new,at", *rows]) + "\n")

    def members(self, day: date) -> set[str]:
        """Who had ordered within ten days, on a day, by all that is known now."""
        found = set()
        for product, (on, customer) in self.sold.items():
            is_standing = self.given_back.get(product, date.max) > day
            if day - WINDOW * DAY < on <= day and is_standing:
                linked_on, new = self.merged.get(customer, (date.max, ""))
                found.add(new if linked_on <= day else customer)
        return found
