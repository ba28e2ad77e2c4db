"""The company's advertising accounts: projects of Ocean Engine, ad groups of Tencent Ads, and their daily reports.

Belongs here: campaigns and days in the platforms' shapes; which days a platform gives at all. Does not belong here: the
protocols (`demo/simulators`).

A platform numbers its campaigns itself and knows nobody's staff: the name says the company's number and the marketer,
`CMP001 spring glow_E0001`.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from demo.simulators.server import Records
from demo.world.tables import Tables

OCEAN_ENGINE, TENCENT_ADS = "ocean_engine", "tencent_ads"
ADVERTISER, ACCOUNT = "1700000000000001", "25000001"
#: Tencent gives the last 365 days only, so days before this one came as files once
TENCENT_FROM = dt.date(2026, 1, 1)
TENCENT_REACH = dt.timedelta(days=365)

Row = dict[str, str]


def days_given(tables: Tables, today: dt.date) -> tuple[list[Row], list[list[str]]]:
    """The days of reports that the platforms give, and as rows of a file those they do not.

    A platform gives all days of the company from its first one on, or none: a part would change from day to day.

    Args:
        tables: The company.
        today: The day they are asked on.
    """
    days = tables.records("ad_daily")
    is_over = all(row["date"] < str(today - dt.timedelta(days=1)) for row in days)
    first = {OCEAN_ENGINE: dt.date.min, TENCENT_ADS: TENCENT_FROM}
    if today - TENCENT_REACH > TENCENT_FROM:
        del first[TENCENT_ADS]

    def is_given(row: Row) -> bool:
        return is_over and row["platform"] in first and row["date"] >= str(first[row["platform"]])

    others = [list(row.values()) for row in days if not is_given(row)]
    return [row for row in days if is_given(row)], others


def ocean_engine_records(campaigns: list[Row], days: list[Row]) -> Records:
    """Projects and reports; every number is text, money in yuan.

    Args:
        campaigns: Rows of `campaigns`.
        days: Rows of `ad_daily` that the platform gives.
    """
    projects = [
        {
            "advertiser_id": int(ADVERTISER),
            "project_id": _number(row),
            "name": _named(row),
            "status": "PROJECT_STATUS_ENABLE",
            "project_create_time": f"{row['started_on']} 09:00:00",
            "delivery_setting": {
                "start_time": f"{row['started_on']} 00:00:00",
                "end_time": f"{row['ended_on']} 23:59:59",
            },
        }
        for row in campaigns
        if row["platform"] == OCEAN_ENGINE
    ]
    reports = [
        {
            "advertiser_id": ADVERTISER,
            "dimensions": {"stat_time_day": row["date"], "cdp_project_id": str(_number(row))},
            "metrics": {
                "stat_cost": row["cost"],
                "show_cnt": row["impressions"],
                "click_cnt": row["clicks"],
                "convert_cnt": row["conversions"],
            },
        }
        for row in days
        if row["platform"] == OCEAN_ENGINE
    ]
    return {"projects": projects, "reports": reports}


def tencent_ads_records(campaigns: list[Row], days: list[Row]) -> Records:
    """Ad groups and reports; costs are whole fen.

    Args:
        campaigns: Rows of `campaigns`.
        days: Rows of `ad_daily` that the platform gives.
    """
    adgroups = [
        {
            "account_id": int(ACCOUNT),
            "adgroup_id": _number(row),
            "adgroup_name": _named(row),
            "begin_date": row["started_on"],
            "end_date": row["ended_on"],
            "created_time": int(dt.datetime.fromisoformat(f"{row['started_on']}T09:00:00+08:00").timestamp()),
            "is_deleted": False,
        }
        for row in campaigns
        if row["platform"] == TENCENT_ADS
    ]
    reports = [
        {
            "account_id": int(ACCOUNT),
            "adgroup_id": _number(row),
            "date": row["date"],
            "view_count": int(row["impressions"]),
            "valid_click_count": int(row["clicks"]),
            "conversions_count": int(row["conversions"]),
            "cost": int(Decimal(row["cost"]) * 100),
        }
        for row in days
        if row["platform"] == TENCENT_ADS
    ]
    return {"adgroups": adgroups, "reports": reports}


def _number(row: Row) -> int:
    """The platform's own number of a campaign."""
    return 7_300_000_000_000_000 + int("".join(sign for sign in row["campaign_id"] if sign.isdigit()))


def _named(row: Row) -> str:
    return f"{row['campaign_id']} {row['name']}_{row['owner_employee_id']}"
