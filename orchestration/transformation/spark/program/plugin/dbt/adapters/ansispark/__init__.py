"""dbt's adapter for Spark with the profile's word on ANSI: dbt-spark turns it off, and errors become NULLs (0232).

A plugin as dbt wants one. Macros and materializations are those of `spark`, by inheritance.
"""

from dataclasses import dataclass
from pathlib import Path

from dbt.adapters.base.plugin import AdapterPlugin
from dbt.adapters.spark import SparkAdapter, SparkConnectionManager, SparkCredentials

TYPE = "ansispark"
_ANSI = "spark.sql.ansi.enabled"


@dataclass
class AnsiSparkCredentials(SparkCredentials):  # type: ignore[misc]  # dbt-spark is not in the environment of linters
    """An entry of profiles.yml."""

    def __post_init__(self) -> None:
        said = str(self.server_side_parameters[_ANSI]).lower()
        super().__post_init__()
        self.server_side_parameters[_ANSI] = said

    @property
    def type(self) -> str:
        """As the entry names it."""
        return TYPE


class AnsiSparkConnectionManager(SparkConnectionManager):  # type: ignore[misc]
    """Connections, under the name of this adapter."""

    TYPE = TYPE


class AnsiSparkAdapter(SparkAdapter):  # type: ignore[misc]
    """The adapter, under its name."""

    ConnectionManager = AnsiSparkConnectionManager


Plugin = AdapterPlugin(
    adapter=AnsiSparkAdapter,
    credentials=AnsiSparkCredentials,
    include_path=str(Path(__file__).parent),
    dependencies=["spark"],
)
