"""An S3-compatible server on loopback (moto's), as a process of its own."""

from __future__ import annotations

import os
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

from cluster.standalone import free_port

ROOT = Path(__file__).parents[2]
SERVER = ROOT / ".venv-s3" / "bin" / "moto_server"
BUCKET = "shop"


@contextmanager
def s3_server() -> Iterator[str]:
    """The address of a server with an empty bucket; it ends with the block, and what it held is gone."""
    assert SERVER.is_file(), "there is no moto_server in .venv-s3: run `make test-s3`"
    port = free_port()
    process = subprocess.Popen(
        [str(SERVER), "-H", "127.0.0.1", "-p", str(port)], env=dict(os.environ), stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        _make_bucket(address)
        yield address
    finally:
        process.terminate()
        process.wait()


def _make_bucket(address: str) -> None:
    wanted = urllib.request.Request(f"{address}/{BUCKET}", method="PUT")
    for _ in range(100):
        try:
            urllib.request.urlopen(wanted, timeout=5)
        except URLError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(f"no S3 server answers at {address}")
