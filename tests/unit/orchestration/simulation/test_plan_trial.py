"""When dbt computes on the copy of the warehouse, and what of it; dbt itself is replaced by a note of its command."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from compensation import PlanSet, land_plans, load_plans
from orchestration.cli.plans.comparison_tables import show_comparison
from orchestration.errors import GateError, InputError
from orchestration.settings import Settings
from orchestration.simulation import sandbox
from orchestration.simulation.compare import compare_files
from orchestration.simulation.sandbox import MARTS, sandbox_warehouse
from orchestration.transformation import model_runs
from orchestration.transformation.code_version import code_version
from orchestration.transformation.run_identity import make_run_id, read_inputs
from serving.comparison.diff import PlanFigures
from tests.support.raw_rows import empty_tables

AS_OF = "2026-03-31 15:59:59"


PLAN = """plan_id: a
title: {zh: a, en: a}
valid_from: 2026-01-01
applies_to: {departments: [sales]}
components: [{type: commission, pool: closing, rates: {marketing: RATE}}]
"""


def plans(folder: Path, rate: str) -> PlanSet:
    (folder / "a.yml").write_text(PLAN.replace("RATE", rate), encoding="utf-8")
    return load_plans([folder])


@pytest.fixture(scope="module")
def in_force(tmp_path_factory: pytest.TempPathFactory) -> PlanSet:
    return plans(tmp_path_factory.mktemp("in_force"), "0.02")


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> PlanSet:
    return plans(tmp_path_factory.mktemp("changed"), "0.03")


@pytest.fixture
def settings(tmp_path: Path, in_force: PlanSet) -> Settings:
    """A home with a computed warehouse."""
    made = Settings(home=tmp_path / "home", lock_wait_seconds=0.0)
    land_plans(in_force, made.warehouse)
    with duckdb.connect(str(made.warehouse)) as connection:
        for name, table in empty_tables().items():
            if name.startswith("raw_files."):
                connection.register("empty_table", table)
                connection.execute(
                    f"create schema if not exists raw_files; create table {name} as from empty_table"
                )
        connection.execute("create schema marts")
    inputs = read_inputs(made.warehouse)
    run_id = make_run_id(inputs, code_version(made.dbt_project), AS_OF, "Asia/Shanghai")
    with duckdb.connect(str(made.warehouse)) as connection:
        connection.execute(
            f"create table marts.fct_payout_lines as select '{run_id}' as run_id, false as is_locked from range(2)"
        )
        connection.execute(
            f"create table marts.dim_calculation as select timestamp '{AS_OF}' as as_of, "
            "'Asia/Shanghai' as timezone, date '2026-03-31' as as_of_date"
        )
        connection.execute(
            "create table marts.dim_period as select * from (values ('2026-02', date '2026-02-28'), "
            "('2026-03', date '2026-03-31'), ('2026-04', date '2026-04-30')) as t (period, ends_on)"
        )
    return made


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands dbt was started with."""
    noted: list[list[str]] = []

    def note(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        noted.append(command)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(model_runs.subprocess, "run", note)
    return noted


def selected(command: list[str]) -> list[str]:
    return command[command.index("--select") + 1 : command.index("--vars")]


def test_figures_of_the_warehouse_are_used_as_they_are(
    settings: Settings, in_force: PlanSet, commands: list[list[str]]
) -> None:
    with sandbox_warehouse(settings) as copy:
        copy.compute(in_force, "old")
        assert copy.closed_periods() == ["2026-02", "2026-03"]
        assert copy.loaded == in_force.hashes
    assert commands == []


def test_other_plans_are_computed_once_and_after_the_first_only_what_hangs_on_plans(
    settings: Settings, in_force: PlanSet, changed: PlanSet, commands: list[list[str]]
) -> None:
    with sandbox_warehouse(settings) as copy:
        for plan_set in (in_force, changed, changed, in_force):
            copy.compute(plan_set, "")
    first, second = (selected(command) for command in commands)
    by_plans = [f"+{mart},source:plans+" for mart in MARTS]
    assert first == by_plans + [f"+{mart},path:models/intermediate" for mart in MARTS]
    assert second == by_plans


def test_both_sides_are_as_of_the_time_of_the_warehouse(
    settings: Settings, changed: PlanSet, commands: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    identities = []
    run_models = sandbox.run_models
    monkeypatch.setattr(
        sandbox, "run_models", lambda *given: (identities.append(given[1]), run_models(*given))
    )
    with sandbox_warehouse(settings) as copy:
        copy.compute(changed, "new")
        copy.as_of = "2026-02-28T23:59:59+08:00"
        copy.compute(changed, "new")
    assert [one.as_of for one in identities] == [AS_OF, "2026-02-28 15:59:59"]
    assert selected(commands[1]) == [f"+{mart}" for mart in MARTS]


def test_with_months_locked_everything_is_computed_first(
    settings: Settings, changed: PlanSet, commands: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = sandbox._computed_from
    monkeypatch.setattr(
        sandbox, "_computed_from", lambda *given: (replace(found(*given)[0], ledger="a1"), found(*given)[1])
    )
    with sandbox_warehouse(settings) as copy:
        copy.compute(changed, "new")
    assert selected(commands[0]) == [f"+{mart}" for mart in MARTS]


def test_a_comparison_names_the_days_that_the_new_plans_forget(
    settings: Settings, tmp_path: Path, commands: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    plans(tmp_path, "0.02")
    before, after = PLAN.replace("RATE", "0.02").partition("applies_to")[::2]
    for name, span in {"b": "valid_to: 2026-03-31", "c": "valid_to: 2027-01-01"}.items():
        start = before.replace("plan_id: a", f"plan_id: {name}")
        start = start if name == "b" else start.replace("2026-01-01", "2026-04-01")
        (tmp_path / f"{name}.yml").write_text(f"{start}{span}\napplies_to{after}", encoding="utf-8")
    monkeypatch.setattr("serving.comparison.figures.plan_figures", lambda *_: PlanFigures(()))
    old, new = [tmp_path / "a.yml"], [tmp_path / "b.yml", tmp_path / "c.yml"]
    found = compare_files(settings, old, new, ["2026-02"])
    [warning] = found.as_dict()["warnings"]
    assert "no plan for sales on 2026-03-31" in warning
    show_comparison(found, screen := Console(record=True, width=200), by_person_and_period=False)
    assert f"warning: {warning}" in " ".join(screen.export_text().split())


def test_a_warehouse_another_code_computed_is_computed_as_a_whole_first(
    settings: Settings, in_force: PlanSet, changed: PlanSet, commands: list[list[str]]
) -> None:
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute("update marts.fct_payout_lines set run_id = 'old'")
    with sandbox_warehouse(settings) as copy:
        copy.compute(in_force, "old")
        copy.compute(changed, "new")
    assert ["+fct_payouts" in selected(command) for command in commands] == [True, False]


def test_the_warehouse_itself_is_not_touched_and_the_copy_is_removed(
    settings: Settings, changed: PlanSet, commands: list[list[str]]
) -> None:
    before = settings.warehouse.read_bytes()
    with sandbox_warehouse(settings) as copy:
        copy.compute(changed, "new")
        made = copy.warehouse
        assert made.exists()
    assert settings.warehouse.read_bytes() == before
    assert not made.exists()


def test_a_failing_dbt_says_so_and_leaves_no_copy(
    settings: Settings, changed: PlanSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 1, "no such model", "")

    monkeypatch.setattr(model_runs.subprocess, "run", fail)
    with pytest.raises(GateError, match="no such model"), sandbox_warehouse(settings) as copy:
        copy.compute(changed, "new")
    assert not (settings.home / "sandbox" / "warehouse.duckdb").exists()


def test_without_a_warehouse_there_is_nothing_to_compare(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="incentives run"), sandbox_warehouse(Settings(home=tmp_path)):
        pytest.fail("there is no warehouse")
