"""A company whose books are closed without computing pay: lines are drawn, everything behind them is real.

The ledger, archives, commands of a month (``orchestration.books``) and the models of the books run as they are. Only
the run is replaced: in place of 260 models it writes payout lines that a test has chosen, and publishes the marts that
the books ask for.

Belongs here: that run. Does not belong here: what is done with it (tests).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import duckdb
import pyarrow as pa

from compensation import PlanSet, land_plans, load_plans
from ledger.tables import PROVENANCE, replace_recalculated
from ledger.tables import arrow_schema as ledger_schema
from orchestration.books.home import load_home_books, read_entries
from orchestration.books.recalculation import other_plans
from orchestration.settings import Settings, load_settings
from orchestration.transformation.calculation_state import begin_calculation, note_whole
from orchestration.transformation.last_good_run import GoodRun, record_good_run
from orchestration.transformation.run_identity import identify, read_inputs
from tests.support.closing_tables import empty_warehouse, months_between, replace_table, table_of
from tests.support.compiled import CompiledProject, compiled_project
from tests.support.drawn_lines import Line
from tests.support.warehouse import Warehouse

#: models of the books, in their order
MODELS = (
    "int_closing",
    "int_calculated_closed_lines",
    "int_closed_lines",
    "int_true_ups",
    "int_true_up_records",
    "fct_payout_lines",
    "fct_payouts",
    "dim_period",
    "fct_provenance",
    "fct_true_up_causes",
    "period_ledger",
)
PUBLISHED = (
    *MODELS[MODELS.index("fct_payout_lines") :],
    "dim_employee",
    "dim_calculation",
    "open_quarantine",
    "fct_transfers",
)
PLANS = Path(__file__).resolve().parents[1] / "golden" / "books_month_closed" / "plans"
FIRST = "2025-11"


@dataclass
class PretendCompany:
    """A home whose run is replaced.

    Args:
        home: Its folder.
        lines: What is calculated now, by id.
        last_month: The last computed month.
        deliveries: How many there were.
        factor: What the plan in force makes of an amount.
        plans: Its folder.
        keeps_open: Hold a connection to the warehouse between commands; needs ``quick_closing.sharing_connections``.
    """

    home: Path
    lines: dict[str, Line] = field(default_factory=dict)
    last_month: str = FIRST
    deliveries: int = 0
    factor: Decimal = Decimal(1)
    plans: Path = PLANS
    keeps_open: bool = False
    _settings: dict[Path, Settings] = field(default_factory=dict)
    _landed: str = ""
    _keeper: duckdb.DuckDBPyConnection | None = None
    _reader: duckdb.DuckDBPyConnection | None = None
    _factors: dict[str, Decimal] = field(default_factory=dict)
    _project: CompiledProject = field(default_factory=compiled_project)

    @property
    def settings(self) -> Settings:
        """Settings of the home; read again every time, unless something is kept open."""
        if self.plans not in self._settings or not self.keeps_open:
            found = load_settings(home=self.home, plans=(self.plans,), lock_wait_seconds=0)
            self._settings[self.plans] = found
        return self._settings[self.plans]

    def close(self) -> None:
        """Close what is kept open."""
        for connection in (self._keeper, self._reader):
            if connection is not None:
                connection.close()
        self._keeper = self._reader = None

    def put(self, *lines: Line) -> None:
        """Deliver: these lines are calculated from now on."""
        self.lines |= {line.line_id: line for line in lines}
        self.deliveries += 1

    def remove(self, line_id: str) -> None:
        """Deliver: this line is calculated no more."""
        del self.lines[line_id]
        self.deliveries += 1

    def edit_plan(self, factor: Decimal) -> None:
        """From now on the plan in force makes another amount of every line."""
        self.plans, self.factor = self.home.parent / f"{self.home.name} plans", factor
        self.plans.mkdir(exist_ok=True)
        text = (PLANS / "example_pay.yml").read_text(encoding="utf-8")
        text = text.replace("valid_from: 2026", "valid_from: 2020").replace(
            "rate: 0.05", f"rate: {factor / 20}"
        )
        (self.plans / "example_pay.yml").write_text(text, encoding="utf-8")
        self._factors[str(load_plans([self.plans]).hashes)] = factor

    def factor_of(self, plan_set: PlanSet) -> Decimal:
        """What plans that were in force once make of an amount."""
        return self._factors.get(str(plan_set.hashes), Decimal(1))

    def run(self, *_arguments: Any) -> Any:
        """What a run does: load the books, compute, publish."""
        settings = self.settings
        begin_calculation(settings)
        if not settings.warehouse.exists():
            settings.warehouse.write_bytes(empty_warehouse())
        if self.keeps_open and self._keeper is None:
            self._keeper = duckdb.connect(str(settings.warehouse))
        self._land_plans()
        with duckdb.connect(str(settings.warehouse)) as connection:
            self._land(connection)
        load_home_books(settings)
        self._recalculate(settings)
        identity = identify(
            read_inputs(settings.warehouse), "test", settings.timezone, f"{self.last_month}-28"
        )
        with duckdb.connect(str(settings.warehouse)) as connection:
            self._base(connection, dataclasses.asdict(identity))
            self._compute(connection, identity.run_id, identity.as_of)
        self._publish(settings)
        note_whole(settings)
        record_good_run(settings, GoodRun(identity.run_id, (), "", "", ""))
        return SimpleNamespace(exit_code=0, failures=(), not_passed=(), log=None)

    def _land_plans(self) -> None:
        """Land the plans in force, unless they are there."""
        text = (self.plans / "example_pay.yml").read_text(encoding="utf-8")
        if text != self._landed:
            land_plans(load_plans([self.plans]), self.settings.warehouse)
            self._landed = text

    def _recalculate(self, settings: Settings) -> None:
        """Lines of closed months under the plans of their lock, as the sandbox would calculate them."""
        groups = other_plans(settings, read_entries(settings))
        lines = [
            line.row("under old plans", self.factor_of(plan_set))
            for plan_set, periods in groups
            for line in self.lines.values()
            if line.period in periods
        ]
        months = sorted(period for _, periods in groups for period in periods)
        with duckdb.connect(str(settings.warehouse)) as connection:
            replace_recalculated(connection, months, table_of(lines, ledger_schema("recalculated_lines")))

    def _land(self, connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute("delete from raw_files.loads")
        connection.execute(
            "insert into raw_files.loads by name select * from (select unnest(range(?)) as load_seq) as loads, "
            "(select timestamp '2027-01-01' as landed_at, 'Asia/Shanghai' as timezone)",
            [self.deliveries],
        )
        connection.execute("update raw_files.loads set delivery_hash = load_seq, load_id = load_seq")

    def _base(self, connection: duckdb.DuckDBPyConnection, identity: dict[str, str]) -> None:
        """The tables that the models of the books are made of."""
        relation = {model.name: model.relation for model in self._project.models}
        lines = [
            line.row(identity["run_id"], self.factor)
            for line in self.lines.values()
            if line.period <= self.last_month
        ]
        replace_table(
            connection, relation["int_payout_lines"], table_of(lines, ledger_schema("recalculated_lines"))
        )
        records = [line.record() for line in self.lines.values() if line.period <= self.last_month]
        replace_table(
            connection,
            relation["calculated_provenance"],
            table_of(records, ledger_schema("locked_provenance")),
        )
        people = [
            {"line_id": "", "source": "files", "source_table": "employees", "record_id": one, "load_id": "0"}
            | {"content_hash": one}
            for one in ("S1", "S2", "S3")
        ]
        everything = table_of([*records, *people], ledger_schema("locked_provenance"))
        replace_table(connection, relation["source_records"], everything.select(list(PROVENANCE)[1:]))
        calculation = identity | {"as_of_date": date.fromisoformat(identity["as_of"][:10])}
        replace_table(connection, relation["stg_calculation"], pa.Table.from_pylist([calculation]))
        moment = datetime.fromisoformat(identity["as_of"])
        replace_table(
            connection, relation["dim_calculation"], pa.Table.from_pylist([calculation | {"as_of": moment}])
        )
        found = list(months_between(FIRST, self.last_month))
        replace_table(connection, relation["int_periods"], pa.Table.from_pylist(found))

    def _compute(self, connection: duckdb.DuckDBPyConnection, run_id: str, as_of: str) -> None:
        models = {model.name: model for model in self._project.models}
        values = {"run_id": run_id, "as_of": as_of, "code_version": "test"}
        warehouse = Warehouse(self._project, connection)
        for name in MODELS:
            warehouse.run(models[name], values)

    def _publish(self, settings: Settings) -> None:
        target = settings.published / "current" / "incentives.duckdb"
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_suffix(".tmp")
        beside.unlink(missing_ok=True)
        with duckdb.connect(str(settings.warehouse)) as connection:
            connection.execute(f"attach '{beside}' as published")
            connection.execute("create schema published.marts")
            for mart in PUBLISHED:
                connection.execute(f"create table published.marts.{mart} as from marts.{mart}")
            connection.execute("detach published")
        if self._reader is not None:
            self._reader.close()
            self._reader = None
        beside.replace(target)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of a query over the published marts."""
        if self._reader is None:
            self._reader = duckdb.connect(str(self.settings.snapshot), read_only=True)
        found = self._reader.execute(query).fetchall()
        if not self.keeps_open:
            self._reader.close()
            self._reader = None
        return found


@contextmanager
def pretending(company: PretendCompany) -> Iterator[None]:
    """Commands run the company's run in place of the pipeline while the block runs."""
    with patch("orchestration.runs.run.run_pay", company.run):
        yield
