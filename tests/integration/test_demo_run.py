"""The demo company, run once through the command line: the seeded facts come out as seeded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from demo.company import write_company
from demo.seeding.facts import SeededFacts
from tests.conftest import Incentives


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> SeededFacts:
    return write_company(tmp_path_factory.mktemp("seeded"))


@pytest.fixture(scope="module")
def ask(demo_warehouse: Path, demo_intermediates: Path) -> Any:
    with duckdb.connect(str(demo_warehouse), read_only=True) as connection:
        connection.execute(f"attach '{demo_intermediates}' as scratch (read_only)")
        yield lambda query, *values: connection.execute(query, list(values)).fetchall()


def test_the_summary_says_what_to_open_next(demo_said: str) -> None:
    for word in ("2026-10", "quarantine", "checks", "published"):
        assert word in demo_said.lower(), word


def test_bypassed_leads_are_found_and_nothing_else(ask: Any, seeded: SeededFacts) -> None:
    found = {row[0] for row in ask("select deal_id from marts.fct_deal_sources where is_relabelled")}
    assert found == set(seeded.relabelled_deals)


def test_internal_circulation_is_found_and_nothing_else(ask: Any, seeded: SeededFacts) -> None:
    found = {
        row[0] for row in ask("select deal_id from marts.fct_deal_sources where is_internal_circulation")
    }
    assert found == set(seeded.internal_circulation_deals)


def test_seeded_rows_are_in_quarantine_with_their_reason(ask: Any, seeded: SeededFacts) -> None:
    found = sorted(row[0] for row in ask("select reason from marts.quarantine"))
    assert found == sorted(row.reason for row in seeded.quarantine)


def test_rows_in_are_accepted_or_quarantined(ask: Any) -> None:
    assert ask(
        "select count(*) from raw_files.load_files where rows_in <> rows_accepted + rows_quarantined"
    ) == [(0,)]


def test_a_line_is_explained_down_to_file_and_line(incentives: Incentives, demo_home: Path, ask: Any) -> None:
    line_id = ask(
        "select line_id from marts.fct_payout_lines where component = 'origination' order by line_id limit 1"
    )[0][0]
    result = incentives(demo_home, "explain", line_id, "--json")
    assert result.returncode == 0, result.stderr
    said = json.dumps(json.loads(result.stdout), ensure_ascii=False)
    assert "deals.csv" in said
    assert "leads.csv" in said


def test_an_unknown_line_is_a_usage_error(incentives: Incentives, demo_home: Path) -> None:
    result = incentives(demo_home, "explain", "no-such-line")
    assert result.returncode == 2
    assert "Traceback" not in result.stderr + result.stdout


def test_the_publication_is_whole(demo_home: Path, ask: Any) -> None:
    manifest = json.loads((demo_home / "published" / "manifest.json").read_text())
    assert manifest
    published = demo_home / "published" / "current" / "fct_payouts" / "period=2026-06" / "fct_payouts.parquet"
    count = duckdb.sql(f"select count(*), sum(net) from '{published}'").fetchall()
    assert count == ask("select count(*), sum(net) from marts.fct_payouts where period = '2026-06'")


def test_seeded_leads_fail_for_the_seeded_reasons(ask: Any, seeded: SeededFacts) -> None:
    found = dict(ask("select lead_id, coalesce(reasons, '') from marts.fct_lead_validity"))
    wrong = {
        lead: (found.get(lead), reason)
        for lead, reason in seeded.lead_reasons.items()
        if found.get(lead) != reason
    }
    assert wrong == {}


def test_seeded_deals_have_the_seeded_source(ask: Any, seeded: SeededFacts) -> None:
    found = dict(ask("select deal_id, source from marts.fct_deal_sources"))
    assert {deal: found[deal] for deal in seeded.deal_sources} == seeded.deal_sources


def test_seeded_transfers_are_judged_as_seeded(ask: Any, seeded: SeededFacts) -> None:
    rows = ask("select change_id, deal_id, is_near_certain, is_abnormal, has_reason from marts.fct_transfers")
    found = {row[0]: row for row in rows}
    for fact in seeded.transfers:
        _, deal_id, near_certain, abnormal, has_reason = found[fact.change_id]
        assert (deal_id, near_certain, abnormal, has_reason) == (
            fact.deal_id,
            fact.is_near_certain,
            fact.is_abnormal,
            fact.has_reason,
        ), fact


def test_one_customer_under_three_records_is_one(ask: Any, seeded: SeededFacts) -> None:
    keys = dict(
        ask(
            "select record_id, customer_key from scratch.intermediate.int_customers_resolved where source = 'customers'"
        )
    )
    for records in seeded.merged_customers:
        assert len({keys[record] for record in records if record in keys}) == 1, records
    for records in seeded.namesakes:
        assert len({keys[record] for record in records}) == len(records), records


def test_deals_at_midnight_fall_in_the_month_of_the_business_zone(ask: Any, seeded: SeededFacts) -> None:
    found = dict(ask("select deal_id, period from marts.fct_deal_sources"))
    assert {deal: found[deal] for deal in seeded.business_periods} == seeded.business_periods


def test_foreign_currency_is_converted_at_the_rate_of_the_signing(ask: Any, seeded: SeededFacts) -> None:
    found = dict(ask("select deal_id, cast(base_amount as varchar) from marts.fct_deal_sources"))
    assert {deal: found[deal] for deal in seeded.base_amounts} == seeded.base_amounts


def test_every_line_of_a_bad_split_or_a_deal_without_rate_is_held(ask: Any, seeded: SeededFacts) -> None:
    for deal in [*seeded.bad_splits, *seeded.no_rate_deals]:
        statuses = {
            row[0] for row in ask("select status from marts.fct_payout_lines where deal_id = ?", deal)
        }
        assert statuses == {"held"}, deal


def test_a_card_without_total_is_the_seeded_exception(ask: Any, seeded: SeededFacts) -> None:
    found = ask("select employee_id, period, reason from marts.fct_scorecards where total_score is null")
    assert found == [(*fact, "no_scored_kpi") for fact in seeded.cards_without_total.items()]


def test_marketers_are_scored_on_nearly_all_kpis(ask: Any) -> None:
    """Left out are quarterly KPIs in the other months, months without a violation or a first deal of an ad."""
    shares = dict(
        ask(
            "select kpi_id, avg(case when status = 'no_data' then 0 else 1 end) from marts.fct_scorecard_items "
            "where plan_id = 'marketing_scorecard_2026' group by kpi_id"
        )
    )
    seldom = {"rectification_rate", "brand_awareness_lift", "new_customers", "customer_acquisition_cost"}
    assert {kpi_id: share for kpi_id, share in shares.items() if share < 0.9 and kpi_id not in seldom} == {}
    assert len(shares) == 24


def test_a_few_dozen_alerts_are_open(ask: Any) -> None:
    counts = dict(ask("select state, count(*) from marts.fct_journey_alerts group by state"))
    assert 20 <= counts["open"] <= 60
    assert counts["lapsed"] > 0
    kinds = {row[0] for row in ask("select distinct kind from marts.fct_journey_alerts where state = 'open'")}
    assert kinds >= {"late", "abnormal_transfer", "relabelled", "internal_circulation", "held_payout"}


def test_seeded_irregularities_of_the_journey_raise_their_alerts(ask: Any, seeded: SeededFacts) -> None:
    alerts = ask(
        "select kind, stage, keys.record_id, alerts.responsible_employee_id from marts.fct_journey_alerts as alerts "
        "join scratch.intermediate.int_customers_resolved as keys "
        "on keys.customer_key = alerts.customer_key and keys.source = 'customers'"
    )
    for fact in seeded.journey:
        assert (fact.kind, fact.stage, fact.customer_id, fact.responsible_employee_id) in alerts, fact


def test_seeded_holds_and_transfers_raise_open_alerts(ask: Any, seeded: SeededFacts) -> None:
    found = dict(ask("select deal_id, state from marts.fct_journey_alerts where kind = 'abnormal_transfer'"))
    for fact in seeded.transfers:
        if fact.is_abnormal:
            assert found[fact.deal_id] == ("closed" if fact.decision else "open"), fact
    details = " ".join(
        row[0] for row in ask("select detail from marts.fct_journey_alerts where kind = 'held_payout'")
    )
    for reason in ("transfer", "bad_split", "no_fx_rate", "terminated", "unresolved", "row_in_quarantine"):
        assert reason in details, reason
    assert " process:" not in details
