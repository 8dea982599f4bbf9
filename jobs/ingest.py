"""Brings new source rows into `events`, exactly once; rows that cannot be used keep their reasons.

Schedule it as often as the sources change; a batch that is delivered twice adds nothing.

    spark-submit jobs/ingest.py --settings settings.toml --today 2026-11-24 --batch 2026-11-24

It is `lifetide ingest`: the same words (`--help` lists them), the same exit codes.
README.md says what a cluster needs.
"""

from __future__ import annotations

from lifetide.command import run

if __name__ == "__main__":
    run("ingest")
