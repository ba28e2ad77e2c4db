"""A company whose deals come from Salesforce is paid as if they were in a file.

Whole runs with connected systems: ``test_company_from_its_systems`` and ``test_connect_your_crm``.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.files import DeliverySpec, import_delivery
from orchestration.settings import ROOT
from tests.support.extracted import Home, write_sources
from tests.support.landed import computed
from tests.support.systems import Salesforce

PLANS = ROOT / "plans"
EMPLOYEES = (
    "employee_id,name,email,department,hire_date\n"
    "E1,Ann,ann@example.com,sales,2020-01-01\nE2,Ben,ben@example.com,sales,2020-01-01\n"
)
DEALS = [("E1", "100000.00", "2026-03-05"), ("E2", "20000.50", "2026-03-06"), ("E1", "300.25", "2026-03-07")]
PAID = ["fct_payout_lines"]


@pytest.fixture(scope="module")
def delivery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("people")
    (folder / "employees.csv").write_text(EMPLOYEES, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def connected(
    empty_home: Path, tmp_path_factory: pytest.TempPathFactory, delivery: Path
) -> Iterator[tuple[Path, Salesforce]]:
    """A home with deals from the simulator and employees from files."""
    home = Path(shutil.copytree(empty_home, tmp_path_factory.mktemp("connected") / "home"))
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
        import_delivery(DeliverySpec(delivery), home / "warehouse.duckdb", dlt_dir=home / "dlt")
        assert Home(home).extract().failures == []
        assert Home(home).deliver() is not None
        yield home, crm


@pytest.fixture(scope="module")
def lines(connected: tuple[Path, Salesforce]) -> list[dict[str, Any]]:
    return computed(connected[0], PLANS, PAID).rows("fct_payout_lines")


def test_the_same_is_paid_as_from_a_file(
    connected: tuple[Path, Salesforce], lines: list[dict[str, Any]], empty_home: Path, tmp_path: Path
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
    home = Path(shutil.copytree(empty_home, tmp_path / "home"))
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
