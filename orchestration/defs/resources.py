"""What steps are given: the home directory under the writer's lock, and dbt.

Belongs here: Dagster resources and nothing that decides.
Does not belong here: reading settings (``settings``), starting dbt (``defs.assets.dbt``).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

import dagster as dg
from dagster_dbt import DbtCliResource
from packaging.version import Version

from orchestration.runtime.writer_lock import writer_lock
from orchestration.settings import Settings, load_settings
from orchestration.transformation.manifest import dbt_executable


class Home(dg.ConfigurableResource):  # type: ignore[type-arg]  # generic only in its value type, which is itself
    """The home directory; a run that uses it holds the right to write the warehouse until it ends."""

    env: str
    home: str
    timezone: str
    plans: list[str]
    dbt_project: str
    lock_wait_seconds: float

    @classmethod
    def of(cls, settings: Settings) -> "Home":
        """The resource for some settings."""
        return cls(
            env=settings.env.value,
            home=str(settings.home),
            timezone=settings.timezone,
            plans=[str(path) for path in settings.plans],
            dbt_project=str(settings.dbt_project),
            lock_wait_seconds=settings.lock_wait_seconds,
        )

    @property
    def settings(self) -> Settings:
        """The settings this resource was made of."""
        return load_settings(
            env=self.env,
            home=Path(self.home),
            timezone=self.timezone,
            plans=tuple(Path(path) for path in self.plans),
            dbt_project=Path(self.dbt_project),
            lock_wait_seconds=self.lock_wait_seconds,
        )

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Home"]:
        """Hold the writer's lock for as long as the run lasts."""
        doing = f"dagster run {context.run_id}"
        with writer_lock(self.settings.lock_file, doing, self.lock_wait_seconds):
            yield self


class Dbt(DbtCliResource):
    """dbt's command line without the two side trips of the stock resource.

    The stock one starts ``dbt --version`` (which asks a package index for news) and builds a database adapter in this
    process (only needed to fetch column metadata) before each call: 5 s a run in dagster-dbt 0.29.27 (2026-11).
    """

    @cached_property
    def _cli_version(self) -> Version:
        return Version(version("dbt-core"))

    def _initialize_dbt_core_adapter(self, args: object) -> None:  # type: ignore[override]  # noqa: ARG002
        return None


def build_resources(settings: Settings) -> dict[str, object]:
    """The resources of all steps, by the name steps ask for."""
    project = str(settings.dbt_project)
    return {
        "home": Home.of(settings),
        "dbt": Dbt(project_dir=project, profiles_dir=project, dbt_executable=dbt_executable()),
    }
