"""Crediting rules exist for every day; decay weights are exact."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from compensation import plan_tables
from compensation.tables.crediting import decay_weight

FIRST, LAST = date(1900, 1, 1), date(9999, 12, 31)
COLUMNS = ("policy_id", "plan_id", "valid_from", "valid_to")


def policies(plan_set):
    return [
        tuple(row[key] for key in COLUMNS) for row in plan_tables(plan_set)["crediting_policies"].to_pylist()
    ]


def test_without_crediting_the_defaults_hold_always(write_plan, load_folder):
    write_plan("")
    plan_set = load_folder()
    assert policies(plan_set) == [("default", "", FIRST, LAST)]
    (row,) = plan_tables(plan_set)["crediting_policies"].to_pylist()
    assert (row["protection_days"], row["lookback_days"], row["dedupe_days"]) == (180, 365, 90)
    assert (row["joint_rate"], row["joint_amount"]) == (Decimal("0.005"), None)
    assert (row["counted_share"], row["attribution_model"], row["basis"]) == (
        Decimal("0.2"),
        "first",
        "signed",
    )
    assert (row["plan_hash"], row["currency"], row["visit_days"]) == ("", None, None)


def test_gaps_between_plans_are_filled_with_defaults(write_plan, load_folder):
    write_plan("crediting: {basis: invoiced}\n", plan_id="first", valid_to="2026-04-01")
    write_plan(
        "crediting: {basis: collected}\n", plan_id="second", valid_from="2026-04-01", valid_to="2026-07-01"
    )
    write_plan("crediting: {basis: signed}\n", plan_id="third", valid_from="2027-01-01", valid_to="null")
    assert policies(load_folder()) == [
        ("default", "", FIRST, date(2026, 1, 1)),
        ("first", "first", date(2026, 1, 1), date(2026, 4, 1)),
        ("second", "second", date(2026, 4, 1), date(2026, 7, 1)),
        ("default", "", date(2026, 7, 1), date(2027, 1, 1)),
        ("third", "third", date(2027, 1, 1), LAST),
    ]


def test_every_day_has_exactly_one_policy(shipped):
    found = sorted(policies(shipped), key=lambda row: row[2])
    assert (found[0][2], found[-1][3]) == (FIRST, LAST)
    assert all(before[3] == after[2] for before, after in pairwise(found))


def test_an_award_by_amount_has_no_rate(write_plan, load_folder):
    write_plan("crediting:\n  collaboration: {joint: {amount: 200}, referral: {rate: 0.01}}\n")
    row = plan_tables(load_folder())["crediting_policies"].to_pylist()[1]
    assert (row["joint_rate"], row["joint_amount"], row["currency"]) == (None, Decimal(200), "CNY")
    assert (row["referral_rate"], row["referral_amount"]) == (Decimal("0.01"), None)


def test_lists_keep_their_order(write_plan, load_folder):
    write_plan(
        "crediting:\n  lead_validity: {rules: [missing_contact, out_of_profile], accepted_customer_types: [b, a]}\n"
    )
    found = [
        (row["list_name"], row["ordinal"], row["value"])
        for row in plan_tables(load_folder())["crediting_values"].to_pylist()
        if row["policy_id"] == "a_plan" and row["list_name"] != "placeholder_names"
    ]
    assert found == [
        ("lead_rules", 1, "missing_contact"),
        ("lead_rules", 2, "out_of_profile"),
        ("accepted_customer_types", 1, "b"),
        ("accepted_customer_types", 2, "a"),
        ("person_types", 1, "individual"),
        ("origination_departments", 1, "marketing"),
        ("substantive_kinds", 1, "call"),
        ("substantive_kinds", 2, "visit"),
        ("substantive_kinds", 3, "meeting"),
        ("substantive_kinds", 4, "demo"),
    ]


def test_journey_stages_have_seconds(write_plan, load_folder):
    write_plan("crediting:\n  journey: {visited: 2h, received: null}\n")
    found = [
        (row["stage"], row["ordinal"], row["max_seconds"])
        for row in plan_tables(load_folder())["journey_stages"].to_pylist()
        if row["policy_id"] == "a_plan"
    ]
    assert found == [
        ("entered", 1, None),
        ("visited", 2, 7_200),
        ("received", 3, None),
        ("intent_registered", 4, 14 * 86_400),
        ("contract_archived", 5, 30 * 86_400),
        ("settled", 6, 15 * 86_400),
    ]


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("{}", 30 * 86_400), ("{alert_lapse: 2d}", 172_800), ("{alert_lapse: null}", None)],
)
def test_alerts_of_stages_lapse_after_the_written_time(write_plan, load_folder, written, seconds):
    write_plan(f"crediting:\n  journey: {written}\n")
    rows = plan_tables(load_folder())["crediting_policies"].to_pylist()
    assert {row["policy_id"]: row["alert_lapse_seconds"] for row in rows} == {
        "default": 30 * 86_400,
        "a_plan": seconds,
    }


@pytest.mark.parametrize(
    ("age", "weight"),
    [
        (0, "1"),
        (1, "0.905723664264"),  # 2^(-1/7) = 0.90572366426390670...
        (7, "0.5"),
        (14, "0.25"),
        (180, "0.000000018165"),  # 2^(-180/7) = 1.81647189588...e-8
    ],
)
def test_a_touch_loses_half_its_weight_in_a_half_life(age, weight):
    assert decay_weight(age, 7) == Decimal(weight)


def test_weights_are_the_nearest_of_twelve_places():
    """Checked in whole numbers: weight^7 × 2^age = 1, half a unit to both sides."""
    for age in range(181):
        units = int(decay_weight(age, 7) * 10**12)
        low, high = (2 * units - 1) ** 7 * 2**age, (2 * units + 1) ** 7 * 2**age
        assert low <= (2 * 10**12) ** 7 < high


def test_decay_weights_cover_the_protection_window(write_plan, load_folder):
    write_plan(
        "crediting:\n  deal_source: {protection_days: 3}\n  attribution: {half_life_days: 1}\n",
        valid_from="1900-01-01",
        valid_to="null",
    )
    table = plan_tables(load_folder())["decay_weights"]
    assert [(row["age_days"], row["weight"]) for row in table.to_pylist()] == [
        (0, Decimal(1)),
        (1, Decimal("0.5")),
        (2, Decimal("0.25")),
        (3, Decimal("0.125")),
    ]
