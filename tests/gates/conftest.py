from __future__ import annotations

from pathlib import Path

import pytest

SHIPPED = Path(__file__).parents[2] / "expectations"


@pytest.fixture(scope="session")
def shipped() -> Path:
    return SHIPPED
