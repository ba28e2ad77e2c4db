"""What reaches SQL: names, exact types, half-open dates, versions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest

from compensation import plan_tables
from compensation.tables.schema import TABLES, arrow_schema

D = Decimal


def rows(plan_set, table, *columns, **where):
    found = [
        row
        for row in plan_tables(plan_set)[table].to_pylist()
        if all(row[column] == value for column, value in where.items())
    ]
    return [tuple(row[column] for column in columns) for row in found]


@pytest.fixture
def load(write_plan, load_folder):
    def load_body(body, **head):
        write_plan(body, **head)
        return load_folder()

    return load_body


def test_every_table_has_its_schema(shipped):
    tables = plan_tables(shipped)
    assert set(tables) == set(TABLES)
    for name, table in tables.items():
        assert table.schema == arrow_schema(name)


def test_types_are_exact():
    assert arrow_schema("commission_rates").field("rate").type == pa.decimal128(18, 12)
    assert arrow_schema("draws").field("amount").type == pa.decimal128(18, 2)
    assert arrow_schema("task_items").field("target").type == pa.decimal128(18, 6)
    assert arrow_schema("plans").field("valid_from").type == pa.date32()


def test_a_plan_has_half_open_dates_and_its_hash(load):
    plan_set = load("", valid_to="null")
    columns = ("plan_id", "plan_hash", "valid_from", "valid_to", "currency", "terminated_policy", "file")
    assert rows(plan_set, "plans", *columns) == [
        (
            "a_plan",
            plan_set.hashes["a_plan"],
            date(2026, 1, 1),
            date(9999, 12, 31),
            "CNY",
            "hold",
            "plans/a_plan.yml",
        )
    ]


def test_two_versions_stand_side_by_side(write_plan, load_folder):
    body = "components:\n  - {{type: commission, pool: closing, rates: {{marketing: {rate}}}}}\n"
    write_plan(body.format(rate="0.02"), plan_id="rates_h1", valid_to="2026-07-01")
    write_plan(body.format(rate="0.03"), plan_id="rates_h2", valid_from="2026-07-01", valid_to="null")
    found = rows(load_folder(), "commission_rates", "plan_id", "valid_from", "valid_to", "rate")
    assert found == [
        ("rates_h1", date(2026, 1, 1), date(2026, 7, 1), D("0.02")),
        ("rates_h2", date(2026, 7, 1), date(9999, 12, 31), D("0.03")),
    ]


def test_departments_and_positions_are_crossed(load):
    plan_set = load(
        "", departments="sales, marketing", replace=("marketing]}", "marketing], positions: [a, b]}")
    )
    assert rows(plan_set, "plan_departments", "department", "position") == [
        ("sales", "a"),
        ("sales", "b"),
        ("marketing", "a"),
        ("marketing", "b"),
    ]


def test_without_positions_the_position_is_empty(load):
    assert rows(load(""), "plan_departments", "department", "position") == [("sales", "")]


def test_a_component_is_for_its_departments_or_for_all(load):
    body = "components:\n  - {type: points, departments: [marketing]}\n  - {type: collaboration}\n"
    plan_set = load(body, departments="sales, marketing")
    assert rows(plan_set, "components", "component_id", "component_type", "pool", "ordinal") == [
        ("points", "points", None, 1),
        ("collaboration", "collaboration", "collaboration", 2),
    ]
    assert rows(plan_set, "component_departments", "component_id", "department") == [
        ("points", "marketing"),
        ("collaboration", "sales"),
        ("collaboration", "marketing"),
    ]


TABLE = """\
components:
  - type: commission
    pool: closing
    rate_table:
      sources: [self_sourced, referral]
      mode: interpolated
      interval: quarter
      unit: quota_pct
      tiers:
        - {up_to: 0.5, start_rate: 0.01, end_rate: 0.02}
        - {from: 0.5, up_to: 1, rate: 0.02}
        - {up_to: null, rate: 0.05}
    quota: {kpi: sales_amount, ramp: [0.5, 0.75, 1]}
    cap: {amount: 10000, excess: carry}
    floor: {amount: 100}
