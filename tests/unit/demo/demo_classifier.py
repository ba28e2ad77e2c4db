"""A small classifier by the rulebook that reads the written files of the demo company again.

Belongs here: reasons of leads, sources of deals, groups of records. Does not belong here: what the company says of
itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from datetime import datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))
FORMS = r"(有限责任公司|股份有限公司|有限公司|co\.?,? ?ltd\.?|ltd\.?|inc\.?)$"


def moment(text):
    return datetime.fromisoformat(text).astimezone(CHINA)


def day(text):
    return moment(text).date()


class Groups:
    """Connected records: customers by id, leads by id, tied by normalised keys."""

    def __init__(self, company):
        self.parent = {}
        for row in company.tables["customers"]:
            self.tie(f"c{row['customer_id']}", self.keys(row, row["name"]))
        for row in company.tables["leads"]:
            linked = [f"c{row['customer_id']}"] if row["customer_id"] else []
            self.tie(f"l{row['lead_id']}", linked + self.keys(row, row["company_name"]))

    def keys(self, row, name):
        phone = re.sub(r"\D", "", row.get("phone", "")).removeprefix("86")
        plain = unicodedata.normalize("NFKC", name).casefold().strip()
        plain = re.sub(r"[\W_]", "", re.sub(FORMS, "", plain))
        return (
            ([f"p{phone}"] if len(phone) == 11 else [])
            + ([f"n{plain}"] if plain and row["customer_type"] != "individual" else [])
            + ([f"u{row['unified_credit_code']}"] if row.get("unified_credit_code") else [])
        )

    def root(self, item):
        while self.parent.setdefault(item, item) != item:
            item = self.parent[item]
        return item

    def tie(self, item, others):
        for other in [item, *others]:
            self.parent[self.root(other)] = self.root(item)


def classify(company):
    """Reasons of leads, sources of deals, relabelled and circulating deals, and the groups of records."""
    rejected = {(fact.file, fact.line) for fact in company.facts.quarantine}
    groups = Groups(company)

    def kept(name):
        return [row for line, row in enumerate(company.tables[name], 2) if (name, line) not in rejected]

    marketers = {
        row["employee_id"] for row in company.tables["employees"] if row["department"] == "marketing"
    }
    deals = defaultdict(list)
    for row in sorted(kept("deals"), key=lambda row: (moment(row["signed_at"]), row["deal_id"])):
        deals[groups.root(f"c{row['customer_id']}")].append(row)
    leads = defaultdict(list)
    for row in sorted(kept("leads"), key=lambda row: (moment(row["created_at"]), row["lead_id"])):
        leads[groups.root(f"l{row['lead_id']}")].append(row)
    reasons = {}
    for key, rows in leads.items():
        for place, row in enumerate(rows):
            reasons[row["lead_id"]] = lead_reason(row, rows[:place], deals[key])
    sources, relabelled, circulation = {}, set(), set()
    owners = owner_history(company, groups)
    for key, rows in deals.items():
        for place, row in enumerate(rows):
            source = deal_source(row, rows[:place], leads[key], reasons, marketers)
            sources[row["deal_id"]] = source
            if source == "marketing" and row["claimed_source"] == "self_sourced":
                relabelled.add(row["deal_id"])
            if source == "self_sourced" and circulates(row, owners[key], leads[key], marketers):
                circulation.add(row["deal_id"])
    return reasons, sources, relabelled, circulation, groups


def lead_reason(row, earlier, deals):
    contacts = (row["phone"], row["email"], row["wecom_id"])
    if not any(contacts):
        return "missing_contact"
    phone_ok = len(re.sub(r"\D", "", row["phone"])) >= 11
    if not (phone_ok or re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", row["email"]) or row["wecom_id"]):
        return "bad_contact"
    if any(day(row["created_at"]) - day(lead["created_at"]) <= timedelta(days=90) for lead in earlier):
        return "duplicate"
    if any(
        deal["status"] == "signed" and moment(deal["signed_at"]) < moment(row["created_at"]) for deal in deals
    ):
        return "existing_customer"
    return "rejected" if row["review_status"] == "rejected" else ""


def deal_source(row, earlier, leads, reasons, marketers):
    if any(deal["status"] == "signed" for deal in earlier):
        return "repurchase"
    for lead in leads:
        age = (day(row["signed_at"]) - day(lead["created_at"])).days
        before = moment(lead["created_at"]) <= moment(row["signed_at"])
        if before and age <= 180 and reasons[lead["lead_id"]] == "" and is_marketing(lead, marketers):
            return "marketing"
    return "referral" if row["referrer_customer_id"] else "self_sourced"


def is_marketing(lead, marketers):
    return lead["owner_employee_id"] in marketers or "@" in lead["owner_employee_id"]


def owner_history(company, groups):
    """Owner intervals of each customer: (from, to, owner)."""
    history = defaultdict(list)
    changes = defaultdict(list)
    for row in company.tables["ownership_changes"]:
        changes[row["customer_id"]].append(row)
    for customer in company.tables["customers"]:
        key = groups.root(f"c{customer['customer_id']}")
        since, owner = datetime.min.replace(tzinfo=CHINA), None
        rows = sorted(changes[customer["customer_id"]], key=lambda row: moment(row["changed_at"]))
        owner = rows[0]["from_employee_id"] if rows else customer["owner_employee_id"]
        for row in rows:
            history[key].append((since, moment(row["changed_at"]), owner))
            since, owner = moment(row["changed_at"]), row["to_employee_id"]
        history[key].append((since, datetime.max.replace(tzinfo=CHINA), owner))
    return history


def circulates(row, intervals, leads, marketers):
    signed = moment(row["signed_at"])
    start = signed - timedelta(days=365)
    owned = any(
        owner and owner != row["owner_employee_id"] and since < signed and until >= start
        for since, until, owner in intervals
    )
    return owned or any(
        start <= moment(lead["created_at"]) <= signed and is_marketing(lead, marketers) for lead in leads
    )
