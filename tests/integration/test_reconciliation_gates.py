"""Every reconciliation test of the dbt project fails once: on a built warehouse with one thing wrong.

Each fault is tried inside a transaction that is rolled back, on a copy of the demo company's warehouse.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from orchestration.transformation.manifest import dbt_executable
from tests.integration.fault_injection import FAULTS
from tests.integration.faults import Fault

ROOT = Path(__file__).resolve().parents[2]
PROJECT = ROOT / "dbt_project"

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("reconciliation_gates")]


@pytest.fixture(scope="module")
def warehouse_copy(demo_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy under the same file name, which is the name of the database in compiled SQL."""
    return Path(shutil.copy(demo_warehouse, tmp_path_factory.mktemp("gates") / demo_warehouse.name))


@pytest.fixture(scope="module")
def intermediates_copy(demo_intermediates: Path, warehouse_copy: Path) -> Path:
    """A copy of the intermediate tables beside it."""
    return Path(shutil.copy(demo_intermediates, warehouse_copy.parent / demo_intermediates.name))


@pytest.fixture(scope="module")
def compiled_tests(warehouse_copy: Path, intermediates_copy: Path) -> dict[str, str]:
    """SQL of every singular test, by name."""
    target = warehouse_copy.parent / "target"
    places = {
        "INCENTIVES_WAREHOUSE": warehouse_copy,
        "INCENTIVES_INTERMEDIATES": intermediates_copy,
        "DBT_TARGET_PATH": target,
        "DBT_LOG_PATH": target,
    }
    result = subprocess.run(
        [
            dbt_executable(),
            *("--no-use-colors", "compile", "--select", "test_type:singular"),
            *("--project-dir", PROJECT, "--profiles-dir", PROJECT),
        ],
        cwd=ROOT,
        env=os.environ | {name: str(place) for name, place in places.items()},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout[-4000:]
    folder = target / "compiled" / "incentives" / "tests"
    return {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("assert_*.sql")}


@pytest.fixture(scope="module")
def connection(
    warehouse_copy: Path, intermediates_copy: Path, compiled_tests: dict[str, str]
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The copies, opened after the compilation is done with them."""
    with duckdb.connect(str(warehouse_copy)) as opened:
        opened.execute(f"attach '{intermediates_copy}' as scratch")
        opened.execute("set TimeZone = 'UTC'")
        yield opened


def test_every_reconciliation_test_has_a_fault_and_a_line_in_the_table() -> None:
    names = {path.stem for path in (PROJECT / "tests").glob("assert_*.sql")}
    table = (PROJECT / "tests" / "README.md").read_text(encoding="utf-8")
    assert {case.test for case in FAULTS} == names
    assert not {name for name in names if f"`{name}`" not in table}


@pytest.mark.parametrize("case", FAULTS, ids=lambda case: f"{case.test}-{case.what.replace(' ', '_')}")
def test_a_reconciliation_test_sees_what_is_wrong(
    case: Fault, connection: duckdb.DuckDBPyConnection, compiled_tests: dict[str, str]
) -> None:
    sql = compiled_tests[case.test]
    assert connection.execute(sql).fetchall() == [], (
        "the demo company does not pass before anything is changed"
    )
    connection.begin()
    try:
        changed = connection.execute(case.sql).fetchall()[0][0]
        assert changed > 0, "the fault finds nothing to change in the demo company"
        assert connection.execute(sql).fetchall(), "the test does not see it"
    finally:
        connection.rollback()
