"""Salesforce: users, accounts, leads, opportunities with their histories, tasks and events, through SOQL over REST.

Belongs here: what the type is. Does not belong here: fetching (`source`), which fields become which columns
(`mapping.yml`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from pydantic import Field

from connectors.sources.model import Connection, Resource, RestConnection, SecretSpec, SourceType

_LIMITS = "2,000 records a page; requests of all programs count against one daily limit"


class SalesforceConnection(RestConnection):
    """Keys of sources.yml.

    Attributes:
        instance_url: Address of the organisation, such as https://acme.my.salesforce.com.
        username: Whom a JWT speaks for; only with the secret `private_key`.
        audience: Where a JWT is meant for: https://test.salesforce.com for a sandbox.
        api_version: Of the REST API.
        currency: Of all amounts, where the organisation has one currency.
        page_size: Records of a page.
    """

    instance_url: Annotated[str, Field(pattern=r"^https?://[^\s/]+$")]
    username: str | None = None
    audience: str = "https://login.salesforce.com"
    api_version: Annotated[str, Field(pattern=r"^v\d+\.\d$")] = "v63.0"
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "CNY"
    page_size: Annotated[int, Field(ge=200, le=2000)] = 2000


class _Salesforce(SourceType):
    def problem(self, connection: Connection, secrets: Iterable[str]) -> str | None:
        """A client secret, or a private key with a user name."""
        named = set(secrets)
        if ("client_secret" in named) == ("private_key" in named):
            return "one of the secrets client_secret and private_key is needed"
        if "private_key" in named and getattr(connection, "username", None) is None:
            return "with the secret private_key the key username is needed"
        return None

    def record_address(self, connection: Connection, resource: str, record_id: str) -> str | None:
        """The page of a record; histories have none of their own."""
        if resource.endswith("_history"):
            return None
        return f"{getattr(connection, 'instance_url', '')}/{record_id}"


def _resource(
    name: str, object_: str, fields: str, cursor: str = "SystemModstamp", *, dated: bool = True
) -> Resource:
    return Resource(
        name=name,
        key=("Id",),
        cursor=cursor,
        about=f"{object_} records, deleted ones too",
        deleted_flag=None if object_ == "User" else "IsDeleted",
        fields=tuple(fields.split()),
        overlap=dt.timedelta(minutes=10),
        dated=dated,
        ordered=True,
        permission=f"API Enabled, read on {object_}",
        limits=_LIMITS,
        object=object_,
    )


SALESFORCE = _Salesforce(
    name="salesforce",
    about="Salesforce Sales Cloud over its REST API",
    connection=SalesforceConnection,
    secrets=(
        SecretSpec("client_id", "consumer key of the connected app"),
        SecretSpec("client_secret", "consumer secret, for the client credentials flow", required=False),
        SecretSpec("private_key", "RSA key in PEM, for the JWT bearer flow", required=False),
    ),
    resources=(
        _resource("users", "User", "Id Name Email IsActive", dated=False),
        _resource(
            "accounts", "Account", "Id Name Type Phone OwnerId CreatedDate LastModifiedDate", dated=False
        ),
        _resource(
            "leads",
            "Lead",
            "Id Name Company Phone Email LeadSource Status OwnerId ConvertedAccountId CreatedDate",
        ),
        _resource(
            "opportunities",
            "Opportunity",
            "Id Name AccountId OwnerId Amount CloseDate StageName IsWon IsClosed Type LeadSource CreatedDate",
        ),
        _resource(
            "opportunity_field_history",
            "OpportunityFieldHistory",
            "Id OpportunityId Field OldValue NewValue CreatedById CreatedDate",
            "CreatedDate",
        ),
        _resource(
            "opportunity_history",
            "OpportunityHistory",
            "Id OpportunityId StageName Amount ExpectedRevenue CloseDate Probability ForecastCategory CreatedById "
            "CreatedDate",
            "CreatedDate",
        ),
        _resource(
            "tasks",
            "Task",
            "Id Subject Status TaskSubtype AccountId WhatId OwnerId ActivityDate CompletedDateTime CreatedDate",
        ),
        _resource(
            "events",
            "Event",
            "Id Subject AccountId WhatId OwnerId StartDateTime DurationInMinutes CreatedDate",
        ),
    ),
    extractor="connectors.salesforce.source:SalesforceExtractor",
    folder=Path(__file__).parent,
)
