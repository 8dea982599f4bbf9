"""Writes the event log of a made-up shop of any size with known truth, for trying out a cluster and for benchmarks.

The folder must be one that all machines of the cluster see; the same seed gives the same rows on each.

    spark-submit jobs/simulate.py --events 1000000000 --dir /shared/big-shop --seed 7

It is `lifetide simulate`: the same words (`--help` lists them), the same exit codes.
README.md says what a cluster needs.
"""

from __future__ import annotations

from lifetide.command import run

if __name__ == "__main__":
    run("simulate")
