"""A pipeline in small: the real assembly over a dbt project of three models, with a landing made up for the test.

Belongs here: what several test modules of this folder share. Does not belong here: tests.
"""

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from unittest.mock import patch

import dagster as dg
import duckdb

from connectors.common.contract import sql_type
from connectors.files.raw_layer.tables import raw_tables
from orchestration.defs.assets.files import DeliveryConfig
from orchestration.defs.build import Overrides
from orchestration.defs.resources import HomeResource
from orchestration.runs.outcome import Outcome
from orchestration.runs.run import RunRequest, run_pay
from orchestration.settings import Settings, load_settings
from orchestration.steps.landing.deliveries import raw_table_names

PROJECT = Path(__file__).parent / "mini_dbt"
PLANS = Path(__file__).resolve().parents[3] / "plans"
Deal = tuple[str | None, str | None, str]
GOOD: tuple[Deal, ...] = (("D1", "100.00", "CNY"), ("D2", "50.00", "CNY"))


def mini_settings(home: Path) -> Settings:
    """Settings of the small pipeline."""
    return load_settings(home=home, dbt_project=PROJECT, plans=(PLANS,), lock_wait_seconds=0)


def landing_of(
    deals: tuple[Deal, ...], load: str = "aaa", after: tuple[dg.AssetKey, ...] = (), number: int = 1
) -> dg.AssetsDefinition:
    """A landing that writes these deals (id, amount, currency) past every check a connector makes.

    Args:
        deals: What it writes.
        load: Hash of the delivery they come with.
        after: Records of connected systems that it stands behind.
        number: Of the load; the first one makes the tables anew, later ones append.
    """
    specs = [dg.AssetSpec(["files", table], deps=after) for table in raw_table_names()]

    @dg.multi_asset(name="files", specs=specs)
    def files(config: DeliveryConfig, home: HomeResource) -> Iterator[dg.MaterializeResult]:
        with duckdb.connect(str(home.settings.warehouse)) as connection:
            connection.execute("create schema if not exists raw_files")
            for table, columns in raw_tables().items():
                written = ", ".join(f"{name} {sql_type(kind)}" for name, kind in columns.items())
                make = "create or replace table" if number == 1 else "create table if not exists"
                connection.execute(f"{make} raw_files.{table} ({written})")
            _fill(connection, deals, load, number)
        for table in raw_table_names():
            yield dg.MaterializeResult(asset_key=["files", table])

    return files


def _fill(connection: duckdb.DuckDBPyConnection, deals: tuple[Deal, ...], delivery: str, number: int) -> None:
    load = f"{number:06}-{delivery}"
    connection.execute(
        "insert into raw_files.loads by name select ? as load_id, ? as load_seq, ? as delivery_hash, "
        "timestamp '2026-02-01 00:00:00' as landed_at, 'Asia/Shanghai' as timezone",
        [load, number, delivery],
    )
    for entity, rows in (("deals", len(deals)), ("customers", 1)):
        connection.execute(
            "insert into raw_files.load_files by name select ? as load_id, ? as entity, 'a.csv' as file, "
            "'x' as file_hash, ? as rows_in, ? as rows_accepted, 0 as rows_duplicate, 0 as rows_quarantined, "
            "0 as rows_filtered, 0 as rows_deleted",
            [load, entity, rows, rows],
        )
    connection.execute(
        "insert into raw_files.customers by name select 'C1' as customer_id, 'Acme' as name, "
        "timestamp '2026-01-01 00:00:00' as created_at, ? as _load_id, ? as _load_seq, 'c.csv' as _file, "
        "2 as _line, 'h' as _content_hash, false as _is_deleted",
        [load, number],
    )
    for line, (deal_id, amount, currency) in enumerate(deals, start=2):
        connection.execute(
            "insert into raw_files.deals by name select ? as deal_id, 'C1' as customer_id, "
            "'E1' as owner_employee_id, cast(? as decimal(18, 2)) as amount, ? as currency, "
            "timestamp '2026-01-05 02:00:00' as signed_at, 'signed' as status, ? as _load_id, ? as _load_seq, "
            "'deals.csv' as _file, ? as _line, ? as _content_hash, false as _is_deleted",
            [deal_id, amount, currency, load, number, line, f"hash{line}"],
        )


def run_mini(
    home: Path, deals: tuple[Deal, ...], load: str = "aaa", **assets: dg.AssetsDefinition
) -> Outcome:
    """Run the ``pay`` job over some deals.

    Args:
        home: Home directory.
        deals: What the landing writes.
        load: Hash of the delivery they come with; another one for other deals.
        **assets: Assets definitions to take the place of the stock ones, by name.
    """
    settings = mini_settings(home)
    chosen = Overrides(settings=settings, assets={"files": landing_of(deals, load), **assets})
    with patch(
        "orchestration.steps.validation.warmed_gates", nullcontext
    ):  # one import of the engine for all tests is enough
        return run_pay(settings, RunRequest(), chosen)
