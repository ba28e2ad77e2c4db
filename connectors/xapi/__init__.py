"""xAPI: statements of any learning record store with certain verbs; voided ones become deletions.

Belongs here: what the type is. Does not belong here: fetching (`source`), which fields become which columns
(`mapping.yml`).
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field

from connectors.files.mapping.strict import as_list
from connectors.sources.model import Resource, RestConnection, SecretSpec, SourceType

_ADL = "http://adlnet.gov/expapi/verbs/"
VOIDED = f"{_ADL}voided"
RESULTS = (f"{_ADL}completed", f"{_ADL}passed", f"{_ADL}failed")


class XapiConnection(RestConnection):
    """Keys of sources.yml.

    Attributes:
        endpoint: Address of the store up to and without /statements, such as https://lrs.example.com/xAPI.
        verbs: Verbs of the statements that are kept.
        page_size: Statements of a page; a store may give fewer.
        version: Of xAPI.
    """

    endpoint: Annotated[str, Field(pattern=r"^https?://[^\s?#]+[^\s?#/]$")]
    verbs: Annotated[list[str], BeforeValidator(as_list), Field(min_length=1)] = list(RESULTS)
    page_size: Annotated[int, Field(ge=1)] = 100
    version: Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")] = "1.0.3"


XAPI = SourceType(
    name="xapi",
    about="any learning record store that speaks xAPI",
    connection=XapiConnection,
    secrets=(
        SecretSpec("username", "of the store's client, or its key"),
        SecretSpec("password", "of the store's client, or its secret"),
    ),
    resources=(
        Resource(
            name="statements",
            key=("id",),
            cursor="stored",
            about="statements of the wanted verbs; a voided one is deleted, its record is what voided it",
            deleted_flag="voided",
            fields=(
                "actor.name",
                "actor.mbox",
                "actor.account.homePage",
                "actor.account.name",
                "verb.id",
                "object.id",
                "object.definition.name.zh-CN",
                "object.definition.name.en-US",
                "object.definition.name.en",
                "result.score.scaled",
                "result.score.raw",
                "result.score.max",
                "result.success",
                "result.completion",
                "result.duration",
                "context.registration",
                "timestamp",
            ),
            overlap=dt.timedelta(minutes=10),
            dated=True,
            ordered=True,
            is_sparse=True,
            permission="statements/read (all statements, not only the client's own)",
            limits="all statements are read, those of other verbs left out; a page holds what the store gives",
            object="/statements",
        ),
    ),
    extractor="connectors.xapi.source:XapiExtractor",
    folder=Path(__file__).parent,
)
