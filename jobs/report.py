"""Writes the HTML report of a day: one file that makes no external request.

Run it after `build`; the file is written where the driver runs.

    spark-submit jobs/report.py --settings settings.toml --to /srv/reports/today.html

It is `lifetide report`: the same words (`--help` lists them), the same exit codes.
README.md says what a cluster needs.
"""

from __future__ import annotations

from lifetide.command import run

if __name__ == "__main__":
    run("report")
