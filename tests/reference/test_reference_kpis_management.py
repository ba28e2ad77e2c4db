"""Management KPIs of rulebook 8 in the reference: archive, materials, conduct, service."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from tests.reference.kpis_base import Period, ratio
from tests.reference.kpis_examples import (
    LAST_MOMENT,
    NEVER,
    NEXT_MONTH,
    NOON,
    Tables,
    archive,
    at,
    check,
    customer,
    facts_of,
    figure_row,
    movement,
)
from tests.reference.kpis_values import figures_of
from tests.reference.scorecard_plan import CardKpi, ScorecardPlan

D = Decimal


def test_coverage_counts_complete_archives_of_owned_customers() -> None:
    tables = archive(customer("K1"), customer("K2", phone="  "), customer("K3", preference=None))
    assert figure_row("archive_coverage", tables) == (1, 3, D("0.333333"), None)


def test_records_of_one_customer_complete_each_other() -> None:
    tables = archive(customer("K1", phone=None), customer("K2", preference=None))
    for row in tables["int_customers_resolved"]:
        row["customer_key"] = "K1"
    assert figure_row("archive_coverage", tables) == (1, 1, 1, None)


@pytest.mark.parametrize(("created", "owned"), [(LAST_MOMENT, 1), (NEXT_MONTH, 0)])
def test_customers_of_the_next_month_are_not_owned_yet(created: Any, owned: int) -> None:
    row = figure_row("archive_coverage", archive(customer(created_at=created)))
    assert row == (owned, owned, 1 if owned else None, None if owned else "no_data")


@pytest.mark.parametrize(("until", "owned"), [(LAST_MOMENT, 0), (NEXT_MONTH, 1)])
def test_the_owner_is_that_of_the_last_moment_of_the_period(until: Any, owned: int) -> None:
    tables = archive(customer(), valid_to=until)
    assert figure_row("archive_coverage", tables)[1] == owned
    assert figure_row("archive_update_rate", tables)[1] == owned


def test_the_archive_is_that_known_at_the_end_of_the_period() -> None:
    first = customer(phone=None, updated_at=at("2026-09-10"))
    second = customer(load_seq=2, updated_at=NEXT_MONTH)
    assert figure_row("archive_coverage", archive(first, second))[0] == 0
    assert figure_row("archive_coverage", archive(first, second), Period(2026, 11))[0] == 1
    assert figure_row("archive_coverage", archive(second))[0] == 1


def test_the_plan_says_which_fields_are_complete() -> None:
    kpis = (CardKpi("archive_coverage", "management", D(100), D(1)),)
    plan = ScorecardPlan("p", kpis, archive_fields=("name", "email"))
    facts = facts_of(archive(customer("K1"), customer("K2", email="a@b.cn", phone=None)), plan)
    figure: Any = figures_of(facts, Period(2026, 10))["E1", "archive_coverage"]
    assert (figure.numerator, figure.denominator) == (1, 2)


def test_updates_are_those_of_the_month_in_any_delivery() -> None:
    versions = [
        customer("K1", updated_at=at("2026-10-05")),
        customer("K1", load_seq=2, updated_at=at("2026-11-05")),
        customer("K2", updated_at=LAST_MOMENT),
        customer("K3", updated_at=NEXT_MONTH),
        customer("K4"),
    ]
    assert figure_row("archive_update_rate", archive(*versions)) == (2, 4, D("0.5"), None)


def test_audits_count_to_the_owner_at_the_check() -> None:
    tables = check(NOON) | {}
    tables["archive_checks"].append({"customer_id": "K1", "is_correct": False, "checked_at": NOON})
    assert figure_row("archive_accuracy", tables) == (1, 2, D("0.5"), None)
    later = {"owner_employee_id": "E2", "customer_key": "K1", "valid_from": NOON, "valid_to": NEVER}
    tables["int_ownership"] = [tables["int_ownership"][0] | {"valid_to": NOON}, later]
    assert figure_row("archive_accuracy", tables)[3] == "no_data"
    assert figures_of(facts_of(tables), Period(2026, 10))["E2", "archive_accuracy"].numerator == 1


def test_audits_of_unknown_customers_do_not_vanish() -> None:
    tables = check(NOON, customer_id="K9")
    assert figures_of(facts_of(tables), Period(2026, 10))["UNRESOLVED", "archive_accuracy"].denominator == 1


def _deal(key: str, number: int, **given: Any) -> dict[str, Any]:
    row = {"deal_id": f"{key}{number}", "customer_key": key, "signed_at": NOON, "status": "signed"}
    return row | {"owner_employee_id": "E2", "is_creditable": True} | given


def test_return_rate_is_of_owned_customers_who_ever_signed() -> None:
    tables = archive(customer("K1"), customer("K2"), customer("K3"), customer("K4"))
    deals = [_deal("K1", 1), _deal("K1", 2, signed_at=LAST_MOMENT)]
    deals += [_deal("K2", 1), _deal("K2", 2, signed_at=NEXT_MONTH)]
    deals += [_deal("K3", 1), _deal("K3", 2, status="cancelled")]
    assert figure_row("customer_return_rate", tables | {"int_deals": deals}) == (1, 3, D("0.333333"), None)
    assert figure_row("customer_return_rate", tables)[3] == "no_data"


def test_turnover_is_consumption_over_mean_stock_of_the_months_there_are() -> None:
    rows = [movement("opening", "100", date(2026, 9, 1)), movement("issue", "40", date(2026, 9, 30))]
    rows += [movement("receipt", "20", date(2026, 10, 2)), movement("issue", "30", date(2026, 10, 31))]
    # month ends 60 and 50, mean 55; consumption 70
    assert figure_row("material_turnover", {"material_movements": rows}) == (70, 55, D("1.272727"), None)
    assert figure_row("material_turnover", {"material_movements": rows}, Period(2026, 8))[3] == "no_data"


def test_turnover_looks_back_twelve_months_and_no_further() -> None:
    rows = [movement("opening", "100", date(2025, 10, 1)), movement("issue", "40", date(2025, 10, 31))]
    rows += [movement("issue", "12", date(2025, 11, 1))]
    # 12 month ends of 48
    assert figure_row("material_turnover", {"material_movements": rows}) == (12, 48, D("0.25"), None)


def test_an_opening_restates_the_stock_and_never_adds_to_it() -> None:
    rows = [movement("opening", "100", date(2026, 10, 1)), movement("issue", "10", date(2026, 10, 5))]
    rows += [movement("opening", "90", date(2026, 11, 1)), movement("issue", "30", date(2026, 11, 5))]
    row = figure_row("material_turnover", {"material_movements": rows}, Period(2026, 11))
    assert row == (40, 75, D("0.533333"), None)


def test_loss_is_compared_with_opening_and_receipts() -> None:
    rows = [movement("opening", "100", date(2026, 9, 1)), movement("issue", "20", date(2026, 9, 30))]
    rows += [movement("receipt", "20", date(2026, 10, 1)), movement("expired", "3", date(2026, 10, 31))]
    rows += [movement("damaged", "2", date(2026, 10, 31)), movement("damaged", "9", date(2026, 11, 1))]
    assert figure_row("material_loss_rate", {"material_movements": rows}) == (5, 100, D("0.05"), None)


def test_an_opening_inside_the_month_is_the_opening() -> None:
    rows = [movement("opening", "50", date(2026, 10, 1)), movement("expired", "1", date(2026, 10, 2))]
    assert figure_row("material_loss_rate", {"material_movements": rows}) == (1, 50, D("0.02"), None)


def test_without_stock_there_is_no_turnover_and_no_loss_rate() -> None:
    rows = [movement("opening", "0", date(2026, 10, 1))]
    assert figure_row("material_turnover", {"material_movements": rows}) == (0, 0, None, "no_data")
    assert figure_row("material_loss_rate", {"material_movements": rows}) == (0, 0, None, "no_data")


def test_request_hours_count_when_issued() -> None:
    def request(issued: Any) -> dict[str, Any]:
        return {"handler_employee_id": "E1", "requested_at": at("2026-09-30T15:00"), "issued_at": issued}

    rows = [request(at("2026-10-01T15:00")), request(at("2026-10-01T03:00")), request(None)]
    rows += [request(at("2026-09-30T15:59"))]
    assert figure_row("material_request_hours", {"material_requests": rows}) == (36, 2, 18, None)


def test_an_issue_before_its_request_is_no_negative_wait() -> None:
    row = {"handler_employee_id": "E1", "requested_at": NOON, "issued_at": at("2026-10-01")}
    assert figure_row("material_request_hours", {"material_requests": [row]}) == (0, 1, 0, None)


def test_rectified_is_as_known_at_the_as_of_time() -> None:
    def violation(rectified: date | None) -> dict[str, Any]:
        return {"employee_id": "E1", "occurred_on": date(2026, 10, 31), "rectified_on": rectified}

    rows = [violation(date(2027, 2, 1)), violation(date(2027, 2, 2)), violation(None)]
    assert figure_row("rectification_rate", {"policy_violations": rows}) == (1, 3, D("0.333333"), None)


def test_complaints_are_in_time_at_the_due_moment() -> None:
    def complaint(due: Any, handled: Any) -> dict[str, Any]:
        return {"employee_id": "E1", "opened_at": NOON, "due_at": due, "handled_at": handled}

    due = at("2026-10-18")
    rows = [complaint(due, due), complaint(due, at("2026-10-18T00:01")), complaint(None, at("2026-12-01"))]
    rows += [complaint(None, None), complaint(None, at("2027-03-01"))]
    tables: Tables = {"complaints": rows}
    assert figure_row("complaint_handling", tables) == (2, 5, D("0.4"), None)


def test_service_rating_is_the_mean() -> None:
    rows = [{"employee_id": "E1", "rated_at": NOON, "rating": D(rating)} for rating in ("9", "8.5", "10")]
    assert figure_row("service_rating", {"service_ratings": rows}) == (D("27.5"), 3, D("9.166667"), None)


def test_a_turnover_is_rounded_once() -> None:
    """Reading 56: 4480 ÷ (1347877 ÷ 1200) = 3.988494; from the rounded mean it would be 3.988495."""
    figure = ratio(4480, Fraction(1347877, 1200))
    assert (figure.denominator, figure.value) == (Decimal("1123.230833"), Decimal("3.988494"))
