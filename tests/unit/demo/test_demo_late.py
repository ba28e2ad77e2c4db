"""The later delivery: small, upserts by existing keys, repairs what the first one seeded."""

from __future__ import annotations

import csv
from decimal import Decimal

import pytest

from demo.late import write_late_delivery
from demo.world.tables import TEMPLATES

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="session")
def late(tmp_path_factory):
    directory = tmp_path_factory.mktemp("late")
    facts = write_late_delivery(directory)
    tables = {}
    for path in directory.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as handle:
            tables[path.stem] = list(csv.DictReader(handle))
    return directory, facts, tables


def test_it_holds_only_templates_with_rows(late):
    _, _, tables = late
    assert set(tables) == {
        "customers", "deals", "transactions", "deal_splits", "ownership_changes", "source_users", "leads",
    }  # fmt: skip
    assert all(tables.values())
    assert sum(len(rows) for rows in tables.values()) < 60


def test_it_is_written_with_the_same_bytes_again(late, tmp_path):
    directory, facts, _ = late
    assert write_late_delivery(tmp_path) == facts
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        path.name: path.read_bytes() for path in directory.iterdir()
    }


def test_corrections_have_keys_that_are_known_and_additions_have_not(late, company):
    _, facts, tables = late
    new = set(facts.late_deals) | {fact.transaction_id for fact in facts.refunds}
    for name in ("deals", "transactions", "deal_splits", "ownership_changes", "leads"):
        key = TEMPLATES[name].key
        known = {tuple(row[column] for column in key) for row in company.tables[name]}
        for row in tables[name]:
            assert (tuple(row[column] for column in key) in known) == (row[key[0]] not in new), row


def test_amounts_change_and_refunds_are_late(late, company):
    _, facts, tables = late
    before = company.by_id("deals", "deal_id")
    after = {row["deal_id"]: row for row in tables["deals"]}
    for deal_id, (old, new) in facts.corrected_amounts.items():
        assert before[deal_id]["amount"] == old != new == after[deal_id]["amount"]
    for fact in facts.refunds:
        assert before[fact.deal_id]["signed_at"][:7] == company.facts.anchor_period < fact.period
    assert set(facts.late_deals.values()) == {company.facts.anchor_period}


def test_what_blocked_is_put_right(late, company):
    _, facts, tables = late
    [bad] = facts.repaired_splits
    assert bad in company.facts.bad_splits
    shares = {
        row["employee_id"]: row["share"] for row in company.tables["deal_splits"] if row["deal_id"] == bad
    }
    shares |= {row["employee_id"]: row["share"] for row in tables["deal_splits"]}
    assert sum(map(Decimal, shares.values())) == 1
    assert {fact.written for fact in company.facts.unresolved} == set(facts.resolved_ids)
    silent = {fact.change_id for fact in company.facts.transfers if not fact.has_reason}
    assert set(facts.reasons_given) == silent
    assert all(company.facts.lead_reasons[lead] == "" for lead in facts.rejected_leads)
