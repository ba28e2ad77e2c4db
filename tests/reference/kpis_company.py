"""A company in, the marts of KPIs, scorecards, alerts and reports out.

Belongs here: the order of the chain of sections 8, 9 and 12 to 15 and what it takes from credit and
pay. Does not belong here: any rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from tests.reference.calculate import Marts, calculate
from tests.reference.company import Company
from tests.reference.counterfactuals import counterfactuals, with_counterfactuals
from tests.reference.journey_alerts import journey_alerts
from tests.reference.kpis_base import Crediting, Facts, Period, Row
from tests.reference.kpis_plans import crediting_of, investments, scorecards, talents
from tests.reference.kpis_values import kpi_values
from tests.reference.parts import Part, all_parts
from tests.reference.people import UNRESOLVED
from tests.reference.reports_boards import leaderboard, talent_signals
from tests.reference.reports_suggestions import suggestions
from tests.reference.scorecard_cards import all_cards, bonus_lines, card_rows, item_rows
from tests.reference.templates import TEMPLATES
from tests.reference.world import World

PEOPLE = ("employee_id", "owner_employee_id", "handler_employee_id", "to_employee_id", "from_employee_id")
LINE_FIELDS = (
    *("period", "employee_id", "component", "component_id", "plan_id", "plan_hash"),
    *("basis_amount", "rate", "amount", "currency"),
)


def _canonical(world: World, template: str) -> list[dict[str, Any]]:
    """Rows of a template with every column and with employees resolved."""
    rows: list[dict[str, Any]] = []
    for row in world.company.rows(template):
        resolved = {name: world.people.resolve(row.get(name)) for name in PEOPLE if name in row}
        rows.append(row | resolved)
    return rows


def _deal_rows(world: World) -> list[dict[str, Any]]:
    return [
        {
            "deal_id": deal.deal_id,
            "customer_key": deal.customer_key,
            "owner_employee_id": deal.owner or UNRESOLVED,
            "signed_at": deal.signed_at,
            "status": "cancelled" if deal.is_cancelled else "signed",
            "is_creditable": deal.is_creditable,
        }
        for deal in world.deals
    ]


def _touch_rows(world: World) -> list[dict[str, Any]]:
    return [
        {"deal_id": deal.deal_id, "lead_id": lead.lead_id, "created_at": lead.created_at}
        for deal in world.deals
        if deal.is_creditable
        for lead in deal.touches
    ]


def _amount_rows(parts: Sequence[Part]) -> list[dict[str, Any]]:
    """Credited closing amounts by deal and day, in full and in base currency."""
    return [
        {"deal_id": part.deal.deal_id, "measure_date": part.event.day, "amount": part.credited}
        for part in parts
        if part.pool == "closing" and part.deal.fx_rate is not None
    ]


def _versions(world: World, versions: Sequence[Row] | None) -> Sequence[Row]:
    """Delivered versions of customer records; without any the present records are the only ones."""
    if versions is not None:
        return versions
    return [
        {"load_seq": 1, "line": line, "updated_at": None} | row
        for line, row in enumerate(world.company.customers, start=2)
    ]


def facts_of_company(company: Company, versions: Sequence[Row] | None = None) -> Facts:
    """Facts for the rules of sections 8 and 9.

    Args:
        company: delivered rows and plans.
        versions: every delivered version of the customer records, with load_seq and line.
    """
    world = World(company)
    policies: dict[date, Crediting] = {}

    def crediting(day: date) -> Crediting:
        if day not in policies:
            policies[day] = crediting_of(world.book.policy_at(day))
        return policies[day]

    tables: dict[str, Sequence[Row]] = {template: _canonical(world, template) for template in TEMPLATES}
    tables |= calculate(company)
    tables |= {
        "customer_versions": _versions(world, versions),
        "int_deals": _deal_rows(world),
        "int_touches": _touch_rows(world),
        "int_measures_deal": _amount_rows(all_parts(world)),
    }
    return Facts(
        as_of=company.as_of,
        periods=[Period.parse(name) for name in world.periods],
        tables=tables,
        plans=scorecards(company.plans),
        timezone=ZoneInfo(company.timezone),
        crediting=crediting,
    )


def calculate_all(company: Company, versions: Sequence[Row] | None = None) -> Marts:
    """All marts of contracts B that the reference knows, credit and pay included."""
    facts = facts_of_company(company, versions)
    values = kpi_values(facts)
    cards = all_cards(facts)
    lines = [{name: line[name] for name in LINE_FIELDS} for line in bonus_lines(cards)]
    by_key = {(row["employee_id"], row["kpi_id"], row["period"]): row["value"] for row in values}
    marts = calculate(company, lambda _marts: lines, by_key)
    paid = {name: marts[name] for name in ("fct_payout_lines", "fct_growth", "fct_task_results")}
    facts = replace(facts, tables={**facts.tables, **paid})
    world = World(company, by_key)
    others = counterfactuals(world, marts)
    return with_counterfactuals(world, marts) | {
        "fct_kpi_values": values,
        "fct_scorecard_items": item_rows(cards),
        "fct_scorecards": card_rows(facts, cards),
        "fct_journey_alerts": journey_alerts(facts),
        "rpt_leaderboard": leaderboard(facts, cards),
        "rpt_suggestions": suggestions(facts, cards, others),
        "rpt_talent_signals": talent_signals(facts, talents(company.plans)),
        "fct_roi": investments(company.plans),
    }
