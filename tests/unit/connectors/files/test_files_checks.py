"""Each rule for single values: what passes, what does not, and under which reason."""

from decimal import Decimal

import pytest
from files_support import Deliver, Home, deal, deals_csv, validate_delivery

from connectors.files import REASONS

ROWS = {
    "deals": {
        "deal_id": "D1", "customer_id": "C1", "owner_employee_id": "E1", "amount": "1", "currency": "CNY",
        "units": "", "signed_at": "2026-10-01", "status": "signed",
    },
    "deal_splits": {"deal_id": "D1", "pool": "closing", "employee_id": "E1", "share": "0.5"},
    "transactions": {
        "transaction_id": "T1", "deal_id": "D1", "kind": "refund", "amount": "1", "currency": "CNY",
        "occurred_at": "2026-10-01",
    },
    "employees": {
        "employee_id": "E1", "name": "张三", "department": "sales", "hire_date": "2026-01-01",
        "termination_date": "",
    },
    "course_results": {
        "employee_id": "E1", "course_id": "K1", "attempt": "", "exam_score": "", "passed": "", "hours": "",
    },
    "service_ratings": {"rating_id": "R1", "employee_id": "E1", "rated_at": "2026-10-01", "rating": "9.5"},
    "fx_rates": {"currency": "USD", "date": "2026-10-01", "rate_to_base": "7.1"},
    "adjustments": {
        "adjustment_id": "A1", "employee_id": "E1", "period": "2026-10", "amount": "-5", "currency": "CNY",
        "reason": "x", "author": "E2", "approver": "E3",
    },
    "targets": {"employee_id": "E1", "kpi_id": "K", "period": "2026-10", "target": "1"},
    "journey_events": {
        "event_id": "J1", "customer_id": "C1", "lead_id": "", "stage": "visited", "occurred_at": "2026-10-01",
    },
    "activities": {
        "activity_id": "A1", "customer_id": "C1", "employee_id": "E1", "kind": "call",
        "started_at": "2026-10-01", "minutes": "5",
    },
    "customers": {
        "customer_id": "C1", "name": "甲", "created_at": "2026-01-01", "unified_credit_code": "", "phone": "",
    },
    "ad_daily": {"platform": "p", "campaign_id": "c", "date": "2026-10-01", "clicks": "1", "cost": "1"},
}  # fmt: skip


def outcome(deliver: Deliver, entity: str, **changes: str) -> str:
    """`ok`, or `reason field` of the one row."""
    row = ROWS[entity] | changes
    text = ",".join(row) + "\n" + ",".join(f'"{value}"' for value in row.values()) + "\n"
    report = validate_delivery(deliver({f"{entity}.csv": text}))
    assert report.rows_in == report.accepted + report.quarantined == 1
    if not report.quarantine:
        return "ok"
    group = report.quarantine[0]
    return f"{group.reason} {group.samples[0].field}"


