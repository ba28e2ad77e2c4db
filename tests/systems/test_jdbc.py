"""JDBC, with Debian's driver, reads the serving database in each role: what the policy says, and no names of pay.

Needs a JDK and `libpostgresql-jdbc-java`: `make bi-clients` installs them.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.support.served_company import LOGIN_OF, company, expected_text, schema_of
from tests.support.serving_server import ServedCompany, served_company

pytestmark = pytest.mark.systems
DRIVER = "/usr/share/java/postgresql.jar"
Ask = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedCompany]:
    with served_company(tmp_path_factory.mktemp("company")) as running:
        yield running


@pytest.fixture(scope="module")
def ask(served: ServedCompany, tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """The program, compiled once: `ask("hr1", query)`, `ask("hr1", "tables", schema)`."""
    classes = tmp_path_factory.mktemp("classes")
    subprocess.run(["javac", "-d", str(classes), str(Path(__file__).with_name("Marts.java"))], check=True)

    def asked(login: str, *said: str) -> subprocess.CompletedProcess[str]:
        url = urlsplit(served.logins[login])
        address = f"jdbc:postgresql://{url.hostname}:{url.port}{url.path}"
        command = ["java", "-cp", f"{classes}:{DRIVER}", "Marts", address, login, str(url.password), *said]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    return asked


@pytest.mark.parametrize("role", list(LOGIN_OF))
def test_rows_are_what_the_policy_says(ask: Ask, role: str) -> None:
    table = "fct_payouts" if role in {"employee", "payroll", "auditor"} else "fct_scorecards"
    may = expected_text(LOGIN_OF[role], table)
    assert may
    said = ask(LOGIN_OF[role], f"select {', '.join(may[0])} from {schema_of(table)}.{table}")
    assert said.returncode == 0, said.stderr
    assert sorted(line.split("\t") for line in said.stdout.splitlines()) == may[1]
    assert may[1]


@pytest.mark.parametrize(("role", "table"), [("manager", "fct_payouts"), ("payroll", "fct_scorecards")])
def test_what_a_role_may_not_read_is_refused(ask: Ask, role: str, table: str) -> None:
    said = ask(LOGIN_OF[role], f"select * from {schema_of(table)}.{table}")
    assert (said.returncode, said.stdout) == (1, "")
    assert said.stderr.startswith("42501 ")


@pytest.mark.parametrize("role", ["manager", "analyst"])
def test_tables_of_the_marts_name_no_pay(ask: Ask, role: str) -> None:
    tables = {line.split("\t")[2] for line in ask(LOGIN_OF[role], "tables", "mart").stdout.splitlines()}
    assert tables == set(company()) - {"fct_payouts"}
    columns = {
        tuple(line.split("\t")[2:4]) for line in ask(LOGIN_OF[role], "columns", "mart").stdout.splitlines()
    }
    assert ("fct_scorecards", "total_score") in columns
    assert not {column for _, column in columns} & {"payable"}
    query = "select table_schema, table_name from information_schema.tables where table_schema in ('mart', 'payroll')"
    listed = {tuple(line.split("\t")) for line in ask(LOGIN_OF[role], query).stdout.splitlines()}
    assert {schema for schema, _ in listed} == {"mart"}
