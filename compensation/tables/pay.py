"""Rows of the commission, reward and task tables.

Belongs here: one function for each component type that pays. Does not belong here: scorecards.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from compensation.model.commission import Commission, Draw, PlanCap, RateTable
from compensation.model.plan import AnyComponent
from compensation.model.rewards import Contribution, GrowthBonus, Points, ProcessBonus, Task, TeamGrowth
from compensation.tables.versions import Row, TableRow


def pay_rows(component: AnyComponent, key: Row) -> Iterator[TableRow]:
    """Rows of a component that pays; none for other types.

    Args:
        component: the component.
        key: its version columns.
    """
    if isinstance(component, Commission):
        yield from _commission_rows(component, key)
    elif isinstance(component, Points):
        rule = {"base_points": component.base, "point_value": component.point_value}
        yield "points_rules", {**key, **rule}
        for lead_type, points in component.by_lead_type.items():
            yield "points_by_type", {**key, "lead_type": lead_type, "points": points}
    elif isinstance(component, ProcessBonus):
        yield "process_bonus_rules", {**key, **_process_bonus(component)}
    elif isinstance(component, Task):
        yield from _task_rows(component, key)
    elif isinstance(component, GrowthBonus):
        yield from _growth_rows(component, key)
    elif isinstance(component, TeamGrowth):
        yield from _team_growth_rows(component, key)
    elif isinstance(component, Contribution):
        yield "contribution_rules", {**key, **_contribution(component)}
    elif isinstance(component, PlanCap):
        yield "plan_caps", {**key, "amount": component.amount, "excess": component.excess}
    elif isinstance(component, Draw):
        yield "draws", {**key, "amount": component.amount, "is_recoverable": component.recoverable}


def _commission_rows(component: Commission, key: Row) -> Iterator[TableRow]:
    """Flat rates or a rate table, with cap, floor and quota ramp."""
    limits = {
        "cap_amount": component.cap.amount if component.cap else None,
        "cap_excess": component.cap.excess if component.cap else None,
        "floor_amount": component.floor.amount if component.floor else None,
    }
    for deal_source, rate in (component.rates or {}).items():
        row = {"pool": component.pool, "deal_source": deal_source, "rate": rate}
        yield "commission_rates", {**key, **row}
    table = component.rate_table
    if table is not None:
        yield "commission_tables", {**key, **_table(component, table), **limits}
        for deal_source in table.sources:
            yield "commission_table_sources", {**key, "deal_source": deal_source}
        yield from _tier_rows(table, key)
    if component.cap or component.floor:
        yield "commission_caps", {**key, **limits}
    if component.quota is not None:
        for month, factor in enumerate(component.quota.ramp, start=1):
            ramp = {"kpi_id": component.quota.kpi, "month_no": month, "factor": factor}
            yield "quota_ramps", {**key, **ramp}


def _table(component: Commission, table: RateTable) -> Row:
    """Settings of a rate table."""
    quota_kpi = table.quota_kpi or (component.quota.kpi if component.quota else None)
    return {
        "pool": component.pool,
        "rate_mode": table.mode,
        "tier_bound": table.bound,
        "interval_unit": table.interval,
        "tier_unit": table.unit,
        "quota_kpi": quota_kpi,
    }


def _tier_rows(table: RateTable, key: Row) -> Iterator[TableRow]:
    """The tiers with both bounds; the first begins at 0, the last has no upper bound."""
    lower = Decimal(0)
    for number, tier in enumerate(table.tiers, start=1):
        start = tier.start_rate if tier.rate is None else tier.rate
        end = tier.end_rate if tier.rate is None else tier.rate
        bounds = {"tier_no": number, "lower_bound": lower, "upper_bound": tier.up_to}
        yield "commission_tiers", {**key, **bounds, "start_rate": start, "end_rate": end}
        lower = tier.up_to if tier.up_to is not None else lower


def _process_bonus(component: ProcessBonus) -> Row:
    """Settings of the process bonus."""
    return {
        "target": component.target,
        "min_conversion": component.min_conversion,
        "bonus": component.bonus,
        "origination_policy": component.origination,
        "trailing_months": component.trailing_months,
    }


def _task_rows(component: Task, key: Row) -> Iterator[TableRow]:
    """Settings of tasks and the items of each profile."""
    yield (
        "task_rules",
        {
            **key,
            "history_months": component.history_months,
            "best_months": component.best_months,
            "min_history_months": component.min_history_months,
            "developer_share": component.developer_share,
            "attainment_cap": component.attainment_cap,
            "target_cap": component.target_cap,
            "pay_basis": component.pay,
            "talent_measure": component.talent.measure,
            "talent_attainment": component.talent.attainment,
            "talent_months": component.talent.months,
        },
    )
    templates = component.templates
    profiles = {
        "maintainer": templates.maintainer,
        "developer": templates.developer,
        "unprofiled": templates.unprofiled,
    }
    for profile, items in profiles.items():
        for ordinal, item in enumerate(items, start=1):
            values = {"measure": item.measure, "weight": item.weight, "target": item.target}
            yield "task_items", {**key, "profile": profile, "ordinal": ordinal, **values}


def _growth_rows(component: GrowthBonus, key: Row) -> Iterator[TableRow]:
    """Own growth; the rates of the steps are effective ones in both modes."""
    yield (
        "growth_rules",
        {
            **key,
            "scope": "employee",
            "measure": component.measure,
            "baseline_kind": component.baseline,
            "baseline_months": component.baseline_months,
            "mode": component.mode,
            "base_rate": component.base_rate,
            "basis": component.basis,
            "applies_on": component.on,
            "threshold": None,
            "award": component.award or component.id,
        },
    )
    base = component.base_rate if component.mode == "increment" else Decimal(0)
    for number, step in enumerate(component.steps, start=1):
        yield "growth_steps", {**key, "step_no": number, "min_growth": step.growth, "rate": base + step.rate}


def _team_growth_rows(component: TeamGrowth, key: Row) -> Iterator[TableRow]:
    """Growth of the team: nothing below the threshold, one step at it."""
    yield (
        "growth_rules",
        {
            **key,
            "scope": "team",
            "measure": component.measure,
            "baseline_kind": component.baseline,
            "baseline_months": component.baseline_months,
            "mode": "table",
            "base_rate": Decimal(0),
            "basis": "earned_commission",
            "applies_on": "whole",
            "threshold": component.threshold,
            "award": component.id,
        },
    )
    step = {"step_no": 1, "min_growth": component.threshold, "rate": component.rate}
    yield "growth_steps", {**key, **step}


def _contribution(component: Contribution) -> Row:
    """Settings of the contribution score."""
    return {
        "follow_ups_reference": component.follow_ups_reference,
        "minutes_reference": component.minutes_reference,
        "follow_ups_share": component.follow_ups_share,
        "threshold": component.threshold,
        "bonus": component.bonus,
    }
