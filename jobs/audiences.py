"""Evaluates every audience of a folder on a snapshot, in one pass over each table.

Definitions that are new or changed become new versions in `audience_definitions`; run it once per day, after build.

    spark-submit jobs/audiences.py --settings settings.toml run --as-of 2026-11-23

It is `lifetide audiences`: the same words (`--help` lists them), the same exit codes.
README.md says what a cluster needs.
"""

from __future__ import annotations

from lifetide.command import run

if __name__ == "__main__":
    run("audiences")
