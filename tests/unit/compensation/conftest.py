"""Small plans written to a temporary folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest

from compensation import PlanErrors, PlanProblem, PlanSet, load_plans

ROOT = Path(__file__).resolve().parents[3]

HEAD = """\
plan_id: {plan_id}
title: {{zh: 方案, en: Plan}}
valid_from: {valid_from}
valid_to: {valid_to}
timezone: Asia/Shanghai
currency: CNY
applies_to: {{departments: [{departments}]}}
"""

WritePlan = Callable[..., Path]


class LoadFolder(Protocol):
    """Loads the folder of the test."""

    def __call__(self, known_courses: set[str] | None = None) -> PlanSet: ...


@pytest.fixture
def plan_dir(tmp_path: Path) -> Path:
    """The folder the plans of the test lie in."""
    folder = tmp_path / "plans"
    folder.mkdir()
    return folder


@pytest.fixture
def write_plan(plan_dir: Path) -> WritePlan:
    """Write a plan: a head of seven lines, then the body, which therefore begins in line 8."""

    def write(
        body: str,
        plan_id: str = "a_plan",
        valid_from: str = "2026-01-01",
        valid_to: str = "2027-01-01",
        departments: str = "sales",
        replace: tuple[str, str] = ("", ""),
    ) -> Path:
        head = HEAD.format(plan_id=plan_id, valid_from=valid_from, valid_to=valid_to, departments=departments)
        path = plan_dir / f"{plan_id}.yml"
        path.write_text(head.replace(*replace) + body, encoding="utf-8")
        return path

    return write


@pytest.fixture
def load_folder(plan_dir: Path) -> LoadFolder:
    """Load every plan of the test's folder."""

    def load(known_courses: set[str] | None = None) -> PlanSet:
        return load_plans([plan_dir], known_courses)

    return load


@pytest.fixture
def problems_of(write_plan: WritePlan, load_folder: LoadFolder) -> Callable[..., list[PlanProblem]]:
    """The problems of a plan with this body."""

    def problems(body: str, **head: object) -> list[PlanProblem]:
        write_plan(body, **head)
        with pytest.raises(PlanErrors) as error:
            load_folder()
        return error.value.items

    return problems


@pytest.fixture
def load_error(load_folder: LoadFolder) -> Callable[..., PlanErrors]:
    """The error of loading the test's folder."""

    def load(known_courses: set[str] | None = None) -> PlanErrors:
        with pytest.raises(PlanErrors) as error:
            load_folder(known_courses)
        return error.value

    return load


@pytest.fixture
def load_errors(load_error: Callable[..., PlanErrors]) -> Callable[..., list[PlanProblem]]:
    """The problems of loading the test's folder."""

    def load(known_courses: set[str] | None = None) -> list[PlanProblem]:
        return load_error(known_courses).items

    return load


@pytest.fixture(scope="session")
def shipped() -> PlanSet:
    """The plans of the repository and of the made-up company together."""
    return load_plans([ROOT / "plans", ROOT / "demo" / "plans"])
