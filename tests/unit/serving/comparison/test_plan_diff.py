"""What changes for people when plans change: sums, limits, level changes. Pure figures, no database."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from serving.comparison.diff import LineSum, PlanFigures, breaches, compare

D = Decimal


def line(employee: str, payable: str, held: str = "0", **more: str) -> LineSum:
    keys = {"period": "2026-01", "component": "closing", "currency": "CNY"} | more
    return LineSum(employee_id=employee, payable=D(payable), held=D(held), **keys)


def figures(*lines: LineSum, **levels: str) -> PlanFigures:
    reached = {("E1", "2026-01", kind, "closing"): value for kind, value in levels.items()}
    return PlanFigures(lines, reached, {"E1": "An", "E2": "Bo"})


OLD = figures(
    line("E1", "100"),
    line("E1", "50", period="2026-02"),
    line("E2", "30", held="5"),
    line("E3", "7"),
    tier="1",
)
NEW = figures(
    line("E1", "130"),
    line("E1", "50", period="2026-02"),
    line("E2", "10", held="25"),
    line("E4", "8"),
    tier="2",
)


def test_equal_plans_change_nothing() -> None:
    diff = compare(OLD, OLD)
    assert diff.is_equal
    assert {change.difference for change in (*diff.persons, *diff.totals, *diff.components)} == {D(0)}
    assert (diff.level_changes, diff.gained, diff.lost, diff.winners, diff.losers) == ((), (), (), 0, 0)
    assert breaches(diff, D(0), D(0)) == ()


def test_people_are_listed_from_the_largest_loss_to_the_largest_gain() -> None:
    found = [
        (change.of["employee_id"], change.baseline, change.candidate, change.difference)
        for change in compare(OLD, NEW).persons
    ]
    assert found == [("E2", 30, 10, -20), ("E3", 7, 0, -7), ("E4", 0, 8, 8), ("E1", 150, 180, 30)]


def test_held_money_is_told_apart_from_payable() -> None:
    change = next(one for one in compare(OLD, NEW).persons if one.of["employee_id"] == "E2")
    assert (change.baseline_held, change.candidate_held, change.held_difference) == (5, 25, 20)
    expected = {
        "employee_id": "E2",
        "currency": "CNY",
        "old": "30.00",
        "new": "10.00",
        "difference": "-20.00",
    }
    assert change.as_dict() == expected | {
        "old_held": "5.00",
        "new_held": "25.00",
        "held_difference": "20.00",
    }


def test_every_cut_adds_up_to_the_same_total() -> None:
    diff = compare(OLD, NEW)
    for changes in (diff.persons, diff.person_periods, diff.components, diff.periods, diff.totals):
        assert sum(change.difference for change in changes) == D(11)
    assert [(one.of["period"], one.difference) for one in diff.periods] == [("2026-01", 11), ("2026-02", 0)]


def test_who_is_paid_on_one_side_only_is_gained_or_lost() -> None:
    diff = compare(OLD, NEW)
    assert (diff.gained, diff.lost) == (("E4",), ("E3",))
    assert (diff.winners, diff.losers) == (2, 2)


def test_currencies_are_never_added() -> None:
    diff = compare(
        figures(line("E1", "1"), line("E1", "2", currency="USD")), figures(line("E1", "3", currency="USD"))
    )
    assert [(one.currency, one.difference) for one in diff.totals] == [("CNY", -1), ("USD", 1)]


def test_another_tier_or_grade_is_a_migration_also_when_it_is_new() -> None:
    diff = compare(figures(tier="1", grade="B"), figures(tier="2", grade="B", growth_rate="15 %"))
    assert [(one.kind, one.baseline, one.candidate) for one in diff.level_changes] == [
        ("growth_rate", None, "15 %"),
        ("tier", "1", "2"),
    ]
    assert not diff.is_equal


@pytest.mark.parametrize(
    ("total", "person", "said"),
    [
        (None, None, 0),
        ("11", "20", 0),  # a limit itself is allowed
        ("10.99", None, 1),
        (None, "19.99", 1),
        ("0", "0", 3),
    ],
)
def test_limits_are_for_the_total_up_or_down_and_for_the_loss_of_one_person(
    total: str | None, person: str | None, said: int
) -> None:
    found = breaches(compare(OLD, NEW), D(total) if total else None, D(person) if person else None)
    assert len(found) == said
    down = breaches(compare(NEW, OLD), D(total) if total else None, None)
    assert bool(down) == (total is not None and D(total) < 11)


def test_a_breach_names_who_and_how_much() -> None:
    (total, person) = breaches(compare(OLD, NEW), D(10), D(19))
    assert total == "the total changes by CNY +11.00, more than 10"
    assert person == "E2 loses CNY 20.00, more than 19"
    assert json.dumps([total, person])
