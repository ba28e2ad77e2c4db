"""The company's Salesforce: users, accounts, leads, won opportunities, tasks and events.

Belongs here: rows of the company as records of Salesforce, with its custom fields (`__c`). Does not belong here: the
protocol (`demo/simulators/salesforce`), which field becomes which column (`sources.yml`).

The company numbers its records itself, so every object has a `…_Number__c`; a person is the user's EmployeeNumber, as
people typed it: some are addresses or numbers of an earlier system. Moments that people type are text fields.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from demo.simulators.server import Records
from demo.world.tables import Tables

#: templates that live in this system
TEMPLATES = ("customers", "leads", "deals", "activities")
_TASKS = ("call", "message", "other")
_SUBTYPES = {"call": "Call", "message": "Email", "other": "Task"}
_PEOPLE = {
    "customers": "owner_employee_id",
    "leads": "owner_employee_id",
    "deals": "owner_employee_id",
    "activities": "employee_id",
}
_START = "2000-01-01T00:00:00.000+0000"
_NONE: tuple[str, ...] = ("OpportunityFieldHistory", "OpportunityHistory")

Row = dict[str, str]


def salesforce_records(tables: Tables) -> Records:
    """The objects of the organisation.

    Args:
        tables: The company.
    """
    activities = tables.records("activities")
    return {
        "User": _users(tables),
        "Account": [_account(row) for row in tables.records("customers")],
        "Lead": [_lead(row) for row in tables.records("leads")],
        "Opportunity": [_opportunity(row, at) for at, row in enumerate(tables.records("deals"))],
        "Task": [_task(row) for row in activities if row["kind"] in _TASKS],
        "Event": [_event(row) for row in activities if row["kind"] not in _TASKS],
    } | {name: [] for name in _NONE}


def _users(tables: Tables) -> list[dict[str, Any]]:
    """A user for each way a person is written, with the address of the person it is."""
    address = {row["employee_id"]: row["email"] for row in tables.records("employees")}
    former = {
        row["source_user_id"]: row["employee_id"]
        for row in tables.records("source_users")
        if row["source"] == "files"
    }
    written = {row[column] for name, column in _PEOPLE.items() for row in tables.records(name)}
    return [
        {
            "Id": _id("005", one),
            "Name": one,
            "EmployeeNumber": one,
            "Email": address.get(former.get(one, one)),
            "IsActive": True,
            "SystemModstamp": _START,
        }
        for one in sorted(written)
    ]


def _account(row: Row) -> dict[str, Any]:
    return {
        "Id": _id("001", row["customer_id"]),
        "Name": row["name"] or row["customer_id"],
        "Customer_Number__c": row["customer_id"],
        "Legal_Name__c": row["name"] or None,
        "Type": row["customer_type"] or None,
        "Credit_Code__c": row["unified_credit_code"] or None,
        "Phone": row["phone"] or None,
        "Contact_Name__c": row["contact_name"] or None,
        "Email__c": row["email"] or None,
        "Preference__c": row["preference"] or None,
        "Referred_By_Number__c": row["referred_by_customer_id"] or None,
        "LastModifiedDate": _moment(row["updated_at"]),
        **_owner(row["owner_employee_id"]),
        **_common(row["created_at"], row["updated_at"]),
    }


def _lead(row: Row) -> dict[str, Any]:
    return {
        "Id": _id("00Q", row["lead_id"]),
        "Name": row["contact_name"] or None,
        "Lead_Number__c": row["lead_id"],
        "Company": row["company_name"] or None,
        "Phone": row["phone"] or None,
        "Email": row["email"] or None,
        "WeCom__c": row["wecom_id"] or None,
        "Customer_Type__c": row["customer_type"] or None,
        "Lead_Type__c": row["lead_type"] or None,
        "LeadSource": row["channel"] or None,
        "Status": "Qualified" if row["customer_id"] else "Open",
        "Platform__c": row["platform"] or None,
        "Campaign_Number__c": row["campaign_id"] or None,
        "Came_In_At__c": row["created_at"],
        "Review_Status__c": row["review_status"] or None,
        "Review_Reason__c": row["review_reason"] or None,
        "Reviewed_At__c": row["reviewed_at"] or None,
        **_customer(row["customer_id"], "ConvertedAccount"),
        **_owner(row["owner_employee_id"]),
        **_common(row["created_at"], row["reviewed_at"]),
    }


def _opportunity(row: Row, place: int) -> dict[str, Any]:
    """A won opportunity; two of them may bear one number."""
    return {
        "Id": _id("006", f"{row['deal_id']} {place}"),
        "Name": f"{row['product']} {row['deal_id']}",
        "Deal_Number__c": row["deal_id"],
        "Amount": float(row["amount"]),
        "CurrencyIsoCode": row["currency"],
        "Units__c": int(row["units"]),
        "CloseDate": row["signed_at"][:10],
        "Signed_At__c": row["signed_at"],
        "StageName": "Closed Won",
        "IsWon": True,
        "IsClosed": True,
        "Contract_Status__c": row["status"],
        "Claimed_Source__c": row["claimed_source"] or None,
        "Referrer_Number__c": row["referrer_customer_id"] or None,
        "Product__c": row["product"],
        "Type": row["deal_kind"],
        "LeadSource": None,
        **_customer(row["customer_id"]),
        **_owner(row["owner_employee_id"]),
        **_common(row["signed_at"]),
    }


def _task(row: Row) -> dict[str, Any]:
    return {
        "Id": _id("00T", row["activity_id"]),
        "Status": "Completed",
        "TaskSubtype": _SUBTYPES[row["kind"]],
        "ActivityDate": row["started_at"][:10],
        "CompletedDateTime": _moment(row["started_at"]),
        "Minutes__c": int(row["minutes"]),
        **_activity(row),
    }


def _event(row: Row) -> dict[str, Any]:
    return {
        "Id": _id("00U", row["activity_id"]),
        "StartDateTime": _moment(row["started_at"]),
        "DurationInMinutes": int(row["minutes"]),
        **_activity(row),
    }


def _activity(row: Row) -> dict[str, Any]:
    return {
        "Activity_Number__c": row["activity_id"],
        "Subject": row["note"] or None,
        "Type": row["kind"],
        "WhatId": _id("006", f"{row['deal_id']} of activity") if row["deal_id"] else None,
        "Deal_Number__c": row["deal_id"] or None,
        **_customer(row["customer_id"]),
        **_owner(row["employee_id"]),
        **_common(row["started_at"]),
    }


def _owner(person: str) -> dict[str, Any]:
    return {"OwnerId": _id("005", person), "Owner": {"EmployeeNumber": person}}


def _customer(number: str, relation: str = "Account") -> dict[str, Any]:
    if not number:
        return {f"{relation}Id": None, relation: None}
    return {f"{relation}Id": _id("001", number), relation: {"Customer_Number__c": number}}


def _common(created: str, changed: str = "") -> dict[str, Any]:
    return {
        "CreatedDate": _moment(created),
        "SystemModstamp": _moment(changed) or _moment(created) or _START,
        "IsDeleted": False,
    }


def _id(prefix: str, text: str) -> str:
    """An id of 18 signs, as Salesforce gives them."""
    return f"{prefix}{hashlib.sha256(text.encode()).hexdigest()[:12]}AAA"


def _moment(text: str) -> str | None:
    """A moment as Salesforce writes it; None where it is none."""
    try:
        moment = dt.datetime.fromisoformat(text).astimezone(dt.UTC)
    except ValueError:
        return None
    return f"{moment:%Y-%m-%dT%H:%M:%S}.000+0000"
