"""Thins out old snapshots, compacts the tables and removes files that nobody reads. Run it weekly.

    spark-submit jobs/maintain.py --settings settings.toml

It is `lifetide maintain`: the same words (`--help` lists them), the same exit codes.
README.md says what a cluster needs.
"""

from __future__ import annotations

from lifetide.command import run

if __name__ == "__main__":
    run("maintain")
