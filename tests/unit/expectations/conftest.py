"""The good warehouse, built once, and a copy of it for each test to break."""

import shutil
from pathlib import Path

import pytest

from tests.unit.expectations import warehouse


@pytest.fixture(scope="session")
def good_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse in which every gate is open; never changed."""
    return warehouse.build(tmp_path_factory.mktemp("warehouse") / "good.duckdb")


@pytest.fixture
def faulty(good_warehouse: Path, tmp_path: Path) -> Path:
    """A copy of the good warehouse."""
    return Path(shutil.copy(good_warehouse, tmp_path / "faulty.duckdb"))
