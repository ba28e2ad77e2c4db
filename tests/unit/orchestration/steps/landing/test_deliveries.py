"""What a landing step takes: one ordered folder, or what has newly arrived in the inbox."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from compensation import PlanErrors
from connectors.files import DeliverySpec, FileReport, ImportProblem, ImportReport
from orchestration.defs.assets.files import DeliveryConfig, accepted_result
from orchestration.plans_in_force import record_plans
from orchestration.runs.run import RunRequest, run_config
from orchestration.settings import Settings, load_settings
from orchestration.steps.landing import deliveries
from orchestration.steps.landing.deliveries import land, row_counts
from orchestration.steps.landing.plan_files import land_plan_files


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(home=tmp_path)


@pytest.fixture
def landed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the folders that would have been landed."""
    names: list[str] = []

    def land_one(_settings: Settings, spec: DeliverySpec) -> ImportReport:
        names.append(spec.folder.name)
        if (spec.folder / "bad.csv").exists():
            raise ImportProblem("unknown file 'bad.csv'", where=str(spec.folder), hint="rename it")
        return ImportReport(f"load-{len(names)}", files=[FileReport("deals", "deals.csv")], quarantine=[])

    monkeypatch.setattr(deliveries, "prepare_raw_layer", lambda _settings: None)
    monkeypatch.setattr(deliveries, "land_delivery", land_one)
    return names


def _with_plans(settings: Settings, *plans: Path) -> Settings:
    record_plans(settings, plans)
    return settings


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
        land_plan_files(_with_plans(settings, tmp_path / "card.yml"))
    assert sum(row_counts(settings.warehouse, "raw_plans", ["plans"]).values()) == 0


def test_without_any_delivered_course_they_are_not_checked(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "card.yml").write_text(CARD, encoding="utf-8")
    land_plan_files(_with_plans(settings, tmp_path / "card.yml"))
    assert row_counts(settings.warehouse, "raw_plans", ["plans"]) == {"plans": 1}


def test_the_inbox_is_landed_by_name_and_moved(settings: Settings, landed: list[str]) -> None:
    for name in ("b", "a"):
        _deliver(settings.inbox / name, name)
    done = land(settings, None)
    assert landed == ["a", "b"]
    assert done.tables == {"deals", "loads", "load_files", "quarantine"}
    assert sorted(path.name for path in (settings.inbox / "landed").iterdir()) == ["a", "b"]
    assert land(settings, None).tables == set(), "an empty inbox is no arrival"


def test_a_folder_of_another_name_with_the_same_bytes_is_a_later_delivery(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, landed: list[str]
) -> None:
    again: list[bool] = []
    original = deliveries.land_delivery

    def land_one(settings: Settings, spec: DeliverySpec) -> ImportReport:
        again.append(spec.land_again)
        return original(settings, spec)

    monkeypatch.setattr(deliveries, "land_delivery", land_one)
    for name in ("october", "october-again"):
        _deliver(settings.inbox / name, "same")
        land(settings, None)
    assert landed == ["october", "october-again"]
    assert again == [False, True]


def test_what_was_landed_before_is_skipped_and_that_is_said(settings: Settings, landed: list[str]) -> None:
    for _ in range(2):
        _deliver(settings.inbox / "october", "same")
        done = land(settings, None)
    assert landed == ["october"]
    [(name, why)] = done.skipped
    assert (name, why.split(";")[0]) == ("october", "landed before, as load load-1")
    assert not (settings.inbox / "october").exists()


def test_a_folder_that_is_not_complete_is_left_and_named(settings: Settings, landed: list[str]) -> None:
    (_deliver(settings.inbox / "arriving", "a") / "_READY").unlink()
    assert land(settings, None).skipped == (("arriving", "not complete: it holds no _READY"),)
    assert landed == []
    assert (settings.inbox / "arriving").exists()


def test_a_bad_folder_is_set_aside_with_its_report_and_the_good_ones_are_landed(
    settings: Settings, landed: list[str]
) -> None:
    (_deliver(settings.inbox / "bad", "a") / "bad.csv").touch()
    _deliver(settings.inbox / "good", "b")
    done = land(settings, None)
    assert landed == ["bad", "good"]
    assert [name for name, _ in done.rejected] == ["bad"]
    assert len(done.reports) == 1
    report = json.loads((settings.inbox / "rejected" / "bad.json").read_text(encoding="utf-8"))
    assert (report["what"], report["hint"]) == ("unknown file 'bad.csv'", "rename it")
    assert (settings.inbox / "rejected" / "bad" / "deals.csv").exists()
    check = accepted_result(done)
    assert (check.passed, check.severity.name) == (False, "ERROR")
    assert "unknown file 'bad.csv'" in str(check.description)


def test_what_arrives_while_a_folder_is_landed_is_still_due(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, landed: list[str]
) -> None:
    _deliver(settings.inbox / "monthly", "a")
    original = deliveries.land_delivery

    def land_slowly(settings: Settings, spec: DeliverySpec) -> ImportReport:
        (spec.folder / "deals.csv").write_text("corrected meanwhile", encoding="utf-8")
        return original(settings, spec)

    monkeypatch.setattr(deliveries, "land_delivery", land_slowly)
    land(settings, None)
    monkeypatch.setattr(deliveries, "land_delivery", original)
    land(settings, None)
    assert landed == ["monthly", "monthly"]


def test_a_folder_outside_the_inbox_leaves_no_receipt(
    settings: Settings, landed: list[str], tmp_path: Path
) -> None:
    land(settings, DeliverySpec(_deliver(tmp_path / "elsewhere", "a")))
    assert landed == ["elsewhere"]
    assert not (settings.reports / "inbox").exists()


def test_a_request_reaches_the_step_as_it_was_given(tmp_path: Path) -> None:
    spec = DeliverySpec(tmp_path / "d", tmp_path / "m.yml", snapshot=True, allow_shrink=True)
    config = run_config(RunRequest(spec, as_of="2026-10-31", accept=("plan:a",), anew=True))["ops"]
    assert DeliveryConfig(**config["files"]["config"]).spec("Europe/Berlin") == replace(
        spec, timezone="Europe/Berlin"
    )
    assert config["dbt"]["config"] == {"as_of": "2026-10-31", "anew": True}
    assert config["changes_gate"]["config"] == {"accept": ["plan:a"]}
    assert DeliveryConfig().spec("UTC") is None
    assert run_config(RunRequest()) == {"ops": {}}, "a plain run is the run of the scheduler"


def test_rows_of_the_future_stand_in_the_validation_report(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path / "home")
    ahead = f"{datetime.now(UTC) + timedelta(days=60):%Y-%m-%d}"
    rows = f"D1,C1,E1,5,CNY,2026-01-05,signed\nD2,C1,E1,5,CNY,{ahead},signed\n"
    header = "deal_id,customer_id,owner_employee_id,amount,currency,signed_at,status\n"
    folder = _deliver(tmp_path / "delivery", header + rows)
    [report] = land(settings, DeliverySpec(folder)).reports
    [note] = [one for one in report.notes if one.startswith("in_the_future")]
    assert "1 rows of deals lie more than a day after the landing" in note
    written = json.loads((settings.reports / f"import-{report.load_id}.json").read_text(encoding="utf-8"))
    assert note in written["notes"]
