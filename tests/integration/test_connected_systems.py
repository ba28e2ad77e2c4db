"""A company whose deals come from Salesforce is paid as if they were in a file, and explain ends at the opportunity."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.files import DeliverySpec, ensure_raw_tables, import_delivery
from orchestration.settings import ROOT
from tests.support.extracted import write_sources
from tests.support.landed import computed
from tests.support.systems import Salesforce

PLANS = ROOT / "plans"
EMPLOYEES = (
    "employee_id,name,email,department,hire_date\n"
    "E1,Ann,ann@example.com,sales,2020-01-01\nE2,Ben,ben@example.com,sales,2020-01-01\n"
)
DEALS = [("E1", "100000.00", "2026-03-05"), ("E2", "20000.50", "2026-03-06"), ("E1", "300.25", "2026-03-07")]
PAID = ["fct_payout_lines", "fct_provenance"]


def _command(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "orchestration.cli", *words],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "INCENTIVES_HOME": str(home), "INCENTIVES_ENV": "ci"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def delivery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("people")
    (folder / "employees.csv").write_text(EMPLOYEES, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def connected(tmp_path_factory: pytest.TempPathFactory, delivery: Path) -> Iterator[tuple[Path, Salesforce]]:
    """A home where `incentives run` took the deals from the simulator and the employees from files."""
    home = tmp_path_factory.mktemp("connected")
    with Salesforce(home) as crm:
        stamp = "2026-03-01T00:00:00.000+0000"
        for number, (employee, amount, day) in enumerate(DEALS):
            crm.put(number, amount)
            crm.simulator.records["Opportunity"][-1] |= {"OwnerId": f"005{employee}", "CloseDate": day}
        crm.simulator.records["User"] += [
            {
                "Id": f"005{employee}",
                "Name": employee,
                "Email": email,
                "IsActive": True,
                "SystemModstamp": stamp,
            }
            for employee, email in (("E1", "Ann@example.com"), ("E2", "ben@example.com"))
        ]
        crm.simulator.records["Account"].append(
            {"Id": "001A", "Name": "Acme", "Type": None, "Phone": None, "OwnerId": "005E1", "CreatedDate": stamp,
             "LastModifiedDate": stamp, "SystemModstamp": stamp, "IsDeleted": False}
        )  # fmt: skip
        write_sources(home / "sources.yml", {"name": "crm", "type": "salesforce"} | crm.entry())
        done = _command(home, "run", "--delivery", str(delivery), "--plans", str(PLANS), "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        yield home, crm


@pytest.fixture(scope="module")
def lines(connected: tuple[Path, Salesforce]) -> list[dict[str, Any]]:
    import duckdb

    with duckdb.connect(str(connected[0] / "warehouse.duckdb"), read_only=True) as connection:
        table = connection.execute("select * from marts.fct_payout_lines order by line_id").to_arrow_table()
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


def test_the_same_is_paid_as_from_a_file(
    connected: tuple[Path, Salesforce], lines: list[dict[str, Any]], delivery: Path, tmp_path: Path
) -> None:
    crm = connected[1]
    rows = "".join(
        f"{crm.record_id(number)},001A,{employee},{amount},CNY,{day},signed\n"
        for number, (employee, amount, day) in enumerate(DEALS)
    )
    folder = tmp_path / "delivery"
    folder.mkdir()
    (folder / "employees.csv").write_text(EMPLOYEES, encoding="utf-8")
    (folder / "customers.csv").write_text(
        "customer_id,name,owner_employee_id,created_at,updated_at\n"
        "001A,Acme,E1,2026-03-01T00:00:00Z,2026-03-01T00:00:00Z\n",
        encoding="utf-8",
    )
    header = "deal_id,customer_id,owner_employee_id,amount,currency,signed_at,status\n"
    (folder / "deals.csv").write_text(header + rows, encoding="utf-8")
    home = tmp_path / "home"
    ensure_raw_tables(home / "warehouse.duckdb", home / "dlt")
    import_delivery(DeliverySpec(folder), home / "warehouse.duckdb", dlt_dir=home / "dlt")
    made = computed(home, PLANS, PAID)
    paid = (
        "employee_id",
        "period",
        "component",
        "deal_id",
        "basis_amount",
        "rate",
        "amount",
        "status",
        "reason",
    )

    def told(found: list[dict[str, Any]]) -> list[tuple[str, ...]]:
        return sorted(tuple(str(row[name]) for name in paid) for row in found)

    assert told(lines) == told(made.rows("fct_payout_lines"))
    assert len([row for row in lines if row["deal_id"]]) >= len(DEALS)


def test_explain_ends_at_the_opportunity(
    connected: tuple[Path, Salesforce], lines: list[dict[str, Any]]
) -> None:
    home, crm = connected
    line = next(row for row in lines if row["deal_id"] == crm.record_id(0) and row["component"] == "closing")
    done = _command(home, "explain", line["line_id"], "--json")
    assert done.returncode == 0, done.stderr
    deal = json.loads(done.stdout)["sources"][0]
    assert (deal["source"], deal["file"], deal["values"]["_lines"]) == (
        "crm",
        "opportunities",
        crm.record_id(0),
    )
    assert deal["address"] == f"{crm.simulator.url}/{crm.record_id(0)}"
    shown = _command(home, "explain", line["line_id"]).stdout
    assert f"crm opportunities:{crm.record_id(0)} ({crm.simulator.url}/{crm.record_id(0)})" in shown


def test_no_file_of_the_home_holds_a_secret(connected: tuple[Path, Salesforce]) -> None:
    home = connected[0]
    secret_files = {home / "secret_client_id", home / "secret_client_secret"}
    words = [b"simulated-secret", *(token.encode() for token in connected[1].simulator.tokens)]
    found = [
        path
        for path in home.rglob("*")
        if path.is_file() and path not in secret_files and any(word in path.read_bytes() for word in words)
    ]
    assert found == []
