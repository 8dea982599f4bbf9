"""An audience to take away: as a file, as a SQL condition, as PySpark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifetide.audiences import Audience
from lifetide.errors import LifetideError
from lifetide.explorer.studio.shelf import definition_text

if TYPE_CHECKING:
    from lifetide.explorer.studio.sqltext import SqlText

FORMS = ("yaml", "pyspark", "sql")


def taken_as(form: str, audience: Audience, writer: SqlText, *, has_anonymous: bool) -> str:
    """The audience as text in one of the forms."""
    if form == "yaml":
        return definition_text(audience)
    condition = writer.audience(audience, has_anonymous=has_anonymous)
    day = writer.as_of.isoformat()
    if form == "sql":
        return (
            f"-- {audience.name}, over customer_profiles of {day}\nSELECT *\nFROM customer_profiles\n"
            f"WHERE as_of = DATE '{day}'\nAND {condition}\n"
        )
    if form == "pyspark":
        return (
            f"from pyspark.sql import functions as F\n\n# {audience.name}, over customer_profiles of {day}\n"
            f'is_member = F.expr(r"""\n{condition}\n""")\n'
            f'members = profiles.where(F.col("as_of") == F.to_date(F.lit("{day}"))).where(is_member)\n'
        )
    raise LifetideError(f"{form} is none of {', '.join(FORMS)}.")
