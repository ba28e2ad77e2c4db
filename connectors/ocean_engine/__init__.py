"""Ocean Engine (巨量引擎: Douyin, Toutiao): projects of advertisers, and their daily reports.

Belongs here: what the type is. Does not belong here: fetching (`source`), which fields become which columns
(`mapping.yml`).
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field

from connectors.files.mapping.strict import as_list
from connectors.sources.model import Connection, Daily, Resource, RestConnection, SecretSpec, SourceType

#: days that one request for a report may span
SPAN = 30


class OceanEngineConnection(RestConnection):
    """Keys of sources.yml.

    Attributes:
        advertiser_ids: The advertisers' accounts.
        platform: Name of the platform in the templates.
        currency: Of all amounts; Ocean Engine counts in yuan.
        trailing_days: Days before the last one that are read again, for late conversions and invalid clicks.
        page_size: Rows of a page of a report.
        project_page_size: Projects of a page.
        base_url: Address of the API.
    """

    advertiser_ids: Annotated[list[str], BeforeValidator(as_list), Field(min_length=1)]
    platform: str = "ocean_engine"
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "CNY"
    trailing_days: Annotated[int, Field(ge=0, le=365)] = 7
    page_size: Annotated[int, Field(ge=1, le=100)] = 100
    project_page_size: Annotated[int, Field(ge=1, le=100)] = 10
    base_url: Annotated[str, Field(pattern=r"^https?://[^\s/]+$")] = "https://api.oceanengine.com"


class _OceanEngine(SourceType):
    def resources_of(self, connection: Connection) -> tuple[Resource, ...]:
        """The trailing window is the instance's."""
        assert isinstance(connection, OceanEngineConnection)
        return (_PROJECTS, _REPORT.with_window(connection.trailing_days, len(connection.advertiser_ids)))


_DAILY = Daily(trailing=7, earliest=dt.date(2016, 10, 26))
_PROJECTS = Resource(
    name="projects",
    key=("project_id",),
    write_mode="full",
    about="projects; those that were deleted too, for what they cost stays",
    fields=(
        "advertiser_id",
        "name",
        "status",
        "project_create_time",
        "project_modify_time",
        "delivery_setting.start_time",
        "delivery_setting.end_time",
    ),
    is_sparse=True,
    permission="the permission group 广告投放 (projects) of the app, granted by the advertiser",
    limits="10 projects a page",
    object="/open_api/v3.0/project/list/",
)
_REPORT = Resource(
    name="project_daily",
    key=("dimensions.stat_time_day", "dimensions.cdp_project_id"),
    cursor="dimensions.stat_time_day",
    about="cost and results of a project on a day",
    fields=("metrics.stat_cost", "metrics.show_cnt", "metrics.click_cnt", "metrics.convert_cnt"),
    dated=True,
    ordered=True,
    daily=_DAILY,
    permission="the permission group 数据报表 (reports) of the app, granted by the advertiser",
    limits=f"{SPAN} days a request, from {_DAILY.earliest} on",
    object="/open_api/v3.0/report/custom/get/",
)

OCEAN_ENGINE = _OceanEngine(
    name="ocean_engine",
    about="Ocean Engine (巨量引擎, Douyin) over its Marketing API",
    connection=OceanEngineConnection,
    secrets=(
        SecretSpec("app_id", "id of the app"),
        SecretSpec("app_secret", "secret of the app"),
        SecretSpec("refresh_token", "of the advertiser's grant; its successors are kept in the home"),
    ),
    resources=(_PROJECTS, _REPORT),
    extractor="connectors.ocean_engine.source:OceanEngineExtractor",
    folder=Path(__file__).parent,
)
