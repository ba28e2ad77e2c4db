"""Delivery folders, and warehouses that start with the empty raw tables already made."""

import shutil
from pathlib import Path

import pytest
from files_support import Deliver, Home


@pytest.fixture
def deliver(tmp_path: Path) -> Deliver:
    """Write a delivery folder: file name to text or bytes."""
    count = 0

    def write(files: dict[str, str | bytes]) -> Path:
        nonlocal count
        count += 1
        folder = tmp_path / f"delivery_{count}"
        folder.mkdir()
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            (folder / name).write_bytes(data)
        return folder

    return write


@pytest.fixture
def home(empty_home: Path, tmp_path: Path) -> Home:
    copy = tmp_path / "home"
    shutil.copytree(empty_home, copy)
    return Home(copy / "warehouse.duckdb", copy / "dlt")
