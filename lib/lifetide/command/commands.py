"""Every command: what it does in a line, what it does in full, and calls of it, as `--help` shows them."""

from __future__ import annotations

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
        "Every class with its reason, the observed values and the limits that decided. With --audience the rule of\n"
        "the version that was evaluated on the day, part by part, and what the ledger says; with --folder the rule\n"
        "as it is written there, which may never have been evaluated.",
        "  lifetide explain 14911\n  lifetide explain 14911 --as-of 2011-06-30\n"
        "  lifetide explain 14911 --audience win_back_by_value\n"
        "  lifetide explain 14911 --audience win_back_by_value --folder drafts",
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
