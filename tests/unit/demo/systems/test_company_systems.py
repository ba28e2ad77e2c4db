"""The made-up company's systems: what lives in them, which days of ads they give, and how they begin and end."""

from __future__ import annotations

import csv
import datetime as dt
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from connectors.sources.configuration.loading import load_sources
from demo.company import build_company
from demo.systems.ads import TENCENT_FROM, days_given, ocean_engine_records, tencent_ads_records
from demo.systems.crm import salesforce_records
from demo.systems.standing import CompanySystems, run_beside
from demo.world.tables import Tables

COMMAND = str(Path(sys.executable).with_name("incentives"))


@pytest.fixture(scope="module")
def tables() -> Tables:
    return build_company(months=24)[0].tables


@pytest.mark.parametrize(
    ("today", "platforms"),
    [
        ("2026-11-30", {"ocean_engine", "tencent_ads"}),
        ("2026-12-31", {"ocean_engine", "tencent_ads"}),
        (
            "2027-01-02",
            {"ocean_engine"},
        ),  # Tencent's reach of 365 days no longer covers what it would have to give
        ("2031-01-01", {"ocean_engine"}),
        ("2026-11-01", set()),  # the last day of the reports is not complete before the next one has ended
        ("2026-03-01", set()),
    ],
)
def test_a_platform_gives_all_its_days_or_none(tables: Tables, today: str, platforms: set[str]) -> None:
    given, others = days_given(tables, dt.date.fromisoformat(today))
    assert len(given) + len(others) == len(tables.rows["ad_daily"])
    assert {row["platform"] for row in given} == platforms
    of_tencent = {row["date"] for row in given if row["platform"] == "tencent_ads"}
    assert all(day >= str(TENCENT_FROM) for day in of_tencent)
    left = {(row[0], row[2]) for row in others}
    assert not {(row["platform"], row["date"]) for row in given} & left


def test_costs_are_exact_in_either_unit(tables: Tables) -> None:
    given, _ = days_given(tables, dt.date(2026, 11, 30))
    yuan = ocean_engine_records([], given)["reports"]
    fen = tencent_ads_records([], given)["reports"]
    costs = {"ocean_engine": [], "tencent_ads": []}  # type: dict[str, list[str]]
    for row in given:
        costs[row["platform"]].append(row["cost"])
    assert [one["metrics"]["stat_cost"] for one in yuan] == costs["ocean_engine"]
    assert [f"{one['cost'] // 100}.{one['cost'] % 100:02d}" for one in fen] == costs["tencent_ads"]


def test_every_row_becomes_one_record_with_an_id_of_its_own(tables: Tables) -> None:
    records = salesforce_records(tables)
    counts = {name: len(rows) for name, rows in records.items()}
    assert counts["Account"] == len(tables.rows["customers"])
    assert counts["Lead"] == len(tables.rows["leads"])
    assert counts["Opportunity"] == len(tables.rows["deals"])
    assert counts["Task"] + counts["Event"] == len(tables.rows["activities"])
    for rows in records.values():
        ids = [row["Id"] for row in rows]
        assert len(set(ids)) == len(ids)
        assert all(len(one) == 18 for one in ids)


def test_nothing_that_lives_in_a_system_comes_as_a_file_too(tmp_path: Path, tables: Tables) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "deals.csv").write_text("left by another company\n", encoding="utf-8")
    company = CompanySystems(tmp_path)
    in_files = {path.stem: _rows(path) for path in company.files.glob("*.csv")}
    counts = {name: len(rows) for name, rows in company.simulators["salesforce"].records.items()}
    assert "deals" not in in_files
    assert counts["Opportunity"] == len(tables.rows["deals"])
    reports = sum(len(company.simulators[one].records["reports"]) for one in ("ocean_engine", "tencent_ads"))
    assert reports + in_files.get("ad_daily", 0) == len(tables.rows["ad_daily"])
    assert in_files["targets"] == len(tables.rows["targets"])


def _rows(path: Path) -> int:
    with path.open(encoding="utf-8", newline="") as handle:
        return sum(1 for _ in csv.reader(handle)) - 1


def test_sources_yml_names_every_system_where_it_listens(tmp_path: Path) -> None:
    with CompanySystems(tmp_path) as company:
        instances = {one.name: one for one in load_sources(company.sources)}
        assert set(instances) == {"salesforce", "erp", "ocean_engine", "tencent_ads", "learning"}
        assert instances["salesforce"].connection.instance_url == company.simulators["salesforce"].url
        assert instances["learning"].connection.endpoint == company.simulators["learning"].url + "/xAPI"
        assert company.sources.stat().st_mode & 0o077 in (0o044, 0o040, 0)
        for path in (tmp_path / "systems" / "secrets").iterdir():
            assert path.parent.stat().st_mode & 0o077 == 0
        first = {path.name: path.read_text() for path in (tmp_path / "systems" / "secrets").iterdir()}
    with CompanySystems(tmp_path):
        again = {path.name: path.read_text() for path in (tmp_path / "systems" / "secrets").iterdir()}
    changed = {name for name in first if first[name] != again[name]}
    assert changed >= {"ocean_engine_refresh_token", "tencent_ads_refresh_token"}, (
        "a rotated token is never taken again"
    )


def test_the_status_of_the_command_is_returned(tmp_path: Path) -> None:
    with CompanySystems(tmp_path) as company:
        code = (
            "import os, sys; sys.exit(7 if os.environ['INCENTIVES_SOURCES'].endswith('sources.yml') else 1)"
        )
        assert run_beside(company, [sys.executable, "-c", code]) == 7
        assert run_beside(company, [sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"]) == 137


#: As a background job of a shell begins; with SIGTERM too, as what Dagster starts from there.
IGNORING_SIGNALS = ["sh", "-c", 'trap "" INT TERM; exec "$@"', "sh"]


@pytest.mark.parametrize("before", [[], IGNORING_SIGNALS], ids=["plain", "ignoring"])
def test_what_ends_it_ends_the_command_and_the_systems(tmp_path: Path, before: list[str]) -> None:
    code = "import os, pathlib, time; pathlib.Path('pid').write_text(str(os.getpid())); time.sleep(60)"
    process = subprocess.Popen(
        [*before, COMMAND, "demo", str(tmp_path / "c"), "--systems", "--", sys.executable, "-c", code],
        cwd=tmp_path,
    )
    pid = tmp_path / "pid"
    deadline = time.monotonic() + 60
    while not (pid.exists() and pid.read_text()) and time.monotonic() < deadline:
        time.sleep(0.05)
    (instance,) = [
        one for one in load_sources(tmp_path / "c" / "systems" / "sources.yml") if one.name == "salesforce"
    ]
    port = urlsplit(instance.connection.instance_url).port
    assert _listens(port)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 128 + signal.SIGTERM
    assert not _listens(port)
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


def _listens(port: int | None) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port or 0)) == 0


def test_a_command_without_systems_is_a_usage_error(tmp_path: Path) -> None:
    done = subprocess.run(
        [COMMAND, "demo", str(tmp_path), "--", "true"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "--systems" in done.stderr + done.stdout
    assert "Traceback" not in done.stderr
