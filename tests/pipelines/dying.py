"""Jobs in processes of their own on the tests' Spark, killed (SIGKILL) at a step or at a moment of one's choice.

A nursery process loads everything once and forks a child for each job; a child attaches to the running JVM by a
connection of its own, so that its death is that of a driver program whose cluster lives on.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

from one_jvm import WAY, attached, way_to

ROOT = Path(__file__).parents[2]
DONE, KILLED = 0, -signal.SIGKILL


@dataclass
class Nursery:
    """Starts jobs; each ends with its exit code, −9 where it was killed."""

    process: subprocess.Popen[str]

    def run(self, job: str, folder: Path, **wanted: Any) -> tuple[int, list[str]]:
        """Runs `ingest` or `build` on a small shop: (exit code, names of the steps that ended).

        `die_after` = steps after which it dies; `die_in` = seconds.
        """
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps({"job": job, "folder": str(folder), **wanted}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        return answer["code"], answer["steps"]


@contextmanager
def nursery(spark: SparkSession) -> Iterator[Nursery]:
    environment = {**os.environ, **way_to(spark), "PYTHONPATH": f"{ROOT / 'lib'}:{ROOT / 'tests'}"}
    with subprocess.Popen(
        [sys.executable, "-m", "pipelines.dying"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env=environment,
    ) as process:  # fmt: skip
        yield Nursery(process)
        assert process.stdin
        process.stdin.close()


class _Mortal:
    """Tells each step that ended to a pipe; kills its own process after so many of them."""

    def __init__(self, pipe: int, die_after: int | None) -> None:
        self._pipe, self._left = pipe, die_after

    def begin(self, name: str) -> None:
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def end(self, step: Any) -> None:
        os.write(self._pipe, f"{step.name}\n".encode())
        if self._left is not None:
            self._left -= 1
            self.begin(step.name)


def _job(order: dict[str, Any], pipe: int) -> None:
    from lifetide.pipelines.build import build
    from lifetide.pipelines.ingest import ingest
    from pipelines.small_shop import SmallShop

    session = attached({name: os.environ[name] for name in WAY})
    shop = SmallShop(session, Path(order["folder"]))
    run_id = f"run-{os.getpid()}-{order['job']}"
    context = replace(shop.context(), progress=_Mortal(pipe, order.get("die_after")), run_id=run_id)
    if "die_in" in order:
        threading.Timer(order["die_in"], lambda: os.kill(os.getpid(), signal.SIGKILL)).start()
    if order["job"] == "ingest":
        ingest(context, today=date(2025, 12, 1), batch=order["batch"])
    else:
        build(context, as_of=date.fromisoformat(order["as_of"]))


def _serve() -> None:
    import great_expectations  # noqa: F401 - loaded once, before the forks

    import lifetide.pipelines.build
    import lifetide.pipelines.ingest  # noqa: F401

    for line in sys.stdin:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            try:
                _job(json.loads(line), writing)
            except BaseException as error:  # noqa: BLE001 - the parent hears of it
                sys.stderr.write(f"{type(error).__name__}: {error}\n")
                os._exit(1)
            os._exit(DONE)
        os.close(writing)
        with os.fdopen(reading) as told:
            steps = told.read().split("\n")[:-1]
        _, status = os.waitpid(child, 0)
        code = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
        print(json.dumps({"code": code, "steps": steps}), flush=True)


if __name__ == "__main__":
    _serve()
