"""Every row of a delivery is accepted or set aside with a reason (rulebook 16, number 9), on the import alone.

Belongs here: what an import makes of made-up deliveries, clean and with faults. Does not belong here: the marts.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.files import DeliverySpec, validate_delivery
from tests.support.deliveries import write_clean, write_faulty
from tests.support.factories import Size, make_case
from tests.support.rng import Rng

pytestmark = pytest.mark.every_run


def test_9_every_row_is_accepted_or_quarantined(tmp_path_factory: pytest.TempPathFactory) -> None:
    @given(st.integers(0, 2**32 - 1))
    def check(seed: int) -> None:
        case = make_case(209 * 2**32 + seed, Size(employees=6, customers=6, deals=12))
        folder = tmp_path_factory.mktemp("faulty")
        written = write_faulty(case.company, folder, Rng(seed))
        report = validate_delivery(DeliverySpec(folder))
        assert {file.file: file.rows_in for file in report.files} == written
        assert all(file.rows_in == file.accepted + file.quarantined for file in report.files)
        assert sum(group.rows for group in report.quarantine) == report.quarantined

    check()


def test_made_up_companies_pass_the_import(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The cases of these tests are what an import would have landed: none of their rows is set aside."""

    @given(st.integers(0, 2**32 - 1))
    def check(seed: int) -> None:
        case = make_case(210 * 2**32 + seed, Size())
        folder = tmp_path_factory.mktemp("clean")
        count = write_clean(case.company, folder)
        report = validate_delivery(DeliverySpec(folder))
        assert (report.rows_in, report.accepted, report.quarantine) == (count, count, [])

    check()
