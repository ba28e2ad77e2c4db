"""Rows of `fct_kpi_values` in the reference: who has one, observations, targets, attainment."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.reference.kpis_base import Figure, Period, ratio, rounded, total
from tests.reference.kpis_examples import NOON, OCTOBER, ad, assignment, facts_of, figure_row, movement
from tests.reference.kpis_values import CATALOGUE, attainment_of, figures_of, kpi_values, target_for
from tests.reference.scorecard_plan import CardKpi, ScorecardPlan

D = Decimal


def _row(**wanted: Any) -> dict[str, Any]:
    tables, plans = wanted.pop("tables"), wanted.pop("plans", ())
    rows = kpi_values(facts_of(tables, *plans))
    (found,) = [row for row in rows if all(row[name] == value for name, value in wanted.items())]
    return found


def _observation(period: str, numerator: str, denominator: str | None = None) -> dict[str, Any]:
    below = None if denominator is None else D(denominator)
    row = {"employee_id": "E1", "kpi_id": "papers", "period": period}
    return row | {"numerator": D(numerator), "denominator": below}


@pytest.mark.parametrize(
    ("value", "places", "expected"), [("0.0000005", 6, "0.000001"), ("-0.5", 0, "-1"), ("2.4999", 0, "2")]
)
def test_rounding_is_half_away_from_zero(value: str, places: int, expected: str) -> None:
    assert rounded(D(value), places) == D(expected)


def test_everybody_employed_has_every_kpi_once() -> None:
    tables = {"int_assignments": [assignment(), assignment("E2", valid_to=date(2026, 10, 1))]}
    rows = kpi_values(facts_of(tables))
    assert [row["employee_id"] for row in rows] == ["E1"] * len(CATALOGUE)
    assert len({row["kpi_id"] for row in rows}) == len(CATALOGUE)


def test_facts_of_people_who_are_not_employed_are_shown() -> None:
    tables = ad(NOON)
    tables["campaigns"] = []
    found = figures_of(facts_of(tables), OCTOBER)
    assert found["UNRESOLVED", "impressions"].numerator == 1000
    assert ("UNRESOLVED", "product_inputs") not in found


def test_a_leavers_stock_is_shown_in_months_with_a_movement_only() -> None:
    rows = [movement("opening", "10", date(2026, 9, 1), owner_employee_id="E9")]
    found = figures_of(facts_of({"material_movements": rows}), Period(2026, 9))
    assert found["E9", "material_turnover"].denominator == 10
    assert ("E9", "material_turnover") not in figures_of(facts_of({"material_movements": rows}), OCTOBER)


@pytest.mark.parametrize(
    ("periods", "month", "value"),
    [
        (["2026-10"], (2026, 10), 1),
        (["2026-Q4"], (2026, 12), 1),
        (["2026"], (2026, 12), 1),
        (["2026", "2026-Q4", "2026-12"], (2026, 12), 3),
        (["2026-Q4", "2026"], (2026, 12), 1),
    ],
)
def test_observations_stand_in_the_last_month_of_their_period(
    periods: list[str], month: tuple[int, int], value: int
) -> None:
    rows = [_observation(name, str(number)) for number, name in enumerate(periods, start=1)]
    assert figure_row("papers", {"kpi_observations": rows}, Period(*month))[2] == value


def test_an_observed_ratio_has_its_own_denominator() -> None:
    assert figure_row("papers", {"kpi_observations": [_observation("2026-10", "1", "3")]})[2] == D("0.333333")
    zero = {"kpi_observations": [_observation("2026-10", "1", "0")]}
    assert figure_row("papers", zero) == (1, 0, None, "no_data")


def test_an_observation_replaces_the_computed_figure() -> None:
    tables = ad(NOON) | {"kpi_observations": [_observation("2026-10", "7") | {"kpi_id": "impressions"}]}
    assert figure_row("impressions", tables) == (7, None, 7, None)


def test_research_output_adds_papers_and_projects() -> None:
    rows = [_observation("2026-10", "2"), _observation("2026-10", "1") | {"kpi_id": "projects"}]
    assert figure_row("research_output", {"kpi_observations": rows}) == (3, None, 3, None)


def test_a_planned_observed_kpi_without_data_has_a_row_with_the_reason() -> None:
    plan = ScorecardPlan("school", (CardKpi("papers", "management", D(100), D(1)),))
    row = _row(tables={}, plans=(plan,), kpi_id="papers")
    assert (row["value"], row["target"], row["attainment"], row["reason"]) == (None, 1, None, "no_data")


def test_the_targets_row_comes_before_the_plan() -> None:
    plan = ScorecardPlan("p", (CardKpi("impressions", "business", D(100), D(2000)),))
    assert _row(tables=ad(NOON), plans=(plan,), kpi_id="impressions")["attainment"] == D("0.5")
    target = {"employee_id": "E1", "kpi_id": "impressions", "period": "2026-10", "target": D(800)}
    row = _row(tables=ad(NOON) | {"targets": [target]}, plans=(plan,), kpi_id="impressions")
    assert (row["target"], row["attainment"]) == (800, D("1.25"))
    assert _row(tables=ad(NOON), kpi_id="impressions")["attainment"] is None


@pytest.mark.parametrize(
    ("frequency", "period", "expected"),
    [("month", "2026-12", 7), ("quarter", "2026-Q4", 7), ("year", "2026", 7), ("quarter", "2026-12", 1)],
)
def test_a_quarterly_item_never_reads_a_monthly_target(frequency: str, period: str, expected: int) -> None:
    target = {"employee_id": "E1", "kpi_id": "new_customers", "period": period, "target": D(7)}
    facts = facts_of({"targets": [target]})
    found = target_for(facts, "E1", Period(2026, 12), "new_customers", frequency, D(1))
    assert found == expected


@pytest.mark.parametrize(
    ("figure", "target", "direction", "expected"),
    [
        (ratio(2, 3), "0.8", "higher", "0.833333"),  # not 0.666667 / 0.8 = 0.833334
        (total(25), "20", "higher", "1.25"),
        (total(-5), "20", "higher", "-0.25"),
        (ratio(36, 2), "24", "lower", "1.333333"),
        (ratio(0, 2), "24", "lower", "1.2"),
        (ratio(1, 2), "0", "lower", "0"),
        (total(25), "0", "higher", None),
        (ratio(0, 0), "20", "higher", None),
        (Figure(D(1), None, "no_target", is_ratio=True), "20", "higher", None),
    ],
)
def test_attainment_is_divided_once(
    figure: Figure, target: str, direction: str, expected: str | None
) -> None:
    found = attainment_of(figure, D(target), direction, D("1.2"))
    assert found == (None if expected is None else D(expected))
