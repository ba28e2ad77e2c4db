"""Published marts keep their promise to readers: each has its columns, and a row is what it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.common.yaml_document import load_yaml
from scripts.make_docs import grain, marts

PROMISED: dict[str, list[str]] = load_yaml(Path(__file__).with_name("published_contract.yml")).data
#: what a row is: these columns identify it, together with plan and component where several plans may hold
ROW_OF: dict[str, set[str]] = {
    "dim_employee": {"employee_id", "valid_from"},
    "dim_customer": {"customer_key"},
    "dim_period": {"period"},
    "fct_lead_validity": {"lead_id"},
    "fct_deal_sources": {"deal_id"},
    "fct_attribution": {"deal_id", "employee_id", "model"},
    "fct_credits": {"credit_id"},
    "fct_transfers": {"change_id", "deal_id"},
    "fct_measures": {"employee_id", "period", "measure"},
    "fct_task_results": {"employee_id", "period", "measure"},
    "fct_growth": {"scope", "scope_id", "period", "measure"},
    "fct_kpi_values": {"employee_id", "period", "kpi_id"},
    "fct_scorecard_items": {"employee_id", "period", "plan_id", "kpi_id"},
    "fct_scorecards": {"employee_id", "period", "plan_id"},
    "fct_payout_lines": {"line_id"},
    "fct_payouts": {"employee_id", "period", "currency"},
    "fct_points": {"lead_id"},
    "fct_process_bonus": {"employee_id", "period"},
    "fct_result_sources": {"employee_id", "period", "source"},
    "fct_journey_alerts": {"alert_id"},
    "fct_roi": {"item"},
    "rpt_leaderboard": {"board", "period", "team_id", "employee_id"},  # boards of teams name it
    "rpt_suggestions": {"employee_id", "period", "ordinal"},
    "rpt_talent_signals": {"employee_id", "period", "signal"},
    "fct_provenance": {"line_id", "source", "source_table", "record_id"},
    "quarantine": {"source_table", "location", "reason", "load_id"},
}
MODELS = marts()
OF_SEVERAL_PLANS = {"plan_id", "component_id"}


@pytest.mark.parametrize("mart", sorted(PROMISED))
def test_a_mart_has_the_promised_columns_and_dbt_enforces_them(mart: str) -> None:
    model = MODELS[mart]
    columns = {column["name"] for column in model["columns"]}
    assert set(PROMISED[mart]) - columns == set()
    assert model["config"]["contract"] == {"enforced": True}, "else the yml proves nothing about the table"


def test_every_promised_mart_has_its_row() -> None:
    assert PROMISED.keys() == ROW_OF.keys()


@pytest.mark.parametrize("mart", sorted(ROW_OF))
def test_a_row_is_what_was_promised(mart: str) -> None:
    found = set(grain(MODELS[mart]))
    assert found - OF_SEVERAL_PLANS == ROW_OF[mart] - OF_SEVERAL_PLANS
    assert ROW_OF[mart] <= found
