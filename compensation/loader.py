"""Reads plan folders into one checked set.

Belongs here: finding files, running all checks, collecting every error before raising.
Does not belong here: single rules (``checks``) and the warehouse (``tables.landing``).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from compensation.checks.across_plans import CheckedPlan, check_across, gaps_between
from compensation.checks.plan import check_plan
from compensation.checks.scorecard import check_courses
from compensation.model.kpi_catalogue import (
    CATALOGUE_NAME,
    DEFAULT_CATALOGUE,
    REPOSITORY,
    KpiCatalogue,
    KpiEntry,
    KpiFile,
)
from compensation.model.plan import Plan
from compensation.source.canonical import canonical_json, plan_hash
from compensation.source.errors import PlanErrors, PlanProblem
from compensation.source.located_yaml import PlanSource, parse_yaml
from compensation.source.pydantic_errors import problems_of
from connectors.common.yaml_document import read_text

_ENDINGS = (".yml", ".yaml")


@dataclass(frozen=True)
class PlanSet:
    """All plans of a run, checked together.

    Attributes:
        plans: by plan id, ids sorted.
        hashes: plan hash by plan id.
        files: file name by plan id, relative to the repository where it lies in it.
        content: text of each plan file by file name.
        catalogue: the KPIs the plans may name.
        sources: parsed files by plan id, for the lines of later errors.
        warnings: what is allowed and hardly meant, such as a day between two plans.
    """

    plans: dict[str, Plan]
    hashes: dict[str, str]
    files: dict[str, str]
    content: dict[str, str]
    catalogue: KpiCatalogue
    sources: dict[str, PlanSource]
    warnings: tuple[PlanProblem, ...] = ()

    @property
    def timezone(self) -> str:
        """The time zone all plans agree on."""
        return next(iter(self.plans.values())).timezone

    def canonical(self, plan_id: str) -> str:
        """Canonical JSON of a plan."""
        return canonical_json(self.plans[plan_id])

    def require_courses(self, known_courses: Iterable[str]) -> None:
        """Check the courses of all plans once a delivery is known.

        Raises:
            PlanErrors: when a plan links a course that is not among ``known_courses``.
        """
        known = set(known_courses)
        problems = [
            problem
            for plan_id, plan in self.plans.items()
            for problem in check_courses(plan, self.sources[plan_id], known)
        ]
        if problems:
            raise PlanErrors(problems)


def load_plans(directories: Sequence[Path], known_courses: set[str] | None = None) -> PlanSet:
    """Load every plan of some folders, or raise everything that is wrong with them.

    Args:
        directories: folders with plan files (not searched below), or single plan files. A
            ``kpis.yml`` in a folder is the KPI catalogue; without one the repository's counts.
        known_courses: course ids of the deliveries; None leaves them unchecked.

    Raises:
        PlanErrors: with all problems of all files; problems of the folders or of the KPI
            catalogue come alone, since every plan depends on them.
    """
    problems: list[PlanProblem] = []
    plan_files, catalogue_files = _find(directories, problems)
    catalogue = _load_catalogue(catalogue_files or [DEFAULT_CATALOGUE], problems)
    if problems:
        raise PlanErrors(problems)  # without the folders and the KPIs every plan would look wrong
    checked: list[CheckedPlan] = []
    for path in plan_files:
        item = _load_plan(path, catalogue, problems)
        if item is not None:
            checked.append(item)
            if known_courses is not None:
                problems.extend(check_courses(item.plan, item.source, known_courses))
    problems.extend(check_across(checked))
    if problems:
        raise PlanErrors(problems)
    checked.sort(key=lambda item: item.plan.plan_id)
    return PlanSet(
        plans={item.plan.plan_id: item.plan for item in checked},
        hashes={item.plan.plan_id: plan_hash(item.plan) for item in checked},
        files={item.plan.plan_id: item.source.file for item in checked},
        content={item.source.file: item.source.text for item in checked},
        catalogue=catalogue,
        sources={item.plan.plan_id: item.source for item in checked},
        warnings=tuple(gaps_between(checked)),
    )


def _find(directories: Sequence[Path], problems: list[PlanProblem]) -> tuple[list[Path], list[Path]]:
    """Plan files and catalogue files, each once, in the order of folders and names."""
    found: list[Path] = []
    for directory in directories:
        if directory.is_dir():
            found.extend(path for path in sorted(directory.iterdir()) if path.suffix in _ENDINGS)
        elif directory.exists() or directory.is_symlink():
            found.append(directory)  # what is no regular file is refused when it is read
        else:
            problems.append(PlanProblem(_name(directory), 1, "", "does not exist"))
    unique = list({os.path.realpath(path): path for path in found}.values())
    plans = [path for path in unique if path.name != CATALOGUE_NAME]
    if not plans and not problems:
        names = ", ".join(_name(directory) for directory in directories) or "no folder given"
        problems.append(PlanProblem(names, 1, "", "there is no plan file (*.yml) here"))
    return plans, [path for path in unique if path.name == CATALOGUE_NAME]


def _name(path: Path) -> str:
    """How messages and tables call a file: relative to the repository, else folder and file."""
    resolved = Path(os.path.realpath(path))  # unlike Path.resolve also of a link that leads to itself
    if resolved.is_relative_to(REPOSITORY):
        return resolved.relative_to(REPOSITORY).as_posix()
    return f"{resolved.parent.name}/{resolved.name}"


def _read(path: Path, problems: list[PlanProblem]) -> PlanSource | None:
    """Read and parse a file; None when there is nothing to go on with."""
    name = _name(path)
    try:
        text = read_text(path)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problems.append(PlanProblem(name, line, "", "is not UTF-8 text"))
        return None
    except OSError as error:
        problems.append(PlanProblem(name, 1, "", f"cannot be read: {error.strerror}"))
        return None
    source = parse_yaml(text, name)
    problems.extend(source.problems)
    return source if isinstance(source.data, dict) else None


def _load_plan(path: Path, catalogue: KpiCatalogue, problems: list[PlanProblem]) -> CheckedPlan | None:
    """One plan file: shape first, then the rules inside it."""
    source = _read(path, problems)
    if source is None:
        return None
    try:
        plan = Plan.model_validate(source.data, context={"catalogue": catalogue})
    except ValidationError as error:
        problems.extend(problems_of(error, Plan, source))
        return None
    problems.extend(check_plan(plan, source, path.stem, catalogue))
    return CheckedPlan(plan, source)


def _load_catalogue(paths: Sequence[Path], problems: list[PlanProblem]) -> KpiCatalogue:
    """The KPI catalogue of one or more files; an id exists once."""
    entries: dict[str, KpiEntry] = {}
    for path in paths:
        source = _read(path, problems)
        if source is None:
            continue
        try:
            file = KpiFile.model_validate(source.data)
        except ValidationError as error:
            problems.extend(problems_of(error, KpiFile, source))
            continue
        for index, entry in enumerate(file.kpis):
            if entry.id in entries:
                problems.append(source.problem(("kpis", index, "id"), f"names {entry.id!r} twice"))
            entries.setdefault(entry.id, entry)
            problems.extend(_check_options(entry, index, source))
    return KpiCatalogue(entries.values())


def _check_options(entry: KpiEntry, index: int, source: PlanSource) -> list[PlanProblem]:
    """The default of a KPI option is one of its allowed values."""
    return [
        source.problem(("kpis", index, "options", name, "default"), "is not allowed", tuple(option.allowed))
        for name, option in entry.options.items()
        if option.allowed and option.default not in option.allowed
    ]
