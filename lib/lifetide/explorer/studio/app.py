"""The studio as an analyst meets it: `Studio("settings.toml")` in a cell, and what can be read back from it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from lifetide.audiences import Audience
from lifetide.audiences.fields import FIELDS, Field
from lifetide.audiences.tree import Compare, Include, Node
from lifetide.errors import LifetideError, NotFound
from lifetide.explorer.studio.bits import Words, positions, size
from lifetide.explorer.studio.cluster import Warehouse
from lifetide.explorer.studio.conditions import CannotTell
from lifetide.explorer.studio.counting import Everybody, everybody_of
from lifetide.explorer.studio.drafts import Reader
from lifetide.explorer.studio.elsewhere import Elsewhere
from lifetide.explorer.studio.engine import Engine
from lifetide.explorer.studio.exact import Exact
from lifetide.explorer.studio.naming import is_membership
from lifetide.explorer.studio.offered import Offer, offers, own_offers
from lifetide.explorer.studio.profiles import Profiles
from lifetide.explorer.studio.session import Session, Told, sign_of
from lifetide.explorer.studio.shelf import Shelf
from lifetide.explorer.studio.shop import Shop
from lifetide.explorer.studio.taking import taken_as

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    from pyspark.sql import Column, DataFrame

    from lifetide.explorer.studio.basic import BasicBuilder
    from lifetide.explorer.studio.pages.book import Book
    from lifetide.explorer.studio.pages.paper import Paper
    from lifetide.explorer.studio.sqltext import SqlText
    from lifetide.explorer.studio.view import StudioWidget


class Studio:
    """An audience under way over one snapshot of customers.

    Show it as the last line of a cell. What is composed there can be read back in the next one: `studio.audience`
    (the definition), `studio.filter` (a Spark Column over customer_profiles), `studio.customers()` (a Spark
    DataFrame), `studio.to_pandas()`.
    """

    def __init__(
        self, profiles: Profiles, symbol: str, shelf: Shelf, warehouse: Warehouse | None = None,
        shop: Shop | None = None,
    ) -> None:  # fmt: skip
        self.profiles = profiles
        self.shop = shop or Shop(profiles.title, symbol.strip())
        self._warehouse = warehouse
        self.shelf = shelf
        self._offers = self._offered(symbol)
        fields: dict[str, Field] = {**FIELDS, **{one.field.name: one.field for one in self._offers}}
        self.session = Session(Engine(profiles), Reader(fields), self._offers, symbol)
        self.session.engine.elsewhere = self._elsewhere
        self.session.elsewhere = Elsewhere(None if warehouse is None else warehouse.evaluate)
        self.session.beside = shelf.beside
        self._everybody: Everybody | None = None
        if profiles.factor != 1:
            self._everybody = everybody_of(profiles.whole, warehouse, self._in_sql)
            self.session.exact = Exact(self._everybody)
        self._widget: StudioWidget | None = None
        self._basic: BasicBuilder | None = None
        self.is_basic = False
        self._is_saved = True

    def _offered(self, symbol: str) -> list[Offer]:
        names = self.profiles.names
        if self.profiles.is_catalogued:
            return offers(names, symbol, with_collections=self._warehouse is not None, with_audiences=True)
        return own_offers(names, [self.profiles.column(name) for name in names], symbol)

    # What is on the desk

    @property
    def audience(self) -> Audience:
        """The definition on the desk: what `lifetide audiences run` would evaluate."""
        return self.session.audience()

    @property
    def count(self) -> int:
        """How many customers are in it; exact, so it waits for Spark and for everybody where the page does not."""
        if self.session.exact is not None:
            return self.session.exact.wait(self.session.question()).n
        return size(self._members())

    @property
    def filter(self) -> Column:
        """The audience as a condition on customer_profiles of this day, its universe included."""
        from pyspark.sql import functions as F

        return F.expr(self._in_sql(self.audience))

    def customers(self) -> DataFrame:
        """The members' profiles as a Spark DataFrame."""
        if self._warehouse is None:
            raise LifetideError(f"{self.profiles.title} is not on Spark: use studio.to_pandas() instead.")
        question = self.session.question()
        if self._everybody is not None and not question.is_of_profiles:
            return self._warehouse.members(self.audience, dict(question.beside))
        try:
            return self._warehouse.profiles().where(self.filter)
        except CannotTell:  # behaviour is no condition on a profile: by id then
            places = positions(self._members(), self.profiles.count)
            return self._warehouse.rows_of(self.profiles.ids(places))

    def to_pandas(self, *, at_most: int = 1_000_000) -> pd.DataFrame:
        """The members' profiles as a pandas DataFrame. Raises LifetideError where there are more than `at_most`."""
        count = self.count
        if count > at_most:
            raise LifetideError(
                f"The audience has {count:,} customers, more than at_most={at_most:,}: raise at_most, narrow the "
                "audience, or use studio.customers(), which stays on Spark."
            )
        if self._everybody is not None:
            return self._rows_of_everybody(self._everybody, at_most).to_pandas()
        return self.profiles.rows(positions(self._members(), self.profiles.count)).to_pandas()

    def _rows_of_everybody(self, everybody: Everybody, at_most: int) -> pa.Table:
        """The members' profiles where the page shows a sample: from the files, else from Spark."""
        question = self.session.question()
        if everybody.census is None or not everybody.is_by_census(question):
            from lifetide.storage import arrow

            return arrow(self.customers(), at_most=at_most)
        names = ["customer_id", *(name for name in self.profiles.names if name != "customer_id")]
        return everybody.census.rows(everybody.members(question)[0], names)

    def _members(self) -> Words:
        """Who is in; rules about behaviour are waited for. Raises LifetideError where one cannot be answered."""
        told, members = self.session.count(self.session.draft)
        if "wait" in told:
            self.session.elsewhere.wait()
            told, members = self.session.count(self.session.draft)
        if "wait" in told:
            raise LifetideError(f"The audience cannot be told exactly: {told['wait']}.")
        return members

    def page(self, name: str, *, height: int = 640, **asked: object) -> Paper:
        """A page of the audience on the desk, drawn: overview, segments, rhythm, flows, or customer (customer=…)."""
        return self.book.paper(name, asked, height)

    def table(self, name: str, *, at_most: int = 1_000_000) -> pd.DataFrame:
        """A published table at the version that belongs to the snapshot. Raises LifetideError where it is longer."""
        if self.profiles.tables is None:
            raise NotFound(f"There are no tables beside {self.profiles.title}.")
        rows = self.profiles.tables.rows(name)
        if (count := rows.count_rows()) > at_most:
            raise LifetideError(f"{name} has {count:,} rows, more than at_most={at_most:,}: raise at_most.")
        return rows.to_table().to_pandas()

    # What can be done from Python

    def open(self, key: str) -> Studio:
        """Puts a saved audience on the desk; an empty key clears the desk."""
        if key:
            self.session.take(self.shelf.audience(key))
        else:
            self.session.clear()
        return self._shown(is_saved=True)

    def take(self, audience: Audience) -> Studio:
        """Puts a definition on the desk."""
        self.session.take(audience)
        return self._shown(is_saved=False)

    def save(self, name: str = "") -> Path:
        """Writes the definition into the folder of audiences; a new one gets a key from its name."""
        if name:
            self.session.rename(name)
        path, audience = self.shelf.save(self.session.audience(), is_new=not self.session.standing.key)
        self.session.named(audience)
        return path

    def copy_as(self, form: str) -> str:
        """The audience as text: yaml, pyspark or sql."""
        return taken_as(form, self.audience, self._writer(), has_anonymous=self._has_anonymous)

    def _in_sql(self, audience: Audience) -> str:
        return self._writer().audience(audience, has_anonymous=self._has_anonymous)

    @property
    def _has_anonymous(self) -> bool:
        return "is_anonymous" in self.profiles.readable

    def _writer(self) -> SqlText:
        from lifetide.explorer.studio.sqltext import SqlText

        session = self.session

        def line(node: Compare, include: Include) -> Decimal | None:
            if self._everybody is not None:
                return self._everybody.line(node, include)
            return session.engine.line(node, session.engine.universe(include))

        return SqlText(session.reader.fields, self.profiles.as_of, line, self.shelf.audience)

    def _shown(self, *, is_saved: bool) -> Studio:
        self._is_saved = is_saved
        if self._widget is not None:
            self._widget.show(is_saved=is_saved)
        if self._basic is not None:
            self._basic.name.value = self.session.standing.name
            self._basic.lay_out()
        return self

    # Other audiences within this one

    def _elsewhere(self, node: Node) -> Words:
        if is_membership(node):
            return self.shelf.members(node, self.session)
        return self.session.elsewhere.of(node, self.session.engine.everyone)

    # On the page

    @property
    def widget(self) -> StudioWidget:
        """The widget, made when it is first shown."""
        if self._widget is None:
            from lifetide.explorer.studio.view import StudioWidget

            acts = {"save": self._on_save, "open": self._on_open, "copy": self._on_copy}
            self._widget = StudioWidget(self.session, {"source": self._source()}, acts, lambda: self.book)
            self._widget.is_saved = self._is_saved
            self._widget.saved = self.shelf.table(self.session)
            self._widget.listen()
        return self._widget

    @cached_property
    def book(self) -> Book:
        """The pages beside the builder: their charts are loaded when the first of them is asked for."""
        from lifetide.explorer.studio.pages.book import Book

        return Book(self.session, self.profiles, self.shop)

    @property
    def basic(self) -> BasicBuilder:
        """The builder from ipywidgets alone, made when it is first shown."""
        if self._basic is None:
            from lifetide.explorer.studio.basic import BasicBuilder

            self._basic = BasicBuilder(self.session, self.save)
            self._basic.listen()
        return self._basic

    def _source(self) -> str:
        customers = self.profiles.population or self.profiles.count
        said = f"{self.profiles.title} · {customers:,} customers, as of {_day(self.profiles.as_of)}"
        return f"{said} · {self.profiles.note}" if self.profiles.note else said

    def _on_save(self, message: Told) -> Told:
        self.session.draft = message["tree"]
        self.session.rename(str(message["name"]))
        path = self.save()
        widget = self.widget
        with widget.hold_sync():
            widget.key, widget.name, widget.is_saved = self.session.standing.key, self.session.standing.name, True
            widget.draft = dict(self.session.draft)
            widget.saved = self.shelf.table(self.session)
        return {"t": "saved", "path": str(path)}

    def _on_open(self, message: Told) -> None:
        self.open(str(message["key"]))

    def _on_copy(self, message: Told) -> Told:
        self.session.draft = message["tree"]
        told: Told = {"t": "copied", "form": message["form"]}
        try:
            return told | {"text": self.copy_as(str(message["form"]))}
        except LifetideError as error:  # said where it was asked for
            return told | {"problem": str(error)}

    def _ipython_display_(self) -> None:
        """The widget, and below it the card that a notebook without a kernel shows in its place."""
        from IPython.display import HTML, display

        if self.is_basic:
            display(self.basic.box)  # type: ignore[no-untyped-call]
            return
        display(self.widget)  # type: ignore[no-untyped-call]
        display(HTML(self.widget.card()))  # type: ignore[no-untyped-call]

    def __repr__(self) -> str:
        name = self.session.standing.name or "an audience without a name"
        told, _ = self.session.count(self.session.draft)
        shown = told.get("exact", told)
        return f"<Studio: {name}, {sign_of(told)}{shown['n']:,} of {shown['of']:,} customers>"


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
