"""KPIs of rulebook 8 in the reference: ordinary case, empty case, zero denominator, month border."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.reference.kpis_base import Period
from tests.reference.kpis_examples import (
    LAST_MOMENT,
    NEXT_MONTH,
    NOON,
    ONE_FACT,
    Tables,
    ad,
    ad_deal,
    at,
    competitor,
    figure_row,
    measure,
    visit,
)
from tests.reference.kpis_values import CATALOGUE

D = Decimal
QUARTERLY = [kpi_id for kpi_id, kpi in CATALOGUE.items() if kpi.frequency == "quarter"]
NO_TARGET = ("sales_amount_attainment", "sales_volume_attainment")
MEASURES = {
    "sales_amount_attainment": "counted_sales_amount",
    "sales_volume_attainment": "units",
    "valid_visits": "valid_visits",
    "repurchase_amount": "repurchase_amount",
    "new_customer_amount": "new_customer_amount",
    "deals_assisted": "deals_assisted",
    "customers_maintained": "customers_maintained",
}


def _survey(day: date, aware: int, respondents: int) -> dict[str, Any]:
    return {"owner_employee_id": "E1", "surveyed_on": day, "aware": aware, "respondents": respondents}


def _target(kpi_id: str, target: str, period: str = "2026-10") -> Tables:
    row = {"employee_id": "E1", "kpi_id": kpi_id, "period": period, "target": D(target)}
    return {"targets": [row]}


@pytest.mark.parametrize("kpi_id", CATALOGUE)
def test_an_employee_without_facts_has_a_row_for_every_kpi(kpi_id: str) -> None:
    numerator, _, value, reason = figure_row(kpi_id, {})
    if kpi_id in QUARTERLY:
        assert (numerator, value, reason) == (None, None, "no_data")
    elif kpi_id in NO_TARGET:
        assert (numerator, value, reason) == (0, None, "no_target")
    elif CATALOGUE[kpi_id].is_ratio:
        assert (numerator, value, reason) == (0, None, "no_data")
    else:
        assert (numerator, value, reason) == (0, 0, None)


@pytest.mark.parametrize("kpi_id", ONE_FACT)
def test_the_last_moment_of_the_month_counts_and_midnight_in_shanghai_does_not(kpi_id: str) -> None:
    inside, outside = ONE_FACT[kpi_id](LAST_MOMENT), ONE_FACT[kpi_id](NEXT_MONTH)
    if kpi_id == "transfer_rate":
        for tables in (inside, outside):
            tables["int_deals"][0]["owner_employee_id"] = "E1"
    counted, missed = figure_row(kpi_id, inside), figure_row(kpi_id, outside)
    assert counted[2] is not None
    assert missed[2] in (None, 0)
    assert missed[:2] != counted[:2]


@pytest.mark.parametrize(("kpi_id", "name"), MEASURES.items())
def test_measure_kpis_take_the_published_measure_of_the_month_only(kpi_id: str, name: str) -> None:
    targets = _target(kpi_id, "80")
    row = figure_row(kpi_id, measure(name, "72") | targets)
    expected = D("0.9") if kpi_id in NO_TARGET else D(72)
    assert (row[0], row[2], row[3]) == (72, expected, None)
    assert figure_row(kpi_id, measure(name, "72", "2026-11") | targets)[0] == 0


def test_ads_are_summed_over_the_campaigns_of_the_owner() -> None:
    tables = ad(NOON)
    tables["ad_daily"] += ad(NOON, impressions=500, clicks=None)["ad_daily"]
    assert figure_row("impressions", tables) == (1500, None, 1500, None)
    assert figure_row("ad_conversion_rate", tables) == (10, 1500, D("0.006667"), None)
    assert figure_row("click_through_rate", tables) == (20, 1500, D("0.013333"), None)


def test_ads_without_impressions_have_no_rate() -> None:
    tables = ad(NOON, impressions=0)
    assert figure_row("impressions", tables) == (0, None, 0, None)
    assert figure_row("ad_conversion_rate", tables) == (5, 0, None, "no_data")
    assert figure_row("click_through_rate", tables) == (20, 0, None, "no_data")


def test_revenue_and_new_customers_follow_the_first_touch() -> None:
    tables = ad(NOON) | ad_deal(NOON)
    assert figure_row("ad_roas", tables) == (500, 100, 5, None)
    assert figure_row("customer_acquisition_cost", tables) == (100, 1, 100, None)
    earlier = {"deal_id": "D1", "lead_id": "L0", "created_at": at("2026-08-01")}
    tables["int_touches"].append(earlier)
    tables["leads"].append({"lead_id": "L0", "platform": None, "campaign_id": None})
    assert figure_row("ad_roas", tables) == (0, 100, 0, None)
    assert figure_row("customer_acquisition_cost", tables) == (100, 0, None, "no_data")


def test_a_refund_lowers_the_ad_revenue_of_its_own_month() -> None:
    tables = ad(NOON) | ad_deal(at("2026-09-15"))
    tables["int_measures_deal"].append({"deal_id": "D1", "measure_date": NOON.date(), "amount": D(-200)})
    assert figure_row("ad_roas", tables) == (-200, 100, -2, None)
    assert figure_row("customer_acquisition_cost", tables) == (100, 0, None, "no_data")


def test_foreign_cost_needs_a_rate_on_or_before_the_day() -> None:
    tables = ad(NOON, cost=D("10.01"), currency="USD") | ad_deal(NOON)
    assert figure_row("ad_roas", tables)[2:] == (None, "no_fx_rate")
    assert figure_row("customer_acquisition_cost", tables)[2:] == (None, "no_fx_rate")
    tables["fx_rates"] = [{"currency": "USD", "date": date(2026, 10, 1), "rate_to_base": D("7.25")}]
    assert figure_row("customer_acquisition_cost", tables) == (D("72.57"), 1, D("72.57"), None)


def test_spend_of_zero_gives_no_return_but_a_free_customer() -> None:
    tables = ad(NOON, cost=D(0)) | ad_deal(NOON)
    assert figure_row("ad_roas", tables) == (500, 0, None, "no_data")
    assert figure_row("customer_acquisition_cost", tables) == (0, 1, 0, None)


DECEMBER = Period(2026, 12)


def test_awareness_is_compared_with_the_quarter_before_in_its_last_month() -> None:
    rows = [_survey(date(2026, 9, 30), 20, 100), _survey(date(2026, 10, 1), 46, 200)]
    tables: Tables = {"brand_surveys": rows}
    assert figure_row("brand_awareness_lift", tables, DECEMBER) == (600, 4000, D("0.15"), None)
    assert figure_row("brand_awareness_lift", tables) == (None, None, None, "no_data")


@pytest.mark.parametrize(("aware", "respondents"), [(0, 100), (0, 0)])
def test_awareness_without_anything_before_has_no_lift(aware: int, respondents: int) -> None:
    rows = [_survey(date(2026, 9, 30), aware, respondents), _survey(date(2026, 12, 31), 46, 200)]
    row = figure_row("brand_awareness_lift", {"brand_surveys": rows}, DECEMBER)
    assert row == (0, 0, None, "no_data")


def test_new_customers_of_a_quarter_stand_in_its_last_month() -> None:
    rows = [*measure("new_customers", "2", "2026-10")["fct_measures"]]
    rows += measure("new_customers", "0.5", "2026-12")["fct_measures"]
    rows += measure("new_customers", "9", "2026-09")["fct_measures"]
    tables: Tables = {"fct_measures": rows}
    assert figure_row("new_customers", tables, DECEMBER) == (D("2.5"), None, D("2.5"), None)
    assert figure_row("new_customers", tables, Period(2026, 11)) == (None, None, None, "no_data")
    assert figure_row("new_customers", {}, DECEMBER) == (0, None, 0, None)


def test_a_target_of_zero_is_said_and_not_divided_by() -> None:
    tables = measure("counted_sales_amount", "72") | _target("sales_amount_attainment", "0")
    assert figure_row("sales_amount_attainment", tables) == (72, 0, None, "zero_target")


def test_a_target_in_the_measures_name_is_taken_and_one_of_the_quarter_is_not() -> None:
    actual = measure("counted_sales_amount", "72")
    assert figure_row("sales_amount_attainment", actual | _target("sales_amount", "80"))[2] == D("0.9")
    quarter = _target("sales_amount", "80", "2026-Q4")
    assert figure_row("sales_amount_attainment", actual | quarter)[3] == "no_target"


def test_conversion_is_of_the_visitors_of_the_month_signed_by_its_end() -> None:
    tables = visit(NOON) | {"int_deals": ad_deal(LAST_MOMENT)["int_deals"]}
    assert figure_row("lead_conversion", tables) == (1, 1, 1, None)
    late = visit(NOON) | {"int_deals": ad_deal(NEXT_MONTH)["int_deals"]}
    assert figure_row("lead_conversion", late) == (0, 1, 0, None)
    cancelled = visit(NOON) | {"int_deals": ad_deal(NOON, is_creditable=False)["int_deals"]}
    assert figure_row("lead_conversion", cancelled) == (0, 1, 0, None)
    assert figure_row("lead_conversion", visit(NOON, is_valid=False))[3] == "no_data"


def test_a_visit_of_the_customer_belongs_to_leads_created_before_it() -> None:
    tables = visit(NOON)
    tables["journey_events"][0] |= {"lead_id": None, "customer_id": "C9"}
    tables["int_customers_resolved"].append({"source": "customers", "record_id": "C9", "customer_key": "K1"})
    assert figure_row("lead_conversion", tables)[1] == 1
    tables["leads"][0]["created_at"] = at("2026-10-16")
    assert figure_row("lead_conversion", tables)[3] == "no_data"


def test_transfer_rate_sets_deals_given_away_against_all_deals() -> None:
    deals = [ad_deal(NOON, deal_id=f"D{n}", owner_employee_id="E1")["int_deals"][0] for n in range(3)]
    given = {"deal_id": "D9", "from_employee_id": "E1", "signed_at": NOON}
    unsigned = {"deal_id": None, "from_employee_id": "E1", "signed_at": None}
    tables: Tables = {"int_deals": deals, "fct_transfers": [given, unsigned]}
    assert figure_row("transfer_rate", tables) == (1, 4, D("0.25"), None)


def test_inputs_are_adopted_when_known_at_the_as_of_time() -> None:
    def submitted(adopted: datetime | None) -> dict[str, Any]:
        return {"employee_id": "E1", "submitted_at": NOON, "adopted_at": adopted}

    rows = [submitted(at("2026-12-01")), submitted(at("2027-03-01")), submitted(None)]
    tables: Tables = {"product_inputs": rows}
    assert figure_row("product_inputs", tables) == (3, None, 3, None)
    assert figure_row("product_input_adoption", tables) == (1, 3, D("0.333333"), None)


def test_a_competitor_report_at_exactly_24_hours_is_in_time() -> None:
    rows = [competitor(NOON, 24), competitor(NOON, 1)]
    assert figure_row("competitor_response", {"competitor_events": rows}) == (2, 2, 1, None)


@pytest.mark.parametrize(
    "bad", [{"hours": 24.001}, {"has_advice": False}, {"has_impact": None}, {"hours": None}]
)
def test_any_breach_is_named_and_the_ratio_stays(bad: dict[str, Any]) -> None:
    rows = [competitor(NOON), competitor(NOON, **bad)]
    assert figure_row("competitor_response", {"competitor_events": rows}) == (1, 2, D("0.5"), "breach")


def test_an_event_still_inside_its_hours_is_no_breach() -> None:
    rows = [competitor(NOON, None)]
    row = figure_row("competitor_response", {"competitor_events": rows}, as_of=at("2026-10-15T10:00"))
    assert row == (0, 1, 0, None)