@pytest.mark.parametrize(
    ("entity", "column", "value", "expected"),
    [
        ("deals", "customer_id", " \u3000 ", "missing_required"),
        ("deals", "customer_id", "#N/A", "wrong_type"),
        ("deals", "amount", "abc", "wrong_type"),
        ("deals", "amount", "1,000", "wrong_type"),
        ("deals", "amount", "1_000", "wrong_type"),
        ("deals", "amount", "0x10", "wrong_type"),
        ("deals", "amount", "nan", "wrong_type"),
        ("deals", "amount", "1.005", "too_precise"),
        ("deals", "amount", "1e-5", "too_precise"),
        ("deals", "amount", "1e-30", "too_precise"),
        ("deals", "amount", "1.500", "ambiguous_number"),
        ("deals", "amount", "1.5e2", "ok"),
        ("deals", "amount", "0", "ok"),
        ("deals", "amount", "-0.01", "out_of_range"),
        ("deals", "amount", "1000000000000.00", "ok"),
        ("deals", "amount", "1000000000000.01", "out_of_range"),
        ("deals", "amount", "9" * 30, "out_of_range"),
        ("deals", "currency", "cny", "ok"),
        ("deals", "currency", "yuan", "not_allowed"),
        ("deals", "status", "Signed", "ok"),
        ("deals", "status", "won", "not_allowed"),
        ("deals", "units", "-1", "out_of_range"),
        ("deals", "units", "0.3333333333333333", "ok"),
        ("deals", "signed_at", "2026-02-30", "impossible_date"),
        ("deals", "signed_at", "2026-10-01 25:00", "impossible_date"),
        ("deals", "signed_at", "10/01/2026", "wrong_type"),
        ("deals", "signed_at", "epoch", "wrong_type"),
        ("deals", "signed_at", "1026-10-01", "out_of_range"),
        ("deals", "signed_at", "1970-01-01", "out_of_range"),
        ("deals", "signed_at", "2126-05-20", "out_of_range"),
        ("employees", "hire_date", "1970-01-01", "ok"),
        ("employees", "hire_date", "1899-12-31", "out_of_range"),
        ("employees", "hire_date", "2126-05-20", "out_of_range"),
        ("targets", "period", "0001-01", "out_of_range"),
        ("targets", "period", "2126-Q1", "out_of_range"),
        ("targets", "period", "9999", "out_of_range"),
        ("adjustments", "period", "1970-01", "out_of_range"),
        ("deals", "signed_at", "2026-10-01T09:30:00+14:00", "ok"),
        ("deals", "signed_at", "2026-10-01T09:30:00+14:01", "impossible_date"),
        ("deals", "signed_at", "2026-10-01T09:30:00-12:00", "ok"),
        ("deals", "signed_at", "2026-10-01T09:30:00-1230", "impossible_date"),
        ("deals", "signed_at", "2026-10-01T09:30:00+08:75", "impossible_date"),
        ("deals", "signed_at", "2026-10-01T09:30:00+15", "impossible_date"),
        ("deals", "signed_at", "2026-10-01T09:30:00+99:99", "impossible_date"),
        ("customers", "unified_credit_code", "9.1310115MA1K35X12E+17", "ok"),
        ("customers", "unified_credit_code", "9.13101E+17", "digits_lost"),
        ("customers", "unified_credit_code", "9.13101e17", "digits_lost"),
        ("customers", "phone", "1.38001E+10", "digits_lost"),
        ("customers", "phone", "+86 138 0013 8000", "ok"),
        ("customers", "customer_id", "1.23457E+17", "digits_lost"),
        ("customers", "customer_id", "2E10", "ok"),
        ("customers", "customer_id", "A+1", "ok"),
        ("adjustments", "approver", "E2", "same_person"),
        ("adjustments", "approver", " e2 ", "same_person"),
        ("deals", "signed_at", "9999-12-31", "out_of_range"),
        ("deals", "signed_at", "2026/1/5", "ok"),
        ("deals", "signed_at", "2026-10-01T09:30:00.123+08:00", "ok"),
        ("deals", "signed_at", "2026-10-01T09:30Z", "ok"),
        ("deal_splits", "share", "1", "ok"),
        ("deal_splits", "share", "1.000001", "out_of_range"),
        ("deal_splits", "share", "-0.1", "out_of_range"),
        ("deal_splits", "pool", "origination", "not_allowed"),
        ("transactions", "amount", "-99.99", "ok"),
        ("adjustments", "amount", "-99.99", "ok"),
        ("adjustments", "period", "2026-Q4", "wrong_type"),
        ("employees", "hire_date", "2026-01-05 00:00:00", "ok"),
        ("employees", "hire_date", "2026-01-05 10:00:00", "wrong_type"),
        ("employees", "hire_date", "2026-13-05", "impossible_date"),
        ("employees", "termination_date", "9999-12-31", "ok"),
        ("employees", "termination_date", "2025-12-31", "out_of_order"),
        ("course_results", "exam_score", "100", "ok"),
        ("course_results", "exam_score", "100.5", "out_of_range"),
        ("course_results", "exam_score", "-1", "out_of_range"),
        ("course_results", "passed", "是", "ok"),
        ("course_results", "passed", "maybe", "wrong_type"),
        ("course_results", "hours", "-1", "out_of_range"),
        ("course_results", "attempt", "0", "out_of_range"),
        ("course_results", "attempt", "2.0", "ok"),
        ("course_results", "attempt", "2.5", "wrong_type"),
        ("service_ratings", "rating", "10", "ok"),
        ("service_ratings", "rating", "10.1", "out_of_range"),
        ("fx_rates", "rate_to_base", "0", "out_of_range"),
        ("targets", "period", "2026-Q4", "ok"),
        ("targets", "period", "2026", "ok"),
        ("targets", "period", "2026-10-01 00:00:00", "ok"),
        ("targets", "period", "2026-13", "wrong_type"),
        ("targets", "period", "2026-Q5", "wrong_type"),
        ("journey_events", "customer_id", "", "missing_reference"),
        ("journey_events", "stage", "lost", "not_allowed"),
        ("activities", "minutes", "-5", "out_of_range"),
        ("ad_daily", "clicks", "-1", "out_of_range"),
        ("customers", "name", "MÃ¼ller & SÃ¶hne GmbH", "garbled_text"),
        ("customers", "name", "ä¸Šæµ·è´¸æ˜“", "garbled_text"),
        ("customers", "name", "M\ufffdller", "garbled_text"),
        ("customers", "name", "锟斤拷", "garbled_text"),
        ("customers", "name", "SÃO JOSÉ « Café » ÂNGELA", "ok"),
        ("customers", "customer_id", "C\ufffd", "garbled_text"),
        ("customers", "customer_id", "2026-03-01 00:00:00", "digits_lost"),
        ("customers", "customer_id", "2026-03-01", "ok"),
        ("ad_daily", "clicks", "99999999999999999999", "out_of_range"),
    ],
)
def test_a_value_passes_or_is_named(deliver: Deliver, entity: str, column: str, value: str, expected: str):
    wanted = "ok" if expected == "ok" else f"{expected} {column}"
    assert outcome(deliver, entity, **{column: value}) == wanted
    assert expected == "ok" or expected in REASONS


