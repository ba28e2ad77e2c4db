"""Raw tables of Spark get what landing has added, once, whatever happens in between; another warehouse is seen."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.runtime.progress_events import ProgressEvent, subscribed
from orchestration.settings import ROOT, Settings
from orchestration.transformation.spark.job import SparkJob
from scripts.services.spark.cluster import ENVIRONMENT
from tests.spark.small import as_soon_as, driver_of, project_for_spark, run_small, small_settings
from tests.unit.orchestration.mini import GOOD, Deal

pytestmark = pytest.mark.spark
LATER: tuple[Deal, ...] = (("D3", "25.00", "CNY"),)
#: in Spark's environment: each line of the input is SQL for the warehouse, after which its rows are brought to Spark
ROUNDS = """
import sys
import duckdb
from orchestration.transformation.spark.job import read_job
from orchestration.transformation.spark.program.raw_tables import bring_raw_rows
from orchestration.transformation.spark.program.session import open_session
job = read_job(sys.argv[1])
spark = open_session(str(job.made), "local[2]", "1g")
for change in sys.stdin:
    with duckdb.connect(job.warehouse) as connection:
        connection.execute(change)
    said = bring_raw_rows(job, lambda statement: spark.sql(statement).collect())
    print(said.removeprefix("raw tables on Spark: "), *spark.sql(sys.argv[2]).collect()[0], sep=" | ")
