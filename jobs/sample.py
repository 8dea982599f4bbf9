"""Takes a small warehouse of some customers, without personal data, for those who check definitions of audiences.

It reads published tables and writes into its own folder alone.

    spark-submit jobs/sample.py --settings settings.toml --customers 5000 --to sample

It is `lifetide sample`: the same words (`--help` lists them), the same exit codes.
README.md says what a cluster needs.
"""

from __future__ import annotations

from lifetide.command import run

if __name__ == "__main__":
    run("sample")
