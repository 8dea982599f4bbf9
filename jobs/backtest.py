"""The held-out proof of groups, stages and segments: who was in which class on past days, and who came back.

    spark-submit jobs/backtest.py --settings settings.toml --groups

It is `lifetide backtest`: the same words (`--help` lists them), the same exit codes.
README.md says what a cluster needs.
"""

from __future__ import annotations

from lifetide.command import run

if __name__ == "__main__":
    run("backtest")
