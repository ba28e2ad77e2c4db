"""Published credits, deal sources and identity (contracts B).

Belongs here: rows of the credit marts. Does not belong here: how they are computed.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import TYPE_CHECKING

from tests.reference.money import published_shares, total
from tests.reference.parts import Part
from tests.reference.rate_tables import order
from tests.reference.templates import Row

if TYPE_CHECKING:
    from tests.reference.world import World


def md5(*values: str | None) -> str:
    """Key of values joined with ``|``; None counts as empty."""
    return hashlib.md5("|".join(value or "" for value in values).encode(), usedforsecurity=False).hexdigest()


def credit_rows(world: World, parts: list[Part]) -> list[Row]:
    """fct_credits: "transaction × pool × employee (the signing has an empty transaction_id)"."""
    groups: dict[tuple[str, str, str, str], list[Part]] = defaultdict(list)
    for part in parts:
        if part.period <= world.last_period:
            groups[part.deal.deal_id, part.event.transaction_id, part.pool, part.employee].append(part)
    return [_credit(key, sorted(members, key=order)) for key, members in groups.items()]


def _credit(key: tuple[str, str, str, str], members: list[Part]) -> Row:
    """One credit row; a negative transaction adds its pieces."""
    first = members[0]
    shares = getattr(first.pools, first.pool)
    rates = {part.rate for part in members}
    amounts = [part.pool_amount for part in members if part.pool_amount is not None]
    return {
        "credit_id": md5(*key),
        "deal_id": first.deal.deal_id,
        "transaction_id": first.event.transaction_id,
        "period": first.period,
        "currency": first.deal.currency,
        "pool": first.pool,
        "employee_id": first.employee,
        "share": published_shares(shares)[first.employee],
        "credited_amount": total(part.credited for part in members),
        "rate": rates.pop() if len(rates) == 1 else None,
        "pool_amount": total(amounts) if len(amounts) == len(members) else None,
        "earning_amount": total(part.earning for part in members),
        "plan_hash": first.paying.plan["plan_hash"] if first.paying else None,
    }


def source_rows(world: World) -> list[Row]:
    """fct_deal_sources: every deal with its classification."""
    return [
        {
            "deal_id": deal.deal_id,
            "customer_key": deal.customer_key,
            "signed_date": deal.signed_date,
            "period": deal.period,
            "amount": deal.row["amount"],
            "currency": deal.row["currency"],
            "source": deal.source,
            "claimed_source": deal.row.get("claimed_source"),
            "is_relabelled": deal.is_relabelled,
            "is_internal_circulation": deal.is_internal_circulation,
        }
        for deal in world.deals
    ]


def validity_rows(world: World) -> list[Row]:
    """fct_lead_validity: every lead, "the first failing reason and all failing reasons"."""
    return [
        {
            "lead_id": lead.lead_id,
            "customer_key": lead.customer_key,
            "owner_employee_id": lead.owner,
            "created_at": lead.created_at,
            "is_valid": lead.is_valid,
            "reason": lead.reasons[0] if lead.reasons else None,
            "reasons": ";".join(lead.reasons) or None,
            "became_valid_at": lead.became_valid_at,
        }
        for lead in world.leads
    ]


def identity_rows(world: World) -> list[Row]:
    """int_customers_resolved: customer_key of each record."""
    return [
        {"source": source, "record_id": record_id, "customer_key": key}
        for (source, record_id), key in world.keys.items()
    ]


def assignment_rows(world: World) -> list[Row]:
    """int_assignments: roles, half-open."""
    return [
        {
            "employee_id": role.employee_id,
            "department": role.department,
            "position": role.position or None,
            "team_id": role.team_id or None,
            "manager_id": role.manager_id,
            "bonus_base": role.bonus_base,
            "valid_from": role.valid_from,
            "valid_to": role.valid_to,
        }
        for roles in world.people.assignments.values()
        for role in roles
    ]


def ownership_rows(world: World) -> list[Row]:
    """int_ownership: who owned a customer when."""
    return [
        {
            "customer_key": owned.customer_key,
            "owner_employee_id": owned.owner,
            "valid_from": owned.valid_from,
            "valid_to": owned.valid_to,
            "change_id": owned.change_id,
        }
        for rows in world.ownership.values()
        for owned in rows
    ]
