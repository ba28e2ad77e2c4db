"""A company of the reference's tests computed by the pipeline's SQL, with the same answer as ``calculate``.

Belongs here: plans of `builders.plan` as the loader reads them, the one warehouse of such tests. Does not
belong here: companies, checks.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from compensation.loader import PlanSet
from tests.reference.calculate import Marts
from tests.reference.company import Company
from tests.support.differences import GRAINS, KEYS
from tests.support.plan_sets import load_plan_dicts
from tests.support.warehouse import Warehouse

#: a way to compute the marts of a company
Compute = Callable[[Company], Marts]


def pipeline(company: Company) -> Marts:
    """Marts of credit and pay, rows in order of their grain.

    Args:
        company: rows and plans made by `builders.plan`.
    """
    made = warehouse()
    made.compute(company, plan_set_of(company), KEYS)
    return {
        mart: sorted(made.rows(mart), key=lambda row: [str(row.get(column)) for column in KEYS[mart]])
        for mart in KEYS
    }


def plan_set_of(company: Company) -> PlanSet:
    """Plans made by `builders.plan` as the loader reads them."""
    return load_plan_dicts([_numbers(plan["written"]) for plan in company.plans])


def pipeline_all(company: Company) -> Marts:
    """Marts of KPIs, scorecards and reports as well."""
    made = warehouse()
    made.compute(company, plan_set_of(company), GRAINS)
    return {mart: made.rows(mart) for mart in GRAINS}


@functools.cache
def warehouse() -> Warehouse:
    """The one warehouse of a test process, for tests that need no other."""
    return Warehouse()


def _numbers(value: Any) -> Any:
    """Numbers of tests that are written as texts, as a plan file holds them."""
    if isinstance(value, dict):
        return {key: _numbers(child) for key, child in value.items()}
    if isinstance(value, list | tuple):
        return [_numbers(child) for child in value]
    if isinstance(value, str):
        try:
            return Decimal(value)
        except InvalidOperation:
            return value
    return value
