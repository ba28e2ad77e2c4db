"""No employee may have one thing twice at the same time."""

from __future__ import annotations

import pytest

CLOSING = "components:\n  - {type: commission, pool: closing, rates: {marketing: 0.02, referral: 0.02}}\n"
REFERRAL = "components:\n  - {type: commission, id: more, pool: closing, rates: {referral: 0.01}}\n"


def test_one_plan_pays_a_pool_of_a_deal_source_once(problems_of):
    body = (
        CLOSING
        + "  - {type: commission, id: again, pool: closing, rates: {referral: 0.01, repurchase: 0.01}}\n"
    )
    (problem,) = problems_of(body)
    assert (problem.line, problem.key) == (10, "components[1]")
    assert problem.message == "the closing pool on referral deals is already paid by the component in line 9"


def test_one_plan_may_pay_departments_differently(write_plan, load_folder):
    body = (
        "components:\n  - {type: commission, pool: closing, departments: [sales], rates: {referral: 0.02}}\n"
        "  - {type: commission, id: b, pool: closing, departments: [marketing], rates: {referral: 0.01}}\n"
    )
    write_plan(body, departments="sales, marketing")
    assert len(load_folder().plans["a_plan"].components) == 2


def test_one_plan_has_a_reward_once(problems_of):
    (problem,) = problems_of("components:\n  - {type: points}\n  - {type: points, id: more, base: 5}\n")
    assert (problem.line, problem.message) == (10, "points is already paid by the component in line 9")


def test_overlapping_plans_of_one_department_are_an_error(write_plan, load_errors):
    write_plan(CLOSING, plan_id="early")
    write_plan(REFERRAL, plan_id="late", valid_from="2026-07-01", valid_to="2028-01-01")
    (problem,) = load_errors()
    assert (problem.file, problem.line, problem.key) == ("plans/late.yml", 9, "components[0]")
    assert problem.message == (
        "the closing pool on referral deals for sales (every position) overlaps plan early "
        "(plans/early.yml:9) from 2026-07-01 to 2027-01-01"
    )


def test_an_open_end_overlaps_whatever_begins_later(write_plan, load_errors):
    write_plan(CLOSING, plan_id="early", valid_to="null")
    write_plan(REFERRAL, plan_id="late", valid_from="2030-01-01", valid_to="null")
    (problem,) = load_errors()
    assert problem.message.endswith("from 2030-01-01 on")


@pytest.mark.parametrize(
    "head",
    [
        {"valid_from": "2027-01-01", "valid_to": "2028-01-01"},
        {"departments": "marketing"},
    ],
)
def test_plans_that_follow_each_other_or_are_for_others_load(head, write_plan, load_folder):
    write_plan(CLOSING, plan_id="early")
    write_plan(CLOSING, plan_id="late", **head)
    assert list(load_folder().plans) == ["early", "late"]


def test_other_components_of_the_same_department_may_stand_in_another_plan(write_plan, load_folder):
    write_plan(CLOSING, plan_id="early")
    write_plan("components:\n  - {type: points}\n", plan_id="late")
    assert len(load_folder().plans) == 2


def test_positions_keep_plans_apart(write_plan, load_folder):
    write_plan(CLOSING, plan_id="junior", replace=("[sales]}", "[sales], positions: [junior]}"))
    write_plan(CLOSING, plan_id="senior", replace=("[sales]}", "[sales], positions: [senior]}"))
    assert len(load_folder().plans) == 2


def test_a_plan_for_every_position_overlaps_one_for_some(write_plan, load_errors):
    write_plan(CLOSING, plan_id="all")
    write_plan(REFERRAL, plan_id="senior", replace=("[sales]}", "[sales], positions: [senior]}"))
    (problem,) = load_errors()
    assert "for sales (senior) overlaps plan all" in problem.message


def test_each_plan_may_have_its_own_plan_cap(write_plan, load_folder):
    write_plan("components:\n  - {type: plan_cap, amount: 100}\n", plan_id="one")
    write_plan("components:\n  - {type: plan_cap, amount: 200}\n", plan_id="two")
    assert len(load_folder().plans) == 2


def test_overlapping_crediting_is_an_error(write_plan, load_errors):
    write_plan("crediting: {basis: signed}\n", plan_id="one", departments="sales")
    write_plan("crediting: {basis: invoiced}\n", plan_id="two", departments="marketing")
    (problem,) = load_errors()
    assert (problem.file, problem.line, problem.key) == ("plans/two.yml", 8, "crediting")
    assert problem.message == (
        "overlaps the crediting of one (plans/one.yml:8) from 2026-01-01 to 2027-01-01"
    )


def test_investment_figures_stand_in_one_plan(write_plan, load_errors):
    roi = (
        "components:\n  - type: roi\n    efficiency: {people: 1, weekly_pay: 1, share_saved: 0.1}\n"
        "    performance: {additional_revenue: 1, margin: 0.1, system_cost: 1}\n"
        "    management: {customers_kept: 1, average_order: 1, margin: 0.1}\n"
    )
    write_plan(roi, plan_id="one", departments="sales")
    write_plan(roi, plan_id="two", departments="marketing")
    (problem,) = load_errors()
    assert problem.message == "roi overlaps plan one (plans/one.yml:9) from 2026-01-01 to 2027-01-01"


def test_all_plans_have_one_time_zone(write_plan, load_errors):
    write_plan("", plan_id="one")
    write_plan("", plan_id="two", replace=("Asia/Shanghai", "Asia/Tokyo"))
    (problem,) = load_errors()
    assert (problem.file, problem.line, problem.key) == ("plans/two.yml", 5, "timezone")
    assert problem.message == "is Asia/Tokyo, but plans/one.yml says Asia/Shanghai: all plans must agree"


def test_a_plan_id_exists_once(plan_dir, write_plan, load_errors):
    path = write_plan("")
    (plan_dir / "a_plan.yaml").write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    (problem,) = load_errors()
    assert (problem.key, problem.message) == ("plan_id", "'a_plan' is already the id of plans/a_plan.yaml")
