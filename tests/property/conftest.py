"""Shared set-up of the property tests.

Belongs here: Hypothesis profiles, the in-memory warehouse. Does not belong here: cases, checks.

Without ``INCENTIVES_PROPERTIES`` a handful of examples runs with every test run (``every_run``);
``ci`` runs hundreds, ``long`` thousands (``make test-long``).
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.reference.calculate import calculate
from tests.support.pipeline import Compute, pipeline
from tests.support.warehouse import Warehouse

#: examples of each invariant; comparisons with the reference take more of them, see there
PROFILES = {"quick": 1, "ci": 16, "long": 800}

for name, examples in PROFILES.items():
    settings.register_profile(
        name,
        max_examples=examples,
        deadline=None,
        derandomize=name != "long",
        database=None,
        phases=[
            Phase.explicit,
            Phase.generate,
        ],  # a failing case is made smaller by tests.support.cases.reduced
        suppress_health_check=list(HealthCheck),
    )
PROFILE = os.environ.get("INCENTIVES_PROPERTIES", "quick")
settings.load_profile(PROFILE)


@pytest.fixture(scope="session")
def warehouse() -> Iterator[Warehouse]:
    """One in-memory warehouse for all examples of a worker."""
    found = Warehouse()
    yield found
    found.connection.close()


@pytest.fixture(params=[calculate, pipeline], ids=["reference", "pipeline"])
def compute(request: pytest.FixtureRequest) -> Compute:
    """Either side."""
    found: Compute = request.param
    return found


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever draws companies at random takes minutes: ``make test-long`` runs it; a few cases run every time."""
    is_long_run = "INCENTIVES_PROPERTIES" in os.environ
    for item in items:
        if item.path.parent.name == "property" and (is_long_run or not item.get_closest_marker("every_run")):
            item.add_marker(pytest.mark.long)
