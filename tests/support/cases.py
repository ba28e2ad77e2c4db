"""A made-up company with its plans: computed both ways, made smaller, written down.

Belongs here: `Case` and the reduction of a failing one. Does not belong here: how cases are drawn
(``companies``, ``random_plans``) and how rows are compared (``differences``).
"""

from __future__ import annotations

import copy
import pprint
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from itertools import islice
from typing import Any

from compensation.loader import PlanSet
from compensation.source.errors import PlanErrors
from tests.reference.calculate import Marts, calculate
from tests.reference.company import Company
from tests.reference.counterfactuals import with_counterfactuals
from tests.reference.templates import TEMPLATES
from tests.reference.world import World
from tests.support.plan_sets import load_plan_dicts, reference_plans

Row = dict[str, Any]
Part = tuple[str, int]


@dataclass(frozen=True)
class Case:
    """A company and its plans.

    Attributes:
        company: rows as delivered; its own plans are ignored.
        plans: plans in the structure of the plan file.
    """

    company: Company
    plans: tuple[Row, ...]

    @cached_property
    def plan_set(self) -> PlanSet:
        """The plans as the pipeline loads them."""
        return load_plan_dicts(self.plans)

    @cached_property
    def reference_company(self) -> Company:
        """The company as the reference takes it."""
        return replace(self.company, plans=reference_plans(self.plans, self.plan_set))

    def reference(self) -> Marts:
        """All marts, computed by the reference."""
        return with_counterfactuals(World(self.reference_company), calculate(self.reference_company))

    def with_rows(self, **rows: Sequence[Row]) -> Case:
        """The same case with other rows of some templates."""
        changed: dict[str, Any] = {name: list(found) for name, found in rows.items()}
        return replace(self, company=replace(self.company, **changed))

    @property
    def size(self) -> int:
        """Number of rows."""
        return sum(len(self.company.rows(template)) for template in TEMPLATES)

    def written(self) -> str:
        """The case as Python, to be pasted into a regression test."""
        given = [f.name for f in fields(self.company) if f.name in TEMPLATES and self.company.rows(f.name)]
        rows = "".join(f"    {n}={pprint.pformat(_bare(self.company.rows(n)), width=118)},\n" for n in given)
        plans = pprint.pformat(list(self.plans), width=118)
        return f"Company(\n    as_of={self.company.as_of!r},\n{rows})\nplans = {plans}"


def _bare(rows: list[Row]) -> list[Row]:
    return [{key: value for key, value in row.items() if value is not None} for row in rows]


def reduced(case: Case, fails: Callable[[Case], bool], budget: int = 400) -> Case:
    """A smaller case that still fails: rows, then parts of the plans, then single values are left out.

    Args:
        case: a failing case.
        fails: tells whether a case fails; what cannot be computed does not fail.
        budget: largest number of cases tried.
    """
    tries = _Tries(fails, budget)
    before = None
    while before != (smaller := _measure(case)) and tries.left:
        before = smaller
        case = _one_by_one(case, _coarse_plans, tries)
        case = _fewer_rows(case, tries)
        case = _one_by_one(case, _smaller_plans, tries)
        case = _one_by_one(case, _plainer_rows, tries)
    return case


def _measure(case: Case) -> tuple[int, int]:
    return case.size, len(case.written())


class _Tries:
    """Counts how often a case was tried."""

    def __init__(self, fails: Callable[[Case], bool], budget: int) -> None:
        self._fails = fails
        self.left = budget

    def __call__(self, case: Case) -> bool:
        if not self.left:
            return False
        self.left -= 1
        try:
            return self._fails(case)
        except (PlanErrors, KeyError, ValueError, IndexError):
            return False


def _fewer_rows(case: Case, fails: Callable[[Case], bool]) -> Case:
    """Delta debugging: drop ever smaller runs of rows."""
    parts = [(name, number) for name in TEMPLATES for number in range(len(case.company.rows(name)))]
    chunk = max(1, len(parts) // 2)
    while True:
        start = 0
        while start < len(parts):
            kept = parts[:start] + parts[start + chunk :]
            if fails(_only(case, kept)):
                parts = kept
            else:
                start += chunk
        if chunk == 1:
            return _only(case, parts)
        chunk = max(1, chunk // 2)


def _only(case: Case, parts: Iterable[Part]) -> Case:
    rows: dict[str, list[Row]] = {name: [] for name in TEMPLATES}
    for name, number in parts:
        rows[name].append(case.company.rows(name)[number])
    return case.with_rows(**rows)


def _one_by_one(case: Case, smaller: Callable[[Case], Iterator[Case]], fails: Callable[[Case], bool]) -> Case:
    """Take away one thing after the other, as long as the case fails without it."""
    position = 0
    while True:
        candidate = next(islice(smaller(case), position, None), None)
        if candidate is None:
            return case
        if fails(candidate):
            case = candidate
        else:
            position += 1


def _coarse_plans(case: Case) -> Iterator[Case]:
    """The plans without one plan, one component or one section."""
    return _smaller_plans(case, deepest=3)


def _smaller_plans(case: Case, deepest: int = 99) -> Iterator[Case]:
    """The plans with one mapping key or list element less."""
    for path in _paths(list(case.plans)):
        if len(path) > deepest:
            continue
        plans: Any = copy.deepcopy(list(case.plans))
        inner = plans
        for step in path[:-1]:
            inner = inner[step]
        del inner[path[-1]]
        if plans:
            yield replace(case, plans=tuple(plans))


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Paths of all keys and elements, the outer ones first."""
    keys: list[Any] = []
    if isinstance(value, dict):
        keys = list(value)
    elif isinstance(value, list):
        keys = list(range(len(value)))
    yield from ((*path, key) for key in keys)
    for key in keys:
        yield from _paths(value[key], (*path, key))


def _plainer_rows(case: Case) -> Iterator[Case]:
    """The rows with one optional value less."""
    for name in TEMPLATES:
        rows = case.company.rows(name)
        for number, row in enumerate(rows):
            for column, value in row.items():
                if value is not None and column not in _needed(name):
                    plainer = [*rows[:number], row | {column: None}, *rows[number + 1 :]]
                    yield case.with_rows(**{name: plainer})


def _needed(template: str) -> set[str]:
    from connectors.files.templates import TEMPLATES as CONTRACTS

    return {column.name for column in CONTRACTS[template].columns if column.required}
