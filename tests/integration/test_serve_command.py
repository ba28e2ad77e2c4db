"""``incentives serve`` after a run of the made-up company: one address, a login a role, each with its own view."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.conftest import Incentives


@pytest.fixture(scope="module")
def served(demo_home: Path, incentives: Incentives) -> Iterator[dict[str, Any]]:
    """What the command says, and the URL of each login."""
    result = incentives(demo_home, "serve", "--json")
    assert result.returncode == 0, result.stderr
    said = json.loads(result.stdout)
    passwords = json.loads(Path(said["passwords"]).read_text(encoding="utf-8"))
    for login in said["logins"]:
        login["url"] = f"postgresql://{login['login']}:{passwords[login['login']]}@{said['address']}"
    yield said
    assert incentives(demo_home, "serve", "--stop").returncode == 0


def ask(served: dict[str, Any], role: str, query: str) -> list[Any]:
    login = next(one for one in served["logins"] if one["role"] == role)
    with psycopg.connect(login["url"], autocommit=True) as connection:
        return connection.execute(query.encode()).fetchall()


def test_there_is_a_login_for_each_role(served: dict[str, Any]) -> None:
    roles = {login["role"] for login in served["logins"]}
    assert roles == {"hr", "manager", "employee", "payroll", "auditor", "analyst"}
    assert served["address"].startswith("127.0.0.1:")


def test_each_role_sees_its_part(served: dict[str, Any]) -> None:
    everybody = ask(served, "hr", "select count(distinct employee_id) from payroll.fct_payouts")[0][0]
    assert everybody > 50
    assert ask(served, "payroll", "select count(distinct employee_id) from payroll.fct_payouts") == [
        (everybody,)
    ]
    employee = next(one["employee_id"] for one in served["logins"] if one["role"] == "employee")
    assert ask(served, "employee", "select distinct employee_id from payroll.fct_payout_lines") == [
        (employee,)
    ]
    team = ask(served, "manager", "select count(distinct employee_id) from mart.fct_scorecards")[0][0]
    assert 1 < team < everybody
    assert ask(served, "auditor", "select count(*) > 0 from audit.fct_provenance") == [(True,)]
    for role, query in (
        ("analyst", "select name from mart.dim_employee"),
        ("analyst", "select 1 from payroll.fct_payouts"),
        ("manager", "select 1 from payroll.fct_payouts"),
        ("payroll", "select 1 from mart.fct_scorecards"),
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ask(served, role, query)


def test_serving_again_publishes_nothing_new(
    served: dict[str, Any], demo_home: Path, incentives: Incentives
) -> None:
    again = json.loads(incentives(demo_home, "serve", "--json").stdout)
    assert again["is_new"] is False
    assert again["address"] == served["address"]


def test_a_wrong_policy_is_named_with_its_line(
    served: dict[str, Any],
    demo_home: Path,
    incentives: Incentives,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    del served
    file = tmp_path / "access.yml"
    file.write_text("roles:\n  hr: {rows: all, tables: [fct_payoutss]}\n", encoding="utf-8")
    monkeypatch.setenv("INCENTIVES_ACCESS", str(file))
    result = incentives(demo_home, "serve")
    assert result.returncode == 2
    assert "access.yml:2" in result.stderr
    assert "Did you mean 'fct_payouts'?" in result.stderr
