"""`lifetide simulate`, and the folders of those commands that bring their own settings."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from lifetide.command.desk import Desk
from lifetide.command.screen import show, show_json
from lifetide.errors import UsageError
from lifetide.pipelines.demo import prepare_demo
from lifetide.simulate import Plan, Simulated, plan_for, prepare_folder, simulate


def settings_of(arguments: Namespace) -> Path:
    """The settings file of a command; demo and simulate lay one into their folder first."""
    if arguments.command == "demo":
        return prepare_demo(arguments.dir)
    if arguments.command == "simulate":
        return prepare_folder(arguments.dir, _plan(arguments), arguments.format)
    settings: Path = arguments.settings
    return settings


def on_simulate(desk: Desk, arguments: Namespace) -> int:
    """`lifetide simulate`."""
    context, plan = desk.context, _plan(arguments)
    if arguments.events is not None:
        plan = plan_for(context.session, plan, arguments.events)
        desk.screen.say(f"  {plan.customers:,} customers make about {arguments.events:,} events")
    done = simulate(
        context.session,
        plan,
        folder=arguments.dir,
        format_=arguments.format,
        now=context.now,
        progress=context.progress,
    )
    show(_where_to_go(done))
    if arguments.json:
        show_json(_as_json(done))
    return 0


def _plan(arguments: Namespace) -> Plan:
    if arguments.events is not None and arguments.events < 1:
        raise UsageError(f"--events is a number above 0, it is {arguments.events}.")
    return Plan(
        customers=arguments.customers,
        first=arguments.first,
        last=arguments.last,
        seed=arguments.seed,
        currencies=tuple(code.strip() for code in arguments.currencies.split(",") if code.strip()),
    )


def _as_json(done: Simulated) -> dict[str, object]:
    plan = done.plan
    return {
        "dir": done.folder, "customers": plan.customers, "from": plan.first, "to": plan.last, "seed": plan.seed,
        "events": done.events, "row_counts": done.row_counts, "events_per_second": round(done.events_per_second),
        "seconds": {name: round(seconds, 1) for name, seconds in done.seconds.items()},
    }  # fmt: skip


def _where_to_go(done: Simulated) -> str:
    plan, settings = done.plan, done.folder / "settings.toml"
    size = f"{plan.customers:,} customers from {plan.first} to {plan.last}, seed {plan.seed}"
    return (
        f"{size}: {done.events:,} events, {done.events_per_second:,.0f} a second\n\n"
        f"  The tables           {done.folder}\n"
        f"  The truth            {done.folder / 'truth_customers'}\n"
        f"  Bring them in        lifetide ingest --settings {settings} --today {plan.last}\n"
        f"  Build                lifetide build --settings {settings} --as-of {plan.last}\n"
    )
