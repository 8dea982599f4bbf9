"""The words that `lifetide` understands."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from lifetide import __version__
from lifetide.command.commands import COMMANDS
from lifetide.command.typed import day, days, share

NEED_TABLES = ("run", "freeze")
ACTIONS = ("validate", "list", "fields", "schema", "import", "query", *NEED_TABLES)
"""Of `audiences`; the last ones look at tables, so Spark starts for them."""
EVERY = ("day", "week", "month")
EXIT_CODES = """exit codes:
  0   published, or nothing to do        2   wrong usage, settings or sources
  1   refused by a gate or a contract    70  a fault of ours: run id and log are named
"""


def parser() -> argparse.ArgumentParser:
    """The parser of `lifetide`; every command has its own help with examples."""
    top = argparse.ArgumentParser(
        prog="lifetide",
        description="What each customer of a shop is doing, is worth, and why, from events in Delta tables.",
        epilog="start here:\n  lifetide demo\n\n" + EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"lifetide {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, (summary, description, examples) in COMMANDS.items():
        one = commands.add_parser(
            name,
            help=summary,
            description=f"{summary[0].upper()}{summary[1:]}.\n\n{description}",
            epilog=f"examples:\n{examples}\n\n{EXIT_CODES}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        _common(one, name)
        _own(one, name)
    return top


def _common(one: argparse.ArgumentParser, name: str) -> None:
    if name not in ("demo", "simulate"):
        one.add_argument("--settings", type=Path, default=Path("settings.toml"), metavar="FILE",
                         help="the settings file (default: settings.toml)")  # fmt: skip
    if name in ("build", "fit", "backtest", "report", "explain", "audiences", "count", "diff"):
        one.add_argument("--as-of", type=day, metavar="DATE",
                         help="local date that the result speaks of (default: the newest there is)")  # fmt: skip
    if name in ("ingest", "build", "fit", "backtest", "maintain", "audiences"):
        one.add_argument("--dry-run", action="store_true", help="compute and check, write nothing")
    one.add_argument("--json", action="store_true", help="print one machine-readable object as the last line")
    one.add_argument("--debug", action="store_true", help="show the traceback of a fault")


def _own(one: argparse.ArgumentParser, name: str) -> None:
    if name == "demo":
        one.add_argument("--dir", type=Path, default=Path("lifetide-demo"), metavar="DIR",
                         help="where to put it (default: ./lifetide-demo)")  # fmt: skip
    if name in ("demo", "report"):
        one.add_argument("--open", action="store_true", help="open the report in the browser")
    if name in ("ingest", "sources"):
        one.add_argument("--today", type=day, metavar="DATE",
                         help="events dated after the day that follows are refused (default: the clock)")  # fmt: skip
    if name == "ingest":
        one.add_argument("--batch", metavar="NAME", help="name of the batch (default: the run's id)")
        one.add_argument("--withdraw", metavar="BATCH", help="take a batch out again; then build")
    if name == "build":
        _of_build(one)
    if name == "backtest":
        _of_backtest(one)
    if name == "check":
        one.add_argument("tables", nargs="*", metavar="TABLE", help="tables to check (default: all that are gated)")
    if name == "report":
        one.add_argument("--to", type=Path, metavar="FILE",
                         help="where to write it (default: report.html beside the settings)")  # fmt: skip
    if name in ("explain", "history"):
        one.add_argument("customer", metavar="CUSTOMER", help="customer_id")
    if name == "explain":
        one.add_argument("--audience", metavar="KEY", help="why the customer is in this audience, or is not")
        _folder(one)
    if name in ("audiences", "count", "diff"):
        _of_audiences(one, name)
    if name in ("audiences", "check", "diff"):
        one.add_argument("--junit", type=Path, metavar="FILE", help="write what was judged as JUnit XML")
        one.add_argument("--annotations", choices=("github",), help="print what is wrong as notes on a pull request")
    if name == "sample":
        _sample(one)
    if name == "simulate":
        _simulation(one)
    if name == "studio":
        _studio(one)


def _of_audiences(one: argparse.ArgumentParser, name: str) -> None:
    if name == "audiences":
        one.add_argument("action", choices=ACTIONS, help="what to do")
        one.add_argument("names", nargs="*", metavar="NAME",
                         help="files to validate, write or import, fields to show, or keys")  # fmt: skip
        one.add_argument("--name", metavar="TEXT", help="of an imported audience (default: its key)")
        one.add_argument("--rule-only", action="store_true", help="a query without what include and membership say")
        one.add_argument("--replay-from", type=day, metavar="DATE",
                         help="run: look at everyone anew on each day since, from the events")  # fmt: skip
    if name == "count":
        one.add_argument("file", type=Path, metavar="FILE", help="a definition")
        return
    _folder(one)
    if name == "diff":
        one.add_argument("base", metavar="BASE", help="folder or git reference before")
        one.add_argument("head", nargs="?", metavar="HEAD", help="folder or git reference after (default: the files)")
        one.add_argument("--format", choices=("text", "json", "markdown"), default="text", help="default: text")
        one.add_argument("--max-shift", type=share, metavar="PERCENT",
                         help="exit code 1 where more of the members before enter or leave")  # fmt: skip


def _folder(one: argparse.ArgumentParser) -> None:
    one.add_argument("--folder", type=Path, metavar="DIR",
                     help="the definitions (default: [audiences] folder of the settings)")  # fmt: skip


def _of_backtest(one: argparse.ArgumentParser) -> None:
    one.add_argument("--groups", action="store_true", help="the classes alone, without the models of orders to come")
    one.add_argument("--cutoff", type=day, action="append", metavar="DATE",
                     help="look from this local date on; may be given again")  # fmt: skip
    one.add_argument("--horizon", type=days, metavar="DAYS",
                     help="a return is an order within so many days (default: 90, or 45%% of all)")  # fmt: skip


def _sample(one: argparse.ArgumentParser) -> None:
    one.add_argument("--customers", type=int, default=5_000, metavar="N", help="known customers (default: 5000)")
    one.add_argument("--to", type=Path, default=Path("lifetide-sample"), metavar="DIR",
                     help="where to put it (default: ./lifetide-sample)")  # fmt: skip


def _of_build(one: argparse.ArgumentParser) -> None:
    one.add_argument("--from", dest="first", type=day, metavar="DATE",
                     help="build each day from this one …")  # fmt: skip
    one.add_argument("--to", dest="last", type=day, metavar="DATE", help="… to this one, oldest first")
    one.add_argument("--every", choices=EVERY,
                     help="weeks count back from --to; of months their last days, and --to")  # fmt: skip
    one.add_argument("--full", action="store_true", help="start from all events, also where nothing changed")
    one.add_argument("--parameters-from", type=day, metavar="DATE",
                     help="use the parameters learned on that day")  # fmt: skip


def _studio(one: argparse.ArgumentParser) -> None:
    one.add_argument("--dir", type=Path, metavar="DIR", help="where the notebook goes (default: here)")
    one.add_argument("--port", type=int, default=8888, metavar="PORT", help="of JupyterLab (default: 8888)")
    one.add_argument("--no-browser", action="store_true", help="print the address instead of opening it")


def _simulation(one: argparse.ArgumentParser) -> None:
    one.add_argument("--dir", type=Path, default=Path("lifetide-simulated"), metavar="DIR",
                     help="where to put it (default: ./lifetide-simulated)")  # fmt: skip
    size = one.add_mutually_exclusive_group()
    size.add_argument("--customers", type=int, default=2_000, metavar="N",
                      help="customers; guests and anonymous visitors come on top (default: 2000)")  # fmt: skip
    size.add_argument("--events", type=int, metavar="N",
                      help="as many customers as make about N order lines and clicks")  # fmt: skip
    one.add_argument("--from", dest="first", type=day, default=date(2024, 1, 1), metavar="DATE",
                     help="first local date (default: 2024-01-01)")  # fmt: skip
    one.add_argument("--to", dest="last", type=day, default=date(2025, 12, 31), metavar="DATE",
                     help="last local date (default: 2025-12-31)")  # fmt: skip
    one.add_argument("--seed", type=int, default=1, metavar="N", help="another seed, another shop (default: 1)")
    one.add_argument("--format", choices=("delta", "parquet"), default="delta", help="of the tables (default: delta)")
    one.add_argument("--currencies", default="", metavar="CODES",
                     help="other currencies in which some people pay, such as GBP,CHF (default: none)")  # fmt: skip
