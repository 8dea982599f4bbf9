"""The settings file that a simulated shop comes with: its tables, mapped for the other commands."""

from __future__ import annotations

from pathlib import Path

from lifetide.errors import UsageError
from lifetide.simulate.world import Plan
from lifetide.vocabulary import SourceKind

FIRST_LINE = "# A simulated shop, written by `lifetide simulate`."
FORMATS = ("delta", "parquet")
LINES = (
    "order_id ordered_at quantity unit_price amount customer_id product_id category discount_amount currency channel "
    "line_id state refunds_order_id"
)
EVENTS = (
    "event_id event_type event_at customer_id anonymous_id session_id order_id product_id category quantity channel "
    "campaign query page"
)
MAPPED: dict[SourceKind, tuple[str, str]] = {
    SourceKind.ORDER_LINES: ("order_lines", LINES),
    SourceKind.PRODUCTS: ("products", "product_id name category price unit_cost published_at"),
    SourceKind.EVENTS: ("clicks", EVENTS),
    SourceKind.CUSTOMERS: ("customers", "customer_id email phone first_name last_name city zip country signed_up_at"),
    SourceKind.CONSENTS: ("consents", "customer_id channel status changed_at"),
    SourceKind.IDENTITIES: ("identities", "anonymous_id customer_id linked_at unlinked_at"),
    SourceKind.FX_RATES: ("fx_rates", "currency date rate"),
}
"""Kind of source: the folder that holds it and its columns, which have their canonical names already."""


def prepare_folder(folder: Path, plan: Plan, format_: str) -> Path:
    """Makes the folder with its settings.toml, whose path is returned; a settings.toml that is there stays as it is.

    Raises UsageError where the folder holds something that is no simulated shop, or one in another format.
    """
    settings = folder / "settings.toml"
    is_ours = settings.exists() and settings.read_text(encoding="utf-8").startswith(FIRST_LINE)
    if folder.exists() and any(folder.iterdir()) and not is_ours:
        raise UsageError(f"{folder} is not empty and holds no simulated shop; choose another folder with --dir DIR.")
    lines = folder / "order_lines"
    if lines.exists() and any(lines.iterdir()) and (lines / "_delta_log").exists() != (format_ == "delta"):
        raise UsageError(
            f"{folder} holds a simulated shop in another format than {format_}; choose another --dir DIR."
        )
    for name, _ in MAPPED.values():
        (folder / name).mkdir(parents=True, exist_ok=True)
    if not is_ours:
        settings.write_text(settings_text(plan, format_), encoding="utf-8")
    return settings


def settings_text(plan: Plan, format_: str) -> str:
    """The file; rates are mapped only where there are any."""
    kinds = [kind for kind in MAPPED if kind is not SourceKind.FX_RATES or plan.currencies]
    head = f"""{FIRST_LINE}
# The tables lie beside this file; truth_customers says what is really so. `jobs/settings.toml` in the repository
# explains every key. For a delivery a day add to a source: where = "arrived_on <= DATE'{plan.first}'".

[shop]
name = "A simulated shop"
timezone = "{plan.timezone}"
currency = "{plan.currency}"

[storage]
root = "warehouse"

[spark]
memory = "2g"                # for a local session; give a large shop more
"""
    return "\n".join([head, *(_section(kind, format_) for kind in kinds)])


def _section(kind: SourceKind, format_: str) -> str:
    folder, columns = MAPPED[kind]
    mapped = "\n".join(f'{name} = "{name}"' for name in columns.split())
    return (
        f'[[sources]]\nname = "shop_{folder}"\nkind = "{kind}"\nformat = "{format_}"\npath = "{folder}"\n'
        f"\n[sources.columns]\n{mapped}\n"
    )
