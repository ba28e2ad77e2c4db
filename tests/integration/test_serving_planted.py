"""A planted phone number, credit code and bonus base: found in no place that a role may not read.

Looked through as each login: every relation of every schema (catalogues, `pg_stats`, comments and `pg_stat_activity`
among them), messages of errors and notices, plans of queries; and the message of a publication that fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import psycopg
import pytest
from psycopg import sql

from serving.errors import ServerError
from serving.server.publish import publish_to_server
from tests.support.served_company import PERSONAL, POLICY, company, schema_of
from tests.support.serving_server import ServedCompany, served_company

PHONE, CODE, BASE, OTHER_PHONE = "13917360428", "91310115MA1K4QXT7P", "17413.37", "18601234987"
PLANTED = (PHONE, CODE, BASE, OTHER_PHONE)
#: the employee whose they are, outside of the teams and persons of the logins that may not see them
WHOSE = "E2"
TABLES = {
    **{name: schema_of(name) for name in company()},
    "quarantine": "audit",
    "fct_component_days": "mart",
}
POLICY_WITH_PLANTED = (
    POLICY.replace("payroll: [fct_payouts]", "payroll: [fct_payouts]\n  audit: [quarantine]")
    .replace(
        "fct_scorecards, dim_customer, dim_period]",
        "fct_scorecards, dim_customer, dim_period, fct_component_days]",
    )
    .replace(
        "      fct_scorecards:\n",
        "      fct_scorecards:\n      fct_component_days: {without: [days_in_role]}\n",
    )
)
PERSONAL_WITH_PLANTED = PERSONAL | {"quarantine": {"row"}, "fct_component_days": {"bonus_base_days"}}
#: what each login may see of what is planted, by hand
MAY_SEE = {
    "hr1": set(PLANTED),
    "aud": set(PLANTED),
    "top": {PHONE, BASE},  # above E2
}


def plant(snapshot: Path) -> Path:
    """In names, in a delivered row that is set aside, and in a bonus base, of a publication."""
    with duckdb.connect(str(snapshot / "incentives.duckdb")) as marts:
        marts.execute(
            "update marts.dim_employee set name = ? where employee_id = ?", [f"Wang {PHONE}", WHOSE]
        )
        marts.execute("update marts.dim_customer set name = ? where customer_key = 'K1'", [f"Ltd {CODE}"])
        marts.execute("create table marts.quarantine (source_table varchar, reason varchar, row varchar)")
        row = f'{{"phone": "{OTHER_PHONE}", "code": "{CODE}", "bonus_base": "{BASE}"}}'
        marts.execute("insert into marts.quarantine values ('employees', 'bad_date', ?)", [row])
        marts.execute(
            "create table marts.fct_component_days as select employee_id, period, 31 as days_in_role, "
            "cast(1000 as decimal(28, 2)) as bonus_base_days from marts.fct_scorecards"
        )
        marts.execute(
            "update marts.fct_component_days set bonus_base_days = ? where employee_id = ?", [BASE, WHOSE]
        )
        marts.execute("comment on column marts.fct_component_days.bonus_base_days is 'Bonus base'")
    return snapshot


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedCompany]:
    with served_company(tmp_path_factory.mktemp("company")) as running:
        running.policy.write_text(POLICY_WITH_PLANTED, encoding="utf-8")
        planted = plant(running.snapshot(1))
        publish_to_server(running.url, planted, running.policy, PERSONAL_WITH_PLANTED)
        with psycopg.connect(running.url, autocommit=True) as owner:
            owner.execute("analyze")
        yield running


@pytest.fixture(params=["mid", "one", "one_as_manager", "left", "gone", "pay", "ana", "top", "hr1", "aud"])
def login(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def readable(connection: psycopg.Connection) -> list[tuple[str, str, list[str]]]:
    """Every relation of which the login may read a column, with those columns: of all schemas."""
    return connection.execute(
        "select n.nspname, c.relname, array_agg(a.attname::text order by a.attnum) from pg_class as c "
        "join pg_namespace as n on n.oid = c.relnamespace join pg_attribute as a on a.attrelid = c.oid "
        "where c.relkind in ('r', 'v', 'm', 'p', 'f', 't') and a.attnum > 0 and not a.attisdropped "
        "and has_schema_privilege(n.oid, 'usage') and has_column_privilege(c.oid, a.attnum, 'select') "
        "group by 1, 2"
    ).fetchall()


def found_in(connection: psycopg.Connection, schema: str, table: str, columns: list[str]) -> set[str]:
    """What is planted in the columns of a relation that can be read."""
    listed = sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(column)) for column in columns)
    query = sql.SQL("select string_agg(concat_ws(' ', {}), ' ') from {}.{}").format(
        listed, sql.Identifier(schema), sql.Identifier(table)
    )
    try:
        row = connection.execute(query).fetchone()
    except psycopg.Error as error:
        return in_text(str(error))
    return in_text(str(row))


def in_text(text: str) -> set[str]:
    return {one for one in PLANTED if one in text}


def test_every_readable_relation_of_every_schema(served: ServedCompany, login: str) -> None:
    with (
        psycopg.connect(served.logins["hr1"], autocommit=True) as busy,
        psycopg.connect(served.logins[login], autocommit=True) as connection,
    ):
        busy.execute(f"select '{PHONE} {CODE} {BASE} {OTHER_PHONE}'".encode())  # stands in pg_stat_activity
        relations = readable(connection)
        # what the connection itself has asked is its own
        found = {
            f"{schema}.{table}": planted
            for schema, table, columns in relations
            if (planted := found_in(connection, schema, table, columns))
            and not (login == "hr1" and table in {"pg_stat_activity", "pg_prepared_statements"})
        }
    assert {"pg_stats", "pg_stat_activity", "pg_description"} <= {table for _, table, _ in relations}
    assert set().union(*found.values()) == MAY_SEE.get(login, set()), found
    assert {name.split(".")[0] for name in found} <= {"mart", "audit"}


def test_the_planted_values_are_in_the_statistics_of_the_owner(served: ServedCompany) -> None:
    """Else nothing would be proved above."""
    with psycopg.connect(served.url, autocommit=True) as owner:
        stats = owner.execute("select string_agg(concat_ws(' ', s), ' ') from pg_stats as s").fetchone()
    assert in_text(str(stats)) >= {PHONE, CODE}


#: conditions and values that fail on a row, put before the condition of the policy if it could be
LEAKS = (
    "select count(*) from {table} where cast({column} as text)::bit(3) is null",
    "select 1 / (case when {column}::text like '%1391736%' then 0 else 1 end) from {table}",
    "select * from {table} where 1 / (case when {column}::text like '%7413%' then 0 else 1 end) = 1",
    "select cast({column}::text as date) from {table}",
    "select count(*) from {table} where {column}::text::int8 > 0",
    "explain (analyze, verbose) select * from {table} where {column}::text like '%1391736%'",
    (
        "do $$ declare one record; begin for one in select {column} from {table} loop raise notice '%', one; "
        "end loop; end $$"
    ),
    "insert into {table} ({column}) values (null)",
    "update {table} set {column} = null",
    "create temporary table mine as select {column} from {table}",
    "select pg_get_expr(polqual, polrelid) from pg_policy",
)


def test_messages_of_errors_notices_and_plans(served: ServedCompany, login: str) -> None:
    said: list[str] = []
    with psycopg.connect(served.logins[login], autocommit=True) as connection:
        connection.add_notice_handler(
            lambda notice: said.append(f"{notice.message_primary} {notice.message_detail}")
        )
        for table, schema in TABLES.items():
            names = connection.execute(
                "select attname from pg_attribute where attrelid = (select c.oid from pg_class as c "
                "join pg_namespace as n on n.oid = relnamespace where nspname = %s and relname = %s) and attnum > 0",
                (schema, table),
            ).fetchall()
            for (column,) in names:
                for leak in LEAKS:
                    said += answers(connection, leak.format(table=f"{schema}.{table}", column=f'"{column}"'))
    assert in_text(" ".join(said)) <= MAY_SEE.get(login, set())
    assert len(said) > 100


def answers(connection: psycopg.Connection, statement: str) -> list[str]:
    """Rows or the error, as text, with detail, hint and context."""
    try:
        cursor = connection.execute(statement.encode())
        return [str(row) for row in cursor.fetchall()] if cursor.description else []
    except psycopg.Error as error:
        diagnosis = error.diag
        parts = (error, diagnosis.message_detail, diagnosis.message_hint, diagnosis.context)
        return [" ".join(str(part) for part in parts)]


@pytest.fixture(scope="module")
def failed(served: ServedCompany) -> ServerError:
    """A publication that failed in the middle and left behind what it had built."""
    wrong = plant(served.snapshot(2))
    with duckdb.connect(str(wrong / "incentives.duckdb")) as marts:
        # PostgreSQL takes no zero byte
        marts.execute("insert into marts.quarantine values ('employees', 'bad', ?)", [f"{PHONE}\x00{CODE}"])
    with pytest.raises(ServerError) as caught:
        publish_to_server(served.url, wrong, served.policy, PERSONAL_WITH_PLANTED)
    return caught.value


def test_a_publication_that_fails_says_no_value(failed: ServerError) -> None:
    assert "could not be loaded" in str(failed)
    assert in_text(str(failed)) == set()


def test_what_a_publication_left_behind_is_open_to_nobody(
    served: ServedCompany, failed: ServerError, login: str
) -> None:
    del failed
    with psycopg.connect(served.logins[login], autocommit=True) as connection:
        left = connection.execute(
            "select n.nspname, c.relname from pg_class as c join pg_namespace as n on n.oid = c.relnamespace "
            "where n.nspname like '%\\_next' and c.relkind = 'r'"
        ).fetchall()
        assert {"dim_employee", "fct_component_days", "fct_payouts"} <= {table for _, table in left}
        for schema, table in left:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"select * from {schema}.{table}".encode())
        stats = connection.execute(
            "select count(*) from pg_stats where schemaname like '%\\_next'"
        ).fetchone()
    assert stats == (0,)


def test_files_of_the_server_are_their_owners_alone(served: ServedCompany) -> None:
    """Its log says which row failed."""
    assert served.server.data.stat().st_mode & 0o077 == 0
    assert served.server.passwords.stat().st_mode & 0o077 == 0
