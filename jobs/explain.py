"""Says why a customer is where they are: rhythm, group, segment, spells.

Its output holds one customer's figures: send it to a person, not to a log.

    spark-submit jobs/explain.py --settings settings.toml 14911 --as-of 2026-11-23

It is `lifetide explain`: the same words (`--help` lists them), the same exit codes.
README.md says what a cluster needs.
"""

from __future__ import annotations

from lifetide.command import run

if __name__ == "__main__":
    run("explain")
