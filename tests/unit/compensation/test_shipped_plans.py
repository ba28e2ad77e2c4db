"""The plans of the repository carry the numbers of the policy papers."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from compensation import load_plans
from compensation.model.crediting import Crediting

ROOT = Path(__file__).resolve().parents[3]
D = Decimal


def component(plan_set, plan_id, component_id):
    return next(item for item in plan_set.plans[plan_id].components if item.id == component_id)


def test_all_plans_load_together(shipped):
    assert set(shipped.plans) == {
        "crm_sales_2017",
        "marketing_sales_2025",
        "marketing_sales_2026",
        "marketing_scorecard_2026",
        "sales_assistants_2025",
        "sales_assistants_2026",
        "school_2026",
    }
    assert shipped.timezone == "Asia/Shanghai"


def test_the_folder_of_plans_loads_alone():
    assert len(load_plans([ROOT / "plans"]).plans) == 5


def test_the_export_of_2017_pays_five_and_two_percent_in_dollars(shipped):
    plan = shipped.plans["crm_sales_2017"]
    (closing,) = plan.components
    assert closing.rates == {
        "self_sourced": D("0.05"),
        "repurchase": D("0.02"),
        "marketing": D("0.02"),
        "referral": D("0.02"),
    }
    assert (plan.currency, plan.applies_to.departments, plan.crediting.basis) == ("USD", ["sales"], "signed")


def test_crediting_of_2026_is_the_rulebook_written_out(shipped):
    assert shipped.plans["marketing_sales_2026"].crediting == Crediting()


@pytest.mark.parametrize(
    ("plan_id", "pool", "rates"),
    [
        ("marketing_sales_2026", "origination", {"marketing": "0.04"}),
        ("marketing_sales_2026", "closing", {"marketing": "0.02", "self_sourced": "0.05"}),
        ("sales_assistants_2026", "closing", {"marketing": "0.02", "self_sourced": "0.05"}),
    ],
)
def test_given_commission_rates(plan_id, pool, rates, shipped):
    found = component(shipped, plan_id, pool).rates
    assert {source: found[source] for source in rates} == {key: D(rate) for key, rate in rates.items()}


@pytest.mark.parametrize("plan_id", ["marketing_sales_2026", "sales_assistants_2026"])
def test_given_growth(plan_id, shipped):
    own, team = component(shipped, plan_id, "growth_bonus"), component(shipped, plan_id, "team_growth")
    assert own.base_rate == D("0.1")
    assert [(step.growth, step.rate) for step in own.steps] == [(D("0.2"), D("0.15")), (D("0.3"), D("0.2"))]
    assert (team.threshold, team.rate) == (D("0.1"), D("0.05"))


def test_given_tasks_of_assistants(shipped):
    task = component(shipped, "sales_assistants_2026", "task")
    weights = {
        profile: [(item.measure, item.weight) for item in getattr(task.templates, profile)]
        for profile in ("maintainer", "developer", "unprofiled")
    }
    assert weights == {
        "maintainer": [("repurchase_amount", 30), ("new_customers", 10)],
        "developer": [("new_customer_amount", 20), ("repurchase_amount", 25)],
        "unprofiled": [("new_customers", 15), ("repurchase_amount", 25)],
    }
    assert [item.target for item in task.templates.unprofiled] == [5, 80000]
    assert task.target_cap == D("0.7")


def test_given_targets_of_the_scorecard(shipped):
    card = component(shipped, "marketing_scorecard_2026", "scorecard")
    targets = {kpi.kpi: kpi.target for kpi in card.kpis}
    given = {
        "brand_awareness_lift": "0.15",
        "product_inputs": "10",
        "product_input_adoption": "0.60",
        "archive_coverage": "0.95",
        "archive_update_rate": "0.30",
        "archive_accuracy": "0.90",
        "competitor_response": "1",
        "rectification_rate": "1",
        "complaint_handling": "1",
        "customer_return_rate": "0.80",
    }
    assert {kpi: targets[kpi] for kpi in given} == {kpi: D(target) for kpi, target in given.items()}
    assert (card.group_weights.business, card.group_weights.management) == (60, 40)
    assert (card.violations.rate, card.annual_award.min_rectification) == (D("0.1"), 1)
    assert len(card.kpis) == 24


def test_the_school_has_one_award_for_either_growth(shipped):
    results = component(shipped, "school_2026", "growth_results")
    research = component(shipped, "school_2026", "growth_research")
    assert [step.growth for step in results.steps + research.steps] == [D("0.1"), D("0.2")]
    assert results.award == research.award == "growth_award"


def test_every_number_of_a_plan_says_where_it_comes_from(shipped):
    """Numbers of the 2026 plans without a remark are weights and figures explained by the line above."""
    for plan_id in ("marketing_sales_2026", "sales_assistants_2026"):
        for line in shipped.content[shipped.files[plan_id]].splitlines():
            code, _, remark = line.partition("#")
            has_number = any(character.isdigit() for character in code)
            assert remark or not has_number or code.startswith(("valid_", "title", "plan_id")), line


def test_importing_the_package_is_light():
    code = "import sys, compensation; print(*sorted({'pyarrow', 'duckdb', 'dlt', 'pydantic'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
