"""Delivered logins join those of access.yml; one that cannot be given sees nothing, and why is said."""

from __future__ import annotations

import datetime as dt

import duckdb
import pytest

from serving.access.delivered import sentences, with_delivered_logins
from serving.access.model import AccessPolicy, Principal

FROM = dt.date(2026, 1, 1)
POLICY = AccessPolicy.model_validate(
    {
        "roles": {
            "hr": {"rows": "all", "tables": "all"},
            "employee": {"rows": "own", "tables": ["fct_payouts"]},
            "desk": {"rows": "all", "tables": {"fct_payouts": {"rows": "own"}}},
        },
        "principals": [{"login": "wang_min", "role": "hr", "valid_from": FROM}],
    }
)


def delivered(*rows: tuple[object, ...]) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("create schema marts")
    connection.execute(
        "create table marts.dim_principal (login varchar, role varchar, employee_id varchar, valid_from date, "
        "valid_to date, is_in_question boolean)"
    )
    for row in rows:
        connection.execute("insert into marts.dim_principal values (?, ?, ?, ?, ?, ?)", list(row))
    return connection


def test_delivered_logins_stand_behind_those_of_the_file() -> None:
    policy, refused = with_delivered_logins(
        POLICY,
        delivered(
            ("li_lei", "employee", "E7", FROM, dt.date(2026, 6, 30), False),
            ("ann", "hr", None, FROM, None, False),
        ),
    )
    assert policy.principals == (
        *POLICY.principals,
        Principal(login="ann", role="hr", valid_from=FROM),
        Principal(
            login="li_lei", role="employee", employee_id="E7", valid_from=FROM, valid_to=dt.date(2026, 6, 30)
        ),
    )
    assert refused == ()


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (("li_lei", "employee", "E7", FROM, None, True), "a newer row of it is in quarantine"),
        (("wang_min", "employee", "E7", FROM, None, False), "access.yml lists it too, and counts"),
        (("hr", "employee", "E7", FROM, None, False), "it is the name of a role"),
        (("li_lei", "boss", "E7", FROM, None, False), "no role 'boss', only desk, employee, hr"),
        (("li_lei", "employee", "UNRESOLVED", FROM, None, False), "nobody knows the employee it names"),
        (("li_lei", "employee", None, FROM, None, False), "no employee_id is given"),
        (("li_lei", "desk", None, FROM, None, False), "no employee_id is given"),
        (("Li Lei", "employee", "E7", FROM, None, False), "login is not a login of lower-case letters"),
        (("pg_li", "employee", "E7", FROM, None, False), "not reserved"),
        (("li_lei", "employee", "E7", FROM, dt.date(2025, 1, 1), False), "is before valid_from"),
    ],
)
def test_a_login_that_cannot_be_given_sees_nothing_and_why_is_said(row: tuple[object, ...], why: str) -> None:
    policy, refused = with_delivered_logins(POLICY, delivered(row))
    assert policy.principals == POLICY.principals
    [sentence] = sentences(refused)
    assert sentence.startswith(f"The login {row[0]} sees nothing: ")
    assert why in sentence


def test_a_publication_of_an_older_version_has_none() -> None:
    assert with_delivered_logins(POLICY, duckdb.connect()) == (POLICY, ())
