"""Late, corrected and deleted rows on top of a computed warehouse give what computing everything at once gives."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from demo.late import LateFacts, write_late_delivery
from tests.conftest import SMALL, Incentives, Small

pytestmark = pytest.mark.slow
PLANS = ("--plans", "plans", "--plans", "demo/plans")
#: Says when and from what it was computed, not what.
NOT_COMPARED = {"run_id", "computed_at"}


@pytest.fixture(scope="module")
def company(
    small_company: Small, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path, LateFacts, list[str]]:
    """A later delivery with late and corrected rows, a complete one that lacks some deals."""
    folder = tmp_path_factory.mktemp("company")
    facts = write_late_delivery(folder / "late", **SMALL)
    (folder / "late" / "source_users.csv").unlink()
    deleted = _complete_without_three(small_company.first, folder, facts)
    return folder / "late", folder / "complete", facts, deleted


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _complete_without_three(first: Path, folder: Path, facts: LateFacts) -> list[str]:
    """All deals as last delivered, without three ordinary ones."""
    newest = {row["deal_id"]: row for path in (first, folder / "late") for row in _rows(path / "deals.csv")}
    ordinary = [
        deal
        for deal, row in sorted(newest.items())
        if row["status"] == "signed" and row["currency"] == "CNY" and deal not in facts.corrected_amounts
    ]
    deleted = ordinary[10:40:10]
    (folder / "complete").mkdir()
    with (folder / "complete" / "deals.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(next(iter(newest.values()))))
        writer.writeheader()
        writer.writerows(row for deal, row in newest.items() if deal not in deleted)
    return deleted


@pytest.fixture(scope="module")
def warehouses(
    company: tuple[Path, Path, LateFacts, list[str]],
    small_company: Small,
    incentives: Incentives,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """`stepwise` was computed after the first and the last delivery, `whole` only once, over all of them."""
    late, complete, _, _ = company
    homes = {"stepwise": small_company.home, "whole": tmp_path_factory.mktemp("homes") / "whole"}
    steps = {
        "stepwise": [
            ("import", late),
            # deals that are gone were another deal's "earlier deal": a month without a new fact of its own moves
            ("run", "--delivery", complete, "--snapshot", "--accept", "month:2025-07", *PLANS),
        ],
        "whole": [
            ("import", small_company.people),
            ("import", small_company.first),
            ("import", late),
            ("run", "--delivery", complete, "--snapshot", *PLANS),
        ],
    }
    with duckdb.connect() as connection:
        for home, commands in steps.items():
            for command in commands:
                result = incentives(homes[home], *command)
                said = result.stdout + result.stderr
                assert result.returncode == 0, f"{command}: {said[-6000:]}"
            connection.execute(f"attach '{homes[home] / 'warehouse.duckdb'}' as {home} (read_only)")
        yield connection


def _tables(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = 'whole' "
        "and schema_name in ('staging', 'marts') order by all"
    ).fetchall()


def test_every_cell_is_the_same_as_computed_at_once(warehouses: duckdb.DuckDBPyConnection) -> None:
    tables = _tables(warehouses)
    assert len(tables) > 40
    different = {}
    for schema, table in tables:
        columns = warehouses.execute(
            "select column_name from duckdb_columns() where database_name = 'whole' "
            "and schema_name = ? and table_name = ?",
            [schema, table],
        ).fetchall()
        kept = ", ".join(f'"{column}"' for (column,) in columns if column not in NOT_COMPARED)
        sides = [f"(select {kept} from {home}.{schema}.{table})" for home in ("stepwise", "whole")]
        count = warehouses.execute(
            f"select (select count(*) from ({sides[0]} except all {sides[1]})) "
            f"+ (select count(*) from ({sides[1]} except all {sides[0]}))"
        ).fetchone()
        if count != (0,):
            different[f"{schema}.{table}"] = count
    assert different == {}


def test_the_last_word_on_every_record_is_paid(
    warehouses: duckdb.DuckDBPyConnection, company: tuple[Path, Path, LateFacts, list[str]]
) -> None:
    _, _, facts, deleted = company
    amounts = {
        deal: str(amount)
        for deal, amount in warehouses.execute(
            "select deal_id, amount from stepwise.marts.fct_deal_sources"
        ).fetchall()
    }
    assert {deal: amounts[deal] for deal in facts.corrected_amounts} == {
        deal: after for deal, (_, after) in facts.corrected_amounts.items()
    }
    assert set(facts.late_deals) <= set(amounts)
    assert deleted
    assert not set(deleted) & set(amounts)
    refunded = warehouses.execute(
        "select count(distinct transaction_id) from stepwise.marts.fct_credits where transaction_id in "
        f"({', '.join(repr(fact.transaction_id) for fact in facts.refunds)})"
    ).fetchone()
    assert refunded == (len(facts.refunds),)
