"""The pages by name: what is drawn at once, what has to be read first, in the order in which parts are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from lifetide.errors import UsageError
from lifetide.explorer.flow_facts import StageMetrics
from lifetide.explorer.markup import Markup, element, join
from lifetide.explorer.sections.furniture import card, empty, section
from lifetide.explorer.studio.crowds import Crowd, Crowds
from lifetide.explorer.studio.history import History
from lifetide.explorer.studio.pages import (
    categories,
    flows,
    months,
    overview,
    person,
    products,
    rhythm,
    segments,
)
from lifetide.explorer.studio.pages.beside import Beside
from lifetide.explorer.studio.pages.paper import Paper
from lifetide.explorer.studio.person import offered
from lifetide.explorer.studio.person import person as person_of
from lifetide.explorer.studio.profiles import Profiles
from lifetide.explorer.studio.session import Session
from lifetide.explorer.studio.shop import Shop

if TYPE_CHECKING:
    from lifetide.storage.snapshots import Published

T = TypeVar("T")

PAGES = {
    "overview": "Overview", "segments": "Segments", "rhythm": "Rhythm", "flows": "Flows", "customer": "One customer",
}  # fmt: skip
Asked = Mapping[str, Any]
Step = Markup | Callable[[], None]
"""A part to show, or something to be read first: it takes a while and is safe on another thread."""

NO_CLASSES = "The pages speak of lifecycle groups, and these rows have none: open a shop that `lifetide build` built."
NO_HISTORY = "It is read from the tables beside the profiles: there are none here, or they are too long to be held."
READING = "What lies behind the profiles is read once, the first time that it is asked for."
SAMPLE = "These are the figures of a sample: shares hold for everyone, counts are of the sample."


class Book:
    """The pages of one session; everyone's figures are kept, an audience's are made anew."""

    def __init__(self, session: Session, profiles: Profiles, shop: Shop) -> None:
        self.session, self.profiles, self.shop = session, profiles, shop
        self.crowds = Crowds(session, shop, profiles.as_of)
        self.history = History(profiles, shop.new_days)
        self._everyone: dict[tuple[Any, str], Any] = {}
        self._told: dict[str, tuple[list[StageMetrics], list[products.Product]]] = {}

    def page(self, name: str, asked: Asked) -> Iterator[Step]:
        """The parts of a page for the audience on the desk."""
        if name == "customer":
            yield from self._customer(str(asked.get("customer", "")).strip())
            return
        if "lifecycle_group" not in self.session.engine.source.names:
            yield section("missing", PAGES[name], None, card(empty("No classes here", NO_CLASSES)))
            return
        if self.profiles.factor != 1:
            yield element("section", element("p", SAMPLE, class_="lead"), id="sample")
        yield from {
            "overview": self._overview, "segments": self._segments, "rhythm": self._rhythm, "flows": self._flows,
        }[name](asked)  # fmt: skip

    def paper(self, name: str, asked: Asked, height: int) -> Paper:
        """A page whole, for a cell. Raises UsageError for a page that there is not."""
        if name not in PAGES:
            raise UsageError(f"There is no page {name!r}; there are {', '.join(PAGES)}.")
        parts: dict[str, Markup] = {}
        for step in self.page(name, asked):
            if isinstance(step, Markup):
                parts[step.partition(">")[0]] = step  # a part that comes anew takes the place of the first
            else:
                step()
        return Paper(f"{self.shop.name}: {PAGES[name]}", join(parts.values()), height)

    def _beside(self) -> Beside:
        """Everyone, and the audience where rules narrow it."""
        universe = self.session.figures.universe
        everyone = self._kept("plain", self.crowds.everyone)
        if not self.session.draft["rules"]:
            return Beside(everyone)
        elsewhere = self.session.elsewhere
        elsewhere.missed = []
        members = self.session.figures.members(self.session.draft)
        waits = elsewhere.waits_for(elsewhere.missed)
        return Beside(everyone, self.crowds.crowd("Audience", members & universe), waits)

    def _kept(self, part: str, made: Callable[[], T]) -> T:
        """What is known of everyone is worked out once for each universe."""
        key = (self.session.standing.include, part)
        if key not in self._everyone:
            self._everyone[key] = made()
        found: T = self._everyone[key]
        return found

    def _with(self, beside: Beside, part: str, more: Callable[[Crowd, History], Crowd]) -> Beside:
        """Both with more known of them, everyone's once."""
        everyone = self._kept(part, lambda: more(beside.everyone, self.history))
        mine = None if beside.audience is None else more(beside.audience, self.history)
        return Beside(everyone, mine, beside.waits)

    def _reading(self, part: str, key: str, heading: str) -> Iterator[Step]:
        """Says that a part is being read, where the section will be, and has it read."""
        if not self.history.is_read(part):
            yield section(key, heading, None, card(empty("Reading", READING)))
            yield lambda: self.history.read(part)

    def _overview(self, asked: Asked) -> Iterator[Step]:
        beside = self._beside()
        yield overview.figures(beside, self.session.figures.measures)
        yield overview.standing(beside)
        if beside.audience is None:
            classes = self._kept("classes", lambda: self.crowds.categories(beside.everyone))
        else:
            classes = self.crowds.categories(beside.audience)
        by_class = categories.categories(classes, beside, self.session.figures.measures)
        if by_class is not None:
            yield by_class
        yield from self._history(beside, asked)
        if self.profiles.tables is not None:
            yield from self._published(self.profiles.tables, self.session.standing.key)

    def _published(self, tables: Published, key: str) -> Iterator[Markup]:
        """What is published of a saved audience, and of everyone."""
        if key not in self._told:
            day = self.profiles.as_of
            self._told[key] = (months.months_on(tables, day, key), products.products_on(tables, day, key))
        done, sold = self._told[key]
        name = self.session.standing.name or key
        yield months.achieved(done, key, name, self.shop.currency)
        yield products.popular(sold, key, self.shop.currency)

    def _history(self, beside: Beside, asked: Asked) -> Iterator[Step]:
        if self.history.has("past"):
            yield from self._reading("past", "growth", "How the base grew")
        elif self.history.growth:  # too many spells to hold: everyone's counts are published
            beside = Beside(beside.everyone)
        else:
            yield section("growth", "How the base grew", None, card(empty("No history here", NO_HISTORY)))
            return
        grown = self._with(beside, "growth", self.crowds.with_growth)
        yield from overview.history(grown, self.profiles.as_of, int(asked.get("months") or 0))

    def _segments(self, asked: Asked) -> Iterator[Step]:
        del asked
        beside = self._beside()
        if not self.history.is_read("before"):
            yield segments.segments(beside, None)
            yield lambda: self.history.read("before")
        if self.history.before is None:
            yield segments.segments(beside, None)
            return
        yield segments.segments(self._with(beside, "moves", self.crowds.with_moves), self.history.before[0])

    def _rhythm(self, asked: Asked) -> Iterator[Step]:
        del asked
        if not self.history.has("rhythms"):
            yield section("rhythm", "How they come back", None, card(empty("No history here", NO_HISTORY)))
            return
        yield from self._reading("rhythms", "rhythm", "How they come back")
        yield rhythm.rhythm(self._with(self._beside(), "rhythm", self.crowds.with_rhythm))
        if self.history.has("proof"):
            yield rhythm.foretold(self.history.proof)

    def _flows(self, asked: Asked) -> Iterator[Step]:
        del asked
        if not self.history.has("past"):
            yield section("moved", "Where they moved", None, card(empty("No history here", NO_HISTORY)))
        else:
            yield from self._reading("past", "moved", "Where they moved in the newest whole month")
            yield flows.lifecycle_flows(self._with(self._beside(), "flows", self.crowds.with_flows))
        if self.history.has("flows"):
            yield from self._reading("flows", "year", "Everyone: stages, leaks and recoveries")
            yield flows.everyones_flows(self._kept("plain", self.crowds.everyone), self.history.flows)

    def _customer(self, asked: str) -> Iterator[Step]:
        found = person_of(self.profiles, asked) if asked else None
        ids = [] if found else offered(self.profiles, asked)
        yield person.search(asked, ids, is_there=found is not None)
        if found is not None:
            yield person.customer(found, self.shop, self.profiles.as_of)
