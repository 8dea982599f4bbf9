"""A warehouse on an object store: s3a:// against a server on loopback, credentials from the environment only."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from deltalake import DeltaTable

from pipelines.comparing import PUBLISHED
from pipelines.small_shop import SETTINGS, SmallShop, ordinary_days
from s3.server import BUCKET, s3_server

pytestmark = pytest.mark.s3
DAY, NEXT_DAY = "2025-03-01", "2025-03-02"
SECRET = "not-to-be-found-anywhere-8f3a"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "lifetide-tests", "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": "us-east-1"}
PACKAGES = """
[spark.options]
"spark.jars.packages" = "org.apache.hadoop:hadoop-aws:3.4.2"
"spark.jars.excludes" = "org.apache.hadoop:hadoop-client-api,org.apache.hadoop:hadoop-client-runtime"
"spark.hadoop.fs.s3a.endpoint" = "{address}"
"spark.hadoop.fs.s3a.path.style.access" = "true"
"spark.hadoop.fs.s3a.connection.ssl.enabled" = "false"
"spark.hadoop.fs.s3a.attempts.maximum" = "2"
"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with s3_server() as at:
        yield at


def shop_in(folder: Path, address: str | None) -> Path:
    """A shop whose tables lie in the bucket, or without an address beside its settings."""
    SmallShop(None, folder).write(ordinary_days(range(60)))  # type: ignore[arg-type]
    settings = folder / "settings.toml"
    if address is not None:
        root = f"s3a://{BUCKET}/lifetide"
        settings.write_text(
            SETTINGS.replace('root = "warehouse"', f'root = "{root}"') + PACKAGES.format(address=address)
        )
    return settings


def lifetide(
    settings: Path, *words: str, credentials: dict[str, str] = CREDENTIALS
) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    environment |= {"AWS_EC2_METADATA_DISABLED": "true", **credentials}
    return subprocess.run(
        [sys.executable, "-m", "lifetide.command", *words, "--settings", str(settings)],
        env=environment, capture_output=True, text=True, check=False, timeout=900,
    )  # fmt: skip


def run(settings: Path, *words: str) -> str:
    ran = lifetide(settings, *words)
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-3000:]
    return ran.stdout


@pytest.fixture(scope="module")
def built(address: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The settings of a shop in the bucket, and the warehouse of the same shop in a folder; both built twice."""
    stored, local = (shop_in(tmp_path_factory.mktemp(name), at) for name, at in (("s3", address), ("local", None)))
    for settings in (stored, local):
        run(settings, "ingest", "--batch", "first", "--today", DAY)
        run(settings, "build", "--as-of", DAY)
        run(settings, "build", "--as-of", NEXT_DAY)
    return stored, local.parent / "warehouse"


def rows_of(uri: str, **options: str) -> list[str]:
    told = DeltaTable(uri, storage_options=options).to_pyarrow_table().to_pylist()
    return sorted(repr(sorted(row.items(), key=str)) for row in told)


@pytest.mark.parametrize("table", PUBLISHED)
def test_the_tables_in_the_bucket_are_those_of_a_folder(built: tuple[Path, Path], address: str, table: str) -> None:
    in_bucket = rows_of(
        f"s3://{BUCKET}/lifetide/{table}", **CREDENTIALS, AWS_ENDPOINT_URL=address, AWS_ALLOW_HTTP="true"
    )
    in_folder = rows_of(str(built[1] / table))
    assert in_folder
    assert in_bucket == in_folder


def test_a_customer_is_explained_and_the_gates_hold_from_the_bucket(built: tuple[Path, Path]) -> None:
    assert "Baseline" in run(built[0], "explain", "c16")
    assert re.search(r"\b(\d+) of \1 expectations hold", run(built[0], "check"))


def test_no_credential_is_written_down(built: tuple[Path, Path], address: str) -> None:
    folder = built[0].parent
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if SECRET.encode() in path.read_bytes()]


def test_without_credentials_it_is_said_in_a_line(built: tuple[Path, Path]) -> None:
    ran = lifetide(built[0], "explain", "c16", credentials={})
    assert ran.returncode == 2
    assert "lifetide explain: s3a://shop/lifetide lets this process not in: set its credentials" in ran.stderr
    assert "Traceback" not in ran.stdout + ran.stderr
