"""Places and switches of one deployment: what the settings file says, checked."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from lifetide.policy import Policy
from lifetide.vocabulary import Severity, SourceKind

CANONICAL: dict[SourceKind, dict[str, bool]] = {
    SourceKind.ORDER_LINES: {
        "order_id": True, "ordered_at": True, "quantity": True, "unit_price": False, "amount": False,
        "customer_id": False, "product_id": False, "category": False, "discount_amount": False, "currency": False,
        "channel": False, "line_id": False, "updated_at": False, "is_product": False, "state": False,
        "refunds_order_id": False,
    },
    SourceKind.EVENTS: {
        "event_id": False, "event_type": True, "event_at": True, "customer_id": False, "anonymous_id": False,
        "session_id": False, "order_id": False, "product_id": False, "category": False, "quantity": False,
        "amount": False, "currency": False, "channel": False, "campaign": False, "query": False, "page": False,
        "updated_at": False,
    },
    SourceKind.PRODUCTS: {
        "product_id": True, "name": False, "category": False, "price": False, "unit_cost": False,
        "published_at": False,
    },
    SourceKind.CUSTOMERS: {
        "customer_id": True, "email": False, "phone": False, "first_name": False, "last_name": False, "city": False,
        "zip": False, "country": False, "signed_up_at": False,
    },
    SourceKind.CONSENTS: {"customer_id": True, "channel": True, "status": True, "changed_at": True},
    SourceKind.IDENTITIES: {
        "anonymous_id": False, "merged_customer_id": False, "customer_id": True, "linked_at": True,
        "unlinked_at": False,
    },
    SourceKind.SURVEYS: {"customer_id": True, "score": True, "answered_at": True},
    SourceKind.ACQUISITION_COSTS: {"channel": True, "month": True, "cost": True, "currency": False},
    SourceKind.AD_RESULTS: {
        "campaign": True, "date": True, "audience_key": False, "audience_version": False, "cost": True,
        "impressions": False, "clicks": False, "currency": False,
    },
    SourceKind.REFERRALS: {"referrer_id": True, "referred_id": True, "referred_at": True},
    SourceKind.FX_RATES: {"currency": True, "date": True, "rate": True},
}  # fmt: skip
"""Canonical columns of each kind of source (DESIGN 4a) and whether they must be mapped."""

ONE_OF: dict[SourceKind, tuple[tuple[str, str], str]] = {
    SourceKind.ORDER_LINES: (("unit_price", "amount"), "without one there is no money"),
    SourceKind.EVENTS: (("customer_id", "anonymous_id"), "without one nobody did it"),
    SourceKind.IDENTITIES: (("anonymous_id", "merged_customer_id"), "without one nothing is linked"),
}
"""Columns of which a kind must map at least one, and why."""

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")


def is_address(path: str) -> bool:
    """True for what Spark alone can reach (s3a://…, abfss://…, dbfs:/…), false for a folder of this machine."""
    return _ADDRESS.match(path) is not None


FORMATS = ("delta", "parquet", "csv", "json")


@dataclass(frozen=True)
class Shop:
    """Whose calendar and whose money."""

    timezone: str
    currency: str
    name: str = "The shop"
    attribution: str | None = None


@dataclass(frozen=True)
class Source:
    """One of the user's own tables or files; `columns` maps canonical column → SQL expression over it."""

    name: str
    kind: SourceKind
    columns: dict[str, str]
    format: str | None = None
    path: str | None = None
    table: str | None = None
    where: str | None = None
    duplicates: str = "keep"
    options: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Storage:
    """Where the tables are: `<root>/<table>`, or `<catalog>.<schema>.<table>` with passing files at root.

    `keep_raw_days`: for how many days raw input is kept at root (0 = not at all). For `maintain`: `keep_daily_days`,
    for how many days back from the newest snapshot each day's is kept, later month ends alone; `keep_versions_days`,
    how old a version of a table may be and still be read.
    """

    root: str
    keep_raw_days: int = 0
    keep_daily_days: int = 400
    keep_versions_days: int = 30
    catalog: str | None = None
    schema: str | None = None

    @property
    def full_schema(self) -> str | None:
        """`catalog.schema`; None where tables lie in folders."""
        return None if self.schema is None else f"{self.catalog or 'spark_catalog'}.{self.schema}"


@dataclass(frozen=True)
class Gates:
    """Own suites are found first; severities can be changed by 'table.check name'."""

    suites: str | None = None
    severity: dict[str, Severity] = field(default_factory=dict)


@dataclass(frozen=True)
class Spark:
    """The local session; a session that the platform brings is used as it is."""

    master: str = "local[*]"
    memory: str = "2g"
    options: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Settings:
    """Everything a command needs to know; relative paths are already resolved against the file's folder."""

    path: Path
    shop: Shop
    storage: Storage
    sources: tuple[Source, ...]
    policy: Policy
    gates: Gates = Gates()
    spark: Spark = Spark()
    audiences_folder: str | None = None
    playbook_file: str | None = None
