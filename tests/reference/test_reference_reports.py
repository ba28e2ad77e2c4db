"""Reports and return on investment (rulebook 13, 14) in the reference."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.reference.kpis_base import Period
from tests.reference.kpis_examples import OCTOBER, Tables, assignment, at, competitor, facts_of
from tests.reference.reports_boards import leaderboard, talent_signals
from tests.reference.reports_suggestions import suggestions
from tests.reference.roi import roi_rows
from tests.reference.scorecard_cards import all_cards
from tests.reference.scorecard_plan import CardKpi, Course, ScorecardPlan

D = Decimal


def _line(
    employee_id: str, amount: str, status: str = "earned", component: str = "closing"
) -> dict[str, Any]:
    row = {"employee_id": employee_id, "period": "2026-10", "component": component}
    return row | {"amount": D(amount), "status": status}


def _ranks(rows: list[dict[str, Any]], board: str) -> list[tuple[Any, ...]]:
    return [(row["employee_id"], row["value"], row["rank"]) for row in rows if row["board"] == board]


def test_commission_board_counts_earned_money_and_ties_share_a_rank() -> None:
    people = [
        assignment("E1"),
        assignment("E2"),
        assignment("E3", team_id="T2"),
        assignment("E4", team_id=None),
    ]
    lines = [_line("E1", "60"), _line("E1", "40", "released"), _line("E1", "999", "held")]
    lines += [_line("E2", "100"), _line("E3", "70"), _line("E4", "10"), _line("E4", "5", component="points")]
    lines += [_line("UNRESOLVED", "500")]
    rows = leaderboard(facts_of({"int_assignments": people, "fct_payout_lines": lines}), [])
    assert _ranks(rows, "commission") == [("E1", 100, 1), ("E2", 100, 1), ("E3", 70, 3), ("E4", 10, 4)]
    assert _ranks(rows, "team_commission") == [("E1", 100, 1), ("E2", 100, 1), ("E3", 70, 1)]
    assert _ranks(rows, "teams") == [("team:T1", 200, 1), ("team:T2", 70, 2)]


def test_growth_board_leaves_out_people_without_a_baseline() -> None:
    row = {"scope": "employee", "period": "2026-10", "measure": "counted_sales_amount"}
    growth: list[dict[str, Any]] = [row | {"scope_id": "E1", "growth": D("0.2")}]
    growth.append(row | {"scope_id": "E2", "growth": None})
    growth.append(row | {"scope": "team", "scope_id": "T1", "growth": D(3)})
    assert _ranks(leaderboard(facts_of({"fct_growth": growth}), []), "growth") == [("E1", D("0.2"), 1)]


def _result(period: str, actual: str, target: str = "5") -> dict[str, Any]:
    row = {"employee_id": "E1", "period": period, "measure": "new_customers"}
    return row | {"actual": D(actual), "target": D(target)}


def test_talent_needs_three_months_in_a_row_at_exactly_120_percent() -> None:
    results = [_result("2026-08", "6"), _result("2026-09", "6"), _result("2026-10", "6")]
    assert [row["employee_id"] for row in talent_signals(facts_of({"fct_task_results": results}))] == ["E1"]
    for broken in (
        [_result("2026-08", "5.999999"), *results[1:]],
        [_result("2026-07", "6"), *results[1:]],
        [_result("2026-08", "6", "0"), *results[1:]],
        results[:2],
    ):
        assert talent_signals(facts_of({"fct_task_results": broken})) == []


KPIS = (
    CardKpi("a", "business", D(100), D(10)),
    CardKpi("m", "management", D(60), D(10), course=Course("C", is_gate=False, bonus="exam_pct")),
    CardKpi("competitor_response", "management", D(40), D(1), course=Course("G")),
)


def _suggestions(**values: str) -> list[dict[str, Any]]:
    row = {"employee_id": "E1", "period": "2026-10", "denominator": None}
    rows = [row | {"kpi_id": name, "numerator": D(value)} for name, value in values.items()]
    tables: Tables = {"kpi_observations": rows, "competitor_events": [competitor(at("2026-10-05"))]}
    facts = facts_of(tables, ScorecardPlan("p", KPIS))
    return suggestions(facts, all_cards(facts))


def test_suggestions_say_gap_points_and_money_in_the_order_of_money() -> None:
    # business 90, management (60 x 80 + 40 x 0) / 100 = 48 (gate): 2,700 + 960
    columns = ("kpi_id", "kind", "gap", "points_gain", "money_gain", "course_id", "ordinal")
    found = [tuple(row[column] for column in columns) for row in _suggestions(a="9", m="8")]
    assert found == [
        ("competitor_response", "complete_course", None, 16, D("800.00"), "G", 1),
        ("a", "reach_target", 1, 6, D("300.00"), None, 2),
        ("m", "reach_target", 2, D("4.8"), D("240.00"), "C", 3),
        ("m", "pass_exam", None, D("2.4"), D("120.00"), "C", 4),
    ]


def test_a_reached_target_needs_no_suggestion() -> None:
    assert [row["kind"] for row in _suggestions(a="10", m="10") if row["kpi_id"] == "a"] == []


def test_without_a_total_the_money_is_counted_from_nothing() -> None:
    rows = {row["kind"]: row for row in _suggestions(a="9")}
    assert rows["complete_course"]["money_gain"] == D("4700.00")  # 2,700 + 2,000: both groups are scored then
    assert rows["complete_course"]["points_gain"] is None
    assert rows["reach_target"]["money_gain"] == 0


def test_periods_know_their_quarter() -> None:
    assert (OCTOBER.quarter, Period(2026, 1).plus(-1).name) == ("2026-Q4", "2025-12")


def test_return_on_investment_by_the_given_formulas() -> None:
    items = {
        "efficiency": {"people": D(10), "weekly_pay": D(2000), "share_saved": D("0.3")},
        "performance": {"additional_revenue": D(500000), "margin": D("0.4"), "system_cost": D(50000)},
        "management": {"customers_kept": D(20), "average_order": D(8000), "margin": D("0.4")},
    }
    found = [
        (row["item"], row["before"], row["after"], row["annual_value"]) for row in roi_rows("p", "CNY", items)
    ]
    assert found == [
        ("efficiency", 1040000, 728000, 312000),
        ("performance", 0, 150000, 150000),
        ("management", 0, 64000, 64000),
    ]


def test_a_missing_input_is_said() -> None:
    (row,) = roi_rows("p", "CNY", {"management": {"customers_kept": D(20)}})
    assert (row["annual_value"], row["reason"]) == (None, "missing_input")
