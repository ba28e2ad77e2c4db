"""Bad input at the command line: an exit status, a sentence that says what, where and what to do, no stack trace."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.support.command_line import run_here

EMPLOYEES = "employee_id,name,department,hire_date\nE1,Ann,sales,2025-01-01\n"
CUSTOMERS = "customer_id,name,created_at\nC1,Acme,2025-01-01T00:00:00+08:00\n"
DEALS_HEADER = "deal_id,customer_id,owner_employee_id,amount,currency,signed_at,status\n"
DEALS = DEALS_HEADER + "".join(
    f"D{i},C1,E1,{i}00.00,CNY,2026-01-0{i}T10:00:00+08:00,signed\n" for i in range(1, 9)
)


def _delivery(folder: Path, **files: str) -> Path:
    folder.mkdir()
    for name, text in ({"employees": EMPLOYEES, "customers": CUSTOMERS, "deals": DEALS} | files).items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


REJECTED: dict[str, tuple[dict[str, str], int, tuple[str, ...]]] = {
    "missing required column": ({"deals": DEALS.replace("currency", "money")}, 1, ("deals.csv", "currency")),
    "unknown file": ({"dealz": DEALS}, 2, ("dealz", "deals")),
    "empty file": ({"deals": ""}, 2, ("deals.csv",)),
}


@pytest.mark.parametrize(("files", "status", "words"), REJECTED.values(), ids=REJECTED.keys())
def test_a_delivery_that_cannot_be_taken_is_refused_as_a_whole(
    tmp_path: Path, files: dict[str, str], status: int, words: tuple[str, ...]
) -> None:
    result = run_here(tmp_path / "home", "import", _delivery(tmp_path / "delivery", **files))
    said = result.stdout + result.stderr
    assert result.returncode == status, said
    assert "Traceback" not in said
    for word in words:
        assert word in said


def test_bad_rows_are_quarantined_and_the_rest_is_taken(tmp_path: Path) -> None:
    rows = DEALS + (
        "X1,C1,E1,abc,CNY,2026-01-10T10:00:00+08:00,signed\n"
        "X2,C1,E1,10.00,CNY,2026-02-30T10:00:00+08:00,signed\n"
        "X3,C1,E1,-5.00,CNY,2026-01-10T10:00:00+08:00,signed\n"
        "X4,C1,E1,99999999999999.00,CNY,2026-01-10T10:00:00+08:00,signed\n"
        "X5,C1,E1,10.00,CNY,2026-01-10T10:00:00+08:00,signed\n"
        "X5,C1,E1,11.00,CNY,2026-01-10T10:00:00+08:00,signed\n"
    )
    result = run_here(tmp_path / "home", "import", _delivery(tmp_path / "delivery", deals=rows))
    assert result.returncode == 0, result.stdout + result.stderr
    for reason in ("wrong_type", "impossible_date", "out_of_range", "conflicting_rows"):
        assert reason in result.stdout
    assert "deals.csv" in result.stdout


def test_a_cut_off_delivery_is_refused(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert run_here(home, "import", _delivery(tmp_path / "whole")).returncode == 0
    grown = DEALS + "D99,C1,E1,10.00,CNY,2026-01-02T10:00:00+08:00,signed\n"
    assert run_here(home, "import", _delivery(tmp_path / "grown", deals=grown)).returncode == 0
    cut = "".join(DEALS.splitlines(keepends=True)[:3])
    result = run_here(home, "import", _delivery(tmp_path / "cut", deals=cut))
    assert result.returncode == 1, result.stdout + result.stderr
    assert "deals.csv" in result.stdout + result.stderr
    corrected = DEALS_HEADER + "D1,C1,E1,111.00,CNY,2026-01-01T10:00:00+08:00,signed\n"
    result = run_here(home, "import", _delivery(tmp_path / "correction", deals=corrected))
    assert result.returncode == 0, result.stdout + result.stderr


def _typo(text: str) -> str:
    return text.replace("protection_days", "protecton_days")


def _weights(text: str) -> str:
    return (
        text.replace("weight: 25", "weight: 26", 1)
        if "weight: 25" in text
        else text.replace("weight: 20", "weight: 21", 1)
    )


SPOILT: dict[str, tuple[str, Callable[[str], str], tuple[str, ...]]] = {
    "typo": ("marketing_sales_2026.yml", _typo, ("protecton_days", "protection_days")),
    "weights that do not add up": ("marketing_scorecard_2026.yml", _weights, ("weight", "100")),
    "position shares that do not add up": (
        "marketing_sales_2026.yml",
        lambda text: text.replace("middle: 0.2", "middle: 0.3"),
        ("position",),
    ),
}


@pytest.mark.parametrize(("file", "spoil", "words"), SPOILT.values(), ids=SPOILT.keys())
def test_a_spoilt_plan_names_file_line_and_key(
    tmp_path: Path, file: str, spoil: Callable[[str], str], words: tuple[str, ...]
) -> None:
    plans = tmp_path / "plans"
    shutil.copytree(ROOT / "plans", plans)
    (plans / file).write_text(spoil((ROOT / "plans" / file).read_text(encoding="utf-8")), encoding="utf-8")
    result = run_here(tmp_path / "home", "plan", "validate", plans)
    said = result.stdout + result.stderr
    assert result.returncode == 2, said
    for word in (f"{file}:", *words):
        assert word in said.replace("\n", "")


def test_overlapping_plans_do_not_load(tmp_path: Path) -> None:
    plans = tmp_path / "plans"
    shutil.copytree(ROOT / "plans", plans)
    text = (plans / "sales_assistants_2026.yml").read_text(encoding="utf-8")
    (plans / "second.yml").write_text(
        text.replace("plan_id: sales_assistants_2026", "plan_id: second"), encoding="utf-8"
    )
    result = run_here(tmp_path / "home", "plan", "validate", plans)
    assert result.returncode == 2
    assert "second" in result.stdout + result.stderr


def test_a_delivery_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    result = run_here(tmp_path / "home", "run", "--delivery", tmp_path / "nothing")
    assert result.returncode == 2
    assert "Traceback" not in result.stdout + result.stderr
