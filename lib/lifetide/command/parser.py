"""The words that `lifetide` understands."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from lifetide import __version__
from lifetide.command.typed import day, days, share

NEED_TABLES = ("run", "freeze")
ACTIONS = ("validate", "list", "fields", "schema", "import", "query", *NEED_TABLES)
"""Of `audiences`; the last ones look at tables, so Spark starts for them."""
EVERY = ("day", "week", "month")
EXIT_CODES = """exit codes:
  0   published, or nothing to do        2   wrong usage, settings or sources
  1   refused by a gate or a contract    70  a fault of ours: run id and log are named
"""

COMMANDS: dict[str, tuple[str, str, str]] = {
    "demo": (
        "build everything on a real shop's year of orders and say what was found",
        "Lays settings, data and tables into DIR (nothing outside it), runs ingest, build and report, and ends\n"
        "with a page that a shop owner understands. A second run starts from the same folder.",
        "  lifetide demo\n  lifetide demo --dir /tmp/shop --open",
    ),
    "sources": (
        "preview each mapping: ten mapped rows, types, rejects by reason; writes nothing",
        "Use it while you write [[sources]]: it shows what `ingest` would make of your tables.",
        "  lifetide sources --settings settings.toml",
    ),
    "ingest": (
        "bring new source rows into `events`, exactly once",
        "Reads every source of the settings as one batch. Rows that cannot be used go to `rejected_events` with\n"
        "every reason. The batch is refused as a whole where its gate finds it implausible.",
        "  lifetide ingest\n  lifetide ingest --batch 2026-11-24 --today 2026-11-24\n"
        "  lifetide ingest --withdraw 2026-11-24",
    ),
    "build": (
        "events → orders, days, customers, profiles, spells and growth for a day",
        "The greatest as_of ever built is the current one and writes every table; an earlier one writes its\n"
        "snapshot of customer_profiles alone. The current one goes on from the last where it can, and says so,\n"
        "or why not. Everything is checked before anything is published.",
        "  lifetide build\n  lifetide build --as-of 2011-12-09\n"
        "  lifetide build --as-of 2011-06-30 --parameters-from 2011-12-09\n"
        "  lifetide build --from 2011-01-01 --to 2011-11-30 --every month",
    ),
    "fit": (
        "learn thresholds and models from the shop's own data: learned_parameters and ltv_models",
        "Run it weekly. A build uses what was learned last on or before its day; the first build learns by itself.\n"
        "Models of orders to come are chosen by days that were held out; the table says how each did.",
        "  lifetide fit --as-of 2011-12-09",
    ),
    "backtest": (
        "prove the classes on held-out days: who was in which group, and who came back",
        "Works out groups, stages and segments of past days from what was known then, thresholds included, and\n"
        "counts who ordered again. Without --cutoff: three days, a horizon apart. `expected` is the class's rate\n"
        "at the cut-off before. The figures are published in `backtests`, and the report shows them. After them\n"
        "stands how the models of orders to come did on days held out by the last fit.",
        "  lifetide backtest --groups\n  lifetide backtest --groups --cutoff 2011-08-31 --horizon 60",
    ),
    "audiences": (
        "check, list and evaluate the definitions of audiences in a folder of YAML",
        "run evaluates every audience on a snapshot, in one pass over each table, records in the ledger who entered\n"
        "and left, and publishes definitions that are new or changed as new versions; `build` does it for its day.\n"
        "freeze does so with one of them static: who is in it stays in it. All else reads files alone and starts\n"
        "nothing: validate names file, line and path of all that is wrong, schema writes the JSON Schema that\n"
        "editors complete from, import makes definitions of queries of react-querybuilder, query prints one.",
        "  lifetide audiences validate\n  lifetide audiences list\n  lifetide audiences fields items\n"
        "  lifetide audiences schema audiences/audience.schema.json\n"
        "  lifetide audiences import big_spenders.json --name \"Big spenders\"\n"
        "  lifetide audiences query one_time_60_to_180_days\n"
        "  lifetide audiences run --as-of 2011-12-09\n  lifetide audiences freeze win_back_by_value",
    ),
    "count": (
        "how many customers a definition of an audience is true of, rule by rule",
        "FILE is one definition; it may name the others of its folder.",
        "  lifetide count audiences/win_back_by_value.yaml",
    ),
    "diff": (
        "what a change of definitions would do to the members, for a pull request",
        "BASE and HEAD are folders, or states that git knows of the folder in the settings; without HEAD the files\n"
        "as they are. Exit code 1 when a change moves more members than --max-shift allows.",
        "  lifetide diff main\n  lifetide diff main HEAD --format markdown --max-shift 20%\n"
        "  lifetide diff old/audiences new/audiences",
    ),
    "sample": (
        "a small warehouse of some customers, without personal data, to check definitions on",
        "Takes customers of the current snapshot by a hash of their id, with all that they did, into a warehouse of\n"
        "its own with a settings.toml. Names, addresses and ids stay behind: customers and orders get other ids,\n"
        "searches and pages lose e-mail addresses and long numbers. count, diff, explain and check read it.",
        "  lifetide sample --customers 5000 --to sample\n"
        "  lifetide sample --settings lifetide-demo/settings.toml --to /tmp/sample",
    ),
    "check": (
        "run the gates on the published tables",
        "Prints each failed expectation with its reason; exit code 1 when a critical one fails.",
        "  lifetide check\n  lifetide check customer_profiles orders --json",
    ),
    "report": (
        "write the HTML report for a day: one file, no external request",
        "The file opens from disk, follows light and dark, and prints.",
        "  lifetide report --to report.html --open",
    ),
    "explain": (
        "why a customer is where they are: rhythm, group, segment, spells",
        "Every class with its reason, the observed values and the limits that decided.",
        "  lifetide explain 14911\n  lifetide explain 14911 --as-of 2011-06-30\n"
        "  lifetide explain 14911 --audience win_back_by_value",
    ),
    "history": (
        "what was reported of a customer day by day, beside what is known of those days now",
        "Reported = each snapshot as it was published; restated = the spells, late orders and refunds included.",
        "  lifetide history 14911\n  lifetide history 14911 --json",
    ),
    "maintain": (
        "thin out old snapshots, compact the tables, remove files that nobody reads",
        "Run it weekly. Each day's snapshot is kept for `[storage] keep_daily_days`, month ends for good; a file\n"
        "goes when no version of the last `keep_versions_days` names it. All other rows stay as they are.",
        "  lifetide maintain\n  lifetide maintain --dry-run",
    ),
    "studio": (
        "open the audience builder in JupyterLab",
        "Writes a notebook with the studio into DIR and opens JupyterLab on it, on this machine alone. Without a\n"
        "settings file it shows a made-up shop. The audiences that you save there are YAML files.",
        "  lifetide studio\n  lifetide studio --settings lifetide-demo/settings.toml\n  lifetide studio --dir work",
    ),
    "simulate": (
        "write the event log of a made-up shop of any size, and the truth about its customers",
        "Writes order lines, clicks, products, customers, identities and consents into DIR, a settings.toml that\n"
        "maps them for the other commands, and truth_customers: each customer's own rate, regularity, ticket, death\n"
        "and planted change. The same seed gives the same rows on every machine.",
        "  lifetide simulate\n  lifetide simulate --customers 100000 --from 2024-01-01 --to 2025-12-31 --seed 7\n"
        "  lifetide simulate --events 100000000 --dir /data/big-shop --format parquet\n"
        "  lifetide simulate --currencies GBP,CHF --dir /tmp/shop",
    ),
}  # fmt: skip


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


def _of_backtest(one: argparse.ArgumentParser) -> None:
    one.add_argument("--groups", action="store_true", help="the classes alone, without the models of orders to come")
    one.add_argument("--cutoff", type=day, action="append", metavar="DATE",
                     help="look from this local date on; may be given again")  # fmt: skip
    one.add_argument("--horizon", type=days, metavar="DAYS",
                     help="a return is an order within so many days (default: 90, or 45%% of all)")  # fmt: skip


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
    one.add_argument("--folder", type=Path, metavar="DIR",
                     help="the definitions (default: [audiences] folder of the settings)")  # fmt: skip
    if name == "diff":
        one.add_argument("base", metavar="BASE", help="folder or git reference before")
        one.add_argument("head", nargs="?", metavar="HEAD", help="folder or git reference after (default: the files)")
        one.add_argument("--format", choices=("text", "json", "markdown"), default="text", help="default: text")
        one.add_argument("--max-shift", type=share, metavar="PERCENT",
                         help="exit code 1 where more of the members before enter or leave")  # fmt: skip


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
