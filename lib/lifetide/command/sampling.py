"""`lifetide sample --customers N --to DIR`: the warehouse that a pull request is checked on."""

from __future__ import annotations

import secrets
from argparse import Namespace
from dataclasses import replace

from lifetide.command.desk import Desk, new_run_id
from lifetide.command.screen import show, show_json
from lifetide.errors import UsageError
from lifetide.pipelines.sampling import prepare_sample, sample
from lifetide.settings import read_settings
from lifetide.storage import DeltaStore


def on_sample(desk: Desk, arguments: Namespace) -> int:
    """`lifetide sample`."""
    if arguments.customers < 1:
        raise UsageError(f"--customers is a number above 0, it is {arguments.customers}.")
    context = desk.context
    settings = read_settings(prepare_sample(arguments.to, context))
    store = DeltaStore(context.session, settings.storage.root)
    # no suites: the rows were judged where they were published, and `check` judges the sample for whoever asks
    target = replace(context, store=store, settings=settings, run_id=new_run_id(), suites=())
    done = sample(context, target, customers=arguments.customers, secret=secrets.token_hex(16))
    show(
        f"{done.customers:,} of {done.of:,} customers, and {done.profiles - done.customers:,} unknown visitors, on "
        f"{done.outcome.as_of}\n\n"
        f"  The tables           {arguments.to / 'warehouse'}\n"
        f"  Try a definition     lifetide count FILE --settings {settings.path}\n"
        f"  Try a change         lifetide diff main --folder audiences --settings {settings.path}\n"
    )
    if arguments.json:
        show_json({"customers": done.customers, "of": done.of, "profiles": done.profiles, "as_of": done.outcome.as_of,
                   "settings": settings.path, "row_counts": done.outcome.row_counts})  # fmt: skip
    return 0
