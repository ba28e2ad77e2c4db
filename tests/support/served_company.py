"""A made-up company in the serving database, and what its policy file says, worked out in plain Python.

Belongs here: the company, its policy, and the evaluation that knows nothing of the SQL. Does not belong here: tests.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb
from ruamel.yaml import YAML

PERSONAL = {"dim_employee": {"name"}, "dim_customer": {"name"}}
POLICY = """\
schemas:
  payroll: [fct_payouts]
roles:
  hr: {rows: all, personal: true, tables: all}
  manager:
    rows: team
    personal: true
    tables:
      dim_employee:
      fct_scorecards:
      dim_customer: {rows: all, without: [name]}
  employee:
    rows: own
    personal: true
    tables:
      dim_employee: {without: [manager_id]}
      fct_scorecards:
      fct_payouts:
  payroll: {rows: all, tables: [dim_employee, fct_payouts]}
  auditor: {rows: all, personal: true, tables: all}
  analyst: {rows: all, tables: [dim_employee, fct_scorecards, dim_customer, dim_period]}
principals:
  - {login: hr1, role: hr, valid_from: 2020-01-01}
  - {login: top, role: manager, employee_id: E0, valid_from: 2020-01-01}
  - {login: mid, role: manager, employee_id: E1, valid_from: 2020-01-01}
  - {login: one, role: employee, employee_id: E5, valid_from: 2020-01-01}
  - {login: one_as_manager, role: manager, employee_id: E5, valid_from: 2020-01-01}
  - {login: left, role: employee, employee_id: E9, valid_from: 2020-01-01}
  - {login: gone, role: hr, valid_from: 2020-01-01, valid_to: 2020-12-31}
  - {login: later, role: hr, valid_from: 2999-01-01}
  - {login: pay, role: payroll, valid_from: 2020-01-01}
  - {login: aud, role: auditor, valid_from: 2020-01-01}
  - {login: ana, role: analyst, valid_from: 2020-01-01}
