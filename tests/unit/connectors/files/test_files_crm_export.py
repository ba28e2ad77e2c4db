"""The real export comes in through its mapping with the known counts."""

from decimal import Decimal
from pathlib import Path

import pytest
from files_support import Home

ROOT = Path(__file__).parents[4]
EXPORT = ROOT / ".." / "shared" / "data" / "crm_sales_opportunities"
MAPPING = ROOT / "connectors" / "files" / "mappings" / "crm_sales_opportunities.yml"

pytestmark = pytest.mark.skipif(not EXPORT.exists(), reason="the export lies beside the repository")


def test_the_export_lands_with_the_known_figures(home: Home):
    report = home.load(EXPORT, mapping=MAPPING)
    counts = {file.entity: (file.rows_read, file.filtered, file.accepted) for file in report.files}
    assert counts == {"employees": (35, 0, 35), "customers": (85, 0, 85), "deals": (8800, 4562, 4238)}
    assert report.quarantined == 0
    figures = home.query(
        "select sum(amount), count(distinct customer_id), count(distinct owner_employee_id), "
        "count(distinct strftime(timezone('Asia/Shanghai', timezone('UTC', signed_at)), '%Y-%m')) from raw_files.deals"
    )
    assert figures == [(Decimal("10005534.00"), 85, 30, 10)]
    unknown = (
        "select count(*) from raw_files.deals where customer_id not in (select customer_id from raw_files.customers) "
        "or owner_employee_id not in (select employee_id from raw_files.employees)"
    )
    assert home.query(unknown) == [(0,)]
    assert ("GTX Pro",) in home.query("select distinct product from raw_files.deals")
    assert home.query("select count(distinct team_id) from raw_files.employees") == [(6,)]
    assert home.query("select count(*) from raw_files.customers where customer_type = 'technology'") == [
        (12,)
    ]
    assert home.load(EXPORT, mapping=MAPPING).already_imported
