"""Personal columns are tagged once, in the yml of their table; samples of rows mask them."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.settings import load_settings
from orchestration.transformation.manifest import personal_columns

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def tagged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, frozenset[str]]:
    return personal_columns(load_settings(home=tmp_path_factory.mktemp("home")))


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("raw_files.employees", {"name", "email", "bonus_base"}),
        ("raw_files.customers", {"name", "phone", "contact_name", "email", "preference"}),
        ("raw_files.leads", {"company_name", "contact_name", "phone", "email", "wecom_id"}),
        ("raw_files.quarantine", {"value", "row"}),
        ("marts.dim_employee", {"name"}),
        ("marts.dim_customer", {"name"}),
        ("marts.quarantine", {"row"}),
    ],
)
def test_names_contacts_and_delivered_rows_are_personal(
    tagged: dict[str, frozenset[str]], table: str, columns: set[str]
) -> None:
    assert columns <= tagged[table]
