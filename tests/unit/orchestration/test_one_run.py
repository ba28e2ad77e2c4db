"""Any asset can be materialized alone, with the plans of the home; the whole run is in ``tests/integration``."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from unittest.mock import patch

import dagster as dg
import pytest

from connectors.files import DeliverySpec
from orchestration.defs.build import Overrides, build_definitions
from orchestration.errors import InputError
from orchestration.runs.dagster_instance import open_instance
from orchestration.runs.run import RunRequest, run_pay, run_publication
from orchestration.settings import Settings
from orchestration.steps.publishing import Published
from tests.unit.orchestration.mini import PLANS, mini_settings

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("mini")]
CUSTOMERS = "customer_id,name,created_at\nC1,Acme,2026-01-01\n"
HEADER = "deal_id,customer_id,owner_employee_id,amount,currency,signed_at,status\n"
EXTRA_PLAN = """\
plan_id: extra
title: {zh: 另, en: Extra}
valid_from: 2026-01-01
applies_to: {departments: [extra]}
components:
  - {type: commission, pool: closing, rates: {self_sourced: 0.03}}
"""


def _deliver(folder: Path, *rows: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "customers.csv").write_text(CUSTOMERS, encoding="utf-8")
    (folder / "deals.csv").write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    return folder


def _first_month(folder: Path) -> Path:
    return _deliver(folder, "D1,C1,E1,100.00,CNY,2026-01-05,signed")


def _settings(home: Path) -> Settings:
    settings = mini_settings(home)
    settings.model_fields_set.discard("plans")  # as whoever starts a run without knowing of plans
    return settings


@pytest.fixture(autouse=True)
def _without_a_helper_process() -> Iterator[None]:
    with patch("orchestration.steps.validation.warmed_gates", nullcontext):
        yield


@pytest.fixture(scope="module")
def first_month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the first month was run with plans that only the command line named."""
    folder = tmp_path_factory.mktemp("one_run")
    (folder / "plans").mkdir()
    (folder / "plans" / "extra.yml").write_text(EXTRA_PLAN, encoding="utf-8")
    with patch("orchestration.steps.validation.warmed_gates", nullcontext):
        request = RunRequest(DeliverySpec(_first_month(folder / "month1")), plans=(PLANS, folder / "plans"))
        outcome = run_pay(_settings(folder / "home"), request)
    assert outcome.success, outcome.failures
    return folder / "home"


@pytest.mark.parametrize("key", [["marts", "fct_signed"], ["files", "deals"], ["plans", "plans"]])
def test_any_asset_can_be_materialized_alone(first_month: Path, tmp_path: Path, key: list[str]) -> None:
    home = tmp_path / "home"
    shutil.copytree(first_month, home, symlinks=True)
    settings = _settings(home)
    job = build_definitions(Overrides(settings=settings)).resolve_implicit_global_asset_job_def()
    with open_instance(settings) as instance:
        result = job.execute_in_process(instance=instance, asset_selection=[dg.AssetKey(key)])
    assert result.success
    arrived = {event.asset_key for event in result.all_events if event.is_step_materialization}
    assert arrived == (set() if key[0] == "files" else {dg.AssetKey(key)}), "an empty inbox is no arrival"
    if key[0] == "marts":
        [made] = [event.materialization for event in result.all_events if event.is_step_materialization]
        assert made.metadata["dagster/row_count"].value == 1
        columns = {column.name for column in made.metadata["dagster/column_schema"].value.columns}
        assert set(made.metadata["dagster/column_lineage"].value.deps_by_column) == columns


def test_publish_writes_again_what_passed_and_nothing_else(first_month: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(first_month, home, symlinks=True)
    settings = _settings(home)
    before = settings.snapshot.resolve().parent.name
    shutil.rmtree(settings.published)
    assert run_publication(settings).success
    assert settings.snapshot.resolve().parent.name == before
    (home / "calculation_state.json").unlink()
    with pytest.raises(InputError, match="there is nothing to publish"):
        run_publication(settings)


def test_a_month_can_be_materialized_alone(
    first_month: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, folder, key = tmp_path / "home", tmp_path / "publication", dg.AssetKey(["published", "periods"])
    shutil.copytree(first_month, home, symlinks=True)
    folder.mkdir()
    files = {f"a/period={month}/a.parquet": {"period": month} for month in ("2026-01", "2026-02")}
    (folder / "manifest.json").write_text(json.dumps({"files": files}), encoding="utf-8")
    whole = Published(True, ("2026-01", "2026-02"), (), {"publication": "p", "folder": str(folder)})
    monkeypatch.setattr("orchestration.steps.publishing.publish_marts", lambda *_: whole)
    settings = _settings(home)
    job = build_definitions(Overrides(settings=settings)).resolve_implicit_global_asset_job_def()
    with open_instance(settings) as instance:
        made = job.execute_in_process(instance=instance, asset_selection=[key], partition_key="2026-01")
        refused = job.execute_in_process(
            instance=instance, asset_selection=[key], partition_key="2027-01", raise_on_error=False
        )
    [found] = made.asset_materializations_for_node("periods")
    assert found.partition == "2026-01"
    assert {name: found.metadata[name].value for name in ("folder", "files")} == {
        "folder": str(folder / "*" / "period=2026-01"),
        "files": 1,
    }
    assert not refused.success
