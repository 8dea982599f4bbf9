"""What was reported of a customer day by day, beside what is known of those days now.

Its output holds one customer's figures: send it to a person, not to a log.

    spark-submit jobs/history.py --settings settings.toml 14911

It is `lifetide history`: the same words (`--help` lists them), the same exit codes.
README.md says what a cluster needs.
"""

from __future__ import annotations

from lifetide.command import run

if __name__ == "__main__":
    run("history")
