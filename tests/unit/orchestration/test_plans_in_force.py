"""The plans of a home are recorded in it; nobody runs with others in silence."""

from pathlib import Path

import pytest

from orchestration.errors import InputError
from orchestration.plans_in_force import plans_in_force, record_file, record_plans
from orchestration.settings import ROOT, load_settings


def test_without_a_record_the_settings_decide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INCENTIVES_PLANS", raising=False)
    assert plans_in_force(load_settings(home=tmp_path)) == (ROOT / "plans",)
    monkeypatch.setenv("INCENTIVES_PLANS", str(tmp_path / "own"))
    assert plans_in_force(load_settings(home=tmp_path)) == (tmp_path / "own",)


def test_recorded_plans_are_in_force_for_whoever_reads_the_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("INCENTIVES_PLANS", raising=False)
    record_plans(load_settings(home=tmp_path), [tmp_path / "a", tmp_path / "b"])
    assert plans_in_force(load_settings(home=tmp_path)) == (tmp_path / "a", tmp_path / "b")


def test_a_setting_that_contradicts_the_record_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_plans(load_settings(home=tmp_path), [tmp_path / "a"])
    monkeypatch.setenv("INCENTIVES_PLANS", str(tmp_path / "a"))
    assert plans_in_force(load_settings(home=tmp_path)) == (tmp_path / "a",)
    monkeypatch.setenv("INCENTIVES_PLANS", str(tmp_path / "b"))
    with pytest.raises(InputError, match="INCENTIVES_PLANS names other plans"):
        plans_in_force(load_settings(home=tmp_path))


def test_a_damaged_record_is_named_and_no_plans_are_guessed(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path)
    record_file(settings).write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="the record of the plans in force is damaged"):
        plans_in_force(settings)