"""


def test_a_rate_table_has_bounds_rates_and_limits(load):
    plan_set = load(TABLE)
    columns = ("pool", "rate_mode", "tier_bound", "interval_unit", "tier_unit", "quota_kpi")
    assert rows(plan_set, "commission_tables", *columns) == [
        ("closing", "interpolated", "upper_inclusive", "quarter", "quota_pct", "sales_amount")
    ]
    assert rows(
        plan_set, "commission_tiers", "tier_no", "lower_bound", "upper_bound", "start_rate", "end_rate"
    ) == [
        (1, D(0), D("0.5"), D("0.01"), D("0.02")),
        (2, D("0.5"), D(1), D("0.02"), D("0.02")),
        (3, D(1), None, D("0.05"), D("0.05")),
    ]
    assert rows(plan_set, "commission_table_sources", "deal_source") == [("self_sourced",), ("referral",)]
    limits = ("cap_amount", "cap_excess", "floor_amount")
    for table in ("commission_tables", "commission_caps"):
        assert rows(plan_set, table, *limits) == [(D(10000), "carry", D(100))]
    assert rows(plan_set, "quota_ramps", "kpi_id", "month_no", "factor") == [
        ("sales_amount", 1, D("0.5")),
        ("sales_amount", 2, D("0.75")),
        ("sales_amount", 3, D(1)),
    ]
    assert rows(plan_set, "commission_rates", "rate") == []


def test_steps_of_an_increment_are_effective_rates(load):
    plan_set = load("components:\n  - {type: growth_bonus, mode: increment}\n")
    assert rows(plan_set, "growth_steps", "step_no", "min_growth", "rate") == [
        (1, D("0.2"), D("0.15")),
        (2, D("0.3"), D("0.20")),
    ]
    columns = ("scope", "mode", "base_rate", "basis", "applies_on", "threshold", "award")
    assert rows(plan_set, "growth_rules", *columns) == [
        ("employee", "increment", D("0.10"), "earned_commission", "whole", None, "growth_bonus")
    ]


def test_team_growth_is_one_step_above_nothing(load):
    plan_set = load("components:\n  - {type: team_growth}\n")
    assert rows(plan_set, "growth_rules", "scope", "measure", "base_rate", "threshold") == [
        ("team", "sales_amount", D(0), D("0.10"))
    ]
    assert rows(plan_set, "growth_steps", "step_no", "min_growth", "rate") == [(1, D("0.10"), D("0.05"))]


def test_rewards_have_the_defaults_of_the_rulebook(load):
    points = "  - {type: points, by_lead_type: {device: 15}}\n"
    body = f"components:\n{points}  - {{type: process_bonus}}\n  - {{type: contribution}}\n"
    plan_set = load(body)
    assert rows(plan_set, "points_rules", "base_points", "point_value") == [(D(10), D(1))]
    assert rows(plan_set, "points_by_type", "lead_type", "points") == [("device", D(15))]
    process = ("target", "min_conversion", "bonus", "origination_policy", "trailing_months")
    assert rows(plan_set, "process_bonus_rules", *process) == [(D(20), D("0.2"), D(1000), "held", 3)]
    work = ("follow_ups_reference", "minutes_reference", "follow_ups_share", "threshold", "bonus")
    assert rows(plan_set, "contribution_rules", *work) == [(D(40), D(600), D("0.5"), D(80), D(500))]


def test_a_cap_of_the_plan_and_a_draw(load):
    body = "components:\n  - {type: plan_cap, amount: 100000}\n  - {type: draw, amount: 3000, recoverable: true}\n"
    plan_set = load(body)
    assert rows(plan_set, "plan_caps", "component_id", "amount", "excess") == [
        ("plan_cap", D(100000), "lost")
    ]
    assert rows(plan_set, "draws", "amount", "is_recoverable") == [(D(3000), True)]


def test_a_kpi_without_course_has_no_gate_and_no_bonus(shipped):
    columns = ("kpi_id", "course_id", "is_gate", "training_bonus", "bonus_points", "exam_rate")
    found = rows(shipped, "scorecard_kpis", *columns, plan_id="marketing_scorecard_2026")
    by_id = {row[0]: row[1:] for row in found}
    assert by_id["impressions"] == (None, False, "none", None, None)
    assert by_id["archive_coverage"] == ("C-ARCHIVE", True, "exam_pct", D(5), D("0.10"))


def test_kpi_options_have_plan_values_and_catalogue_defaults(shipped):
    columns = ("plan_id", "component_id", "valid_from", "value_text", "value_number")
    assert rows(shipped, "kpi_options", *columns, kpi_id="competitor_response") == [
        ("marketing_scorecard_2026", "scorecard", date(2026, 1, 1), "24", D(24)),
        ("", "", date(1900, 1, 1), "24", D(24)),
    ]
    assert rows(shipped, "kpi_options", *columns[3:], kpi_id="brand_awareness_lift", plan_id="") == [
        ("relative", None)
    ]


def test_the_catalogue_reaches_sql(shipped):
    columns = ("group_name", "direction", "frequency", "unit", "name_en", "is_observed")
    assert rows(shipped, "kpi_catalogue", *columns, kpi_id="customer_acquisition_cost") == [
        ("business", "lower", "month", "money", "Customer acquisition cost", False)
    ]
    assert rows(shipped, "kpi_catalogue", "is_observed", kpi_id="papers") == [(True,)]
    assert len(rows(shipped, "kpi_catalogue", "kpi_id")) == 35


def test_investment_inputs_are_rows(shipped):
    found = rows(shipped, "roi_items", "item", "input", "value")
    assert ("efficiency", "weeks", D(52)) in found
    assert {item for item, _, _ in found} == {"efficiency", "performance", "management"}
