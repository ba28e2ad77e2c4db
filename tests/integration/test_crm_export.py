"""The real CRM export, through a mapping file and one plan for 2017: the figures of the first run."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def ask(crm_warehouse: Path) -> Any:
    """Rows of a query on the warehouse of the CRM export."""
    with duckdb.connect(str(crm_warehouse), read_only=True) as connection:
        yield lambda query: connection.execute(query).fetchall()


def test_8800_opportunities_are_read_and_4238_are_signed_deals(ask: Any) -> None:
    read, landed = ask(
        "select sum(rows_in + rows_filtered), sum(rows_accepted) from raw_files.load_files where entity = 'deals'"
    )[0]
    assert (read, landed) == (8800, 4238)
    assert ask("select count(*), sum(amount) from marts.fct_deal_sources") == [(4238, Decimal("10005534.00"))]


def test_first_deals_are_self_sourced_and_all_others_repurchases(ask: Any) -> None:
    found = ask("select source, count(*) from marts.fct_deal_sources group by source order by source")
    assert found == [("repurchase", 4153), ("self_sourced", 85)]


def test_closing_earnings_add_up_to_the_fen(ask: Any) -> None:
    found = ask(
        "select sources.source, sum(lines.amount) from marts.fct_payout_lines as lines "
        "join marts.fct_deal_sources as sources using (deal_id) where lines.component = 'closing' group by 1 order by 1"
    )
    assert found == [("repurchase", Decimal("196341.64")), ("self_sourced", Decimal("9422.60"))]
    assert ask("select sum(net) from marts.fct_payouts") == [(Decimal("205764.24"),)]


def test_thirty_of_35_people_are_paid_in_ten_months(ask: Any) -> None:
    assert ask("select count(distinct employee_id) from marts.dim_employee") == [(35,)]
    found = ask(
        "select count(distinct employee_id), count(distinct period), min(period), max(period) from marts.fct_payouts"
    )
    assert found == [(30, 10, "2017-03", "2017-12")]


def test_the_misspelt_product_is_that_of_the_price_list(ask: Any) -> None:
    products = {row[0] for row in ask("select distinct product from staging.stg_deals")}
    assert "GTX Pro" in products
    assert "GTXPro" not in products


def test_every_line_leads_to_a_row_of_the_export(ask: Any) -> None:
    found = ask(
        "select count(*) from marts.fct_payout_lines as lines where not exists ("
        "select 1 from marts.fct_provenance as p "
        "join raw_files.deals as d on p.record_id = d.deal_id and p.content_hash = d._content_hash "
        "where p.line_id = lines.line_id and p.source_table = 'deals' "
        "and d._file = 'sales_pipeline.csv' and d._line > 1)"
    )
    assert found == [(0,)]


def test_the_read_only_snapshot_holds_the_same_money(crm_home: Path) -> None:
    with duckdb.connect(str(crm_home / "published" / "incentives.duckdb"), read_only=True) as connection:
        assert connection.execute("select sum(amount) from marts.fct_payout_lines").fetchall() == [
            (Decimal("205764.24"),)
        ]
