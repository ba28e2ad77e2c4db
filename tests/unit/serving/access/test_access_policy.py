"""The access policy: what it may say, and each mistake with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from serving.access.loading import load_policy, visible_columns
from serving.errors import AccessPolicyError

ROOT = Path(__file__).resolve().parents[4]
TABLES = {
    "dim_employee": ["employee_id", "name", "manager_id"],
    "dim_customer": ["customer_key", "name"],
    "fct_payouts": ["employee_id", "period", "payable"],
}
GOOD = """\
schemas:
  payroll: [fct_payouts]
roles:
  hr: {rows: all, personal: true, tables: all}
  manager:
    rows: team
    tables:
      dim_employee: {without: [manager_id]}
      dim_customer: {rows: all}
principals:
  - {login: li, role: manager, employee_id: E1, valid_from: 2026-01-01}
"""


def loaded(folder: Path, text: str):
    file = folder / "access.yml"
    file.write_text(text, encoding="utf-8")
    return load_policy(file, TABLES)


def test_a_role_sees_the_columns_that_are_neither_personal_nor_left_out(tmp_path: Path) -> None:
    policy = loaded(tmp_path, GOOD).policy
    columns = TABLES["dim_employee"]
    assert visible_columns(columns, {"name"}, policy.roles["hr"], "dim_employee") == columns
    assert visible_columns(columns, {"name"}, policy.roles["manager"], "dim_employee") == ["employee_id"]
    assert visible_columns(columns, {"name"}, policy.roles["manager"], "fct_payouts") == []
    assert policy.schema_of("fct_payouts") == "payroll"
    assert policy.schema_of("dim_customer") == "mart"


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("fct_payouts]", "fct_payout]", 2, "no mart 'fct_payout'. Did you mean 'fct_payouts'?"),
        ("payroll: [", "access: [", 2, "'access' is a reserved name"),
        ("rows: team", "rows: teams", 6, "Input should be 'all', 'team' or 'own'"),
        ("    rows: team\n", "    rows: team\n    row: own\n", 7, "unknown key"),
        ("    rows: team\n", "", 5, "the key 'rows' is missing"),
        ("dim_employee: {", "dim_employees: {", 8, "no mart 'dim_employees'. Did you mean 'dim_employee'?"),
        ("[manager_id]", "[manager]", 8, "no column of dim_employee 'manager'. Did you mean 'manager_id'?"),
        ("dim_customer: {rows: all}", "dim_customer:", 9, "no row of it is anybody's team"),
        ("role: manager, ", "role: boss, ", 11, "no role 'boss'"),
        ("employee_id: E1, ", "", 11, "the role manager shows rows of a person"),
        ("login: li", "login: Li Lei", 11, "is not a login"),
        ("login: li", "login: manager", 11, "manager is the name of a role"),
        ("2026-01-01}", "2026-01-01, valid_to: 2025-12-31}", 11, "valid_to 2025-12-31 is before valid_from"),
        ("{rows: all, personal: true", "{rows: own, personal: true", 4, "name the tables"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, old: str, new: str, line: int, said: str) -> None:
    assert old in GOOD
    with pytest.raises(AccessPolicyError) as caught:
        loaded(tmp_path, GOOD.replace(old, new, 1))
    assert f"access.yml:{line}" in str(caught.value)
    assert said in str(caught.value)


def test_a_login_has_one_role(tmp_path: Path) -> None:
    twice = GOOD + "  - {login: li, role: hr, valid_from: 2026-01-01}\n"
    with pytest.raises(AccessPolicyError, match="the login li stands here twice"):
        loaded(tmp_path, twice)


def test_a_file_that_is_missing_is_said(tmp_path: Path) -> None:
    with pytest.raises(AccessPolicyError, match="cannot be read"):
        load_policy(tmp_path / "none.yml", TABLES)
