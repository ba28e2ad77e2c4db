"""Journey and other alerts of rulebook 12 in the reference."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.reference.journey_alerts import journey_alerts
from tests.reference.kpis_examples import EVER, NEVER, NOON, Tables, at, facts_of

START = at("2026-10-01T01:00")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def events(**times: datetime) -> Tables:
    """First events of customer K1, owned by E1 until noon of 15 October, then by E2."""
    rows = [
        {"event_id": stage, "customer_id": "C1", "lead_id": None, "stage": stage, "occurred_at": time}
        for stage, time in times.items()
    ]
    owners = [("E1", EVER, NOON), ("E2", NOON, NEVER)]
    return {
        "journey_events": [row | {"deal_id": None, "employee_id": "E9"} for row in rows],
        "int_customers_resolved": [{"source": "customers", "record_id": "C1", "customer_key": "K1"}],
        "int_ownership": [
            {"customer_key": "K1", "owner_employee_id": who, "valid_from": since, "valid_to": until}
            for who, since, until in owners
        ],
    }


def alerts(tables: Tables, as_of: datetime) -> list[tuple[Any, ...]]:
    """Kind, stage, responsible, due, raised and state of every alert."""
    columns = ("kind", "stage", "responsible_employee_id", "due_at", "raised_at", "state")
    rows = journey_alerts(facts_of(tables, as_of=as_of))
    assert len({row["alert_id"] for row in rows}) == len(rows)
    return [tuple(row[column] for column in columns) for row in rows]


def test_a_stage_is_in_time_at_the_due_moment() -> None:
    due = START + 72 * HOUR
    assert alerts(events(entered=START), due) == []
    assert alerts(events(entered=START, visited=due), due + HOUR) == []


def test_a_late_stage_is_raised_at_its_due_moment_and_closed_when_reached() -> None:
    due = START + 72 * HOUR
    assert alerts(events(entered=START), due + HOUR) == [("late", "visited", "E1", due, due, "open")]
    reached = events(entered=START, visited=due + HOUR)
    assert alerts(reached, due + 2 * HOUR) == [("late", "visited", "E1", due, due, "closed")]


def test_the_alert_keeps_its_id_while_it_is_open_and_closed() -> None:
    due = START + 72 * HOUR
    before = journey_alerts(facts_of(events(entered=START), as_of=due + HOUR))
    after = journey_alerts(facts_of(events(entered=START, visited=due + DAY), as_of=due + DAY))
    assert [row["alert_id"] for row in before] == [row["alert_id"] for row in after]
    assert after[0]["closed_at"] == due + DAY


def test_the_responsible_employee_is_the_owner_at_that_moment() -> None:
    entered = NOON - 72 * HOUR
    assert alerts(events(entered=entered), NOON + HOUR)[0][2] == "E2"


@pytest.mark.parametrize(
    ("stage", "before", "limit"),
    [
        ("received", "visited", 4 * HOUR),
        ("intent_registered", "received", 14 * DAY),
        ("contract_archived", "intent_registered", 30 * DAY),
        ("settled", "contract_archived", 15 * DAY),
    ],
)
def test_every_stage_has_its_time(stage: str, before: str, limit: timedelta) -> None:
    found = alerts(events(**{before: START}), START + limit + HOUR)
    assert next(row for row in found if row[:2] == ("late", stage))[3] == START + limit
    in_time = alerts(events(**{before: START}), START + limit)
    assert [row for row in in_time if row[0] == "late"] == []


def test_an_alert_nobody_mended_lapses_thirty_days_after_it_was_raised() -> None:
    due = START + 72 * HOUR
    lapse = due + 30 * DAY
    assert alerts(events(entered=START), lapse - timedelta(seconds=1))[0][5] == "open"
    row = journey_alerts(facts_of(events(entered=START), as_of=lapse))[0]
    assert (row["state"], row["closed_at"]) == ("lapsed", lapse)
    reached = events(entered=START, visited=lapse + DAY)
    assert alerts(reached, lapse + DAY)[0][5] == "closed"


def test_skipped_and_swapped_stages_lapse_too() -> None:
    skipped = events(entered=START, received=START + HOUR)
    assert alerts(skipped, START + HOUR + 30 * DAY)[0][5] == "lapsed"
    swapped = events(entered=START, received=START + HOUR, visited=START + 2 * HOUR)
    assert alerts(swapped, START + HOUR + 30 * DAY)[0][5] == "open"
    assert alerts(swapped, START + 2 * HOUR + 30 * DAY)[0][5] == "lapsed"


def test_a_skipped_stage_is_raised_by_the_later_one() -> None:
    received = START + HOUR
    found = alerts(events(entered=START, received=received), received + HOUR)
    assert found == [("skipped", "visited", "E1", START + 72 * HOUR, received, "open")]


def test_a_stage_after_a_later_one_is_out_of_order() -> None:
    times = events(entered=START, received=START + HOUR, visited=START + 2 * HOUR)
    found = alerts(times, START + 3 * HOUR)
    assert found == [
        ("out_of_order", "visited", "E1", START + 72 * HOUR, START + 2 * HOUR, "open"),
    ]


def test_a_skipped_stage_that_was_overdue_has_a_closed_late_alert_too() -> None:
    received = START + 80 * HOUR
    found = alerts(events(entered=START, received=received), received)
    assert [(row[0], row[5]) for row in found] == [("late", "closed"), ("skipped", "open")]


def test_a_missing_beginning_is_skipped() -> None:
    found = alerts(events(visited=START), START + HOUR)
    assert found == [("skipped", "entered", "E1", None, START, "open")]


def test_events_after_the_as_of_time_have_not_happened() -> None:
    assert alerts(events(entered=START, settled=START + HOUR), START) == []


def test_a_lead_without_customer_is_answered_for_by_its_owner() -> None:
    row = {"event_id": "v", "customer_id": None, "lead_id": "L1", "stage": "entered", "occurred_at": START}
    tables: Tables = {
        "journey_events": [row | {"deal_id": None, "employee_id": None}],
        "leads": [{"lead_id": "L1", "owner_employee_id": "E7", "created_at": START}],
        "int_customers_resolved": [{"source": "leads", "record_id": "L1", "customer_key": "lead:L1"}],
    }
    assert alerts(tables, START + 4 * DAY)[0][2] == "E7"
    tables["leads"] = []
    assert alerts(tables, START + 4 * DAY)[0][2] == "UNRESOLVED"


def test_abnormal_transfers_close_with_their_resolution() -> None:
    transfer = {"change_id": "X1", "deal_id": "D1", "customer_key": "K1", "to_employee_id": "E2"}
    tables: Tables = {"fct_transfers": [transfer | {"is_abnormal": True, "signed_at": START}]}
    assert alerts(tables, NOON) == [("abnormal_transfer", None, "E2", None, START, "open")]
    decision = {"subject": "transfer", "subject_id": "X1", "resolution_id": "R1", "decided_at": NOON}
    tables["resolutions"] = [decision]
    assert alerts(tables, NOON)[0][5] == "closed"
    assert alerts(tables, NOON - HOUR)[0][5] == "open"


def test_relabelled_and_circulated_deals_raise_one_alert_each() -> None:
    source = {"deal_id": "D1", "customer_key": "K1", "is_relabelled": True, "is_internal_circulation": True}
    deal = {"deal_id": "D1", "owner_employee_id": "E1", "signed_at": START}
    found = alerts({"fct_deal_sources": [source], "int_deals": [deal]}, NOON)
    assert [row[0] for row in found] == ["relabelled", "internal_circulation"]


def _line(line_id: str, status: str, reason: str | None) -> dict[str, Any]:
    row = {"line_id": line_id, "employee_id": "E1", "period": "2026-10", "currency": "CNY"}
    return row | {"status": status, "reason": reason, "amount": Decimal(1)}


def test_held_lines_of_one_reason_raise_one_alert() -> None:
    lines = [_line("1", "held", "transfer"), _line("2", "held", "transfer"), _line("3", "earned", None)]
    found = alerts({"fct_payout_lines": lines}, NOON + 100 * DAY)
    assert found == [("held_payout", None, "E1", None, at("2026-10-31T16:00"), "open")]
    assert alerts({"fct_payout_lines": lines}, NOON)[0][4] == NOON


def test_held_lines_of_several_months_raise_one_alert_since_the_first() -> None:
    lines = [_line("1", "held", "transfer"), _line("2", "held", "transfer") | {"period": "2026-09"}]
    found = alerts({"fct_payout_lines": lines}, NOON + 100 * DAY)
    assert [row[4] for row in found] == [at("2026-09-30T16:00")]


def test_what_waits_for_the_process_bonus_alone_raises_no_alert() -> None:
    lines = [_line("1", "held", "process"), _line("2", "held", "process;terminated")]
    assert len(alerts({"fct_payout_lines": lines}, NOON)) == 1
