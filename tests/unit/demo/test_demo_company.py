"""The delivery as a whole: same bytes, complete templates, sound references, plausible numbers."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import datetime
from pathlib import Path

import pytest

from connectors.files.templates import TEMPLATES as CONTRACT
from demo.company import write_company
from demo.world.tables import TEMPLATES, Tables, cell

pytestmark = pytest.mark.xdist_group("demo")

ROOT = Path(__file__).parents[3]
EMPLOYEE_COLUMNS = {
    "employee_id", "manager_id", "owner_employee_id", "handler_employee_id", "from_employee_id",
    "to_employee_id", "changed_by", "checked_by", "decided_by", "author", "approver",
}  # fmt: skip
REFERENCES = {
    "customer_id": ("customers", "customer_id"),
    "referred_by_customer_id": ("customers", "customer_id"),
    "referrer_customer_id": ("customers", "customer_id"),
    "lead_id": ("leads", "lead_id"),
    "deal_id": ("deals", "deal_id"),
    "course_id": ("courses", "course_id"),
}


def fingerprint(directory: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(directory.iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def test_the_same_seed_writes_the_same_bytes(company, tmp_path):
    facts = write_company(tmp_path)
    assert fingerprint(tmp_path) == fingerprint(company.directory)
    assert facts == company.facts


def test_the_hash_seed_of_the_process_changes_nothing(company, tmp_path):
    program = "import sys, pathlib; from demo.company import write_company as w; w(pathlib.Path(sys.argv[1]))"
    subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        check=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": "4711"},
        timeout=120,
    )
    assert fingerprint(tmp_path) == fingerprint(company.directory)


def test_another_seed_writes_another_company(tmp_path):
    for seed in (7, 8):
        write_company(tmp_path / str(seed), seed, months=4)
    assert fingerprint(tmp_path / "7") != fingerprint(tmp_path / "8")


@pytest.mark.parametrize("seed", [1, 2026])
def test_small_companies_hold_all_facts_too(tmp_path, seed):
    facts = write_company(tmp_path, seed, months=4, first_month="2025-11", employees=40)
    assert facts.anchor_period == "2026-01"
    assert all(fact.transaction_id for fact in facts.refunds)
    assert len(facts.transfers) == 14
    assert facts.expected_quarantine == 8


@pytest.mark.parametrize(
    "arguments", [{"months": 3}, {"employees": 39}, {"first_month": "2025-13"}, {"first_month": "January"}]
)
def test_impossible_arguments_are_refused(tmp_path, arguments):
    with pytest.raises(ValueError, match=r"must|Invalid|month"):
        write_company(tmp_path, **arguments)


def test_the_templates_are_those_of_the_import_contract():
    assert list(TEMPLATES) == list(CONTRACT)
    for entity, template in CONTRACT.items():
        assert TEMPLATES[entity].columns == tuple(column.name for column in template.columns)
        assert TEMPLATES[entity].key == tuple(template.key)
        required = {column.name for column in template.columns if column.required}
        assert set(TEMPLATES[entity].required) == required


def test_every_template_is_present_and_has_rows(company):
    """Disputes have none: they are of lines, and the company was never computed."""
    assert set(company.tables) == set(TEMPLATES)
    assert company.tables["disputes"] == []
    for name, rows in company.tables.items():
        if name == "disputes":
            continue
        assert rows, name
        assert tuple(rows[0]) == TEMPLATES[name].columns


def test_required_cells_are_filled_and_keys_unique_except_for_the_seeded_rows(company):
    seeded = {(fact.file, fact.line) for fact in company.facts.quarantine}
    repeated = {(file, count) for file, count in company.facts.exact_duplicates.items()}
    found = set()
    for name, template in TEMPLATES.items():
        good = [row for line, row in enumerate(company.tables[name], start=2) if (name, line) not in seeded]
        assert all(row[column] for row in good for column in template.required), name
        keys = Counter(tuple(row[column] for column in template.key) for row in good)
        twice = sum(count - 1 for count in keys.values())
        if twice:
            found.add((name, twice))
    assert found == repeated


def test_references_lead_somewhere(company):
    known = {
        column: {row[key] for row in company.tables[table]} | {""}
        for column, (table, key) in REFERENCES.items()
    }
    people = {row["employee_id"] for row in company.tables["employees"]} | {""}
    written = {fact.written for fact in company.facts.unresolved + company.facts.resolved}
    for name, rows in company.tables.items():
        for row in rows:
            for column in row.keys() & REFERENCES.keys():
                assert row[column] in known[column], (name, column, row)
            for column in row.keys() & EMPLOYEE_COLUMNS:
                assert row[column] in people | written, (name, column, row)


def test_nothing_happens_outside_the_history_except_training_and_hiring(company):
    for name, column in (("leads", "created_at"), ("deals", "signed_at"), ("transactions", "occurred_at")):
        months = {row[column][:7] for row in company.tables[name]} - {"2026-13"}
        assert min(months) == "2024-11", name
        assert max(months) == "2026-10", name


def test_the_size_is_that_of_a_quick_demo(company):
    count = {name: len(rows) for name, rows in company.tables.items()}
    assert 55 <= count["employees"] <= 65
    assert 200 <= count["leads"] / 24 <= 300
    assert 75 <= count["deals"] / 24 <= 115
    assert 1000 <= count["activities"] / 24 <= 1400
    assert sum(path.stat().st_size for path in company.directory.iterdir()) < 15_000_000
    departments = Counter(row["department"] for row in company.tables["employees"])
    assert departments["marketing"] == 18
    assert departments["sales"] == 25  # 24 and one promoted assistant
    assert {row["currency"] for row in company.tables["deals"]} == {"CNY", "USD", "CHF"}


def test_most_field_marketers_sometimes_reach_the_process_bonus_and_sometimes_not(company):
    leads = company.by_id("leads", "lead_id")
    signed = defaultdict(lambda: "9")
    for deal in company.tables["deals"]:
        if deal["status"] == "signed":
            signed[deal["customer_id"]] = min(signed[deal["customer_id"]], deal["signed_at"])
    cohorts = defaultdict(list)
    for event in company.tables["journey_events"]:
        if event["stage"] == "visited" and event["lead_id"]:
            lead = leads[event["lead_id"]]
            month = event["occurred_at"][:7]
            cohorts[lead["owner_employee_id"], month].append(signed[lead["customer_id"]][:7] <= month)
    reached = defaultdict(Counter)
    for (owner, _), results in cohorts.items():
        reached[owner][len(results) >= 20 and 5 * sum(results) >= len(results)] += 1
    field = [
        owner
        for owner, months in reached.items()
        if months.total() >= 20 and max_visits(cohorts, owner) >= 20
    ]
    assert len(field) >= 8
    assert sum(1 for owner in field if reached[owner][True] and reached[owner][False]) >= len(field) * 3 // 4


def max_visits(cohorts, owner):
    return max(len(results) for (person, _), results in cohorts.items() if person == owner)


def test_handovers_follow_the_order_of_time(company):
    owner_now = {}
    for change in sorted(
        company.tables["ownership_changes"], key=lambda row: (row["changed_at"], row["change_id"])
    ):
        customer = change["customer_id"]
        if change["from_employee_id"] and customer in owner_now:
            assert owner_now[customer] == change["from_employee_id"]
        owner_now[customer] = change["to_employee_id"]
    customers = company.by_id("customers", "customer_id")
    assert all(customers[customer]["owner_employee_id"] == owner for customer, owner in owner_now.items())


def test_nobody_signs_before_hire_or_after_leaving(company):
    people = company.by_id("employees", "employee_id")
    for deal in company.tables["deals"]:
        owner, day = people[deal["owner_employee_id"]], deal["signed_at"][:10]
        assert owner["hire_date"] <= day
        assert day <= (owner["termination_date"] or "9")


def test_stock_never_falls_below_zero(company):
    stock = Counter()
    order = {"opening": 0, "receipt": 1}
    for move in sorted(
        company.tables["material_movements"], key=lambda row: (row["moved_on"], order.get(row["kind"], 2))
    ):
        sign = 1 if move["kind"] in order else -1
        key = (move["owner_employee_id"], move["material_id"])
        stock[key] += sign * int(move["quantity"])
        assert stock[key] >= 0, key


def test_marketers_keep_archives_materials_and_reports_from_their_first_whole_month_on(company):
    people = company.by_id("employees", "employee_id")
    newcomer, first = next(iter(company.facts.cards_without_total.items()))
    for table, owner, moment in (
        ("customers", "owner_employee_id", "created_at"),
        ("material_movements", "owner_employee_id", "moved_on"),
        ("material_requests", "handler_employee_id", "requested_at"),
        ("competitor_events", "employee_id", "discovered_at"),
        ("complaints", "employee_id", "opened_at"),
        ("service_ratings", "employee_id", "rated_at"),
    ):
        owners = {row[owner] for row in company.tables[table]}
        marketers = {key for key, row in people.items() if row["department"] == "marketing"}
        left = {key for key in marketers if people[key]["termination_date"]}
        assert owners >= marketers - left, table
        own = [row[moment][:7] for row in company.tables[table] if row[owner] == newcomer]
        assert table == "customers" or min(own) > first, table


def test_a_cell_refuses_binary_floats_and_a_row_unknown_columns():
    with pytest.raises(TypeError, match="float"):
        cell(0.1)
    with pytest.raises(KeyError, match="prize"):
        Tables().add("courses", course_id="C", prize="1")
    assert cell(datetime.fromisoformat("2026-01-02T03:04:05")) == "2026-01-02T03:04:05+08:00"
