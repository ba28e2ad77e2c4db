"""A delivered login reads the serving database as its row says, and no longer than that."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import psycopg
import pytest

from serving.server.embedded import EmbeddedServer
from serving.server.publish import Served, publish_to_server
from tests.support.served_company import PERSONAL, POLICY, url_as, write_snapshot

OWN = "select distinct employee_id from payroll.fct_payouts"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[EmbeddedServer, str]]:
    embedded = EmbeddedServer(tmp_path_factory.mktemp("serving"))
    yield embedded, embedded.start()
    embedded.stop()


def published(url: str, folder: Path, name: str, *logins: str) -> Served:
    policy = folder / "access.yml"
    policy.write_text(POLICY, encoding="utf-8")
    publication = write_snapshot(folder / name)
    with duckdb.connect(str(publication / "incentives.duckdb")) as connection:
        listed = ", ".join(logins) or "(null, null, null, null, null, null)"
        connection.execute(
            f"create table marts.dim_principal as from (values {listed}) as rows "
            "(login, role, employee_id, valid_from, valid_to, is_in_question) where login is not null"
        )
    return publish_to_server(url, publication, policy, PERSONAL)


def test_a_delivered_login_sees_its_rows_until_it_is_delivered_no_more(
    server: tuple[EmbeddedServer, str], tmp_path: Path
) -> None:
    embedded, url = server
    row = "('delivered', 'employee', 'E5', date '2020-01-01', null::date, {})"
    assert published(url, tmp_path, "p1", row.format("false")).refused == ()
    login = url_as(url, "delivered", embedded.give_passwords(url, ["delivered"])["delivered"])
    with psycopg.connect(login, autocommit=True) as connection:
        assert connection.execute(OWN.encode()).fetchall() == [("E5",)]

    [refused] = published(url, tmp_path, "p2", row.format("true")).refused
    assert refused.login == "delivered"
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        psycopg.connect(login)

    published(url, tmp_path, "p3", row.format("false"))
    with psycopg.connect(login, autocommit=True) as connection:
        assert connection.execute(OWN.encode()).fetchall() == [("E5",)]
    published(url, tmp_path, "p4")
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        psycopg.connect(login)
