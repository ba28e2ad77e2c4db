"""Periods, plan files and single settings named on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.errors import InputError
from orchestration.runtime.periods import check_closed, parse_periods
from orchestration.simulation.overrides import change_settings
from orchestration.simulation.plan_files import find_plan, sides

PLAN = """plan_id: a
crediting:
  basis: signed  # default
components:
  - {type: commission, pool: closing, rates: {marketing: 0.02, referral: 0.02}}  # given
  - type: growth_bonus
    measure: sales_amount
    steps:
      - {growth: 0.2, rate: 0.15}
  - type: scorecard
    kpis:
      - {kpi: impressions, weight: 40}
      - {kpi: new_customers, weight: 60}
"""


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("2026-03", ["2026-03"]),
        ("2025-11..2026-02", ["2025-11", "2025-12", "2026-01", "2026-02"]),
        ("2026-Q1", ["2026-01", "2026-02", "2026-03"]),
        ("2026-Q2..2026-07", ["2026-04", "2026-05", "2026-06", "2026-07"]),
        ("2026-02, 2026-01,2026-02", ["2026-01", "2026-02"]),
    ],
)
def test_periods_are_months_quarters_years_and_ranges(text: str, months: list[str]) -> None:
    assert list(parse_periods(text)) == months
    assert len(parse_periods("2024")) == 12


@pytest.mark.parametrize(
    "text", ["", "2026-13", "2026-Q5", "2026-1", "January", "2026-03..", "2026-03..2026-01"]
)
def test_other_periods_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="Write"):
        parse_periods(text)


def test_only_closed_months_are_compared() -> None:
    check_closed(["2026-02"], ["2026-01", "2026-02"])
    with pytest.raises(InputError, match=r"2026-03 cannot be compared; closed months are 2026-01 to 2026-02"):
        check_closed(["2026-02", "2026-03"], ["2026-01", "2026-02"])


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, Path]:
    for name in ("in_force", "draft"):
        (tmp_path / name).mkdir()
    for name in ("in_force/a.yml", "in_force/b.yml", "in_force/kpis.yml", "draft/a.yml", "draft/a2.yml"):
        (tmp_path / name).write_text(PLAN, encoding="utf-8")
    return {"in_force": tmp_path / "in_force", "draft": tmp_path / "draft"}


def names(paths: list[Path]) -> list[str]:
    return sorted(f"{path.parent.name}/{path.name}" for path in paths)


def test_a_plan_file_takes_the_place_of_the_configured_plan_of_its_id(folders: dict[str, Path]) -> None:
    old, new = sides(folders["in_force"] / "a.yml", folders["draft"] / "a.yml", [folders["in_force"]])
    assert names(old) == ["in_force/a.yml", "in_force/b.yml", "in_force/kpis.yml"]
    assert names(new) == ["draft/a.yml", "in_force/b.yml", "in_force/kpis.yml"]


def test_one_file_stands_for_another_of_a_different_id(folders: dict[str, Path]) -> None:
    old, new = sides(folders["in_force"] / "a.yml", folders["draft"] / "a2.yml", [folders["in_force"]])
    assert names(old) == ["in_force/a.yml", "in_force/b.yml", "in_force/kpis.yml"]
    assert names(new) == ["draft/a2.yml", "in_force/b.yml", "in_force/kpis.yml"]


def test_a_folder_is_laid_over_the_configured_plans(folders: dict[str, Path]) -> None:
    (folders["draft"] / "a2.yml").unlink()
    _, new = sides(folders["in_force"], folders["draft"], [folders["in_force"]])
    assert names(new) == ["draft/a.yml", "in_force/b.yml", "in_force/kpis.yml"]


def test_a_plan_is_found_by_path_or_id(folders: dict[str, Path]) -> None:
    assert find_plan("b", [folders["in_force"]]) == folders["in_force"] / "b.yml"
    assert find_plan(str(folders["draft"] / "a2.yml"), []) == folders["draft"] / "a2.yml"
    with pytest.raises(InputError, match=r"no configured plan has this id \(a, b\)"):
        find_plan("kpis", [folders["in_force"]])


@pytest.mark.parametrize(
    ("setting", "written"),
    [
        ("components.closing.rates.marketing=0.03", "rates: {marketing: 0.03, referral: 0.02}}"),
        ("components.growth_bonus.steps.0.rate=0.18", "{growth: 0.2, rate: 0.18}"),
        ("components.scorecard.kpis.impressions.weight=50", "{kpi: impressions, weight: 50}"),
        ("components.0.rates={marketing: 0.01}", "rates: {marketing: 0.01}}"),
        ("crediting.transfers.counted_share=0.3", "counted_share: 0.3"),
        ("crediting.basis=collected", "basis: collected # default"),
    ],
)
def test_a_setting_is_written_where_its_path_says(setting: str, written: str, tmp_path: Path) -> None:
    plan = tmp_path / "a.yml"
    plan.write_text(PLAN, encoding="utf-8")
    copy = change_settings(plan, [setting], tmp_path / "changed")
    assert copy.name == plan.name
    assert written in copy.read_text(encoding="utf-8")
    assert plan.read_text(encoding="utf-8") == PLAN


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("components.closing", "write PATH=VALUE"),
        ("=3", "write PATH=VALUE"),
        (
            "components.closin.rates.marketing=1",
            "has no 'closin'; there are closing, growth_bonus, scorecard",
        ),
        ("components.9.rates=1", "has no '9'"),
        ("plan_id.x.y=1", "plan_id is a single value"),
        ("plan_id.x=1", "plan_id is a single value"),
        ("crediting.basis={", "is not valid YAML"),
    ],
)
def test_a_setting_that_names_no_place_is_refused(setting: str, said: str, tmp_path: Path) -> None:
    plan = tmp_path / "a.yml"
    plan.write_text(PLAN, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        change_settings(plan, [setting], tmp_path / "changed")
