"""What a landing step takes: one ordered folder, or what has newly arrived in the inbox."""

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from compensation import PlanErrors
from connectors.files import DeliverySpec
from orchestration.defs.assets.files import DeliveryConfig
from orchestration.runs.run import RunRequest, run_config
from orchestration.settings import Settings, load_settings
from orchestration.steps import landing
from orchestration.steps.landing import due_deliveries, land, land_plan_files, row_counts

NOW = 4_000_000_000.0


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(home=tmp_path)


@pytest.fixture
def landed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the folders that would have been landed."""
    names: list[str] = []
    monkeypatch.setattr(landing, "prepare_raw_layer", lambda _settings: None)
    monkeypatch.setattr(landing, "land_delivery", lambda _settings, spec: names.append(spec.folder.name))
    return names


def _deliver(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "deals.csv").write_text(text, encoding="utf-8")
    (folder / "_READY").touch()
    return folder


CARD = """\
plan_id: card
title: {zh: 卡, en: Card}
valid_from: 2026-01-01
applies_to: {departments: [marketing]}
components:
  - type: scorecard
    group_weights: {business: 100, management: 0}
    kpis:
      - {kpi: valid_visits, group: business, weight: 100, target: 5, training: {course: C-SELLS}}
"""


def _courses(settings: Settings, *course_ids: str) -> None:
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute("create schema raw_files")
        connection.execute("create table raw_files.loads as select '1' as load_id")
        connection.execute("create table raw_files.courses (course_id varchar, _load_id varchar)")
        connection.executemany(
            "insert into raw_files.courses values (?, ?)", [[course, "1"] for course in course_ids]
        )
        connection.execute("insert into raw_files.courses values ('C-SELLS', 'never completed')")


def test_a_plan_with_a_course_nobody_delivered_is_not_landed(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "card.yml").write_text(CARD, encoding="utf-8")
    _courses(settings, "C-SALES")
    with pytest.raises(PlanErrors, match=r"card.yml:9: .*is an unknown course 'C-SELLS'"):
        land_plan_files(settings, [str(tmp_path / "card.yml")])
    assert sum(row_counts(settings.warehouse, "raw_plans", ["plans"]).values()) == 0


def test_without_any_delivered_course_they_are_not_checked(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "card.yml").write_text(CARD, encoding="utf-8")
    land_plan_files(settings, [str(tmp_path / "card.yml")])
    assert row_counts(settings.warehouse, "raw_plans", ["plans"]) == {"plans": 1}


def test_without_an_order_the_inbox_is_landed_by_name(settings: Settings, landed: list[str]) -> None:
    for name in ("b", "a"):
        _deliver(settings.inbox / name, name)
    land(settings, None)
    assert landed == ["a", "b"]


def test_what_was_landed_from_the_inbox_is_not_landed_again(settings: Settings, landed: list[str]) -> None:
    first = _deliver(settings.inbox / "first", "a")
    land(settings, DeliverySpec(first))
    _deliver(settings.inbox / "second", "b")
    land(settings, None)
    assert landed == ["first", "second"]
    assert due_deliveries(settings, NOW) == []


def test_a_folder_of_the_inbox_that_changed_is_landed_again(settings: Settings, landed: list[str]) -> None:
    folder = _deliver(settings.inbox / "monthly", "a")
    land(settings, None)
    (folder / "deals.csv").write_text("corrected", encoding="utf-8")
    land(settings, None)
    assert landed == ["monthly", "monthly"]


def test_what_arrives_while_a_folder_is_landed_is_still_due(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = _deliver(settings.inbox / "monthly", "a")

    def land_slowly(_settings: Settings, spec: DeliverySpec) -> None:
        (spec.folder / "deals.csv").write_text("corrected meanwhile", encoding="utf-8")

    monkeypatch.setattr("orchestration.steps.landing.land_delivery", land_slowly)
    land(settings, None)
    assert due_deliveries(settings, NOW) == [DeliverySpec(folder)]


def test_a_folder_outside_the_inbox_leaves_no_receipt(
    settings: Settings, landed: list[str], tmp_path: Path
) -> None:
    land(settings, DeliverySpec(_deliver(tmp_path / "elsewhere", "a")))
    assert landed == ["elsewhere"]
    assert not (settings.reports / "inbox").exists()


def test_the_order_of_the_command_line_reaches_the_step_as_it_was_given(tmp_path: Path) -> None:
    spec = DeliverySpec(tmp_path / "d", tmp_path / "m.yml", snapshot=True, allow_shrink=True)
    config = run_config(RunRequest(spec, as_of="2026-10-31"), "Europe/Berlin")["ops"]
    assert DeliveryConfig(**config["files"]["config"]).spec("UTC") == replace(spec, timezone="Europe/Berlin")
    assert config["dbt"]["config"] == {"as_of": "2026-10-31"}
    assert DeliveryConfig().spec("UTC") is None
