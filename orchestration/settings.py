"""Where things lie and in which environment we are. Read once, when asked, never at import.

Belongs here: every path and every variable (prefix ``INCENTIVES_``) of the pipeline.
Does not belong here: secrets of outside systems (each connector names its own), rules of pay (plans).
"""

from __future__ import annotations

import os
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from orchestration.errors import InputError
from orchestration.runtime.memory import AMOUNT, LEAST, bytes_of, duckdb_share, half_of_the_machine
from orchestration.runtime.processors import threads_for_duckdb

IN_MEMORY = ":memory:"
ROOT = Path(__file__).resolve().parent.parent
# DuckDB looks for its log beside the part before a question mark (1.5.5), dbt-duckdb reads paths as URLs (1.11),
# Great Expectations puts variables in for names after a dollar sign (1.24).
_NOT_IN_A_HOME = "?#$"


class Environment(StrEnum):
    """The environments there are; one variable, ``INCENTIVES_ENV``, chooses."""

    DEV = "dev"
    CI = "ci"
    PROD = "prod"


class Settings(BaseSettings):
    """All settings. Relative paths count from the working directory; the default home is ``var`` beside the code."""

    model_config = SettingsConfigDict(env_prefix="INCENTIVES_", env_file=ROOT / ".env", extra="ignore")

    env: Environment = Environment.DEV
    home: Path = ROOT / "var"
    group: str | None = Field(default=None, min_length=1)
    timezone: str = "Asia/Shanghai"
    sources: Path | None = None
    plans: Annotated[tuple[Path, ...], NoDecode] = Field(default=(ROOT / "plans",))
    dbt_project: Path = ROOT / "dbt_project"
    lock_wait_seconds: float = 600.0
    land_cron: str = "0 2 * * *"
    pay_cron: str = "0 4 1 * *"
    close_cron: str = "0 5 1 * *"
    inbox_quiet_seconds: float | None = Field(default=None, gt=0)
    payable_change_share: Decimal = Field(default=Decimal("0.05"), ge=0)
    memory_limit: str = Field(default_factory=half_of_the_machine, pattern=AMOUNT)
    duckdb_threads: int = Field(default_factory=threads_for_duckdb, ge=1)
    intermediates: str = IN_MEMORY
    engine: Literal["duckdb", "spark"] = "duckdb"
    spark_python: Path = ROOT / "var" / "services" / "spark" / "bin" / "python"
    spark_master: str = "local[*]"
    spark_memory: str = Field(default="3g", pattern=r"^[0-9]+[mg]$")
    spark_thrift: str = Field(default="", pattern=r"^$|^[^:]+:[0-9]+$")
    spark_catalog: str = Field(default="", pattern=r"^\w*$")
    spark_wait_seconds: float = Field(default=120.0, gt=0)
    ledger_url: SecretStr | None = None
    alert_channels: SecretStr = SecretStr("")
    alert_language: Literal["zh", "en"] = "zh"
    alert_closed: Literal["silent", "message"] = "silent"
    alert_max_messages: int = Field(default=20, ge=1)
    serving_url: SecretStr | None = None
    access: Path | None = None
    readings_days: int = Field(default=730, ge=1)

    @field_validator("plans", mode="before")
    @classmethod
    def _split_paths(cls, value: Any) -> Any:
        return tuple(part for part in value.split(os.pathsep) if part) if isinstance(value, str) else value

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(
                "is not a valid IANA time zone name such as Asia/Shanghai or Europe/Berlin"
            ) from error
        return value

    @field_validator("memory_limit")
    @classmethod
    def _enough_memory(cls, value: str) -> str:
        if bytes_of(value) < bytes_of(LEAST):
            raise ValueError(f"is less than a computation needs; the least is {LEAST}")
        return value

    @field_validator("intermediates")
    @classmethod
    def _from_anywhere(cls, value: str) -> str:
        return value if value == IN_MEMORY else str(Path(value).expanduser().absolute())

    @field_validator("home", "dbt_project", "spark_python")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("home")
    @classmethod
    def _path_the_engines_take(cls, value: Path) -> Path:
        found = sorted({sign for sign in str(value) if sign in _NOT_IN_A_HOME or not sign.isprintable()})
        if found:
            signs = ", ".join(map(repr, found))
            raise ValueError(
                f"has {signs} in its path, which the engines read as something else; choose a folder without"
            )
        return value

    @property
    def warehouse(self) -> Path:
        """The DuckDB file; one writer at a time."""
        return self.home / "warehouse.duckdb"

    @property
    def duckdb_memory(self) -> str:
        """DuckDB's part of the memory the computation may take."""
        return duckdb_share(self.memory_limit)

    @property
    def sources_file(self) -> Path:
        """The description of the connected systems; there need be none."""
        return self.home / "sources.yml" if self.sources is None else self.sources.expanduser().absolute()

    @property
    def spark(self) -> Path:
        """What Spark reads and makes."""
        return self.home / "spark"

    @property
    def kept_intermediates(self) -> str:
        """Where dbt on DuckDB finds intermediate tables: those that Spark made lie in files beside the warehouse."""
        is_theirs = self.engine == "spark" and self.intermediates == IN_MEMORY
        return str(self.spark / "intermediates.duckdb") if is_theirs else self.intermediates

    @property
    def lock_file(self) -> Path:
        """Held by whoever writes the warehouse."""
        return self.home / "warehouse.lock"

    @property
    def inbox(self) -> Path:
        """Folders put here are landed by the sensor and by the scheduled extraction."""
        return self.home / "inbox"

    @property
    def ledger(self) -> Path:
        """The ledger of pay, where no database server keeps it."""
        return self.home / "ledger.sqlite"

    @property
    def books(self) -> Path:
        """Archives of what was calculated and locked."""
        return self.home / "books"

    @property
    def published(self) -> Path:
        """What readers get: Parquet per period and a read-only DuckDB file."""
        return self.home / "published"

    @property
    def explained(self) -> Path:
        """The warehouse as it was published, which `explain` reads: no run writes it."""
        return self.home / "explained"

    @property
    def serving(self) -> Path:
        """The embedded serving database and its passwords."""
        return self.home / "serving"

    @property
    def access_policy(self) -> Path:
        """Who sees what in the serving database: INCENTIVES_ACCESS, else that of the home, else the one of the code."""
        own = self.home / "access.yml"
        return (self.access or (own if own.exists() else ROOT / "access.yml")).expanduser().absolute()

    @property
    def snapshot(self) -> Path:
        """The DuckDB file of the current publication; absent before the first one."""
        return self.published / "current" / "incentives.duckdb"

    @property
    def readers_database(self) -> Path:
        """Where readers look: the published snapshot; before the first publication the warehouse."""
        return self.snapshot if self.snapshot.exists() or not self.warehouse.exists() else self.warehouse

    @property
    def dagster(self) -> Path:
        """Dagster's own storage (``DAGSTER_HOME``)."""
        return self.home / "dagster"

    @property
    def dbt_target(self) -> Path:
        """dbt's artifacts: manifest, compiled SQL, logs."""
        return self.home / "dbt"

    @property
    def dlt(self) -> Path:
        """Working directory of the landing."""
        return self.home / "dlt"

    @property
    def data_docs(self) -> Path:
        """HTML pages of the gates."""
        return self.home / "data_docs"

    @property
    def reports(self) -> Path:
        """Validation reports of imports and the logs of runs."""
        return self.home / "reports"


def load_settings(**overrides: Any) -> Settings:
    """Read the settings from the environment (and ``.env`` beside the code).

    Args:
        **overrides: Fields that win over the environment, such as ``home``.

    Raises:
        InputError: A variable has a value that is not allowed; names the variable and what is.
    """
    try:
        return Settings(**overrides)
    except ValidationError as error:
        raise InputError("; ".join(_say(problem) for problem in error.errors())) from None


def _say(problem: Any) -> str:
    name = "INCENTIVES_" + str(problem["loc"][0]).upper() if problem["loc"] else "settings"
    if name == "INCENTIVES_ENV":
        return f"{name} is {problem['input']!r}; valid names are {', '.join(Environment)}"
    return f"{name} is {problem['input']!r}: {problem['msg'].removeprefix('Value error, ')}"
