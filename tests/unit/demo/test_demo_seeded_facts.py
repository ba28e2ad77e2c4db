"""The seeded facts hold by the rulebook: a small classifier of its own reads the written files again."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest
from demo_classifier import classify, day, moment

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="session")
def classified(company):
    return classify(company)


def test_seeded_leads_are_valid_or_fail_for_the_stated_reason(company, classified):
    reasons = classified[0]
    assert {lead: reasons[lead] for lead in company.facts.lead_reasons} == company.facts.lead_reasons
    assert set(company.facts.lead_reasons.values()) == {
        "", "missing_contact", "bad_contact", "duplicate", "existing_customer", "rejected",
    }  # fmt: skip


def test_seeded_deals_have_the_stated_source(company, classified):
    facts, sources = company.facts, dict(classified[1])
    for row in company.tables["customers"]:
        if row["referred_by_customer_id"]:
            for deal in company.tables["deals"]:
                if deal["customer_id"] == row["customer_id"] and sources[deal["deal_id"]] == "self_sourced":
                    sources[deal["deal_id"]] = "referral"
    assert {deal: sources[deal] for deal in facts.deal_sources} == facts.deal_sources
    assert set(facts.deal_sources.values()) == {"marketing", "self_sourced", "referral", "repurchase"}


def test_all_relabelled_and_circulating_deals_of_the_company_are_listed(company, classified):
    referred = {row["customer_id"] for row in company.tables["customers"] if row["referred_by_customer_id"]}
    customers = company.by_id("deals", "deal_id")
    assert classified[2] == set(company.facts.relabelled_deals)
    found = {deal for deal in classified[3] if customers[deal]["customer_id"] not in referred}
    assert found == set(company.facts.internal_circulation_deals)
    assert len(company.facts.relabelled_deals) == 4
    assert len(company.facts.internal_circulation_deals) == 3


def test_records_of_one_customer_are_connected_and_namesakes_are_not(company, classified):
    groups = classified[4]
    for records in company.facts.merged_customers:
        assert len({groups.root(f"c{record}") for record in records}) == 1
    for records in company.facts.namesakes:
        assert len({groups.root(f"c{record}") for record in records}) == len(records)
    merged = {record for records in company.facts.merged_customers for record in records}
    roots = [
        groups.root(f"c{row['customer_id']}")
        for row in company.tables["customers"]
        if row["customer_id"] not in merged
    ]
    assert len(roots) == len(set(roots))


def test_transfers_have_the_stated_work_on_both_sides(company):
    changes = company.by_id("ownership_changes", "change_id")
    deals = company.by_id("deals", "deal_id")
    activities = defaultdict(list)
    for row in company.tables["activities"]:
        activities[row["customer_id"]].append(row)
    for fact in company.facts.transfers:
        change = changes[fact.change_id]
        changed = moment(change["changed_at"])
        signed = (
            moment(deals[fact.deal_id]["signed_at"]) if fact.deal_id else moment("2099-01-01T00:00:00+08:00")
        )
        rows = activities[change["customer_id"]]
        pre = [
            row
            for row in rows
            if row["employee_id"] == fact.from_employee_id and moment(row["started_at"]) <= changed
        ]
        post = [
            row
            for row in rows
            if row["employee_id"] == fact.to_employee_id and changed < moment(row["started_at"]) <= signed
        ]
        assert (len(pre), sum(int(row["minutes"]) for row in pre)) == (fact.pre_activities, fact.pre_minutes)
        assert (len(post), sum(int(row["minutes"]) for row in post)) == (
            fact.post_activities,
            fact.post_minutes,
        )
        assert (changed.date() - min(day(row["started_at"]) for row in pre)).days == fact.pre_days
        if fact.deal_id:
            assert (signed.date() - changed.date()).days == fact.days_to_sign
        assert fact.has_reason == bool(change["reason"])
    assert {fact.name for fact in company.facts.transfers if fact.is_abnormal} == {
        "abnormal near certain", "abnormal without any work", "abnormal, released", "abnormal, reassigned",
        "abnormal, rejected", "closed on day 30",
    }  # fmt: skip
    assert sum(not fact.has_reason for fact in company.facts.transfers) == 1
    assert {row["subject_id"]: row["decision"] for row in company.tables["resolutions"]} == {
        fact.change_id: fact.decision for fact in company.facts.transfers if fact.decision
    }


def test_refunds_take_back_at_most_what_is_left(company):
    deals, transactions = company.by_id("deals", "deal_id"), company.by_id("transactions", "transaction_id")
    left = {fact.deal_id: Decimal(deals[fact.deal_id]["amount"]) for fact in company.facts.refunds}
    for fact in company.facts.refunds:
        row = transactions[fact.transaction_id]
        assert row["amount"] == fact.written_amount
        assert row["occurred_at"][:7] == fact.period > deals[fact.deal_id]["signed_at"][:7]
        counted = min(abs(Decimal(fact.written_amount)), left[fact.deal_id])
        assert counted == Decimal(fact.counted_amount)
        left[fact.deal_id] -= counted
    assert {name: left[fact.deal_id] for fact in company.facts.refunds for name in [fact.name]} == {
        "full": 0, "partial": 28000, "more than is left": 0, "written with a minus": 15000,
        "odd fen": Decimal("2222.22"), "cancellation": 0,
    }  # fmt: skip


def test_journeys_are_late_skipped_or_out_of_order_as_stated(company):
    for fact in company.facts.journey:
        at = {
            row["stage"]: moment(row["occurred_at"])
            for row in company.tables["journey_events"]
            if row["customer_id"] == fact.customer_id
        }
        assert company.by_id("customers", "customer_id")[fact.customer_id]["owner_employee_id"] == (
            fact.responsible_employee_id
        )
        assert (fact.stage not in at) == (fact.kind == "skipped")
        assert (at["visited"] - at["entered"] > timedelta(hours=72)) == (fact.kind == "late")
        assert (at.get("received", at["intent_registered"]) < at["visited"]) == (fact.kind == "out_of_order")


def test_closing_shares_add_up_except_for_the_bad_split(company):
    totals = defaultdict(Decimal)
    for row in company.tables["deal_splits"]:
        totals[row["deal_id"], row["pool"]] += Decimal(row["share"])
    assert {deal for (deal, _), total in totals.items() if total != 1} == set(company.facts.bad_splits)
    assert all(totals[deal, "closing"] == 1 for deal in company.facts.fraction_splits)


def test_seeded_rows_stand_where_the_facts_say(company):
    for fact in company.facts.quarantine:
        row = company.tables[fact.file][fact.line - 2]
        assert fact.record_id == next(iter(row.values()))
    assert sorted(fact.reason for fact in company.facts.quarantine) == [
        "conflicting_rows", "conflicting_rows", "impossible_date", "impossible_date", "missing_required",
        "not_allowed", "out_of_range", "wrong_type",
    ]  # fmt: skip


def test_employee_ids_are_unknown_or_known_by_mail_or_crosswalk_as_stated(company):
    people = company.by_id("employees", "employee_id")
    mails = {row["email"].casefold(): row["employee_id"] for row in people.values()}
    crosswalk = {
        row["source_user_id"]: row["employee_id"]
        for row in company.tables["source_users"]
        if row["source"] == "files"
    }
    assert len(mails) == len(people)
    for fact in company.facts.unresolved + company.facts.resolved:
        found = crosswalk.get(fact.written) or mails.get(fact.written.casefold(), "UNRESOLVED")
        assert found == fact.employee_id
        assert fact.written not in people
        rows = company.by_id(fact.file, "lead_id" if fact.file == "leads" else "activity_id")
        assert rows[fact.record_id][fact.column] == fact.written
    assert len(company.facts.unresolved) == 2


def test_conduct_and_training_are_as_stated(company):
    facts = company.facts
    rows = company.by_id("policy_violations", "violation_id")
    for fact in facts.violations:
        assert bool(rows[fact.violation_id]["rectified_on"]) == fact.is_rectified
    for employee_id in {fact.employee_id for fact in facts.violations}:
        everything = {row["violation_id"] for row in rows.values() if row["employee_id"] == employee_id}
        assert everything == {
            fact.violation_id for fact in facts.violations if fact.employee_id == employee_id
        }
    taken = {(row["employee_id"], row["course_id"]) for row in company.tables["course_results"]}
    assert not taken & set(facts.missing_courses.items())
    for employee_id, course in facts.failed_exams.items():
        [row] = [
            row
            for row in company.tables["course_results"]
            if (row["employee_id"], row["course_id"]) == (employee_id, course)
        ]
        assert row["passed"] == "false"
    assert len(facts.mid_month_moves) == 3
    assert all(date.fromisoformat(moved).day > 1 for moved in facts.mid_month_moves.values())


def test_border_deals_leavers_and_rates_are_as_stated(company):
    deals, people = company.by_id("deals", "deal_id"), company.by_id("employees", "employee_id")
    for deal, period in company.facts.business_periods.items():
        assert f"{day(deals[deal]['signed_at']):%Y-%m}" == period
    assert len(set(company.facts.business_periods.values())) == 2
    for deal, owner in company.facts.left_owners.items():
        assert people[owner]["termination_date"] < deals[deal]["signed_at"][:10]
    quoted = {row["currency"] for row in company.tables["fx_rates"]}
    assert all(deals[deal]["currency"] not in quoted for deal in company.facts.no_rate_deals)
    for deal, base in company.facts.base_amounts.items():
        assert deals[deal]["currency"] == "USD"
        assert Decimal(6) < Decimal(base) / Decimal(deals[deal]["amount"]) < Decimal(8)


def test_the_facts_are_written_as_json(company):
    facts = json.loads(company.facts.as_json())
    assert facts["anchor_period"] == "2026-01"
    assert len(facts["quarantine"]) == company.facts.expected_quarantine == 8
    assert company.facts.bypassed_leads == company.facts.relabelled_deals
