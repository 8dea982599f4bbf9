"""Previews each mapping: ten mapped rows, types, rejects by reason; writes nothing.

Run it while you write [[sources]], before the first `ingest`.

    spark-submit jobs/sources.py --settings settings.toml

It is `lifetide sources`: the same words (`--help` lists them), the same exit codes.
README.md says what a cluster needs.
"""

from __future__ import annotations

from lifetide.command import run

if __name__ == "__main__":
    run("sources")
