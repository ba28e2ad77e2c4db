"""Marts of a home whose deliveries were landed by the command line, computed in memory.

Belongs here: taking the raw layer and the plans of a home over into the warehouse of the tests. Does not belong here:
landing (``connectors.files``), running models (``warehouse``).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from compensation import load_plans
from compensation.tables.build import plan_tables
from connectors.files import raw_tables
from orchestration.settings import load_settings
from orchestration.steps.landing.plan_files import land_plan_files
from orchestration.transformation.run_identity import identify, read_inputs
from tests.support.pipeline import warehouse
from tests.support.raw_rows import empty_tables
from tests.support.warehouse import RUN_ID, Warehouse


def computed(home: Path, plans: Path, wanted: Iterable[str]) -> Warehouse:
    """The warehouse of the tests with some marts of a home, as of the time a run would choose.

    Args:
        home: A home with at least one landed delivery.
        plans: Plan file or folder.
        wanted: Names of the models to make.
    """
    settings = load_settings(home=home, plans=(plans,))
    land_plan_files(settings)
    identity = identify(read_inputs(settings.warehouse, settings.timezone), "test", settings.timezone)
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        raw = {
            f"raw_files.{name}": connection.execute(f"select * from raw_files.{name}").to_arrow_table()
            for name in raw_tables()
        }
    in_force = {f"raw_plans.{name}": table for name, table in plan_tables(load_plans([plans])).items()}
    made = warehouse()
    made.land(empty_tables() | raw | in_force)
    values = {"run_id": RUN_ID, "as_of": identity.as_of, "code_version": identity.code_version}
    for model in made.project.needed_for(wanted):
        made.run(model, values)
    return made
