"""Builds orders, days, customers, profiles, spells and growth for a local date, and publishes all or nothing.

Schedule it daily, after `ingest`; running it again for the same day replaces that day's rows only.

    spark-submit jobs/build.py --settings settings.toml --as-of 2026-11-23

It is `lifetide build`: the same words (`--help` lists them), the same exit codes.
README.md says what a cluster needs.
"""

from __future__ import annotations

from lifetide.command import run

if __name__ == "__main__":
    run("build")
