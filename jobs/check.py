"""Runs the data-quality gates on the published tables; exit code 1 where a critical one fails.

Run it in CI or after somebody touched a table by hand; builds gate themselves.

    spark-submit jobs/check.py --settings settings.toml --json

It is `lifetide check`: the same words (`--help` lists them), the same exit codes.
README.md says what a cluster needs.
"""

from __future__ import annotations

from lifetide.command import run

if __name__ == "__main__":
    run("check")
