"""psql, and SQLAlchemy with pandas, read the serving database in each role: what the policy says, no more, no less."""

from __future__ import annotations

import csv
import io
import subprocess
from collections.abc import Iterator

import pandas as pd
import pytest
from sqlalchemy import Engine, create_engine, inspect

from serving.server.embedded import programs
from tests.support.served_company import LOGIN_OF, company, expected_text, schema_of
from tests.support.serving_server import ServedCompany, served_company

TABLES = list(company())


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedCompany]:
    with served_company(tmp_path_factory.mktemp("company")) as running:
        yield running


@pytest.fixture(params=list(LOGIN_OF), scope="module")
def login(request: pytest.FixtureRequest) -> str:
    return LOGIN_OF[request.param]


@pytest.fixture(scope="module")
def engine(served: ServedCompany, login: str) -> Iterator[Engine]:
    made = create_engine(served.logins[login].replace("postgresql://", "postgresql+psycopg://"))
    yield made
    made.dispose()


@pytest.mark.parametrize("table", TABLES)
def test_sqlalchemy_and_pandas_read_what_the_policy_says(engine: Engine, login: str, table: str) -> None:
    may = expected_text(login, table)
    query = f"select * from {schema_of(table)}.{table}"
    if may is None:
        with pytest.raises(pd.errors.DatabaseError, match="permission denied"):
            pd.read_sql(query, engine)
        return
    columns, rows = may
    frame = pd.read_sql(query.replace("*", ", ".join(f"cast({one} as text)" for one in columns)), engine)
    assert sorted(frame.fillna("").to_numpy().tolist()) == _as_cast(rows)
    typed = pd.read_sql(query.replace("*", ", ".join(columns)), engine)
    assert len(typed) == len(rows)
    assert list(typed.columns) == columns


def _as_cast(rows: list[list[str]]) -> list[list[str]]:
    """A boolean that is cast is a word, alone it is a letter."""
    return [[{"t": "true", "f": "false"}.get(value, value) for value in row] for row in rows]


@pytest.mark.parametrize("of", ["hr", "analyst"])
def test_sqlalchemy_finds_columns_keys_and_comments(served: ServedCompany, of: str) -> None:
    engine = create_engine(served.logins[LOGIN_OF[of]].replace("postgresql://", "postgresql+psycopg://"))
    found = inspect(engine)
    assert found.get_pk_constraint("dim_period", "mart")["constrained_columns"] == ["period"]
    assert {column["name"] for column in found.get_columns("dim_period", "mart")} >= {"starts_on", "quarter"}
    assert found.get_table_comment("fct_payouts", "payroll") == {"text": "Pay"}
    engine.dispose()


@pytest.mark.parametrize("table", TABLES)
def test_psql_reads_what_the_policy_says(served: ServedCompany, login: str, table: str) -> None:
    may = expected_text(login, table)
    listed = ", ".join(may[0]) if may else "count(*)"
    query = f"select {listed} from {schema_of(table)}.{table}"
    done = subprocess.run(
        [programs() / "psql", "--csv", "--no-psqlrc", "--dbname", served.logins[login], "--command", query],
        capture_output=True,
        text=True,
        check=False,
    )
    if may is None:
        assert done.returncode == 1
        assert "permission denied for" in done.stderr
        return
    assert done.returncode == 0, done.stderr
    header, *rows = list(csv.reader(io.StringIO(done.stdout)))
    assert header == may[0]
    assert sorted(rows) == may[1]