def test_a_lead_alone_is_reference_enough(deliver: Deliver):
    assert outcome(deliver, "journey_events", customer_id="", lead_id="L1") == "ok"


def test_the_bound_of_amounts_is_a_setting(deliver: Deliver):
    folder = deliver({"deals.csv": deals_csv(deal(amount="1000.01"))})
    assert validate_delivery(folder).accepted == 1
    assert validate_delivery(folder, max_amount=Decimal(1000)).quarantined == 1


def test_values_land_exactly_and_timestamps_as_utc(home: Home, deliver: Deliver):
    rows = [
        deal("D1", "0.07", "2026-10-01T09:30:00+08:00"),
        deal("D2", "12345678901.23", "2026-10-01 09:30"),
        deal("D3", "1e2", "2026/10/1"),
        deal("D4", "5", "2026-10-01T00:00:00Z"),
    ]
    home.load(deliver({"deals.csv": deals_csv(*rows)}), timezone="Asia/Shanghai")
    found = home.query(
        "select deal_id, amount, strftime(signed_at, '%Y-%m-%d %H:%M') from raw_files.deals order by 1"
    )
    assert found == [
        ("D1", Decimal("0.07"), "2026-10-01 01:30"),
        ("D2", Decimal("12345678901.23"), "2026-10-01 01:30"),
        ("D3", Decimal("100.00"), "2026-09-30 16:00"),
        ("D4", Decimal("5.00"), "2026-10-01 00:00"),
    ]


def test_words_and_missing_attempts_land_in_their_canonical_form(home: Home, deliver: Deliver):
    text = "employee_id,course_id,attempt,passed\nE1,K1,,YES\nE1,K2,2,0\n"
    home.load(deliver({"course_results.csv": text}))
    found = home.query("select course_id, attempt, passed from raw_files.course_results order by 1")
    assert found == [("K1", 1, True), ("K2", 2, False)]


def test_identifiers_that_look_the_same_are_one(deliver: Deliver):
    """A joiner of no width, a mark of direction, a soft hyphen: nobody sees them, and the first copy had none."""
    rows = [deal("D1"), deal("D\u200b1"), deal("\u202eD1"), deal("D\u00ad1\ufeff"), deal("\u00a0D1 ")]
    report = validate_delivery(deliver({"deals.csv": deals_csv(*rows)}))
    assert (report.accepted, report.quarantined) == (5, 0)
    [file] = report.files
    assert file.duplicates == 4


def test_what_nobody_sees_at_the_ends_is_no_part_of_a_value(deliver: Deliver):
    rows = [deal("D1", amount="5.00\u200b", signed_at="\u202a2026-01-05\u202c")]
    assert validate_delivery(deliver({"deals.csv": deals_csv(*rows)})).accepted == 1


def test_a_phone_that_was_kept_as_a_fraction_is_its_digits(home: Home, deliver: Deliver) -> None:
    table = "customer_id,name,phone,created_at\nC1,A,13800138000.0,2026-01-05\nC2,B,020.0,2026-01-05\n"
    home.load(deliver({"customers.csv": table}))
    assert home.query("select phone from raw_files.customers order by customer_id") == [
        ("13800138000",),
        ("020.0",),
    ]
