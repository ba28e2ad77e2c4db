"""Small, clear code: files of at most 300 lines, functions of at most 40."""

from __future__ import annotations

import ast
import statistics
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = (
    "compensation",
    "connectors",
    "demo",
    "expectations",
    "orchestration",
    "incentives",
    "ledger",
    "serving",
    "benchmarks",
    "dbt_project/python",
)


def _files() -> list[Path]:
    return [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]


def test_no_file_is_longer_than_300_lines() -> None:
    long = {
        str(p.relative_to(ROOT)): n for p in _files() if (n := len(p.read_text("utf-8").splitlines())) > 300
    }
    assert long == {}


def test_no_function_is_longer_than_40_lines() -> None:
    long = {}
    for path in _files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
                length = node.end_lineno - body[0].lineno + 1
                if length > 40:
                    long[f"{path.relative_to(ROOT)}:{node.name}"] = length
    assert long == {}


def test_models_are_short_by_median() -> None:
    lengths = [
        len(p.read_text("utf-8").splitlines()) for p in (ROOT / "dbt_project" / "models").rglob("*.sql")
    ]
    assert statistics.median(lengths) <= 60


def test_nothing_names_a_machine_or_a_registry() -> None:
    words = ("/work/" + "main", "/ro" + "ot/", "pypi" + ".org", "python" + "hosted", "npm" + "js")
    wrong = [
        str(path.relative_to(ROOT))
        for pattern in ("*.py", "*.sql", "*.yml", "*.md", "*.toml", "*.lock", "Makefile")
        for path in ROOT.rglob(pattern)
        if not {".venv", "var", ".git"} & set(path.relative_to(ROOT).parts)
        and any(word in path.read_text(encoding="utf-8") for word in words)
    ]
    assert wrong == []
