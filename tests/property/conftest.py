"""Hypothesis profiles: a quick one for every run, a long one by ``INCENTIVES_HYPOTHESIS=long``."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

from tests.support.warehouse import Warehouse

_CHECKS = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]
settings.register_profile(
    "quick", max_examples=20, deadline=None, derandomize=True, suppress_health_check=_CHECKS
)
settings.register_profile("long", max_examples=1500, deadline=None, suppress_health_check=_CHECKS)
settings.load_profile(os.environ.get("INCENTIVES_HYPOTHESIS", "quick"))


@pytest.fixture(scope="session")
def warehouse() -> Warehouse:
    """The compiled models over an in-memory warehouse; each computation starts from empty raw tables."""
    return Warehouse()
