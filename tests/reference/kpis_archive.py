"""KPIs of the customer archive (rulebook 8, readings 28 and 30).

Belongs here: customers owned at a period's end, their archive as known then, audits, returning
customers. Does not belong here: identity resolution and ownership history, which are inputs.
"""

from __future__ import annotations

from datetime import date

from tests.reference.kpis_base import UNRESOLVED, Facts, Figure, Period, Row, ratio


def _records(facts: Facts) -> dict[str, list[Row]]:
    """Delivered versions by customer_id, in order of delivery; deleted records are not among them."""
    grouped: dict[str, list[Row]] = {}
    for row in sorted(facts.rows("customer_versions"), key=lambda row: (row["load_seq"], row["line"])):
        grouped.setdefault(row["customer_id"], []).append(row)
    return grouped


def _version(facts: Facts, versions: list[Row], period: Period) -> Row | None:
    """The version "as known at the period's end (versions by delivery)"; None when not yet created."""
    if facts.day(versions[-1]["created_at"]) > period.last:
        return None
    known = [row for row in versions if _effective(facts, row) <= period.last]
    return known[-1] if known else versions[0]


def _effective(facts: Facts, row: Row) -> date:
    return facts.day(row["updated_at"] or row["created_at"])


def owned(facts: Facts, period: Period) -> dict[str, str]:
    """Owner by customer_key at the period's end, of customers created by then."""
    keys = facts.customer_keys("customers")
    known = {
        keys[customer_id]
        for customer_id, versions in _records(facts).items()
        if customer_id in keys and _version(facts, versions, period) is not None
    }
    owners: dict[str, str] = {}
    for row in facts.rows("int_ownership"):
        starts, ends = facts.day(row["valid_from"]), facts.day(row["valid_to"])
        if row["customer_key"] in known and starts <= period.last < ends:
            owners[row["customer_key"]] = row["owner_employee_id"] or UNRESOLVED
    return owners


def _count(owners: dict[str, str], hits: set[str]) -> dict[str, Figure]:
    """Hits among owned customers, by owner."""
    figures: dict[str, Figure] = {}
    for owner in set(owners.values()):
        keys = {key for key, found in owners.items() if found == owner}
        figures[owner] = ratio(len(keys & hits), len(keys))
    return figures


def archive_coverage(facts: Facts, period: Period, fields: dict[str, tuple[str, ...]]) -> dict[str, Figure]:
    """Rule: "customers with a complete archive ÷ customers owned".

    "Archives are per customer_key; complete = all the plan's archive_fields": a field counts when
    one of the key's records has it. `fields` are the archive fields by owner.
    """
    keys, owners = facts.customer_keys("customers"), owned(facts, period)
    filled: dict[str, set[str]] = {}
    for customer_id, versions in _records(facts).items():
        version = _version(facts, versions, period)
        if version is not None and customer_id in keys:
            names = {name for name, value in version.items() if isinstance(value, str) and value.strip()}
            filled.setdefault(keys[customer_id], set()).update(names)
    wanted = {key: fields.get(owner, facts.default_archive_fields) for key, owner in owners.items()}
    complete = {key for key in owners if set(wanted[key]) <= filled.get(key, set())}
    return _count(owners, complete)


def archive_update_rate(facts: Facts, period: Period) -> dict[str, Figure]:
    """Rule: "customers whose archive was updated in the month ÷ customers owned"."""
    keys = facts.customer_keys("customers")
    updated = {
        keys[row["customer_id"]]
        for row in facts.rows("customer_versions")
        if row["customer_id"] in keys and facts.within(period, row["updated_at"])
    }
    return _count(owned(facts, period), updated)


def archive_accuracy(facts: Facts, period: Period) -> dict[str, Figure]:
    """Rule: "correct ÷ verified fields in audits"; "Audits count to the owner at the check"."""
    keys = facts.customer_keys("customers")
    counts: dict[str, tuple[int, int]] = {}
    for row in facts.rows("archive_checks"):
        if facts.within(period, row["checked_at"]):
            key = keys.get(row["customer_id"], row["customer_id"])
            owner = facts.owner_at(key, row["checked_at"]) or UNRESOLVED
            correct, verified = counts.get(owner, (0, 0))
            counts[owner] = (correct + bool(row["is_correct"]), verified + 1)
    return {owner: ratio(*pair) for owner, pair in counts.items()}


def customer_return_rate(facts: Facts, period: Period) -> dict[str, Figure]:
    """Rule: "of customers who ever signed before the period's end, those with ≥ 2 signed deals"."""
    signed: dict[str, int] = {}
    for deal in facts.rows("int_deals"):
        if facts.signed_by(deal, period.last):
            signed[deal["customer_key"]] = signed.get(deal["customer_key"], 0) + 1
    owners = {key: owner for key, owner in owned(facts, period).items() if signed.get(key, 0) >= 1}
    return _count(owners, {key for key, deals in signed.items() if deals >= 2})
