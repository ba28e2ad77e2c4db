"""HubSpot: owners, contacts, companies, deals with the history of their stages, calls, meetings and notes.

Belongs here: what the type is. Does not belong here: fetching (`source`), which fields become which columns
(`mapping.yml`).
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

from pydantic import Field

from connectors.sources.model import Connection, Resource, RestConnection, SecretSpec, SourceType

_SEARCH = "200 records a page and 5 searches a second; read by key, because a search ends at 10,000 records"
_LIST = "100 records a page, all of them each time, because a search does not give associations"
#: number of an object in the address of a record's page
_PAGES = {
    "contacts": "0-1",
    "companies": "0-2",
    "deals": "0-3",
    "notes": "0-46",
    "meetings": "0-47",
    "calls": "0-48",
}


class HubspotConnection(RestConnection):
    """Keys of sources.yml.

    Attributes:
        address: Of the API; accounts of other regions have the same.
        portal_id: Number of the account, for addresses of records.
        currency: Of deals that name none.
        page_size: Records of a page of a search; lists have at most 100.
    """

    address: Annotated[str, Field(pattern=r"^https?://[^\s/]+$")] = "https://api.hubapi.com"
    portal_id: Annotated[str, Field(pattern=r"^\d+$")] | None = None
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "CNY"
    page_size: Annotated[int, Field(ge=1, le=200)] = 200


class _Hubspot(SourceType):
    def record_address(self, connection: Connection, resource: str, record_id: str) -> str | None:
        """The page of a record, where the number of the account is known."""
        portal = getattr(connection, "portal_id", None)
        if portal is None or resource not in _PAGES:
            return None
        return f"https://app.hubspot.com/contacts/{portal}/record/{_PAGES[resource]}/{record_id}"


def _searched(name: str, properties: str, cursor: str = "hs_lastmodifieddate", *, dated: bool) -> Resource:
    return Resource(
        name=name,
        key=("id",),
        cursor=f"properties.{cursor}",
        about=f"{name}, archived ones as deleted",
        deleted_flag="archived",
        fields=tuple(f"properties.{one}" for one in properties.split()),
        overlap=dt.timedelta(minutes=10),
        dated=dated,
        permission=f"scope crm.objects.{name}.read",
        limits=_SEARCH,
        object=name,
    )


def _listed(name: str, properties: str) -> Resource:
    return Resource(
        name=name,
        key=("id",),
        write_mode="full",
        about=f"{name} with the companies and deals they are about",
        fields=(
            *(f"properties.{one}" for one in properties.split()),
            "associations.companies.results",
            "associations.deals.results",
        ),
        is_sparse=True,
        permission="scope crm.objects.contacts.read",
        limits=_LIST,
        object=name,
    )


HUBSPOT = _Hubspot(
    name="hubspot",
    about="HubSpot CRM over its REST API",
    connection=HubspotConnection,
    secrets=(SecretSpec("access_token", "token of a private app"),),
    resources=(
        Resource(
            "owners",
            ("id",),
            "full",
            about="users who own records, former ones too",
            fields=("email", "firstName", "lastName", "userId", "archived"),
            is_sparse=True,
            permission="scope crm.objects.owners.read",
            limits="100 records a page",
            object="owners",
        ),
        _searched(
            "contacts",
            "firstname lastname email phone company associatedcompanyid hubspot_owner_id hs_analytics_source "
            "lifecyclestage createdate",
            "lastmodifieddate",
            dated=False,
        ),
        _searched("companies", "name domain phone type hubspot_owner_id createdate", dated=False),
        _searched(
            "deals",
            "dealname amount deal_currency_code dealstage pipeline closedate hs_is_closed_won dealtype "
            "hubspot_owner_id hs_primary_associated_company createdate",
            dated=True,
        ),
        Resource(
            "deal_stage_history",
            ("id", "timestamp", "value"),
            cursor="timestamp",
            about="stages that deals came to, and when",
            deleted_flag="archived",
            fields=("value", "timestamp", "sourceType"),
            overlap=dt.timedelta(minutes=10),
            dated=True,
            is_sparse=True,
            permission="scope crm.objects.deals.read",
            limits="HubSpot keeps the last 20 stages of a deal; 50 deals a request",
            object="deals",
        ),
        _listed("calls", "hs_call_title hs_call_duration hs_timestamp hubspot_owner_id"),
        _listed("meetings", "hs_meeting_title hs_meeting_start_time hs_timestamp hubspot_owner_id"),
        _listed("notes", "hs_timestamp hubspot_owner_id"),
    ),
    extractor="connectors.hubspot.source:HubspotExtractor",
    folder=Path(__file__).parent,
)
