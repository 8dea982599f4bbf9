"""Counts the customers that one definition of an audience is true of, rule by rule.

It reads published tables and writes nothing.

    spark-submit jobs/count.py --settings settings.toml audiences/win_back_by_value.yaml

It is `lifetide count`: the same words (`--help` lists them), the same exit codes.
README.md says what a cluster needs.
"""

from __future__ import annotations

from lifetide.command import run

if __name__ == "__main__":
    run("count")
