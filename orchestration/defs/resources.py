"""What steps are given: the home under the writer's lock, and dbt.

Belongs here: Dagster resources and nothing that decides.
Does not belong here: reading settings (``settings``), starting dbt (``defs.assets.dbt``).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import dagster as dg
from dagster_dbt import DbtCliResource

from orchestration.runtime.writer_lock import writer_lock
from orchestration.settings import Settings
from orchestration.transformation.manifest import dbt_executable


@dataclass(frozen=True)
class Home:
    """The home directory of a run.

    Args:
        settings: All settings of this home, as whoever assembled the definitions read them.
    """

    settings: Settings


#: how a step asks for the home
HomeResource = dg.ResourceParam[Home]


def home_resource(settings: Settings) -> dg.ResourceDefinition:
    """The home; a run that uses it holds the right to write the warehouse until it ends.

    A plain object and no ``ConfigurableResource``, whose fields Dagster stores and shows: settings hold secrets.
    """

    @dg.resource(description="The home directory, under the writer's lock.")
    def home(context: dg.InitResourceContext) -> Iterator[Home]:
        doing = f"dagster run {context.run_id}"
        with writer_lock(settings.lock_file, doing, settings.lock_wait_seconds):
            yield Home(settings)

    return home


def build_resources(settings: Settings) -> dict[str, object]:
    """The resources of all steps, by the name steps ask for."""
    project = str(settings.dbt_project)
    return {
        "home": home_resource(settings),
        "dbt": DbtCliResource(project_dir=project, profiles_dir=project, dbt_executable=dbt_executable()),
    }
