"""Calculations on a temporary copy of the warehouse, under plans that are not in force.

Belongs here: the copy, and having dbt compute on it what depends on plans. Does not belong here: choosing plans
(``simulation.plan_files``), comparing figures (``serving``).

The copy is the whole file: one stream from disk to disk is quicker than landing again. Intermediate models are not in
it: the first computation keeps them in a file beside the copy, so that the second computes only what depends on plans.
The copy lies in ``HOME/sandbox`` under the same name, because DuckDB writes the name of the file into its views, and
always at the same place, because dbt parses its whole project anew when a variable of its profile changes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.common.warehouse import open_warehouse
from orchestration.errors import GateError, InputError
from orchestration.runtime.progress_events import emit, stage
from orchestration.runtime.writer_lock import writer_lock
from orchestration.settings import Settings
from orchestration.transformation.calculation import failures_text
from orchestration.transformation.code_version import code_version, fingerprint
from orchestration.transformation.manifest import dbt_environment, dbt_executable, timezone_args
from orchestration.transformation.run_identity import Inputs, identify, make_run_id, read_inputs

if TYPE_CHECKING:
    from compensation import PlanSet

MARTS = (
    "fct_payouts",
    "fct_tiers",
    "fct_scorecards",
    "fct_growth",
    "dim_employee",
    "dim_period",
    "dim_calculation",
)
INTERMEDIATES = "intermediates.duckdb"
_BY_PLANS = "source:plans+"


@dataclass
class Sandbox:
    """A copy of the warehouse and what its marts stand for at the moment.

    Args:
        settings: Those of the pipeline with the copy's folder as home.
        loaded: Hash by id of the plans the warehouse was computed with.
        computed: What the marts were computed from; None: not known, everything has to be computed.
    """

    settings: Settings
    loaded: Mapping[str, str]
    computed: Inputs | None = None
    runs: int = field(default=0, init=False)

    @property
    def warehouse(self) -> Path:
        """The copy."""
        return self.settings.warehouse

    def compute(self, plan_set: PlanSet, text: str) -> None:
        """Bring the marts to what some plans make of the data; does nothing when they are it already.

        Args:
            plan_set: All plans in force.
            text: Which side this is, for the progress.

        Raises:
            GateError: dbt could not build a model; says which.
        """
        from compensation import land_plans

        land_plans(plan_set, self.warehouse)
        inputs = _inputs(self.warehouse)
        with stage("Compute", text):
            if inputs == self.computed:
                emit("Compute", "note", f"{text}: the figures are there already")
                return
            before, self.computed = self.computed, None
            self._run(inputs, whole=self.runs == 0 or before is None or before.timezone != inputs.timezone)
            self.computed = inputs

    def _run(self, inputs: Inputs, *, whole: bool) -> None:
        """One invocation of dbt: all models of the figures, or only those of them that hang on plans."""
        self.runs += 1
        identity = identify(inputs, code_version(self.settings.dbt_project), self.settings.timezone)
        selection = [f"+{mart}" if whole else f"+{mart},{_BY_PLANS}" for mart in MARTS]
        self._forget_stale_parse()
        command = [
            dbt_executable(),
            "--quiet",
            "--partial-parse",
            "run",
            "--full-refresh",
            "--select",
            *selection,
        ]
        result = subprocess.run(
            [*command, *timezone_args(identity.timezone)],
            cwd=self.settings.dbt_project,
            env={**os.environ, **dbt_environment(self.settings), **identity.variables()},
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode != 0:
            said = failures_text(self.settings.dbt_target) or (result.stdout + result.stderr).strip()
            raise GateError(f"dbt cannot compute under these plans:\n{said}")

    def _forget_stale_parse(self) -> None:
        """Have dbt parse a changed project as a whole: an added KPI changes models whose own file is as before."""
        target = self.settings.dbt_target
        target.mkdir(parents=True, exist_ok=True)
        mark, wanted = target / "sandbox.fingerprint", fingerprint(self.settings.dbt_project)
        if not mark.exists() or mark.read_text(encoding="utf-8") != wanted:
            (target / "partial_parse.msgpack").unlink(missing_ok=True)
            mark.write_text(wanted, encoding="utf-8")

    def closed_periods(self) -> list[str]:
        """Months that are computed and over at the as-of time."""
        query = (
            "select period from marts.dim_period as periods, marts.dim_calculation as calculation "
            "where periods.ends_on <= calculation.as_of_date order by period"
        )
        with open_warehouse(self.warehouse, read_only=True) as connection:
            return [str(row[0]) for row in connection.execute(query).fetchall()]


@contextmanager
def sandbox_warehouse(settings: Settings) -> Iterator[Sandbox]:
    """A copy of the warehouse while the block runs; the warehouse itself is not touched.

    Raises:
        InputError: There is no warehouse, or it stays busy for longer than ``INCENTIVES_LOCK_WAIT_SECONDS``.
    """
    if not settings.warehouse.exists():
        raise InputError(
            f"there is no warehouse at {settings.warehouse}. Run the pipeline first: incentives run."
        )
    home = settings.home / "sandbox"
    own = settings.model_copy(update={"home": home, "intermediates": str(home / INTERMEDIATES)})
    wait = settings.lock_wait_seconds
    with writer_lock(own.lock_file, "a comparison of plans", wait):
        try:
            with (
                stage("prepare", "a copy of the warehouse"),
                writer_lock(settings.lock_file, "copying", wait),
            ):
                _copy(settings.warehouse, own.warehouse)
            yield Sandbox(own, _loaded_plans(own.warehouse), _computed_from(settings, own.warehouse))
        finally:
            for database in (own.warehouse, Path(own.intermediates)):
                _remove(database)


def _copy(source: Path, target: Path) -> None:
    """Copy a database nobody writes, with its write-ahead log if one was left behind."""
    _remove(target)
    for path, copy in zip(_files(source), _files(target), strict=True):
        if path.exists():
            shutil.copyfile(path, copy)


def _remove(database: Path) -> None:
    for path in _files(database):
        path.unlink(missing_ok=True)


def _files(database: Path) -> Sequence[Path]:
    return (database, database.with_name(f"{database.name}.wal"))


def _inputs(warehouse: Path) -> Inputs:
    """What a warehouse holds, its plans in an order of their own."""
    inputs = read_inputs(warehouse)
    return replace(inputs, plans=tuple(sorted(inputs.plans)))


def _loaded_plans(warehouse: Path) -> dict[str, str]:
    with open_warehouse(warehouse, read_only=True) as connection:
        return dict(connection.execute("select plan_id, plan_hash from raw_plans.plans").fetchall())


def _computed_from(settings: Settings, warehouse: Path) -> Inputs | None:
    """What the marts of a warehouse were computed from, when that is what it holds now and this code computed them.

    The payout lines say it: they stand at the end of the models, so a run that broke off has not written them.
    """
    import duckdb

    inputs = _inputs(warehouse)
    query = (
        "select distinct lines.run_id, calculation.as_of, calculation.timezone "
        "from marts.fct_payout_lines as lines cross join marts.dim_calculation as calculation"
    )
    with open_warehouse(warehouse, read_only=True) as connection:
        try:
            rows = connection.execute(query).fetchall()
        except duckdb.CatalogException:
            return None
    code = code_version(settings.dbt_project)
    expected = [
        make_run_id(inputs.loads, inputs.plans, code, as_of.isoformat(sep=" "), zone)
        for _, as_of, zone in rows
    ]
    return inputs if len(rows) == 1 and [row[0] for row in rows] == expected else None
