"""Who read what in the embedded database stands in its log, for as many days as are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from serving.server import switch
from serving.server.embedded import EmbeddedServer
from serving.server.publish import publish_to_server
from serving.server.readings import FOLDER, forget_old, keep_statements, read_log
from tests.support.served_company import PERSONAL, POLICY, url_as, write_snapshot

SCORES = "select total_score from mart.fct_scorecards"
PAY = "select payable from payroll.fct_payouts"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[EmbeddedServer, str]]:
    embedded = EmbeddedServer(tmp_path_factory.mktemp("serving"))
    url = embedded.start()
    policy = tmp_path_factory.mktemp("policy") / "access.yml"
    policy.write_text(POLICY, encoding="utf-8")
    served = publish_to_server(url, write_snapshot(tmp_path_factory.mktemp("p") / "p1"), policy, PERSONAL)
    assert served.troubles == []
    embedded.give_passwords(url, ["hr1", "mid"])
    yield embedded, url
    embedded.stop()


def ask(server: tuple[EmbeddedServer, str], login: str, query: str, *values: object) -> None:
    embedded, url = server
    password = embedded.give_passwords(url, [login])[login]
    with psycopg.connect(url_as(url, login, password), autocommit=True) as connection:
        connection.execute(query.encode(), values or None).fetchall()


def test_a_login_leaves_connection_statements_and_refusals(server: tuple[EmbeddedServer, str]) -> None:
    embedded, _ = server
    ask(server, "hr1", PAY)
    ask(server, "hr1", f"{PAY} where employee_id = %s", "E5")
    ask(server, "mid", SCORES)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(server, "mid", PAY)
    assert embedded.readers() == {"hr1", "mid"}
    found = list(read_log(embedded.data, embedded.readers()))
    assert [(one.login, one.event, one.statement) for one in found] == [
        ("hr1", "connected", None),
        ("hr1", "asked", PAY),
        ("hr1", "connected", None),
        ("hr1", "asked", f"{PAY} where employee_id = $1"),
        ("mid", "connected", None),
        ("mid", "asked", SCORES),
        ("mid", "connected", None),
        ("mid", "asked", PAY),
        ("mid", "refused", PAY),
    ]
    assert found[-1].why == "permission denied for schema payroll"
    assert {one.address for one in found} == {"127.0.0.1"}
    assert [one.at for one in found] == sorted(one.at for one in found)


def test_a_login_cannot_stop_the_log(server: tuple[EmbeddedServer, str]) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(server, "mid", "set log_statement = 'none'")


def test_a_login_is_logged_from_the_moment_it_sees_something(
    server: tuple[EmbeddedServer, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, url = server
    policy = tmp_path / "access.yml"
    added = "  - {login: late, role: hr, valid_from: 2020-01-01}\n"
    policy.write_text(POLICY.replace("principals:\n", f"principals:\n{added}"), encoding="utf-8")

    def die(*_: object) -> None:
        raise RuntimeError("killed right after the switch")

    monkeypatch.setattr(switch, "drop_schemas", die)
    with pytest.raises(RuntimeError):
        publish_to_server(url, write_snapshot(tmp_path / "p2"), policy, PERSONAL)
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "select p.login, r.rolconfig from access.principals as p join pg_roles as r on r.rolname = p.login"
        ).fetchall()
    assert ("late", ["log_statement=all"]) in found
    assert {tuple(settings or ()) for _, settings in found} == {("log_statement=all",)}


def test_a_publisher_that_may_not_set_it_says_so(server: tuple[EmbeddedServer, str]) -> None:
    _, url = server
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("create role lesser login createrole password 'x'")
    with psycopg.connect(url_as(url, "lesser", "x"), autocommit=True) as connection:
        connection.execute("create role of_lesser login")
        with connection.transaction():
            said = keep_statements(connection, ["of_lesser"])
            assert connection.execute("select 1").fetchone() == (1,), "the transaction goes on"
    assert said is not None
    assert "grant set on parameter log_statement" in said


def test_logs_of_days_long_past_are_removed(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    for name in ("2020-01-01.json", "2020-01-01.log", "2999-01-01.json", "notes.txt"):
        (tmp_path / FOLDER / name).touch()
    assert forget_old(tmp_path, 30) == 2
    assert {file.name for file in (tmp_path / FOLDER).iterdir()} == {"2999-01-01.json", "notes.txt"}
