"""The tables of schema ``raw_plans``: names, columns, types.

Belongs here: the contract with the dbt source ``plans``. Does not belong here: filling them
(the other modules of ``tables``) and writing them (``landing``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

TEXT, DATE, MONEY, RATE, QUANTITY, INTEGER, BOOL = (
    "text",
    "date",
    "money",
    "rate",
    "quantity",
    "integer",
    "bool",
)
"""VARCHAR, DATE, DECIMAL(18,2), DECIMAL(18,12), DECIMAL(18,6), BIGINT, BOOLEAN."""

_VERSION = {"plan_id": TEXT, "plan_hash": TEXT, "valid_from": DATE, "valid_to": DATE}
_POLICY = {"policy_id": TEXT, **_VERSION}
_COMPONENT = {**_VERSION, "component_id": TEXT}

_PLAN_TABLES: dict[str, dict[str, str]] = {
    "plans": {
        **_VERSION,
        "title_zh": TEXT,
        "title_en": TEXT,
        "timezone": TEXT,
        "currency": TEXT,
        "terminated_policy": TEXT,
        "prorate_targets": BOOL,
        "file": TEXT,
    },
    "plan_departments": {**_VERSION, "department": TEXT, "position": TEXT},
    "plan_files": {
        "plan_hash": TEXT,
        "plan_id": TEXT,
        "file": TEXT,
        "content": TEXT,
        "canonical_json": TEXT,
    },
    "kpi_catalogue": {
        "kpi_id": TEXT,
        "group_name": TEXT,
        "direction": TEXT,
        "frequency": TEXT,
        "unit": TEXT,
        "name_zh": TEXT,
        "name_en": TEXT,
        "is_observed": BOOL,
    },
    "kpi_options": {
        **_COMPONENT,
        "kpi_id": TEXT,
        "option_name": TEXT,
        "value_text": TEXT,
        "value_number": QUANTITY,
    },
    "components": {**_COMPONENT, "component_type": TEXT, "pool": TEXT, "currency": TEXT, "ordinal": INTEGER},
    "component_departments": {**_COMPONENT, "department": TEXT},
}

_CREDITING_TABLES: dict[str, dict[str, str]] = {
    "crediting_policies": {
        **_POLICY,
        "currency": TEXT,
        "dedupe_days": INTEGER,
        "visit_days": INTEGER,
        "protection_days": INTEGER,
        "lookback_days": INTEGER,
        "basis": TEXT,
        "attribution_model": TEXT,
        "position_first": RATE,
        "position_middle": RATE,
        "position_last": RATE,
        "half_life_days": INTEGER,
        "history_months": INTEGER,
        "joint_rate": RATE,
        "joint_amount": MONEY,
        "joint_min_activities": INTEGER,
        "referral_rate": RATE,
        "referral_amount": MONEY,
        "near_certain_days": INTEGER,
        "near_certain_share_months": INTEGER,
        "min_post_activities": INTEGER,
        "min_post_minutes": INTEGER,
        "close_days": INTEGER,
        "window_days": INTEGER,
        "counted_share": RATE,
        "remainder_to": TEXT,
        "alert_lapse_seconds": INTEGER,
    },
    "crediting_values": {**_POLICY, "list_name": TEXT, "ordinal": INTEGER, "value": TEXT},
    "decay_weights": {**_POLICY, "age_days": INTEGER, "weight": RATE},
    "journey_stages": {**_POLICY, "stage": TEXT, "ordinal": INTEGER, "max_seconds": INTEGER},
}

_PAY_TABLES: dict[str, dict[str, str]] = {
    "commission_rates": {**_COMPONENT, "pool": TEXT, "deal_source": TEXT, "rate": RATE},
    "commission_tables": {
        **_COMPONENT,
        "pool": TEXT,
        "rate_mode": TEXT,
        "tier_bound": TEXT,
        "interval_unit": TEXT,
        "tier_unit": TEXT,
        "quota_kpi": TEXT,
        "cap_amount": MONEY,
        "cap_excess": TEXT,
        "floor_amount": MONEY,
    },
    "commission_table_sources": {**_COMPONENT, "deal_source": TEXT},
    "commission_tiers": {
        **_COMPONENT,
        "tier_no": INTEGER,
        "lower_bound": QUANTITY,
        "upper_bound": QUANTITY,
        "start_rate": RATE,
        "end_rate": RATE,
    },
    "commission_caps": {**_COMPONENT, "cap_amount": MONEY, "cap_excess": TEXT, "floor_amount": MONEY},
    "quota_ramps": {**_COMPONENT, "kpi_id": TEXT, "month_no": INTEGER, "factor": RATE},
    "points_rules": {**_COMPONENT, "base_points": QUANTITY, "point_value": MONEY},
    "points_by_type": {**_COMPONENT, "lead_type": TEXT, "points": QUANTITY},
    "process_bonus_rules": {
        **_COMPONENT,
        "target": QUANTITY,
        "min_conversion": RATE,
        "bonus": MONEY,
        "origination_policy": TEXT,
        "trailing_months": INTEGER,
    },
    "task_rules": {
        **_COMPONENT,
        "history_months": INTEGER,
        "best_months": INTEGER,
        "min_history_months": INTEGER,
        "developer_share": RATE,
        "attainment_cap": QUANTITY,
        "target_cap": RATE,
        "pay_basis": TEXT,
        "talent_measure": TEXT,
        "talent_attainment": QUANTITY,
        "talent_months": INTEGER,
    },
    "task_items": {
        **_COMPONENT,
        "profile": TEXT,
        "ordinal": INTEGER,
        "measure": TEXT,
        "weight": QUANTITY,
        "target": QUANTITY,
    },
    "growth_rules": {
        **_COMPONENT,
        "scope": TEXT,
        "measure": TEXT,
        "baseline_kind": TEXT,
        "baseline_months": INTEGER,
        "mode": TEXT,
        "base_rate": RATE,
        "basis": TEXT,
        "applies_on": TEXT,
        "threshold": QUANTITY,
        "award": TEXT,
    },
    "growth_steps": {**_COMPONENT, "step_no": INTEGER, "min_growth": QUANTITY, "rate": RATE},
    "contribution_rules": {
        **_COMPONENT,
        "follow_ups_reference": QUANTITY,
        "minutes_reference": QUANTITY,
        "follow_ups_share": RATE,
        "threshold": QUANTITY,
        "bonus": MONEY,
    },
    "plan_caps": {**_COMPONENT, "amount": MONEY, "excess": TEXT},
    "draws": {**_COMPONENT, "amount": MONEY, "is_recoverable": BOOL},
}

_SCORECARD_TABLES: dict[str, dict[str, str]] = {
    "scorecards": {
        **_COMPONENT,
        "business_weight": QUANTITY,
        "management_weight": QUANTITY,
        "max_attainment": QUANTITY,
        "score_cap": QUANTITY,
        "excluded_policy": TEXT,
        "violation_rate": RATE,
        "violation_mode": TEXT,
        "service_bonus_points": QUANTITY,
        "service_bonus_group": TEXT,
        "min_rectification": RATE,
        "pays_bonus": BOOL,
    },
    "scorecard_kpis": {
        **_COMPONENT,
        "ordinal": INTEGER,
        "kpi_id": TEXT,
        "group_name": TEXT,
        "weight": QUANTITY,
        "target": QUANTITY,
        "direction": TEXT,
        "method": TEXT,
        "deduct": QUANTITY,
        "frequency": TEXT,
        "course_id": TEXT,
        "is_gate": BOOL,
        "training_bonus": TEXT,
        "bonus_points": QUANTITY,
        "exam_rate": RATE,
    },
    "scorecard_grades": {**_COMPONENT, "grade": TEXT, "min_score": QUANTITY},
    "scorecard_service_kpis": {**_COMPONENT, "kpi_id": TEXT},
    "violation_factors": {**_COMPONENT, "violation_count": INTEGER, "factor": RATE},
    "archive_fields": {**_COMPONENT, "field": TEXT},
    "roi_items": {**_COMPONENT, "item": TEXT, "input": TEXT, "value": QUANTITY},
}

TABLES = {**_PLAN_TABLES, **_CREDITING_TABLES, **_PAY_TABLES, **_SCORECARD_TABLES}
"""Columns and types of every table, in order."""

ARCHIVE_TABLE = "plan_files"
"""The one table that only grows: the text of every plan version ever used, by hash."""


def arrow_types() -> dict[str, Any]:
    """The pyarrow type of each of our types."""
    import pyarrow as pa

    return {
        TEXT: pa.string(),
        DATE: pa.date32(),
        MONEY: pa.decimal128(18, 2),
        RATE: pa.decimal128(18, 12),
        QUANTITY: pa.decimal128(18, 6),
        INTEGER: pa.int64(),
        BOOL: pa.bool_(),
    }


def arrow_schema(table: str) -> pa.Schema:
    """The pyarrow schema of a table."""
    import pyarrow as pa

    types = arrow_types()
    return pa.schema([(column, types[kind]) for column, kind in TABLES[table].items()])
