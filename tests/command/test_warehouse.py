from __future__ import annotations

from typing import Any

import pytest

from lifetide.command.warehouse import Warehouse
from lifetide.errors import NotFound
from lifetide.tables import ORDERS, Table


class Shelf:
    """A store that says which table was asked for."""

    def read(self, table: Table, *, version: int | None = None) -> Any:
        return table, version


def test_a_table_is_read_by_its_name_at_the_published_version() -> None:
    shop = Warehouse(settings=None, session=None, store=Shelf())  # type: ignore[arg-type]
    assert shop.table("orders") == (ORDERS, None)


def test_an_unknown_table_is_refused_with_those_that_exist() -> None:
    shop = Warehouse(settings=None, session=None, store=Shelf())  # type: ignore[arg-type]
    with pytest.raises(NotFound, match=r"No table is named order; the tables are events, .*orders"):
        shop.table("order")
