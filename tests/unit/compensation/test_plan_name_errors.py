"""Names a plan refers to must exist; typos get the closest match."""

from __future__ import annotations

import pytest

from compensation import PlanErrors

CARD = """\
components:
  - type: scorecard
    kpis:
      - {kpi: %s, group: business, weight: 100, target: 20}
      - kpi: competitor_response
        weight: 100
        target: 1
        options: {%s}
        training: {course: %s}
"""


def test_an_unknown_kpi_is_an_error(problems_of):
    (problem,) = problems_of(CARD % ("valid_visit", "", "C-1"))
    assert (problem.line, problem.key) == (11, "components[0].kpis[0].kpi")
    assert problem.message == "is an unknown KPI 'valid_visit'"
    assert problem.closest == "valid_visits"
    assert "customer_return_rate" in problem.allowed


@pytest.mark.parametrize(
    ("option", "message", "closest"),
    [
        ("within_hour: 24", "is an unknown option of competitor_response", "within_hours"),
        ("within_hours: 0", "must be a number above 0, is 0", None),
        ("within_hours: soon", "must be a number above 0, is soon", None),
    ],
)
def test_a_wrong_kpi_option_is_an_error(option, message, closest, problems_of):
    (problem,) = problems_of(CARD % ("valid_visits", option, "C-1"))
    assert (problem.line, problem.key) == (15, f"components[0].kpis[1].options.{option.split(':')[0]}")
    assert (problem.message, problem.closest) == (message, closest)


def test_an_option_has_allowed_values(problems_of):
    body = CARD.replace("competitor_response", "brand_awareness_lift").replace(
        "options:", "group: management\n        options:"
    )
    (problem,) = problems_of(body % ("valid_visits", "lift: point", "C-1"))
    assert (problem.message, problem.closest) == ("is an unknown value 'point'", "points")
    assert problem.allowed == ("relative", "points")


def test_an_unknown_course_is_an_error_once_courses_are_known(write_plan, load_folder, load_errors):
    write_plan(CARD % ("valid_visits", "", "C-COMPETITR"))
    load_folder()
    (problem,) = load_errors({"C-COMPETITOR", "C-SALES"})
    assert (problem.line, problem.key) == (16, "components[0].kpis[1].training.course")
    assert (problem.message, problem.closest) == ("is an unknown course 'C-COMPETITR'", "C-COMPETITOR")
    assert problem.allowed == ("C-COMPETITOR", "C-SALES")


def test_courses_can_be_checked_after_loading(write_plan, load_folder):
    write_plan(CARD % ("valid_visits", "", "C-1"))
    plan_set = load_folder()
    plan_set.require_courses(["C-1", "C-2"])
    with pytest.raises(PlanErrors) as error:
        plan_set.require_courses(["C-2"])
    assert error.value.items[0].line == 16


@pytest.mark.parametrize(
    ("body", "line", "key"),
    [
        ("components:\n  - {type: growth_bonus, measure: sale_amount}\n", 9, "components[0].measure"),
        ("components:\n  - type: team_growth\n    measure: sale_amount\n", 10, "components[0].measure"),
        (
            (
                "components:\n  - type: commission\n    pool: closing\n    rate_table:\n      sources: [referral]\n"
                "      unit: quota_pct\n      quota_kpi: sale_amount\n      tiers: [{up_to: null, rate: 0.1}]\n"
            ),
            14,
            "components[0].rate_table.quota_kpi",
        ),
    ],
)
def test_an_unknown_measure_is_an_error(body, line, key, problems_of):
    (problem,) = problems_of(body)
    assert (problem.line, problem.key) == (line, key)
    assert problem.message == "is an unknown measure or KPI 'sale_amount'"
    assert problem.closest == "sales_amount"


def test_an_unknown_time_zone_is_an_error(problems_of):
    (problem,) = problems_of("", replace=("Asia/Shanghai", "Asia/Shangai"))
    assert (problem.line, problem.key, problem.closest) == (5, "timezone", "Asia/Shanghai")


def test_an_unknown_currency_is_an_error(problems_of):
    (problem,) = problems_of("", replace=("CNY", "CNN"))
    assert (problem.line, problem.key) == (6, "currency")
    assert problem.message == "is no ISO 4217 currency: 'CNN'"


def test_the_plan_id_is_the_name_of_the_file(problems_of):
    (problem,) = problems_of("", replace=("plan_id: a_plan", "plan_id: b_plan"))
    assert (problem.file, problem.line, problem.key) == ("plans/a_plan.yml", 1, "plan_id")
    assert (problem.message, problem.allowed) == ("is 'b_plan', must be the file's name", ("a_plan",))


@pytest.mark.parametrize("day", ["2026-01-01", "2025-12-31"])
def test_a_plan_ends_after_it_begins(day, problems_of):
    (problem,) = problems_of("", valid_to=day)
    assert (problem.line, problem.key) == (4, "valid_to")
    assert problem.message == f"is {day}, must be after valid_from 2026-01-01"


KPI = "  - {id: calls, group: business, unit: count, name: {zh: 电话, en: Calls}}\n"


def test_a_catalogue_in_the_folder_is_used(plan_dir, write_plan, load_folder, load_errors):
    write_plan("components:\n  - {type: growth_bonus, measure: calls}\n")
    assert load_errors()[0].message == "is an unknown measure or KPI 'calls'"
    (plan_dir / "kpis.yml").write_text(f"kpis:\n{KPI}", encoding="utf-8")
    assert list(load_folder().catalogue) == ["calls"]


def test_a_catalogue_names_a_kpi_once(plan_dir, write_plan, load_errors):
    write_plan("")
    (plan_dir / "kpis.yml").write_text(f"kpis:\n{KPI}{KPI}", encoding="utf-8")
    (problem,) = load_errors()
    assert (problem.file, problem.line, problem.key) == ("plans/kpis.yml", 3, "kpis[1].id")


def test_a_catalogue_entry_is_checked(plan_dir, write_plan, load_errors):
    write_plan("")
    (plan_dir / "kpis.yml").write_text(
        f"kpis:\n{KPI.replace('unit: count', 'unit: piece')}", encoding="utf-8"
    )
    (problem,) = load_errors()
    assert (problem.file, problem.line, problem.key) == ("plans/kpis.yml", 2, "kpis[0].unit")
    assert problem.allowed == ("ratio", "count", "money", "hours", "times", "rating")


def test_a_plan_takes_group_direction_frequency_and_options_from_the_catalogue(write_plan, load_folder):
    write_plan(
        "components:\n  - type: scorecard\n    kpis:\n"
        "      - {kpi: brand_awareness_lift, weight: 100, target: 0.15}\n"
        "      - {kpi: material_loss_rate, weight: 100, target: 0.02}\n"
    )
    (card,) = load_folder().plans["a_plan"].components
    lift, loss = card.kpis
    assert (lift.group, lift.direction, lift.frequency) == ("business", "higher", "quarter")
    assert lift.options == {"lift": "relative"}
    assert (loss.group, loss.direction, loss.frequency) == ("management", "lower", "month")


def test_the_default_of_an_option_is_allowed(plan_dir, write_plan, load_errors):
    write_plan("")
    option = "options: {way: {default: up, allowed: [down, flat], description: way}}"
    (plan_dir / "kpis.yml").write_text(f"kpis:\n{KPI.replace('unit:', option + ', unit:')}", encoding="utf-8")
    (problem,) = load_errors()
    assert (problem.line, problem.key) == (2, "kpis[0].options.way.default")
    assert (problem.message, problem.allowed) == ("is not allowed", ("down", "flat"))
