"""Whether two sets of plans mean the same for a month, and plan files on their way through an archive."""

from __future__ import annotations

from pathlib import Path

import pytest

from compensation import load_plans
from compensation.loader import PlanSet
from orchestration.books.plans_of_locks import load_folder, meaning_for, plan_texts
from tests.support.closing import PLANS

MARCH, APRIL = "2026-03", "2026-04"
TEXT = (PLANS / "example_pay.yml").read_text(encoding="utf-8")


def plans(folder: Path, **files: str) -> PlanSet:
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    return load_plans([folder])


@pytest.fixture
def present(tmp_path: Path) -> PlanSet:
    return plans(tmp_path / "present", example_pay=TEXT)


def test_a_comment_means_nothing(present: PlanSet, tmp_path: Path) -> None:
    other = plans(tmp_path / "other", example_pay=f"# edited\n{TEXT}")
    assert meaning_for(other, MARCH) == meaning_for(present, MARCH)


def test_another_rate_means_something_else(present: PlanSet, tmp_path: Path) -> None:
    other = plans(tmp_path / "other", example_pay=TEXT.replace("rate: 0.02", "rate: 0.04"))
    assert meaning_for(other, MARCH) != meaning_for(present, MARCH)


def test_a_later_end_and_a_plan_that_begins_later_mean_nothing_for_the_month(
    present: PlanSet, tmp_path: Path
) -> None:
    ends = TEXT.replace("timezone:", "valid_to: 2026-04-01\ntimezone:")
    later = TEXT.replace("example_pay", "next_pay").replace("2026-01-01", "2026-04-01")
    other = plans(tmp_path / "other", example_pay=ends, next_pay=later)
    assert meaning_for(other, MARCH) == meaning_for(present, MARCH)
    assert meaning_for(other, APRIL) != meaning_for(present, APRIL)


def test_plan_files_come_back_from_their_texts(tmp_path: Path) -> None:
    texts = plan_texts([PLANS, PLANS / "example_pay.yml"])
    assert sorted(texts) == ["0/example_pay.yml", "1/example_pay.yml", "2/kpis.yml"]
    for name, text in plan_texts([PLANS]).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert load_folder(tmp_path).hashes == load_plans([PLANS]).hashes