"""
#: a login of each role
LOGIN_OF = {
    "hr": "hr1",
    "manager": "mid",
    "employee": "one",
    "payroll": "pay",
    "auditor": "aud",
    "analyst": "ana",
}
MONTHS = ["2026-08", "2026-09", "2026-10"]
OPEN = dt.date(9999, 12, 31)
#: employee, manager, first day, first day after
ROLES = [
    ("E0", None, dt.date(2026, 1, 1), OPEN),
    ("E1", "E0", dt.date(2026, 1, 1), OPEN),
    ("E2", "E0", dt.date(2026, 1, 1), OPEN),
    ("E3", "E1", dt.date(2026, 1, 1), OPEN),
    # to another team in the middle of a month
    ("E4", "E1", dt.date(2026, 1, 1), dt.date(2026, 9, 16)),
    ("E4", "E2", dt.date(2026, 9, 16), OPEN),
    # below one who is below one
    ("E5", "E3", dt.date(2026, 1, 1), OPEN),
    # two who manage each other
    ("E6", "E7", dt.date(2026, 1, 1), OPEN),
    ("E7", "E6", dt.date(2026, 1, 1), OPEN),
    ("E8", "UNRESOLVED", dt.date(2026, 9, 1), OPEN),
    # has left
    ("E9", "E1", dt.date(2026, 1, 1), dt.date(2026, 9, 21)),
]
LEFT = {"E9": dt.date(2026, 9, 20)}
Rows = list[tuple[Any, ...]]


def _period(month: str) -> tuple[Any, ...]:
    first = dt.date(2026, int(month[5:]), 1)
    last = dt.date(2026, first.month + 1, 1) - dt.timedelta(days=1)
    return month, first, last, f"2026-Q{(first.month + 2) // 3}", 2026


def company() -> dict[str, tuple[list[str], Rows]]:
    """Columns and rows of every mart."""
    people = list(dict.fromkeys(role[0] for role in ROLES))
    employees: Rows = [
        (one, f"Name {one}", manager, start, end, end == OPEN, LEFT.get(one))
        for one, manager, start, end in ROLES
    ]
    columns = [
        "employee_id",
        "name",
        "manager_id",
        "valid_from",
        "valid_to",
        "is_current",
        "termination_date",
    ]
    periods: Rows = [_period(month) for month in MONTHS]
    labels = [*MONTHS, "2026-Q3"]
    scores: Rows = [(one, period, at) for at, one in enumerate([*people, "UNRESOLVED"]) for period in labels]
    return {
        "dim_employee": (columns, employees),
        "dim_period": (["period", "starts_on", "ends_on", "quarter", "year"], periods),
        "fct_scorecards": (["employee_id", "period", "total_score"], scores),
        "fct_payouts": (["employee_id", "period", "payable"], [(*row[:2], row[2] * 100) for row in scores]),
        "dim_customer": (["customer_key", "name"], [(f"K{at}", f"Customer {at}") for at in range(3)]),
    }


def write_snapshot(folder: Path, version: int = 0) -> Path:
    """A publication of the company; the version is added to every payout."""
    folder.mkdir(parents=True)
    kinds = {"payable": "decimal(18,2)", "total_score": "integer", "year": "integer", "is_current": "boolean"}
    dates = ("valid_from", "valid_to", "termination_date", "starts_on", "ends_on")
    with duckdb.connect(str(folder / "incentives.duckdb")) as connection:
        connection.execute("create schema marts")
        for name, (columns, rows) in company().items():
            listed = ", ".join(f"{c} {kinds.get(c, 'date' if c in dates else 'varchar')}" for c in columns)
            connection.execute(f"create table marts.{name} ({listed})")
            added = [(*row[:2], row[2] + version) for row in rows] if name == "fct_payouts" else rows
            connection.executemany(
                f"insert into marts.{name} values ({', '.join('?' * len(columns))})", added
            )
        connection.execute("alter table marts.dim_period add primary key (period)")
        connection.execute("alter table marts.dim_customer add primary key (customer_key)")
        connection.execute("comment on table marts.fct_payouts is 'Pay'")
        connection.execute("comment on column marts.fct_payouts.payable is 'What is paid'")
    return folder


def schema_of(table: str) -> str:
    """The schema the policy gives a table."""
    return "payroll" if table == "fct_payouts" else "mart"


def url_as(url: str, login: str, password: str) -> str:
    return f"postgresql://{login}:{password}@{url.rsplit('@', 1)[1]}"


def manager_in(employee: str, month: str) -> str | None:
    """Whom an employee reports to on the last day in a month."""
    first = dt.date(int(month[:4]), int(month[5:]), 1)
    after = (first + dt.timedelta(days=32)).replace(day=1)
    held = [
        (start, manager)
        for one, manager, start, end in ROLES
        if one == employee and start < after and end > first
    ]
    return max(held, default=(None, None), key=lambda role: role[0] or dt.date.min)[1]


def is_below(employee: str, boss: str, label: str) -> bool:
    month = {"2026-Q3": "2026-09"}.get(label, label)
    seen, above = {employee}, manager_in(employee, month)
    while above and above not in seen:
        if above == boss:
            return True
        seen.add(above)
        above = manager_in(above, month)
    return False


def expected_text(login: str, table: str) -> tuple[list[str], list[list[str]]] | None:
    """The same as every client of PostgreSQL writes it, sorted; NULL is empty."""
    may = expected(login, table)
    if may is None:
        return None
    columns, rows = may
    return columns, sorted([_text(value, c) for value, c in zip(row, columns, strict=True)] for row in rows)


def _text(value: Any, column: str) -> str:
    if isinstance(value, bool):
        return "t" if value else "f"
    if column == "payable":
        return f"{value}.00"
    return "" if value is None else str(value)


def expected(login: str, table: str) -> tuple[list[str], Rows] | None:
    """What the policy file says a login sees of a table; None: it may not ask."""
    document = YAML(typ="safe").load(POLICY)
    principal = next(one for one in document["principals"] if one["login"] == login)
    role = document["roles"][principal["role"]]
    named = role["tables"]
    if named != "all" and table not in named:
        return None
    special = (named[table] or {}) if isinstance(named, dict) else {}
    hidden = set(special.get("without", [])) | (set() if role.get("personal") else PERSONAL.get(table, set()))
    columns, rows = company()[table]
    visible = [column for column in columns if column not in hidden]
    me, wanted = principal.get("employee_id"), special.get("rows", role["rows"])
    today = dt.datetime.now(dt.UTC).date()
    last = min((day for day in (principal.get("valid_to"), LEFT.get(me or "")) if day), default=OPEN)
    is_open = principal["valid_from"] <= today <= last

    def is_seen(row: tuple[Any, ...]) -> bool:
        if not is_open:
            return False
        if wanted == "all" or row[0] == me:
            return True
        period = row[1] if "period" in columns else MONTHS[-1]
        return wanted == "team" and is_below(row[0], me, period)

    return visible, [
        tuple(v for c, v in zip(columns, row, strict=True) if c in visible) for row in rows if is_seen(row)
    ]
