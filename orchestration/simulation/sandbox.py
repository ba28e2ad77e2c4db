"""Calculations on a temporary copy of the warehouse, under plans that are not in force.

Belongs here: the copy, and having dbt compute on it what depends on plans. Does not belong here: choosing plans
(``simulation.plan_files``), comparing figures (``serving``).

The copy is the whole file: one stream from disk to disk is quicker than landing again. Intermediate models are not in
it: the first computation keeps them in a file beside the copy, so that the second computes only what depends on plans.
Neither computes what the copy holds already: staging depends on no plan.
The copy lies in ``HOME/sandbox`` under the same name, because DuckDB writes the name of the file into its views, and
always at the same place, because dbt parses its whole project anew when a variable of its profile changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.common.warehouse import copy_warehouse, open_warehouse, remove_warehouse
from orchestration.errors import InputError
from orchestration.runtime.progress_events import emit, stage
from orchestration.runtime.writer_lock import writer_lock
from orchestration.settings import Settings
from orchestration.transformation.code_version import code_version
from orchestration.transformation.model_runs import run_models
from orchestration.transformation.run_identity import Inputs, RunIdentity, identify, make_run_id, read_inputs

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
_IN_MEMORY = "path:models/intermediate"


@dataclass
class Sandbox:
    """A copy of the warehouse and what its marts stand for at the moment.

    Args:
        settings: Those of the pipeline with the copy's folder as home.
        loaded: Hash by id of the plans the warehouse was computed with.
        computed: What the marts were computed from; None: not known, everything has to be computed.
        marts_as_of: Time up to which the marts know facts, naive UTC; None: not known.
        as_of: ISO 8601 time up to which facts are known; None: that of the marts, so that both sides of a comparison
            are as of the same time, or else the latest business time of the data.
        marts: What is computed.
    """

    settings: Settings
    loaded: Mapping[str, str]
    computed: Inputs | None = None
    marts_as_of: datetime | None = None
    as_of: str | None = None
    marts: Sequence[str] = MARTS
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
        dated = replace(inputs, latest=self.marts_as_of or inputs.latest)
        code = code_version(self.settings.dbt_project)
        identity = identify(dated, code, self.settings.timezone, self.as_of)
        as_of = datetime.fromisoformat(identity.as_of)
        with stage("Compute", text):
            if inputs == self.computed and as_of == self.marts_as_of:
                emit("Compute", "note", f"{text}: the figures are there already")
                return
            before, self.computed = self.computed, None
            same_facts = before is not None and replace(before, plans=inputs.plans) == inputs
            self._run(identity, only_plans_differ=same_facts and as_of == self.marts_as_of)
            self.computed, self.marts_as_of = inputs, as_of

    def _run(self, identity: RunIdentity, *, only_plans_differ: bool) -> None:
        """One invocation of dbt: all models of the figures, or only those of them that hang on plans.

        The first one needs the intermediate models as well, which no run has left.
        """
        self.runs += 1
        methods = [f",{_BY_PLANS}"] if only_plans_differ else [""]
        if only_plans_differ and self.runs == 1:
            methods.append(f",{_IN_MEMORY}")
        run_models(self.settings, identity, [f"+{mart}{method}" for method in methods for mart in self.marts])

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
                copy_warehouse(settings.warehouse, own.warehouse)
            computed, as_of = _computed_from(settings, own.warehouse)
            _forget_books(own.warehouse)
            yield Sandbox(own, _loaded_plans(own.warehouse), computed, as_of)
        finally:
            for database in (own.warehouse, Path(own.intermediates)):
                remove_warehouse(database)


def _forget_books(warehouse: Path) -> None:
    """Compute every month in the copy, those that are locked as well."""
    from ledger.tables import load_books, replace_recalculated

    load_books(warehouse, warehouse.parent, ())
    with open_warehouse(warehouse) as connection:
        replace_recalculated(connection, (), None)


def _inputs(warehouse: Path) -> Inputs:
    """What a warehouse holds, its plans in an order of their own."""
    inputs = read_inputs(warehouse)
    return replace(inputs, plans=tuple(sorted(inputs.plans)))


def _loaded_plans(warehouse: Path) -> dict[str, str]:
    with open_warehouse(warehouse, read_only=True) as connection:
        return dict(connection.execute("select plan_id, plan_hash from raw_plans.plans").fetchall())


def _computed_from(settings: Settings, warehouse: Path) -> tuple[Inputs, datetime] | tuple[None, None]:
    """What the marts of a warehouse were computed from and as of when, if it holds that now and this code did it.

    The payout lines say it: they stand at the end of the models, so a run that broke off has not written them.
    """
    import duckdb

    inputs = _inputs(warehouse)
    query = (
        "select distinct lines.run_id, calculation.as_of, calculation.timezone "
        "from marts.fct_payout_lines as lines cross join marts.dim_calculation as calculation"
        " where not lines.is_locked"
    )
    with open_warehouse(warehouse, read_only=True) as connection:
        try:
            rows = connection.execute(query).fetchall()
        except (duckdb.CatalogException, duckdb.BinderException):
            return None, None
    code = code_version(settings.dbt_project)
    expected = [make_run_id(inputs, code, as_of.isoformat(sep=" "), zone) for _, as_of, zone in rows]
    is_of_now = len(rows) == 1 and [row[0] for row in rows] == expected
    return (inputs, rows[0][1]) if is_of_now else (None, None)
