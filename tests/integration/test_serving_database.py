"""The serving database: for every role, table, column and row what the policy file says, and nothing else.

What comes back through SQL is compared with an evaluation of the policy in plain Python, which knows nothing of the SQL
that enforces it. The server is the embedded PostgreSQL.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from ruamel.yaml import YAML

from serving.errors import ServerError
from serving.server.embedded import EmbeddedServer
from serving.server.publish import publish_to_server
from tests.support.served_company import (
    PERSONAL,
    POLICY,
    company,
    expected,
    schema_of,
    url_as,
    write_snapshot,
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[EmbeddedServer, str]]:
    embedded = EmbeddedServer(tmp_path_factory.mktemp("serving"))
    url = embedded.start()
    yield embedded, url
    embedded.stop()
    shutil.rmtree(embedded.data)  # root's lie outside of the folder


@pytest.fixture(scope="module")
def policy_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("policy") / "access.yml"
    file.write_text(POLICY, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def readers(
    server: tuple[EmbeddedServer, str], policy_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """URL by login, after a publication."""
    embedded, url = server
    publication = write_snapshot(tmp_path_factory.mktemp("published") / "p1")
    served = publish_to_server(url, publication, policy_file, PERSONAL)
    passwords = embedded.give_passwords(url, [one.login for one in served.principals])
    return {login: url_as(url, login, password) for login, password in passwords.items()}


LOGINS = [one["login"] for one in YAML(typ="safe").load(POLICY)["principals"]]


@pytest.mark.parametrize("table", list(company()))
@pytest.mark.parametrize("login", LOGINS)
def test_a_login_sees_what_the_policy_says(readers: dict[str, str], login: str, table: str) -> None:
    schema = schema_of(table)
    may = expected(login, table)
    with psycopg.connect(readers[login], autocommit=True) as connection:
        if may is None:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"select count(*) from {schema}.{table}".encode())
            return
        columns, rows = may
        for column in set(company()[table][0]) - set(columns):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"select {column} from {schema}.{table}".encode())
        found = connection.execute(f"select {', '.join(columns)} from {schema}.{table}".encode()).fetchall()
    assert sorted(map(str, found)) == sorted(str(_as_postgres(row, columns)) for row in rows)


def _as_postgres(row: tuple[Any, ...], columns: list[str]) -> tuple[Any, ...]:
    from decimal import Decimal

    return tuple(
        Decimal(f"{value}.00") if column == "payable" else value
        for value, column in zip(row, columns, strict=True)
    )


@pytest.mark.parametrize(
    "statement",
    [
        "set role incentives_hr",
        "set session authorization hr1",
        "set role incentives_loader",
        "select * from access.principals",
        "select * from reporting.lines",
        "delete from mart.fct_scorecards",
        "update mart.dim_employee set name = 'x'",
        "create table mart.mine (x int)",
        "create table public.mine (x int)",
        "create temporary table mine (x int)",
        "alter table mart.fct_scorecards disable row level security",
        "create or replace function access.me() returns text language sql as $$ select 'E0' $$",
        "select pg_read_file('/etc/passwd')",
        "copy (select 1) to program 'true'",
    ],
)
def test_whoever_can_send_sql_gets_no_further(readers: dict[str, str], statement: str) -> None:
    with (
        psycopg.connect(readers["one"], autocommit=True) as connection,
        pytest.raises(psycopg.Error) as caught,
    ):
        connection.execute(statement.encode())
    assert caught.value.sqlstate in {"42501", "42704", "25001", "28000"}


def test_session_variables_do_not_change_who_asks(readers: dict[str, str]) -> None:
    with psycopg.connect(readers["one"], autocommit=True) as connection:
        for statement in (
            "set app.employee_id = 'E0'",
            "set search_path = public, mart",
            "set row_security = on",
        ):
            connection.execute(statement.encode())
        found = connection.execute("select distinct employee_id from mart.fct_scorecards").fetchall()
        assert found == [("E5",)]
        connection.execute("set row_security = off")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("select * from mart.fct_scorecards")


def test_every_table_is_forced_and_nobody_logs_in_as_its_owner(
    server: tuple[EmbeddedServer, str], readers: Any
) -> None:
    del readers
    with psycopg.connect(server[1]) as connection:
        tables = connection.execute(
            "select relname, relrowsecurity, relforcerowsecurity, pg_get_userbyid(relowner) from pg_class "
            "join pg_namespace on pg_namespace.oid = relnamespace "
            "where nspname in ('mart', 'payroll') and relkind = 'r'"
        ).fetchall()
        assert {row[0] for row in tables} == set(company())
        assert {row[1:] for row in tables} == {(True, True, "incentives_loader")}
        roles = connection.execute(
            "select rolname, rolcanlogin, rolbypassrls, rolsuper from pg_roles where rolname like 'incentives%%'"
        ).fetchall()
    assert len(roles) == 7
    assert {row[1:] for row in roles} == {(False, False, False)}


def test_tables_carry_publication_keys_joins_and_comments(
    server: tuple[EmbeddedServer, str], readers: Any
) -> None:
    del readers
    with psycopg.connect(server[1]) as connection:
        ids = connection.execute("select distinct publication_id from payroll.fct_payouts").fetchall()
        assert ids == [("p1",)]
        keys = connection.execute(
            "select conrelid::regclass::text, contype::text, confrelid::regclass::text from pg_constraint "
            "where connamespace in ('mart'::regnamespace, 'payroll'::regnamespace) and contype in ('p', 'f') "
            "order by 1, 2"
        ).fetchall()
        # a quarter is in no row of dim_period, so that no join can be promised there
        assert keys == [("mart.dim_customer", "p", "-"), ("mart.dim_period", "p", "-")]
        said = connection.execute(
            "select obj_description('payroll.fct_payouts'::regclass), "
            "col_description('payroll.fct_payouts'::regclass, 3)"
        ).fetchone()
    assert said == ("Pay", "What is paid")


def test_a_policy_that_changes_is_in_force_at_once(
    server: tuple[EmbeddedServer, str], readers: dict[str, str], tmp_path: Path
) -> None:
    publication = write_snapshot(tmp_path / "same")
    file = tmp_path / "access.yml"
    file.write_text(POLICY, encoding="utf-8")
    publish_to_server(server[1], publication, file, PERSONAL)
    file.write_text(
        POLICY.replace("{login: ana, role: analyst", "{login: ana, role: payroll"), encoding="utf-8"
    )
    assert publish_to_server(server[1], publication, file, PERSONAL).is_new
    assert not publish_to_server(server[1], publication, file, PERSONAL).is_new
    with psycopg.connect(readers["ana"], autocommit=True) as connection:
        assert connection.execute("select count(*) from payroll.fct_payouts").fetchone() != (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("select count(*) from mart.fct_scorecards")
    file.write_text(
        "\n".join(line for line in POLICY.splitlines() if "login: ana" not in line), encoding="utf-8"
    )
    publish_to_server(server[1], publication, file, PERSONAL)
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        psycopg.connect(readers["ana"])


def test_a_login_that_bypasses_row_security_is_refused(
    server: tuple[EmbeddedServer, str], readers: dict[str, str], tmp_path: Path
) -> None:
    del readers
    with psycopg.connect(server[1], autocommit=True) as connection:
        connection.execute("create role sees_all login bypassrls")
    file = tmp_path / "access.yml"
    file.write_text(POLICY.replace("login: ana,", "login: sees_all,"), encoding="utf-8")
    with pytest.raises(ServerError, match="the login sees_all is a superuser or bypasses row security"):
        publish_to_server(server[1], write_snapshot(tmp_path / "unbound"), file, PERSONAL)


def test_no_message_holds_the_password(
    server: tuple[EmbeddedServer, str], policy_file: Path, tmp_path: Path
) -> None:
    publication = write_snapshot(tmp_path / "refused")
    wrong = url_as(server[1], "postgres", "s3cret-of-mine")
    with pytest.raises(ServerError) as caught:
        publish_to_server(wrong, publication, policy_file, PERSONAL)
    assert "password authentication failed" in str(caught.value)
    assert "s3cret-of-mine" not in str(caught.value)
