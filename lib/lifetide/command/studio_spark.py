"""The studio's way to Spark: nothing starts before a rule about behaviour or the members' rows are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from lifetide.audiences import Audience, Group, Node
from lifetide.audiences.tree import Include
from lifetide.explorer.studio.bits import Words
from lifetide.explorer.studio.conditions import CannotTell
from lifetide.explorer.studio.shelf import Shelf
from lifetide.explorer.studio.sources import Profiles

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

    from lifetide.command.warehouse import Warehouse

ASKED = "asked"


class OnSpark:
    """The warehouse of a settings file, opened when it is first needed."""

    def __init__(self, settings: Path, profiles: Profiles, shelf: Shelf) -> None:
        self.settings, self.snapshot, self.shelf = settings, profiles, shelf
        self._opened: Warehouse | None = None
        self._opening = Lock()

    def warehouse(self) -> Warehouse:
        """Spark and the published tables."""
        from lifetide.command.warehouse import open_warehouse

        with self._opening:
            if self._opened is None:
                self._opened = open_warehouse(self.settings)
            return self._opened

    def profiles(self) -> DataFrame:
        """customer_profiles of the snapshot's day."""
        return self.warehouse().table("customer_profiles").where(f"as_of = DATE '{self.snapshot.as_of}'")

    def rows_of(self, ids: pa.Table) -> DataFrame:
        """The profiles of these customer_id."""
        asked = self.warehouse().session.createDataFrame(ids.to_pandas())
        return self.profiles().join(asked, "customer_id", "left_semi")

    def evaluate(self, node: Node) -> Words:
        """Who meets the rule, as `lifetide audiences` would find."""
        from lifetide.audiences.memberships import MEMBER
        from lifetide.pipelines.audiences import evaluate
        from lifetide.storage import arrow

        asked = {ASKED: Audience(ASKED, ASKED, Group((node,)), include=Include(anonymous=True))}
        found = evaluate(self.warehouse().context(), asked, self.shelf.read(), self.snapshot.as_of)
        members = found.rows.where(f"`{MEMBER}{ASKED}`").select("customer_id")
        return self.snapshot.set_of(arrow(members, at_most=self.snapshot.count).column("customer_id"))


@dataclass(frozen=True)
class OfFrame:
    """A Spark DataFrame of one's own: its rows, and nothing about behaviour."""

    frame: DataFrame

    def profiles(self) -> DataFrame:
        """The frame."""
        return self.frame

    def rows_of(self, ids: pa.Table) -> DataFrame:
        """The rows of these customer_id."""
        asked = self.frame.sparkSession.createDataFrame(ids.to_pandas())
        return self.frame.join(asked, "customer_id", "left_semi")

    def evaluate(self, node: Node) -> Words:
        """Raises CannotTell."""
        raise CannotTell("a table of one's own has no behaviour beside it")
