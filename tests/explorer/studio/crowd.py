"""A random crowd as the studio's engine holds it, and random trees over its profiles."""

from __future__ import annotations

import pyarrow as pa

from audiences.random_people import Shop
from audiences.random_rules import AS_OF, NOT_COMPARED, Rules
from lifetide.audiences import FIELDS, Audience, parse
from lifetide.explorer.studio.engine import Engine
from lifetide.explorer.studio.sources import in_memory
from lifetide.tables import CUSTOMER_PROFILES

COMPARED = {name: one for name, one in FIELDS.items() if one.kind not in NOT_COMPARED}
ARROW = {
    "string": pa.string(), "boolean": pa.bool_(), "int": pa.int32(), "bigint": pa.int64(), "double": pa.float64(),
    "date": pa.date32(), "decimal(18,2)": pa.decimal128(18, 2), "decimal(18,3)": pa.decimal128(18, 3),
}  # fmt: skip


def table_of(shop: Shop) -> pa.Table:
    return pa.table(
        {
            column.name: pa.array([row[column.name] for row in shop.rows.profiles], ARROW[column.type])
            for column in CUSTOMER_PROFILES.columns
        }
    )


def engine_of(shop: Shop) -> Engine:
    return Engine(in_memory(table_of(shop), "A crowd", AS_OF, is_catalogued=True))


def profile_audiences(seed: int, count: int) -> dict[str, Audience]:
    """Audiences whose rules speak of profiles alone."""
    found = {}
    for number in range(count):
        rules = Rules(seed * 1000 + number)
        rules.rule = lambda rules=rules: rules.compare(COMPARED)  # type: ignore[method-assign]
        found[f"a{number}"] = parse(rules.audience(f"a{number}"))
    return found


def members_of(engine: Engine, shop: Shop, audience: Audience) -> set[str]:
    from lifetide.explorer.studio.bits import positions

    found = engine.members(audience.rule, engine.universe(audience.include))
    return {shop.ids[place] for place in positions(found, engine.count)}
