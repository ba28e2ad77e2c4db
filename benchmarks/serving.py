"""``python -m benchmarks.serving [--employees N] [--kpis N]``: how fast marts are served, and how fast a team is read.

Belongs here: marts of a large company, their publication beside a plain ingest, a manager's query. Does not belong here:
publishing (``serving.server``).

The marts have the columns and types of the real ones. The plain ingest is what ADBC does alone: the same rows into tables
of the same types, without keys, joins, comments, row security and statistics.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import duckdb
import psycopg
import typer
from ruamel.yaml import YAML

from benchmarks.processors import processor_of
from scripts.make_docs import grain, marts
from serving.server.embedded import EmbeddedServer
from serving.server.publish import load_rows, publish_to_server
from serving.server.tables import create_table, read_tables

PERIODS = 24
_SPAN = 10  # people below each manager
#: what is not made of the row's number; a column that is not here is a text, an amount, a day of its type
_VALUES = {
    "employee_id": "'E' || lpad(cast(person as varchar), 5, '0')",
    "period": "strftime(date '2024-11-01' + to_months(cast(month as integer)), '%Y-%m')",
    "starts_on": "cast(date '2024-11-01' + to_months(cast(month as integer)) as date)",
    "ends_on": "cast(last_day(date '2024-11-01' + to_months(cast(month as integer))) as date)",
    "manager_id": f"case when person > 0 then 'E' || lpad(cast((person - 1) // {_SPAN} as varchar), 5, '0') end",
    "team_id": f"'T' || (person - 1) // {_SPAN}",
    "valid_from": "date '2020-01-01'",
    "valid_to": "date '9999-12-31'",
    "is_current": "true",
    "termination_date": "cast(null as date)",
    "kpi_id": "'kpi_' || lpad(cast(part as varchar), 2, '0')",
    "line_id": "md5(person || '|' || month || '|' || part)",
    "plan_hash": "'1e0f5b7c2d6a4938b1c0d2e3f4a5968778695a4b3c2d1e0f1e0f5b7c2d6a4938'",
    "run_id": "'b72981cb70cc6dbc'",
    "currency": "'CNY'",
    "year": "strftime(date '2024-11-01' + to_months(cast(month as integer)), '%Y')",
    "quarter": "strftime(date '2024-11-01' + to_months(cast(month as integer)), '%Y-Q')"
    " || quarter(date '2024-11-01' + to_months(cast(month as integer)))",
}
_BY_TYPE = {
    "boolean": "part % 2 = 0",
    "date": "date '2026-01-01' + cast(part as integer)",
    "varchar": "'a text'",
}


def write_marts(folder: Path, employees: int, kpis: int, lines: int) -> dict[str, int]:
    """A publication; its rows by mart."""
    folder.mkdir(parents=True)
    sizes = {
        "dim_employee": (employees, 1, 1),
        "dim_period": (1, PERIODS, 1),
        "dim_kpi": (1, 1, kpis),
        "fct_scorecards": (employees, PERIODS, 1),
        "fct_kpi_values": (employees, PERIODS, kpis),
        "fct_payout_lines": (employees, PERIODS, lines),
    }
    described = marts()
    with duckdb.connect(str(folder / "incentives.duckdb")) as connection:
        connection.execute("create schema marts")
        for name, (people, months, parts) in sizes.items():
            columns = ", ".join(_value(one["name"], one["data_type"]) for one in described[name]["columns"])
            connection.execute(
                f"create table marts.{name} as select {columns} from range({people}) as p(person), "
                f"range({months}) as m(month), range({parts}) as q(part) order by all"  # as a snapshot has them
            )
            key = ", ".join(column for column in grain(described[name]) if column)
            if key:
                connection.execute(f"alter table marts.{name} add primary key ({key})")
    return {name: people * months * parts for name, (people, months, parts) in sizes.items()}


def _value(column: str, kind: str) -> str:
    made = _VALUES.get(column) or _BY_TYPE.get(kind, "(person * 31 + month * 7 + part) % 9973 + 0.25")
    return f"cast({made} as {kind}) as {column}"


@dataclass
class Cost:
    """Seconds on the clock, and of processors."""

    seconds: float = 0
    client: float = 0
    server: float = 0


@contextmanager
def measured(server: EmbeddedServer) -> Iterator[Cost]:
    """What is done inside."""
    cost = Cost()
    began, client, of_server = time.perf_counter(), time.process_time(), processor_of(server.data)
    yield cost
    cost.seconds, cost.client = time.perf_counter() - began, time.process_time() - client
    time.sleep(1)  # the server takes leave of its processes
    cost.server = processor_of(server.data) - of_server


def plain(url: str, publication: Path) -> None:
    """ADBC alone."""
    from adbc_driver_postgresql import dbapi

    with (
        duckdb.connect(str(publication / "incentives.duckdb"), read_only=True) as source,
        psycopg.connect(url, autocommit=True) as target,
        dbapi.connect(url, autocommit=True) as loader,
    ):
        target.execute("drop schema if exists plain cascade")
        target.execute("create schema plain")
        for table in read_tables(source):
            target.execute(create_table("plain", table, publication.name))
            load_rows(loader, source, table.name, "plain")


QUERIES = {
    "scorecards of the team, last month": "select * from mart.fct_scorecards where period = '2026-10'",
    "scorecards of the team, all months": "select * from mart.fct_scorecards",
    "average by month": "select period, avg(total_score) from mart.fct_scorecards group by period",
    "KPI values of the team, last month": "select * from mart.fct_kpi_values where period = '2026-10'",
}


def team_queries(url: str, explain: bool, times: int = 22) -> dict[str, Any]:
    """Milliseconds of queries of a login, rows fetched: median and longest, the first of a connection aside."""
    found: dict[str, Any] = {}
    with psycopg.connect(url, autocommit=True) as connection:
        for name, query in QUERIES.items():
            took = []
            for _ in range(times):
                began = time.perf_counter()
                rows = len(connection.execute(query.encode()).fetchall())
                took.append((time.perf_counter() - began) * 1000)
            found[name] = {
                "rows": rows,
                "ms": round(statistics.median(took[1:]), 1),
                "max": round(max(took[1:]), 1),
            }
            if explain:
                plan = connection.execute(f"explain (analyze, costs off) {query}".encode()).fetchall()
                print("\n".join(row[0] for row in plan), end="\n\n")
    return found


def main(
    employees: Annotated[int, typer.Option(help="People.")] = 10_000,
    kpis: Annotated[int, typer.Option(help="KPI values a person and month.")] = 10,
    lines: Annotated[int, typer.Option(help="Payout lines a person and month.")] = 5,
    rounds: Annotated[int, typer.Option(help="Publications and plain ingests, in turn.")] = 3,
    explain: Annotated[bool, typer.Option(help="Print the plans of the queries.")] = False,
) -> None:
    """Publish, ingest, read."""
    with tempfile.TemporaryDirectory(prefix="serving-bench-") as name:
        folder = Path(name)
        sizes = write_marts(folder / "v0", employees, kpis, lines)
        rows = sum(sizes.values())
        server = EmbeddedServer(folder / "server")
        try:
            url = server.start()
            access = _policy(folder, employees, sizes)
            took: dict[str, list[Cost]] = {"plain": [], "published": []}
            for number in range(rounds):
                with measured(server) as cost:
                    plain(url, folder / f"v{number}")
                took["plain"].append(cost)
                publication = (folder / f"v{number}").rename(
                    folder / f"v{number + 1}"
                )  # another name is published anew
                with measured(server) as cost:
                    publish_to_server(url, publication, access, {"dim_employee": {"name"}})
                took["published"].append(cost)
            passwords = server.give_passwords(url, ["team", "top"])
            logins = {one: url.replace(*_credentials(url, one, passwords[one])) for one in passwords}
            figures = {
                "rows": sizes,
                "load": os.getloadavg()[0],
                **{way: _figures(rows, costs) for way, costs in took.items()},
                "one team": team_queries(logins["team"], explain),
                "everybody, through the reporting line": team_queries(logins["top"], False, 4),
            }
            print(json.dumps(figures, indent=2))
        finally:
            server.stop()
            shutil.rmtree(server.data)  # root's lie outside of the folder


def _figures(rows: int, costs: list[Cost]) -> dict[str, list[float]]:
    return {
        "rows_per_second": [round(rows / cost.seconds) for cost in costs],
        "processor_of_client": [round(cost.client, 1) for cost in costs],
        "processor_of_server": [round(cost.server, 1) for cost in costs],
    }


def _credentials(url: str, login: str, password: str) -> tuple[str, str]:
    return url.split("@", maxsplit=1)[0], f"postgresql://{login}:{password}"


def _policy(folder: Path, employees: int, sizes: dict[str, int]) -> Path:
    """Roles of the repository over the marts that are made here; the manager of a team of ten, and the one above all."""
    document = YAML(typ="safe").load(Path("access.yml"))
    roles = document["roles"]
    for role in roles.values():
        if role["tables"] != "all":
            named = role["tables"] if isinstance(role["tables"], dict) else dict.fromkeys(role["tables"])
            role["tables"] = {table: access for table, access in named.items() if table in sizes}
    schemas = {
        name: [table for table in tables if table in sizes] for name, tables in document["schemas"].items()
    }
    bosses = {"team": f"E{(employees - 2) // _SPAN:05d}", "top": "E00000"}
    principals = [
        {"login": login, "role": "manager", "employee_id": boss, "valid_from": "2020-01-01"}
        for login, boss in bosses.items()
    ]
    access = folder / "access.yml"
    YAML().dump({"schemas": schemas, "roles": roles, "principals": principals}, access)
    return access


if __name__ == "__main__":
    typer.run(main)
