"""Real systems, one for all tests of a process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scripts.services.tryton import Tryton, TrytonService


@pytest.fixture(scope="session")
def tryton_service() -> Iterator[TrytonService]:
    """PostgreSQL with the template database; built when it is not there."""
    with TrytonService() as service:
        yield service


@pytest.fixture(scope="module")
def tryton(tryton_service: TrytonService) -> Iterator[Tryton]:
    """A Tryton for the tests of a module."""
    with tryton_service.copy() as made:
        yield made
