"""Rows of the crediting tables: one policy for every day from 1900-01-01 on.

Belongs here: filling the time no plan covers with the model's defaults (policy ``default``, plan
id empty) and the decay weights. Does not belong here: what the settings mean.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext

from compensation.checks.across_plans import OPEN_END
from compensation.loader import PlanSet
from compensation.model.crediting import JOURNEY_STAGES, Crediting
from compensation.tables.versions import BEGINNING, Row, TableRow

DEFAULT_POLICY = "default"
_TWELVE_PLACES = Decimal("1e-12")


@dataclass(frozen=True)
class Policy:
    """Crediting rules and the days they are in force."""

    crediting: Crediting
    key: Row
    currency: str | None


def policies(plan_set: PlanSet) -> list[Policy]:
    """The policies in force from 1900-01-01 to 9999-12-31, without gap or overlap."""
    found: list[Policy] = []
    at = BEGINNING
    with_crediting = [plan for plan in plan_set.plans.values() if plan.crediting is not None]
    for plan in sorted(with_crediting, key=lambda plan: plan.valid_from):
        start, end = max(plan.valid_from, BEGINNING), plan.valid_to or OPEN_END
        if plan.crediting is None or end <= start:
            continue
        if at < start:
            found.append(_default(at, start))
        key = _key(plan.plan_id, plan.plan_id, plan_set.hashes[plan.plan_id], start, end)
        found.append(Policy(plan.crediting, key, plan.currency))
        at = end
    if at < OPEN_END:
        found.append(_default(at, OPEN_END))
    return found


def _default(start: date, end: date) -> Policy:
    """The model's defaults for days without a plan."""
    return Policy(Crediting(), _key(DEFAULT_POLICY, "", "", start, end), None)


def _key(policy_id: str, plan_id: str, plan_hash: str, start: date, end: date) -> Row:
    """Version columns of a policy."""
    return {
        "policy_id": policy_id,
        "plan_id": plan_id,
        "plan_hash": plan_hash,
        "valid_from": start,
        "valid_to": end,
    }


def crediting_rows(plan_set: PlanSet) -> Iterator[TableRow]:
    """Rows of all crediting tables."""
    for policy in policies(plan_set):
        yield "crediting_policies", _policy_row(policy)
        for list_name, values in _lists(policy.crediting).items():
            for ordinal, value in enumerate(values, start=1):
                row = {"list_name": list_name, "ordinal": ordinal, "value": value}
                yield "crediting_values", {**policy.key, **row}
        half_life = policy.crediting.attribution.half_life_days
        for age in range(policy.crediting.deal_source.protection_days + 1):
            yield "decay_weights", {**policy.key, "age_days": age, "weight": decay_weight(age, half_life)}
        for ordinal, stage in enumerate(JOURNEY_STAGES, start=1):
            limit = getattr(policy.crediting.journey, stage, None)
            yield "journey_stages", {**policy.key, "stage": stage, "ordinal": ordinal, "max_seconds": limit}


def decay_weight(age_days: int, half_life_days: int) -> Decimal:
    """Weight 2^(−age ÷ half-life), exact to 12 places, half up (rulebook 3.5).

    Args:
        age_days: whole business days from lead to signing.
        half_life_days: days in which the weight halves.
    """
    with localcontext() as context:
        context.prec = 50
        power = Decimal(2) ** (Decimal(-age_days) / Decimal(half_life_days))
        return power.quantize(_TWELVE_PLACES, rounding=ROUND_HALF_UP)


def _policy_row(policy: Policy) -> Row:
    """The single settings of a policy."""
    rules = policy.crediting
    joint, referral = rules.collaboration.joint, rules.collaboration.referral
    attribution, transfers = rules.attribution, rules.transfers
    return {
        **policy.key,
        "currency": policy.currency,
        "dedupe_days": rules.lead_validity.dedupe_days,
        "visit_days": rules.lead_validity.visit_days,
        "protection_days": rules.deal_source.protection_days,
        "lookback_days": rules.deal_source.lookback_days,
        "basis": rules.basis,
        "attribution_model": attribution.model,
        "position_first": attribution.position.first,
        "position_middle": attribution.position.middle,
        "position_last": attribution.position.last,
        "half_life_days": attribution.half_life_days,
        "history_months": attribution.history_months,
        "joint_rate": joint.rate,
        "joint_amount": joint.amount,
        "joint_min_activities": joint.min_activities,
        "referral_rate": referral.rate,
        "referral_amount": referral.amount,
        "near_certain_days": transfers.near_certain_days,
        "near_certain_share_months": transfers.near_certain_share_months,
        "min_post_activities": transfers.min_post_activities,
        "min_post_minutes": transfers.min_post_minutes,
        "close_days": transfers.close_days,
        "window_days": transfers.window_days,
        "counted_share": transfers.counted_share,
        "remainder_to": transfers.remainder_to,
        "alert_lapse_seconds": rules.journey.alert_lapse,
    }


def _lists(rules: Crediting) -> dict[str, list[str]]:
    """The settings that are lists."""
    return {
        "lead_rules": list(rules.lead_validity.rules),
        "accepted_customer_types": list(rules.lead_validity.accepted_customer_types),
        "person_types": list(rules.person_types),
        "placeholder_names": list(rules.placeholder_names),
        "origination_departments": list(rules.deal_source.origination_departments),
        "substantive_kinds": list(rules.collaboration.substantive_kinds),
    }