"""
MADE = (
    "create schema raw_files; create schema raw_plans; create table raw_plans.plans as select 1 as plan_id; "
    "create table raw_files.loads (load_id varchar, load_seq bigint, landed_at timestamp); "
    "create table raw_files.deals (deal_id bigint, _file varchar, _load_id varchar)"
)


def load(number: int, rows: int, landed_at: str = "2026-01-01", name: str = "a") -> str:
    """SQL of landing for a load of so many deals."""
    load_id = f"'{number:06}-{name}'"
    return (
        f"insert into raw_files.deals select i, 'f{number}.csv', {load_id} from range({rows}) as t(i); "
        f"insert into raw_files.loads values ({load_id}, {number}, '{landed_at}')"
    )


def brought(folder: Path, changes: Iterable[str], catalog: str = "", **variables: str) -> list[str]:
    """What is said of the raw tables after each change of the warehouse, deals, their loads, and their last file."""
    (folder / "made").mkdir()
    names, python = ("raw_files.deals", "raw_files.loads", "raw_plans.plans"), ENVIRONMENT / "bin" / "python"
    warehouse, raw = str(folder / "warehouse.duckdb"), str(folder / "spark" / "raw")
    job = SparkJob(
        str(python), warehouse, names, ("marts",), str(folder), raw, str(folder / "log"), catalog
    ).write()
    query = "select count(*), count(distinct _load_id), max(_file) from raw_files.deals"
    with (folder / "log").open("w") as log:
        ran = subprocess.run(
            [python, "-P", "-c", ROUNDS, job, query],
            input="\n".join(changes),
            env=os.environ | {"PYTHONPATH": str(ROOT)} | variables,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            check=False,
        )
    assert ran.returncode == 0, (folder / "log").read_text()[-3000:]
    return ran.stdout.splitlines()


def test_only_what_is_new_is_appended_and_files_do_not_pile_up(tmp_path: Path) -> None:
    half = "insert into raw_files.deals select 9, 'half.csv', '000003-half'"
    told = brought(
        tmp_path,
        [f"{MADE}; {load(1, 100)}", load(2, 10), "select 1", half, "insert into raw_plans.plans values (2)"]
        + [load(number, 1) for number in (3, 4, 5)],
    )
    appended = "2 rows appended to 2 tables"
    assert told == [
        "3 tables written whole | 100 | 1 | f1.csv",
        "11 rows appended to 2 tables | 110 | 2 | f2.csv",
        "nothing new | 110 | 2 | f2.csv",
        "nothing new | 110 | 2 | f2.csv",  # a load that landing did not complete
        "1 tables written whole | 110 | 2 | f2.csv",
        f"{appended} | 111 | 3 | f3.csv",
        f"{appended} | 112 | 4 | f4.csv",
        f"{appended} | 113 | 5 | f5.csv",
    ]
    assert files(tmp_path, "deals") == 1, "five small files have become one"
    assert len(list((tmp_path / "spark" / "raw" / "raw_files" / "deals" / "data").glob("*.parquet"))) == 1
    assert len(metadata(tmp_path, "deals")["snapshots"]) == 1


def test_another_warehouse_and_other_columns_are_seen(tmp_path: Path) -> None:
    made = f"drop schema raw_files cascade; drop schema raw_plans cascade; {MADE}"
    anew = "2 tables made anew, for they did not fit this warehouse"
    told = brought(
        tmp_path,
        [
            f"{MADE}; {load(1, 100)}; {load(2, 10)}",
            f"{made}; {load(1, 100, landed_at='2026-02-02')}",  # the same delivery, landed in another warehouse
            load(2, 5),
            f"delete from raw_files.deals where _load_id like '000002%'; {load(2, 7, name='b')}",  # put back, went on
            "alter table raw_files.deals add column note varchar",
        ],
    )
    assert told == [
        "3 tables written whole | 110 | 2 | f2.csv",
        f"{anew} | 100 | 1 | f1.csv",
        "6 rows appended to 2 tables | 105 | 2 | f2.csv",
        "1 rows appended to 1 tables, 1 tables made anew, for they did not fit this warehouse | 107 | 2 | f2.csv",
        "1 tables made anew, for they did not fit this warehouse | 107 | 2 | f2.csv",
    ]


def test_they_may_lie_in_a_catalogue_of_sparks_own_settings(tmp_path: Path) -> None:
    settings = {
        "": "org.apache.iceberg.spark.SparkCatalog",
        ".type": "hadoop",
        ".warehouse": str(tmp_path / "lake"),
    }
    lines = (f"spark.sql.catalog.lake{key} {value}\n" for key, value in settings.items())
    (tmp_path / "spark-defaults.conf").write_text("".join(lines), "utf-8")
    told = brought(tmp_path, [f"{MADE}; {load(1, 3)}", load(2, 2)], "lake", SPARK_CONF_DIR=str(tmp_path))
    assert told[1] == "3 rows appended to 2 tables | 5 | 2 | f2.csv"
    assert len(list((tmp_path / "lake" / "raw_files" / "deals" / "data").glob("*.parquet"))) == 2
    assert not (tmp_path / "spark").exists()


def test_a_run_appends_and_computes_over_all_of_it(settings: Settings) -> None:
    assert run(settings) == "raw tables on Spark: 3 tables written whole"
    told = run(settings, LATER, "bbb", number=2)
    assert told == "raw tables on Spark: 2 rows appended to 2 tables", "a deal and its load"
    assert (rows(settings.home, "deals"), files(settings.home, "deals")) == (3, 2)
    assert paid(settings) == "175.00"


@pytest.mark.parametrize("appended", ["deals", "loads"])
def test_a_run_killed_while_it_appends_leaves_no_row_twice(settings: Settings, appended: str) -> None:
    run(settings)
    before = rows(settings.home, appended)
    with as_soon_as(
        lambda: driver_of(settings.home) and rows(settings.home, appended) > before,
        lambda: os.kill(driver_of(settings.home)[0], signal.SIGKILL),
    ):
        killed = run_small(settings, LATER, "bbb", number=2)
    assert killed.exit_code == 1
    assert rows(settings.home, "deals") == 3
    assert rows(settings.home, "loads") == (2 if appended == "loads" else 1), "a load counts when it is whole"

    run(settings, (("D4", "1.00", "CNY"),), "ccc", number=3)
    assert (rows(settings.home, "deals"), rows(settings.home, "loads")) == (4, 3)
    assert paid(settings) == "176.00"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return small_settings(tmp_path / "home", project_for_spark(tmp_path / "project"))


def run(settings: Settings, deals: tuple[Deal, ...] = GOOD, load: str = "aaa", number: int = 1) -> str:
    """Run; what is said of the raw tables."""
    heard: list[ProgressEvent] = []
    with subscribed(heard.append):
        outcome = run_small(settings, deals, load, number)
    assert outcome.success, outcome.failures
    return next(one.text for one in heard if one.text.startswith("raw tables"))


def metadata(home: Path, table: str) -> dict[str, Any]:
    """What Iceberg notes of a raw table."""
    folder = home / "spark" / "raw" / "raw_files" / table / "metadata"
    newest = max(folder.glob("v*.metadata.json"), key=lambda one: int(one.name.split(".")[0][1:]))
    return dict(json.loads(newest.read_text("utf-8")))


def rows(home: Path, table: str) -> int:
    """Rows of a raw table of Spark."""
    return int(_summary(home, table)["total-records"])


def files(home: Path, table: str) -> int:
    """Files of a raw table of Spark."""
    return int(_summary(home, table)["total-data-files"])


def _summary(home: Path, table: str) -> dict[str, str]:
    noted = metadata(home, table)
    return next(
        one["summary"] for one in noted["snapshots"] if one["snapshot-id"] == noted["current-snapshot-id"]
    )


def paid(settings: Settings) -> str:
    """What the run made of them."""
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        return str(
            connection.execute("select cast(amount as varchar) from marts.fct_totals").fetchall()[0][0]
        )
