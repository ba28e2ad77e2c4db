"""Data walks one way, and so do imports; looking at a module needs no secret, file, network or heavy library."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FORBIDDEN = {
    "connectors": {
        "dagster",
        "dagster_dbt",
        "dbt",
        "great_expectations",
        "compensation",
        "expectations",
        "serving",
        "orchestration",
    },
    "compensation": {"dagster", "dbt", "great_expectations", "expectations", "serving", "orchestration"},
    "ledger": {
        "dagster",
        "dbt",
        "great_expectations",
        "compensation",
        "expectations",
        "serving",
        "orchestration",
    },
    "expectations": {"dagster", "compensation", "serving", "orchestration"},
    "serving": {"dagster", "orchestration", "expectations", "compensation", "incentives", "ledger"},
    "incentives": {"dagster", "dbt", "great_expectations", "compensation", "connectors", "expectations"},
    "demo": {"dagster", "compensation", "connectors", "serving", "expectations", "orchestration"},
}
HEAVY = {
    "sqlalchemy",
    "dagster",
    "dbt",
    "great_expectations",
    "pyarrow",
    "duckdb",
    "dlt",
    "pandas",
    "numpy",
    "scipy",
}


#: what any package may take from the way in: errors, the warehouse, the YAML reader
SHARED = "connectors.common"


@pytest.mark.parametrize("package", ["compensation", "ledger", "serving"])
def test_of_connectors_other_packages_know_the_common_part_alone(package: str) -> None:
    for path in (ROOT / package).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            module = node.module if isinstance(node, ast.ImportFrom) else None
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [module or ""]
            wrong = [
                name for name in names if name.split(".")[0] == "connectors" and not name.startswith(SHARED)
            ]
            assert not wrong, path


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("package", sorted(FORBIDDEN))
def test_a_package_imports_only_what_lies_before_it(package: str) -> None:
    wrong = {
        str(path.relative_to(ROOT)): sorted(_imports(path) & FORBIDDEN[package])
        for path in (ROOT / package).rglob("*.py")
        if _imports(path) & FORBIDDEN[package]
    }
    assert wrong == {}


def _loaded_by(statement: str) -> set[str]:
    program = (
        f"{statement}\nimport sys, json\nprint(json.dumps(sorted({{n.split('.')[0] for n in sys.modules}})))"
    )
    clean = {key: value for key, value in os.environ.items() if key in {"PATH", "SYSTEMROOT"}}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=clean, capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    "package",
    ["connectors.files", "compensation", "serving", "demo.company", "expectations", "incentives", "ledger"],
)
def test_importing_a_package_is_light(package: str) -> None:
    assert _loaded_by(f"import {package}") & HEAVY == set()


def test_help_loads_nothing_heavy() -> None:
    statement = (
        "import typer\nfrom orchestration.cli.app import app\nfrom typer.testing import CliRunner\n"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0"
    )
    assert _loaded_by(statement) & HEAVY == set()
