"""The widget: the session in the browser. One request per click, the count at once, the rest in steps."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from lifetide.errors import LifetideError
from lifetide.explorer.markup import Markup
from lifetide.explorer.studio.assets import page_sheet, script, sheet
from lifetide.explorer.studio.bits import Words
from lifetide.explorer.studio.card import static_card
from lifetide.explorer.studio.drafts import Draft
from lifetide.explorer.studio.exact import Question
from lifetide.explorer.studio.later import soon
from lifetide.explorer.studio.session import Session, Told
from lifetide.explorer.studio.starting import starters

if TYPE_CHECKING:
    from lifetide.explorer.studio.pages.book import Book, Step

BREATH = 0.05  # seconds; the count is painted before the details take the processor
AHEAD = ("lifecycle_group", "rfm_segment")
Asked = dict[str, Any]


class StudioWidget(anywidget.AnyWidget):
    """State that the browser shares, and answers to what it asks."""

    _esm = script()
    _css = sheet()
    facts = traitlets.Dict().tag(sync=True)
    draft = traitlets.Dict().tag(sync=True)
    name = traitlets.Unicode().tag(sync=True)
    key = traitlets.Unicode().tag(sync=True)
    saved: Any = traitlets.List().tag(sync=True)
    first = traitlets.Dict().tag(sync=True)
    is_saved = traitlets.Bool(default_value=True).tag(sync=True)
    turn = traitlets.Int().tag(sync=True)
    token = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        session: Session,
        facts: Told,
        acts: Mapping[str, Callable[[Asked], Told | None]],
        book: Callable[[], Book],
    ) -> None:
        self.session, self._book = session, book
        self._acts = acts
        self._newest = 0
        self._page_asked = 0
        self._later: asyncio.Task[None] | None = None
        self._drawing: asyncio.Task[None] | None = None
        super().__init__(**self._laid_out(facts), token=uuid.uuid4().hex)
        self.on_msg(self._told)
        self.observe(self._renamed, "name")

    def _laid_out(self, facts: Told) -> dict[str, Any]:
        """Everything that the first paint needs."""
        session = self.session
        first = self._first()
        bases = {name: base for name in AHEAD if (base := session.base(name)) is not None}
        measures = [{"name": one.name, "label": one.label, "kind": one.kind} for one in session.figures.measures]
        return {
            "facts": facts | {
                "fields": [one.told() for one in session.offers.values()], "symbol": session.symbol,
                "measures": measures, "of": first["of"], "everyone": session.everyone(),
                "bases": bases, "starters": starters(session.offers),
            },
            "draft": dict(session.draft), "name": session.standing.name, "key": session.standing.key, "first": first,
        }  # fmt: skip

    def _first(self) -> Told:
        """The count; the browser asks for the rest once it has painted. Where nothing is asked there is no rest."""
        told, members = self.session.count(self.session.draft)
        if not self.session.draft["rules"]:
            for step in self.session.details(self.session.draft, members):
                told |= step
        return told

    def show(self, *, is_saved: bool) -> None:
        """Takes over what the session holds, after a change from Python."""
        self._newest += 1
        with self.hold_sync():
            self.draft = dict(self.session.draft)
            self.name, self.key = self.session.standing.name, self.session.standing.key
            self.first = self._first()
            self.is_saved = is_saved
            self.turn += 1

    def _renamed(self, change: Any) -> None:
        self.session.rename(change["new"])

    def _told(self, _: Any, message: Asked, buffers: Any) -> None:
        del buffers
        try:
            self._answer(message)
        except LifetideError as error:
            self.send({"t": "failed", "text": str(error)})

    def _answer(self, message: Asked) -> None:
        kind = str(message.get("t"))
        if kind == "count":
            self._count(int(message["seq"]), message["tree"])
        elif kind == "field":
            name = str(message["name"])
            self.send({"t": "field", "name": name, "base": self.session.base(name)})
        elif kind == "page":
            self._page(message)
        elif kind in self._acts:
            reply = self._acts[kind](message)
            if reply is not None:
                self.send(reply)

    def _count(self, seq: int, draft: Draft) -> None:
        self._newest = seq
        if draft != self.draft:
            self.is_saved = False
        told, members = self.session.count(draft)
        problems = self.session.problems()
        self.send({"t": "count", "seq": seq, **told})
        if problems:
            self.send({"t": "failed", "text": problems[0]})
        try:
            self._later = asyncio.get_running_loop().create_task(self._in_steps(seq, draft, members))
        except RuntimeError:  # no loop: a test, or a front end that has none
            self._send_all(seq, self.session.details(draft, members))

    def _page(self, message: Asked) -> None:
        """Draws a page for the draft that is asked about; a newer question ends an older one."""
        self._page_asked = int(message["seq"])
        self.session.draft = message["tree"]
        steps = self._book().page(str(message["name"]), message.get("asked") or {})
        if message.get("sheet"):
            self.send({"t": "page", "sheet": page_sheet()})
        try:
            self._drawing = asyncio.get_running_loop().create_task(self._drawn(self._page_asked, steps))
            self._drawing.add_done_callback(self._ended)
        except RuntimeError:  # no loop, as above
            self._send_page(self._page_asked, steps)

    def _ended(self, drawing: asyncio.Task[None]) -> None:
        """A fault of ours is said too, instead of a page that never comes."""
        fault = None if drawing.cancelled() else drawing.exception()
        if fault is not None:
            self.send({"t": "failed", "text": f"This page could not be drawn: {type(fault).__name__}: {fault}"})

    def _send_page(self, seq: int, steps: Iterator[Step]) -> None:
        for step in steps:
            if isinstance(step, Markup):
                self.send({"t": "page", "seq": seq, "html": step})
            else:
                step()
        self.send({"t": "page", "seq": seq, "isLast": True})

    async def _drawn(self, seq: int, steps: Iterator[Step]) -> None:
        """Part by part; what has to be read first is read beside the clicks."""
        try:
            for step in steps:
                if seq != self._page_asked:
                    return
                if isinstance(step, Markup):
                    self.send({"t": "page", "seq": seq, "html": step})
                    await asyncio.sleep(0)
                else:
                    await asyncio.to_thread(step)
            self.send({"t": "page", "seq": seq, "isLast": True})
        except LifetideError as error:
            self.send({"t": "failed", "text": str(error)})

    def listen(self) -> None:
        """From now on, what was worked out on another thread is shown between two messages of the browser."""
        self.session.elsewhere.when_ready = soon(self.refresh)
        if self.session.exact is not None:
            self.session.exact.when_ready = soon(self.recounted)

    def refresh(self) -> None:
        """Counts what is on the desk anew, after a rule was worked out elsewhere."""
        told, members = self.session.count(self.session.draft)
        self.send({"t": "count", "seq": self._newest, "isLate": True, **told})
        self._send_all(self._newest, self.session.details(self.session.draft, members))

    def recounted(self, question: Question) -> None:
        """Sends the exact count of everybody, or why there is none, if it is still what is on the desk."""
        exact = self.session.exact
        if exact is not None and question == self.session.question():
            self.send({"t": "exact", **exact.of(question)})

    async def _in_steps(self, seq: int, draft: Draft, members: Words) -> None:
        """The details, unless a newer question comes between two steps."""
        told: Told = {}
        await asyncio.sleep(BREATH)
        for step in self.session.details(draft, members):
            if seq != self._newest:
                return
            told |= step
            await asyncio.sleep(0)
        self.send({"t": "detail", "seq": seq, **told})

    def _send_all(self, seq: int, steps: Iterator[Told]) -> None:
        told: Told = {}
        for step in steps:
            told |= step
        self.send({"t": "detail", "seq": seq, **told})

    def card(self) -> str:
        """What stays where no kernel runs; the living widget hides it."""
        return static_card(self.session, str(self.facts.get("source", "")), self.token)
