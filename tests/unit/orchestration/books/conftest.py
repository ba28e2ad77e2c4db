"""The company whose months the tests of the books close."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from tests.support.closing import FIRST, PretendCompany, pretending
from tests.support.drawn_lines import Line

MONTH, NEXT = FIRST, "2025-12"


@pytest.fixture
def company(tmp_path: Path) -> Iterator[PretendCompany]:
    made = PretendCompany(tmp_path / "home")
    made.put(
        Line("a", MONTH, "S1", Decimal("100.00")), Line("b", MONTH, "S2", Decimal("40.00"), is_held=True)
    )
    with pretending(made):
        yield made
