"""The studio's way to Spark: nothing starts before a rule about behaviour or the members' rows are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from lifetide.audiences import Audience, Group, Node
from lifetide.audiences.tree import Compare, Include
from lifetide.explorer.studio.bits import Words
from lifetide.explorer.studio.cluster import InSql
from lifetide.explorer.studio.conditions import CannotTell
from lifetide.explorer.studio.exact import Counted
from lifetide.explorer.studio.profiles import Profiles
from lifetide.explorer.studio.shelf import Shelf

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

    from lifetide.command.warehouse import Warehouse
    from lifetide.session.jobs import Jobs

ASKED, UNIVERSE = "asked", "universe"
NO_BEHAVIOUR = "a table of one's own has no behaviour beside it"


class OnSpark:
    """The warehouse of a settings file, opened when it is first needed."""

    def __init__(self, settings: Path, profiles: Profiles, shelf: Shelf) -> None:
        self.settings, self.snapshot, self.shelf = settings, profiles, shelf
        self._opened: Warehouse | None = None
        self._opening = Lock()

    @cached_property
    def _jobs(self) -> Jobs:
        return _no_jobs()

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
        if self.snapshot.factor != 1:
            held = self.snapshot.read("customer_id").to_pandas().to_frame("customer_id")
            members = members.join(self.warehouse().session.createDataFrame(held), "customer_id", "left_semi")
        return self.snapshot.set_of(arrow(members, at_most=self.snapshot.count).column("customer_id"))

    def members(self, audience: Audience, beside: Mapping[str, Audience]) -> DataFrame:
        """The profiles of the members."""
        from lifetide.audiences.memberships import MEMBER
        from lifetide.pipelines.audiences import evaluate

        found = evaluate(self.warehouse().context(), {ASKED: audience}, beside, self.snapshot.as_of)
        return found.profiles.join(found.rows.where(f"`{MEMBER}{ASKED}`"), "customer_id", "left_semi")

    def counted(self, audience: Audience, beside: Mapping[str, Audience], in_sql: InSql) -> Counted:
        """Members and universe of the snapshot, in one job."""
        from lifetide.pipelines.audiences import counted, evaluate

        del in_sql  # rules about behaviour have no such words
        asked = {ASKED: audience, UNIVERSE: Audience(UNIVERSE, UNIVERSE, Group(), include=audience.include)}
        with self._jobs.marked(self.warehouse().session):
            found = counted(evaluate(self.warehouse().context(), asked, beside, self.snapshot.as_of)).members
        return Counted(found[ASKED], found[UNIVERSE])

    def drop(self) -> None:
        """Ends the count that is under way."""
        self._jobs.drop()

    def line(self, node: Compare, include: Include) -> Decimal | None:
        """Where the line of a rank lies."""
        return line_on(self.profiles(), node, include)


def _no_jobs() -> Jobs:
    from lifetide.session.jobs import Jobs  # Spark's classes, which a studio over files does without

    return Jobs()


def line_on(profiles: DataFrame, node: Compare, include: Include) -> Decimal | None:
    """Where the line of a rank lies among a universe: between the last value taken and the next."""
    from lifetide.pipelines.audiences import lines_on

    line = lines_on(profiles, [Audience(ASKED, ASKED, Group((node,)), include=include)])[include, node]
    return None if line is None else Decimal(repr(line))


@dataclass(frozen=True)
class OfFrame:
    """A Spark DataFrame of one's own: its rows, and nothing about behaviour."""

    frame: DataFrame
    _jobs: Jobs = field(default_factory=_no_jobs)

    def profiles(self) -> DataFrame:
        """The frame."""
        return self.frame

    def rows_of(self, ids: pa.Table) -> DataFrame:
        """The rows of these customer_id."""
        asked = self.frame.sparkSession.createDataFrame(ids.to_pandas())
        return self.frame.join(asked, "customer_id", "left_semi")

    def evaluate(self, node: Node) -> Words:
        """Raises CannotTell."""
        raise CannotTell(NO_BEHAVIOUR)

    def members(self, audience: Audience, beside: Mapping[str, Audience]) -> DataFrame:
        """Raises CannotTell: a condition on the rows would have answered."""
        raise CannotTell(NO_BEHAVIOUR)

    def counted(self, audience: Audience, beside: Mapping[str, Audience], in_sql: InSql) -> Counted:
        """Members and universe of the frame, in one job (ranks take two before it)."""
        from pyspark.sql import functions as F

        from lifetide.storage import rows

        del beside  # written into the condition
        with self._jobs.marked(self.frame.sparkSession):
            conditions = (in_sql(audience), in_sql(replace(audience, rule=Group())))
            counts = self.frame.agg(*(F.count_if(F.expr(one)).alias(str(n)) for n, one in enumerate(conditions)))
            found = rows(counts, at_most=1)[0]
        return Counted(found[0], found[1])

    def drop(self) -> None:
        """Ends the count that is under way."""
        self._jobs.drop()

    def line(self, node: Compare, include: Include) -> Decimal | None:
        """Where the line of a rank lies; in a table that knows of nobody anonymous, everybody is known."""
        from pyspark.sql import functions as F

        is_told = "is_anonymous" in self.frame.columns
        return line_on(self.frame if is_told else self.frame.withColumn("is_anonymous", F.lit(False)), node, include)
