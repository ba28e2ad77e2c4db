"""What readers get of the demo company: described tables, datasets, a workbook; the questions of the README run."""

from __future__ import annotations

import contextlib
import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pyarrow.dataset as ds
import pytest
import sqlalchemy as sa

from serving.catalogue import heading, name
from tests.conftest import Incentives

ROOT = Path(__file__).resolve().parents[2]
#: a column of their grain may be NULL
WITHOUT_KEY = {"fct_counterfactuals", "fct_transfers", "fct_true_up_causes", "rpt_leaderboard"}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def current(demo_home: Path) -> Path:
    """The folder of the current publication."""
    return demo_home / "published" / "current"


@pytest.fixture
def snapshot(current: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published snapshot."""
    with duckdb.connect(str(current / "incentives.duckdb"), read_only=True) as connection:
        yield connection


def test_every_table_and_column_has_its_description(snapshot: duckdb.DuckDBPyConnection) -> None:
    tables = snapshot.execute("select table_name, comment from duckdb_tables()").fetchall()
    columns = snapshot.execute(
        "select table_name, column_name, comment from duckdb_columns() where schema_name = 'marts'"
    ).fetchall()
    assert [table for table, comment in tables if not comment] == []
    assert [(table, column) for table, column, comment in columns if not comment] == []
    assert (
        dict(tables)["dim_period"]
        == "Calendar months that are computed or in which a true-up is posted, one row each."
    )


def test_every_mart_has_a_key_where_its_grain_is_never_null(snapshot: duckdb.DuckDBPyConnection) -> None:
    keys = dict(
        snapshot.execute(
            "select table_name, constraint_column_names from duckdb_constraints() "
            "where constraint_type = 'PRIMARY KEY'"
        ).fetchall()
    )
    marts = {table for (table,) in snapshot.execute("select table_name from duckdb_tables()").fetchall()}
    assert marts - set(keys) == WITHOUT_KEY
    assert keys["fct_payout_lines"] == ["line_id"]
    assert keys["fct_scorecards"] == ["employee_id", "period", "plan_id", "component_id"]


def test_every_mart_is_one_described_dataset(current: Path, snapshot: duckdb.DuckDBPyConnection) -> None:
    marts = json.loads((current / "manifest.json").read_text(encoding="utf-8"))["marts"]
    months = {
        f"period={month}" for (month,) in snapshot.execute("select period from marts.dim_period").fetchall()
    }
    for mart, rows in marts.items():
        dataset = ds.dataset(current / mart, partitioning="hive")
        described = snapshot.execute(f"describe marts.{mart}").fetchall()
        assert dataset.count_rows() == rows
        assert duckdb.sql(
            f"select count(*) from read_parquet('{current / mart}/**/*.parquet')"
        ).fetchone() == (rows,)
        assert set(dataset.schema.names) == {column[0] for column in described}
        assert [f.name for f in dataset.schema if f.name != "period" and not f.metadata] == []
        if "period" in dataset.schema.names and mart != "above_deal":
            assert {path.name for path in (current / mart).iterdir()} == months


@pytest.mark.filterwarnings("ignore:duckdb-engine doesn't yet support reflection on indices")
def test_sqlalchemy_reflects_every_mart(current: Path) -> None:
    database = current / "incentives.duckdb"
    engine = sa.create_engine(f"duckdb:///{database}", connect_args={"read_only": True})
    metadata = sa.MetaData()
    metadata.reflect(engine, schema="marts")
    engine.dispose()
    reflected = {(table.name, column.name) for table in metadata.tables.values() for column in table.columns}
    with duckdb.connect(str(database), read_only=True) as connection:
        columns = connection.execute(
            "select table_name, column_name from duckdb_columns() where schema_name = 'marts'"
        ).fetchall()
    assert reflected == set(columns)


def _answers(demo_home: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[dict[str, Any], str]:
    """Names and output of the Python of the README, run as it stands."""
    blocks = re.findall(
        r"^```python\n(.+?)^```", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    monkeypatch.setenv("INCENTIVES_HOME", str(demo_home))
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        for block in blocks:
            exec(compile(block, "README.md", "exec"), names)
    return names, printed.getvalue()


def test_the_questions_of_the_readme_are_answered(
    demo_home: Path, snapshot: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    names, printed = _answers(demo_home, monkeypatch)
    paid = snapshot.execute(
        "select currency, sum(payable) from marts.fct_payouts where period = '2026-10' group by currency"
    ).fetchall()
    held = snapshot.execute(
        "select reason, currency, sum(amount) from marts.fct_payout_lines "
        "where period = '2026-10' and status = 'held' group by reason, currency order by all"
    ).fetchall()
    fell = snapshot.execute(
        "select employee_id from marts.fct_payouts as now join marts.fct_payouts as last using (employee_id, currency) "
        "where now.period = '2026-10' and last.period = '2026-09' and now.payable < last.payable - 2000"
    ).fetchall()
    assert list(names["paid"].items()) == paid
    assert [(*key, amount) for key, amount in names["held"].items()] == held
    assert sorted(names["fell"]["employee_id"]) == sorted(employee for (employee,) in fell)
    assert held
    assert fell
    assert str(paid[0][1]) in printed


def _typed(column: str, value: Any, language: str) -> Any:
    """A value of a mart as the workbook shows it."""
    domains = {"component": "component", "status": "status", "department": "department"}
    if isinstance(value, bool):
        return name("flag", str(value).lower(), language)
    if column in domains and value is not None:
        return name(domains[column], value, language)
    if column == "reason" and value is not None:
        return "; ".join(name("reason", name("remark", one, language), language) for one in value.split(";"))
    return value


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_workbook_is_the_marts_cell_by_cell(
    demo_home: Path,
    snapshot: duckdb.DuckDBPyConnection,
    incentives: Incentives,
    tmp_path: Path,
    language: str,
) -> None:
    done = incentives(
        demo_home,
        "report",
        "--format",
        "xlsx",
        "--period",
        "2026-10",
        "--lang",
        language,
        "--out",
        tmp_path,
        "--json",
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    pages = openpyxl.load_workbook(said["files"][0]).worksheets
    for mart, page in zip(("fct_scorecards", "fct_payouts", "fct_payout_lines"), pages, strict=True):
        cursor = snapshot.execute(f"select * from marts.{mart} where period = '2026-10'")
        columns, rows = [one[0] for one in cursor.description], cursor.fetchall()
        headings = [cell.value for cell in page[1]]
        at = [_heading(headings, column, language) for column in columns]
        written = [[cell.value for cell in row] for row in page.iter_rows(min_row=2)]
        assert len(written) == len(rows) > 0
        for cells, row in zip(written, rows, strict=True):
            for place, column, value in zip(at, columns, row, strict=True):
                wanted = _typed(column, value, language)
                found = cells[place]
                exact = Decimal(repr(found)) if isinstance(wanted, Decimal) else found
                assert exact == wanted, (mart, column, row)
    _names_stand_beside_ids(snapshot, pages, language)


def _heading(headings: list[str], column: str, language: str) -> int:
    words = heading(name("column", column, language))
    qualified = f"{words} ({column})"
    return headings.index(qualified if qualified in headings else words)


def _names_stand_beside_ids(snapshot: duckdb.DuckDBPyConnection, pages: list[Any], language: str) -> None:
    people = dict(snapshot.execute("select employee_id, name from marts.dim_employee").fetchall())
    signed: dict[str, date] = dict(
        snapshot.execute("select deal_id, signed_date from marts.fct_deal_sources").fetchall()
    )
    find: Callable[[Any, str], int] = lambda page, column: _heading(  # noqa: E731
        [cell.value for cell in page[1]], column, language
    )
    for page in pages:
        where = find(page, "employee_id")
        assert all(row[where + 1].value == people.get(row[where].value) for row in page.iter_rows(min_row=2))
    deal, day = find(pages[2], "deal_id"), find(pages[2], "signed_date")
    found = [(row[deal].value, row[day].value) for row in pages[2].iter_rows(min_row=2)]
    assert [one.date() if one else None for _, one in found] == [signed.get(key) for key, _ in found]
    assert any(one for _, one in found)


def test_a_workbook_of_one_person_is_refused(demo_home: Path, incentives: Incentives) -> None:
    done = incentives(demo_home, "report", "--format", "xlsx", "--employee", "E0001")
    assert done.returncode == 2
    assert "a workbook holds everybody" in done.stderr
