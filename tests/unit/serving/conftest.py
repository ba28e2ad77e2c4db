"""The tiny computed warehouse."""

from pathlib import Path

import pytest

from tests.unit.serving import warehouse as tiny


@pytest.fixture
def computed(tmp_path: Path) -> Path:
    """A warehouse with marts."""
    return tiny.build(tmp_path / "warehouse.duckdb")
