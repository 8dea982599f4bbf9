"""Learns the shop's thresholds from its own data and adds them to `learned_parameters`.

Schedule it weekly, before the day's `build`; a day that was learned before is left as it is.

    spark-submit jobs/fit.py --settings settings.toml --as-of 2026-11-22

It is `lifetide fit`: the same words (`--help` lists them), the same exit codes.
README.md says what a cluster needs.
"""

from __future__ import annotations

from lifetide.command import run

if __name__ == "__main__":
    run("fit")
