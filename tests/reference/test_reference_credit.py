"""Identity, valid leads and attribution on small companies (rulebook 0, 3).

Belongs here: scenarios whose outcome can be checked by hand.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from tests.reference.attribution_fit import Journey, markov_weights, shapley_weights
from tests.reference.builders import CLOSING, ORIGINATION, Builder, plan
from tests.reference.calculate import calculate
from tests.reference.identity import code_key, customer_keys, name_key, phone_key
from tests.reference.placeholder_names import PLACEHOLDER_NAMES

D = Decimal


@pytest.mark.parametrize(
    "name",
    ["北京 星河（科技）有限公司", "北京星河科技股份有限公司", "北京星河科技集团有限公司", "北京星河科技"],
)
def test_legal_forms_at_the_end_do_not_tell_companies_apart(name: str) -> None:
    assert name_key(name) == "北京星河科技"


def test_names_codes_and_phones_are_normalised() -> None:
    assert name_key("ACME Co., Ltd.") == name_key("acme") == name_key("ＡＣＭＥ Inc")
    assert name_key("Ltd") == "ltd"
    assert name_key("Limited Brands") == "limitedbrands"
    assert name_key(" -- ") is None
    assert phone_key("138 0000 0001") == phone_key("+86-13800000001") == "+8613800000001"
    assert phone_key("123") is None
    assert code_key(" 9111 0000-6000 37341l ") == "91110000600037341L"
    assert code_key("000") is None


def test_what_says_nothing_identifies_nobody() -> None:
    names = ["无", "N/A", "未知", "暂无", "个人", "NULL", "test", "n/a", "None", "测试有限公司"]
    leads = [{"lead_id": f"L{number}", "company_name": name} for number, name in enumerate(names * 2)]
    keys = customer_keys([], leads, set(), PLACEHOLDER_NAMES)
    assert len(set(keys.values())) == len(leads)
    assert code_key("91110000600037341X") is None  # wrong check digit
    assert code_key("9.1110000600037E+17") is None
    assert [phone_key(digits) for digits in ("00000000000", "12345678901", "987654321")] == [None] * 3
    assert phone_key("13800000001.0") == "+8613800000001"


def test_newly_opened_prefixes_are_phones() -> None:
    assert [phone_key(f"{prefix}00000001") for prefix in ("154", "179", "194")] == [
        "+8615400000001",
        "+8617900000001",
        "+8619400000001",
    ]


def test_components_join_records_of_all_kinds_and_persons_never_by_name() -> None:
    customers = [
        {"customer_id": "C2", "name": "Acme Ltd", "phone": "13800000001"},
        {"customer_id": "C1", "name": "Other", "phone": "+8613800000001"},
        {"customer_id": "P1", "name": "Li Na", "customer_type": "Individual"},
        {"customer_id": "P2", "name": "Li Na", "customer_type": "individual"},
    ]
    leads = [
        {"lead_id": "L1", "company_name": "acme"},
        {"lead_id": "L2", "customer_id": "P2"},
        {"lead_id": "L9", "company_name": "Nobody"},
        {"lead_id": "L8", "company_name": "nobody inc."},
    ]
    keys = customer_keys(customers, leads, {"individual"})
    assert keys == customer_keys(customers[::-1], leads[::-1], {"individual"})
    assert {keys["customers", "C1"], keys["customers", "C2"], keys["leads", "L1"]} == {"C1"}
    assert (keys["customers", "P1"], keys["leads", "L2"]) == ("P1", "P2")
    assert keys["leads", "L9"] == keys["leads", "L8"] == "lead:L8"


def test_a_lead_lists_all_failing_reasons_in_order() -> None:
    setting = {"lead_validity": {"accepted_customer_types": ["company"], "visit_days": 7}}
    b = Builder(plan(crediting=setting))
    b.employee("M1", "marketing")
    b.employee("S1")
    customer = b.customer()
    b.lead(customer, "M1", "2026-01-01", customer_type="company", lead_id="L1")
    b.visit("2026-01-08", customer_id=customer)
    b.deal("S1", "10", "2026-01-10", customer)
    b.lead(customer, "M1", "2026-04-01", lead_id="L2", wecom_id="!", phone="12", review_status="rejected")
    b.lead(b.customer(), "M1", "2026-04-01", lead_id="L3", wecom_id=" ", customer_type="company")
    rows = {row["lead_id"]: row for row in calculate(b.company)["fct_lead_validity"]}
    assert (rows["L1"]["is_valid"], rows["L1"]["became_valid_at"].day) == (True, 8)
    reasons = "bad_contact;duplicate;existing_customer;out_of_profile;rejected;stale"
    assert (rows["L2"]["reason"], rows["L2"]["reasons"]) == ("bad_contact", reasons)
    assert rows["L3"]["reasons"] == "missing_contact;stale"


@pytest.mark.parametrize(("day", "is_valid"), [("2026-04-01", False), ("2026-04-02", True)])
def test_the_dedupe_window_includes_its_last_day(day: str, is_valid: bool) -> None:
    """1 January to 1 April are 90 days."""
    b = Builder(plan())
    b.employee("M1", "marketing")
    customer = b.customer()
    b.lead(customer, "M1", "2026-01-01", lead_id="L1")
    b.lead(customer, "M1", day, lead_id="L2")
    assert calculate(b.company)["fct_lead_validity"][1]["is_valid"] is is_valid


def test_one_touch_per_owner_and_day_and_duplicates_count_as_touches() -> None:
    b = Builder(plan(ORIGINATION, CLOSING))
    for name in ("M1", "M2"):
        b.employee(name, "marketing")
    b.employee("S1")
    customer = b.customer()
    b.lead(customer, "M2", "2026-01-01T08:00")
    b.lead(customer, "M2", "2026-01-01T09:00")
    b.lead(customer, "M1", "2026-01-01T10:00")
    b.lead(customer, "M1", "2026-01-08T10:00")
    b.deal("S1", "100", "2026-01-08T12:00", customer, claimed_source="Self-Sourced")
    marts = calculate(b.company)
    shares = {(r["model"], r["employee_id"]): r["share"] for r in marts["fct_attribution"]}
    assert shares["first", "M2"] == shares["last", "M1"] == 1
    assert (shares["linear", "M1"], shares["linear", "M2"]) == (D("0.666667"), D("0.333333"))
    assert (shares["position", "M1"], shares["position", "M2"]) == (D("0.6"), D("0.4"))
    assert (shares["time_decay", "M1"], shares["time_decay", "M2"]) == (D("0.75"), D("0.25"))
    assert shares["shapley", "M1"] == D("0.666667")  # nothing fitted: equal over touches
    assert marts["fct_deal_sources"][0]["is_relabelled"] is True


def test_shapley_shares_each_conversion_over_its_channels() -> None:
    paths = [Journey(("a", "b", "a"), True), Journey(("b",), True), Journey(("c",), False)]
    assert shapley_weights(paths) == {"a": Fraction(1, 4), "b": Fraction(3, 4), "c": 0}
    assert shapley_weights([Journey(("a",), False)]) == {}


def test_markov_removal_effects_are_solved_exactly() -> None:
    """P = 2/3; without a: 1/3, without b: 0 → effects 1/2 and 1."""
    paths = [Journey(("a", "b"), True), Journey(("b",), True), Journey(("a",), False)]
    # START → a 2/3, b 1/3; a → b 1/2, lost 1/2; b → conversion 1
    assert markov_weights(paths) == {"a": Fraction(1, 3), "b": Fraction(2, 3)}
    assert markov_weights([Journey(("a",), False)]) == {}


def test_data_driven_models_look_at_closed_months_of_the_customer_type() -> None:
    b = Builder(plan(ORIGINATION, crediting={"attribution": {"model": "shapley"}}))
    for name in ("M1", "M2"):
        b.employee(name, "marketing")
    b.employee("S1")
    for channel, signs in (("web", True), ("web", True), ("fair", True), ("fair", False)):
        customer = b.customer(customer_type="company")
        b.lead(customer, "M1", "2026-01-05", channel=channel)
        if signs:
            b.deal("S1", "10", "2026-01-20", customer)
    customer = b.customer(customer_type="company")
    b.lead(customer, "M1", "2026-02-01", channel="web")
    b.lead(customer, "M2", "2026-02-02", channel="fair")
    deal = b.deal("S1", "10", "2026-02-20", customer)
    marts = calculate(b.company)
    weights = {
        row["channel"]: row["weight"]
        for row in marts["fct_attribution_weights"]
        if (row["model"], row["period"]) == ("shapley", "2026-02")
    }
    assert weights == {"web": D("0.666666666667"), "fair": D("0.333333333333")}
    shares = {
        row["employee_id"]: row["share"]
        for row in marts["fct_attribution"]
        if (row["deal_id"], row["model"]) == (deal, "shapley")
    }
    assert shares == {"M1": D("0.666667"), "M2": D("0.333333")}
