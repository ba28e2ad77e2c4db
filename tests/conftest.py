"""Warehouses that are built once and read by many tests.

Belongs here: the demo company and the real CRM export, run through the real command line once per test session and
shared by all workers. A test that writes takes a copy. Does not belong here: anything of one test only.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock

from connectors.files import ensure_raw_tables
from demo.company import write_company
from demo.late import write_late_delivery
from orchestration.runtime.garbage import collect_rarely

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
CRM = SHARED / "data" / "crm_sales_opportunities"
CRM_MAPPING = ROOT / "connectors" / "files" / "mappings" / "crm_sales_opportunities.yml"
INTERMEDIATES = "intermediates.duckdb"
#: what `write_company` makes for tests that run more than once
SMALL = {"months": 8, "first_month": "2025-05", "employees": 40}
COMMAND = str(Path(sys.executable).with_name("incentives"))

Incentives = Callable[..., "subprocess.CompletedProcess[str]"]

# runs in this process, hypothesis and pytest's own collection gain what a run does
collect_rarely()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests come first, so that no worker is left with one of them at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


def run_incentives(
    home: Path, *arguments: str | Path, timeout: float = 600, intermediates: str = ":memory:"
) -> subprocess.CompletedProcess[str]:
    """Run the command line with a home of its own; nothing is asserted."""
    environment = os.environ | {"INCENTIVES_HOME": str(home), "COLUMNS": "160", "NO_COLOR": "1"}
    environment |= {"INCENTIVES_INTERMEDIATES": intermediates}
    environment.pop("INCENTIVES_PLANS", None)
    return subprocess.run(
        [COMMAND, *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


@pytest.fixture(scope="session")
def incentives() -> Incentives:
    """The command line: ``incentives(home, "import", DIR)``."""
    return run_incentives


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder of this test session that all workers see."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def empty_home(shared_folder: Path) -> Path:
    """A home with the empty tables of the raw layer, as a first import leaves it; dlt makes them in a second."""
    home = shared_folder / "empty_home"
    with FileLock(shared_folder / "empty_home.lock"):
        if not home.exists():
            ensure_raw_tables(home / "warehouse.duckdb", home / "dlt")
    return home


def built_once(folder: Path, name: str, steps: list[list[str | Path]], *, keep: bool = False) -> Path:
    """Home of a run made by the first worker that asks for it; `keep`: with its intermediate tables."""
    home = folder / name
    intermediates = str(home / INTERMEDIATES) if keep else ":memory:"
    with FileLock(folder / f"{name}.lock"):
        done = folder / f"{name}.txt"
        if not done.exists():
            said = ""
            for step in steps:
                result = run_incentives(home, *step, intermediates=intermediates)
                said += result.stdout
                assert result.returncode == 0, f"{step}: {result.stdout[-4000:]}\n{result.stderr[-4000:]}"
            done.write_text(said, encoding="utf-8")
    return home


@pytest.fixture(scope="session")
def demo_home(shared_folder: Path) -> Path:
    """Home of a finished run on the demo company (``serving`` beside it holds the company)."""
    delivery = shared_folder / "demo_delivery"
    run = ["run", "--delivery", delivery, "--plans", "plans", "--plans", "demo/plans"]
    return built_once(shared_folder, "demo", [["demo", delivery], run], keep=True)


@pytest.fixture(scope="session")
def demo_said(demo_home: Path) -> str:
    """What the run on the demo company printed."""
    return demo_home.with_suffix(".txt").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def demo_warehouse(demo_home: Path) -> Path:
    """The built warehouse of the demo company; read only."""
    return demo_home / "warehouse.duckdb"


@pytest.fixture(scope="session")
def demo_intermediates(demo_home: Path) -> Path:
    """The intermediate tables of the demo company's run; read only."""
    return demo_home / INTERMEDIATES


@pytest.fixture(scope="session")
def crm_home(shared_folder: Path) -> Path:
    """Home of a finished run on the real CRM export."""
    run = ["run", "--delivery", CRM, "--mapping", CRM_MAPPING, "--plans", "plans"]
    return built_once(shared_folder, "crm", [run])


@pytest.fixture(scope="session")
def crm_warehouse(crm_home: Path) -> Path:
    """The built warehouse of the real CRM export; read only."""
    return crm_home / "warehouse.duckdb"


@dataclass(frozen=True)
class Small:
    """The small made-up company and its first run.

    Attributes:
        first: Its first delivery.
        people: A delivery of what its people are called elsewhere, imported before the first.
        home: Home of the run over both; one test goes on in it.
        kept: The same as it was after that run, without what only a run needs; read only.
    """

    first: Path
    people: Path
    home: Path
    kept: Path


@pytest.fixture(scope="session")
def small_company(shared_folder: Path) -> Small:
    """The small company, run once for all tests that interrupt or continue such a run."""
    folder = shared_folder / "small_company"
    small = Small(folder / "first", folder / "people", folder / "small", folder / "kept")
    with FileLock(shared_folder / "small_company.lock"):
        if not small.kept.exists():
            write_company(small.first, **SMALL)
            write_late_delivery(folder / "late", **SMALL)
            small.people.mkdir()
            (folder / "late" / "source_users.csv").rename(small.people / "source_users.csv")
            run = ["run", "--delivery", small.first, "--plans", "plans", "--plans", "demo/plans"]
            built_once(folder, "small", [["import", small.people], run])
            leave = shutil.ignore_patterns("dagster", "dbt", "dlt")
            shutil.copytree(small.home, small.kept, symlinks=True, ignore=leave)
    return small
