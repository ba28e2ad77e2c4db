"""The unit tests of the dbt models pass. A run of the pipeline leaves them out: they say nothing about its data.

dbt reads the types of the mocked tables from a built warehouse, so they run on a copy of the demo company's.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from orchestration.transformation.manifest import dbt_executable

ROOT = Path(__file__).resolve().parents[2]
PROJECT = ROOT / "dbt_project"


@pytest.mark.slow
def test_every_dbt_unit_test_passes(demo_warehouse: Path, demo_intermediates: Path, tmp_path: Path) -> None:
    places = {
        "INCENTIVES_WAREHOUSE": shutil.copy(demo_warehouse, tmp_path / demo_warehouse.name),
        "INCENTIVES_INTERMEDIATES": shutil.copy(demo_intermediates, tmp_path / demo_intermediates.name),
        "DBT_TARGET_PATH": tmp_path,
        "DBT_LOG_PATH": tmp_path,
    }
    result = subprocess.run(
        [
            dbt_executable(),
            *("--no-use-colors", "--quiet", "test", "--select", "test_type:unit"),
            *("--project-dir", PROJECT, "--profiles-dir", PROJECT),
        ],
        cwd=ROOT,
        env=os.environ | {name: str(place) for name, place in places.items()},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout[-8000:]
