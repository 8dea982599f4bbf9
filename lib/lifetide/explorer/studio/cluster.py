"""What the studio asks of Spark, which starts when it is first asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from lifetide.audiences import Audience
from lifetide.audiences.tree import Compare, Include, Node
from lifetide.explorer.studio.bits import Words
from lifetide.explorer.studio.exact import Counted

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame


InSql = Callable[[Audience], str]
"""An audience as a condition on the profiles."""


class Warehouse(Protocol):
    """What Spark is asked for: the profiles of the same snapshot, and who meets a rule about behaviour."""

    def profiles(self) -> DataFrame:
        """The snapshot; starts a session where none runs."""

    def rows_of(self, ids: pa.Table) -> DataFrame:
        """The profiles of these customer_id."""

    def evaluate(self, node: Node) -> Words:
        """Who meets a rule that no column answers; a job of seconds, called beside the clicks."""

    def members(self, audience: Audience, beside: Mapping[str, Audience]) -> DataFrame:
        """The profiles of the members, found by Spark: for what the rows in memory are a sample of."""

    def counted(self, audience: Audience, beside: Mapping[str, Audience], in_sql: InSql) -> Counted:
        """The exact count of an audience and of its universe, found by Spark."""

    def drop(self) -> None:
        """Ends the count that is under way."""

    def line(self, node: Compare, include: Include) -> Decimal | None:
        """The value that a rank has to reach among everybody, found by Spark."""
