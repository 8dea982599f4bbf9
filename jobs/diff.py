"""Says what a change of definitions would do to the members of audiences.

Exit code 1 when a change moves more members than --max-shift allows: a check for pull requests.

    spark-submit jobs/diff.py --settings settings.toml main --format markdown --max-shift 20%

It is `lifetide diff`: the same words (`--help` lists them), the same exit codes.
README.md says what a cluster needs.
"""

from __future__ import annotations

from lifetide.command import run

if __name__ == "__main__":
    run("diff")
