"""Advertising platforms for the proof that holds for every type: rows of daily reports.

Belongs here: those systems. Does not belong here: faults of one vendor.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from demo.simulators.ocean_engine import OceanEngineSimulator
from demo.simulators.server import Asked
from demo.simulators.tencent_ads import TencentAdsSimulator
from tests.support.connected_system import PAGE, PATIENCE, Simulated


def report_day(later: int = 0) -> dt.date:
    """A day whose report is complete, and inside the trailing window; some days later or, below zero, earlier."""
    return _today() + dt.timedelta(days=later - 3)


@cache
def _today() -> dt.date:
    """Today in Shanghai, the same until the tests end."""
    return dt.datetime.now(ZoneInfo("Asia/Shanghai")).date()


def _rows(body: Any, name: str) -> list[Any] | None:
    data = body.get("data") if isinstance(body, dict) else None
    found: list[Any] | None = data.get(name) if isinstance(data, dict) else None
    return found


def _is_refresh(asked: Asked) -> bool:
    """What is lost there asks for a new grant: test_rotating_tokens."""
    return "oauth" in asked.path


class OceanEngine(Simulated):
    """A row for each project and day of a report in the simulator."""

    type, resource = "ocean_engine", "project_daily"

    def simulated(self) -> Any:
        return OceanEngineSimulator({"projects": [], "reports": []}, longest_page=100)

    def entry(self) -> dict[str, Any]:
        return {
            "base_url": self.simulator.url,
            "advertiser_ids": "1001",
            "page_size": str(PAGE),
            "start_date": str(report_day(-20)),
            "patience": PATIENCE,
            "secrets": {
                "app_id": self.secret("app_id", "simulated-app"),
                "app_secret": self.secret("app_secret", "simulated-app-secret"),
                "refresh_token": self.secret("refresh_token", "simulated-refresh-token"),
            },
        }

    def error_in_a_200(self) -> Any:
        return {"code": 50000, "message": "system error", "request_id": "1", "data": {}}

    def records_of(self, body: Any) -> list[Any] | None:
        return _rows(body, "rows")

    def spares(self, asked: Asked) -> bool:
        return _is_refresh(asked)

    def put(self, number: int, amount: str, second: int = 0) -> None:
        del second  # all rows are of one day, and Ocean Engine keeps no time of a correction
        self.delete(number)
        self.simulator.records["reports"].append(
            {
                "advertiser_id": "1001",
                "dimensions": {"stat_time_day": str(report_day()), "cdp_project_id": str(7000 + number)},
                "metrics": {"stat_cost": amount, "show_cnt": "1000", "click_cnt": "30", "convert_cnt": "2"},
            }
        )

    def delete(self, number: int, second: int = 0) -> None:
        del second
        rows = self.simulator.records["reports"]
        rows[:] = [row for row in rows if row["dimensions"]["cdp_project_id"] != str(7000 + number)]

    def record_id(self, number: int) -> str:
        return f"{report_day()}|{7000 + number}"

    def amount_of(self, record: dict[str, Any]) -> str:
        return str(record["metrics"]["stat_cost"])


class TencentAds(Simulated):
    """A row for each ad group and day of a report in the simulator."""

    type, resource = "tencent_ads", "adgroup_daily"

    def simulated(self) -> Any:
        return TencentAdsSimulator({"adgroups": [], "reports": []})

    def entry(self) -> dict[str, Any]:
        return {
            "base_url": self.simulator.url,
            "account_ids": "2001",
            "page_size": str(PAGE),
            "start_date": str(report_day(-20)),
            "patience": PATIENCE,
            "secrets": {
                "client_id": self.secret("client_id", "simulated-client"),
                "client_secret": self.secret("client_secret", "simulated-client-secret"),
                "refresh_token": self.secret("refresh_token", "simulated-refresh-token"),
            },
        }

    def error_in_a_200(self) -> Any:
        return {"code": 10000, "message": "busy", "message_cn": "", "data": {}}

    def records_of(self, body: Any) -> list[Any] | None:
        return _rows(body, "list")

    def spares(self, asked: Asked) -> bool:
        return _is_refresh(asked)

    def put(self, number: int, amount: str, second: int = 0) -> None:
        del second  # all rows are of one day, and Tencent keeps no time of a correction
        self.delete(number)
        self.simulator.records["reports"].append(
            {
                "account_id": 2001,
                "date": str(report_day()),
                "adgroup_id": 8000 + number,
                "view_count": 1000,
                "valid_click_count": 30,
                "cost": int(amount.replace(".", "")),
                "conversions_count": 2,
            }
        )

    def delete(self, number: int, second: int = 0) -> None:
        del second
        rows = self.simulator.records["reports"]
        rows[:] = [row for row in rows if row["adgroup_id"] != 8000 + number]

    def record_id(self, number: int) -> str:
        return f"{report_day()}|{8000 + number}"

    def amount_of(self, record: dict[str, Any]) -> str:
        return f"{Decimal(record['cost']) / 100:.2f}"
