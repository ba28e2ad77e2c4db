"""Tencent Ads (腾讯广告: WeChat, QQ) v3.0: ad groups of accounts, and their daily reports.

Belongs here: what the type is. Does not belong here: fetching (`source`), which fields become which columns
(`mapping.yml`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field

from connectors.files.mapping.strict import as_list
from connectors.sources.model import Connection, Daily, Resource, RestConnection, SecretSpec, SourceType


class TencentAdsConnection(RestConnection):
    """Keys of sources.yml.

    Attributes:
        account_ids: The advertisers' accounts.
        platform: Name of the platform in the templates.
        currency: Of all amounts; Tencent counts in fen.
        trailing_days: Days before the last one that are read again, for late conversions and invalid clicks.
        page_size: Rows of a page of a report.
        adgroup_page_size: Ad groups of a page.
        base_url: Address of the API.
    """

    account_ids: Annotated[list[str], BeforeValidator(as_list), Field(min_length=1)]
    platform: str = "tencent_ads"
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "CNY"
    trailing_days: Annotated[int, Field(ge=0, le=365)] = 7
    page_size: Annotated[int, Field(ge=1, le=2000)] = 1000
    adgroup_page_size: Annotated[int, Field(ge=1, le=100)] = 100
    base_url: Annotated[str, Field(pattern=r"^https?://[^\s/]+$")] = "https://api.e.qq.com"


class _TencentAds(SourceType):
    def resources_of(self, connection: Connection) -> tuple[Resource, ...]:
        """The trailing window is the instance's."""
        assert isinstance(connection, TencentAdsConnection)
        return (_ADGROUPS, _REPORT.with_window(connection.trailing_days, len(connection.account_ids)))


_DAILY = Daily(trailing=7, complete_at=8, reach=365)
_ADGROUPS = Resource(
    name="adgroups",
    key=("adgroup_id",),
    write_mode="full",
    about="ad groups (广告); those that were deleted too, for what they cost stays",
    fields=(
        "account_id",
        "adgroup_id",
        "adgroup_name",
        "begin_date",
        "end_date",
        "created_time",
        "is_deleted",
    ),
    is_sparse=True,
    permission="the scope ads_management of the app, granted by the account",
    limits="100 ad groups a page",
    object="/v3.0/adgroups/get",
)
_REPORT = Resource(
    name="adgroup_daily",
    key=("date", "adgroup_id"),
    cursor="date",
    about="cost and results of an ad group on a day",
    fields=("view_count", "valid_click_count", "cost", "conversions_count"),
    dated=True,
    ordered=True,
    daily=_DAILY,
    permission="the scope ads_insights of the app, granted by the account",
    limits="365 days back; a day is complete from 08:00 of the next on; limits each second, minute and day",
    object="/v3.0/daily_reports/get",
)

TENCENT_ADS = _TencentAds(
    name="tencent_ads",
    about="Tencent Ads (腾讯广告, WeChat) over its Marketing API v3.0",
    connection=TencentAdsConnection,
    secrets=(
        SecretSpec("client_id", "id of the app"),
        SecretSpec("client_secret", "secret of the app"),
        SecretSpec("refresh_token", "of the account's grant; its successors are kept in the home"),
    ),
    resources=(_ADGROUPS, _REPORT),
    extractor="connectors.tencent_ads.source:TencentAdsExtractor",
    folder=Path(__file__).parent,
)
