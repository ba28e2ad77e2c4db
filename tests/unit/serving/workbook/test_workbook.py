"""The workbook of a month: numbers exact to the fen, text as text, names beside ids, headings in both languages."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from serving import ServingError, publish
from serving.errors import NothingPublishedError, UnknownPeriodError
from serving.workbook import write_workbooks

MARTS = """
create schema marts;
create table marts.dim_calculation as select timestamp '2026-10-31 16:00:00' as as_of;
create table marts.dim_period as select unnest(['2026-09', '2026-10']) as period, 2026 as year;
create table marts.dim_employee as
    select * from (values ('E1', '=cmd|calc'), ('E2', '王 "小" 明')) as t(employee_id, name);
create table marts.dim_plan as
    select 'p1' as plan_id, 'h1' as plan_hash, '销售方案' as title_zh, 'Sales plan' as title_en;
create table marts.dim_kpi as select 'k1' as kpi_id, '线索' as name_zh, 'Leads' as name_en;
create table marts.dim_customer as select 'C1' as customer_key, '+86 客户' as name;
create table marts.fct_deal_sources as
    select 'D1' as deal_id, 'C1' as customer_key, date '2026-10-05' as signed_date;
create table marts.fct_scorecards as
    select 'E1' as employee_id, '2026-10' as period, 'p1' as plan_id, cast(95.5119 as decimal(18,4)) as total_score,
        cast(1 as bigint) as rank, true as annual_award_eligible, 'sales' as department, null::varchar as reason;
create table marts.fct_payouts as select * from (values
    ('E1', '2026-10', 'CNY', cast(1234567890.10 as decimal(18,2))),
    ('E2', '2026-10', 'CNY', cast(-0.07 as decimal(18,2))),
    ('E2', '2026-09', 'CNY', cast(1 as decimal(18,2)))) as t(employee_id, period, currency, payable);
create table marts.fct_payout_lines as select * from (values
    ('L1', '2026-10', 'E1', 'closing', 'c1', 'D1', 'k1', cast(0.29 as decimal(18,2)), cast(0.04 as decimal(18,12)),
        'held', 'process;transfer', 'p1'),
    ('L2', '2026-10', 'E2', 'adjustment', 'a1', null, null, cast(9999999999999999.99 as decimal(18,2)), null,
        'earned', '=HYPERLINK("http://x");手工', null))
    as t(line_id, period, employee_id, component, component_id, deal_id, kpi_id, amount, rate, status, reason, plan_id);
"""


def published(folder: Path, *more: str) -> Path:
    """The folder of publications of the marts above."""
    with duckdb.connect(str(folder / "w.duckdb")) as connection:
        connection.execute(MARTS + ";".join(more))
    publish(folder / "w.duckdb", folder / "published", publication={})
    return folder / "published"


def sheet(path: Path, number: int) -> list[list[Any]]:
    """Cells of a sheet, the headings first."""
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(path).worksheets[number].rows]


def named(path: Path, number: int) -> list[dict[str, Any]]:
    """Rows of a sheet by heading."""
    headings, *rows = sheet(path, number)
    return [dict(zip(headings, row, strict=True)) for row in rows]


def test_the_last_month_is_written_in_both_languages(tmp_path: Path) -> None:
    done = write_workbooks(published(tmp_path), tmp_path / "out")
    assert done.period == "2026-10"
    assert done.rows == {"scorecards": 1, "payouts": 2, "lines": 2}
    assert [path.name for path in done.files] == [
        "incentive-pay-2026-10-zh.xlsx",
        "incentive-pay-2026-10-en.xlsx",
    ]
    titles = [openpyxl.load_workbook(path).sheetnames for path in done.files]
    assert titles == [["计分卡", "本期合计", "明细"], ["Scorecards", "Payouts of the month", "Payout lines"]]
    assert sheet(done.files[0], 1)[0] == ["工号", "员工", "期间", "币种", "实发"]
    assert sheet(done.files[1], 1)[0] == ["Employee no.", "Employee", "Period", "Currency", "Payable"]


def test_numbers_are_numbers_with_two_places_and_exact(tmp_path: Path) -> None:
    done = write_workbooks(published(tmp_path), tmp_path / "out", languages=["en"])
    cells = list(openpyxl.load_workbook(done.files[0]).worksheets[1].iter_rows(min_row=2, min_col=5))
    assert [Decimal(repr(cell.value)) for (cell,) in cells] == [Decimal("1234567890.1"), Decimal("-0.07")]
    assert {(cell.data_type, cell.number_format) for (cell,) in cells} == {("n", "#,##0.00")}
    held, adjusted = named(done.files[0], 2)
    assert Decimal(repr(held["Amount"])) == Decimal("0.29")
    assert Decimal(repr(held["Rate"])) == Decimal("0.04")
    assert adjusted["Amount"] == "9999999999999999.99", "18 digits do not fit a number of a workbook"


def test_text_that_begins_like_a_formula_is_text(tmp_path: Path) -> None:
    done = write_workbooks(published(tmp_path), tmp_path / "out", languages=["en"])
    book = openpyxl.load_workbook(done.files[0])
    cells = [cell for page in book.worksheets for row in page.rows for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    written = {cell.value for cell in cells if isinstance(cell.value, str)}
    assert {"=cmd|calc", "+86 客户", '=HYPERLINK("http://x");手工', '王 "小" 明'} <= written


def test_names_stand_beside_ids_and_dates_are_dates(tmp_path: Path) -> None:
    done = write_workbooks(published(tmp_path), tmp_path / "out", languages=["en"])
    held, adjusted = named(done.files[0], 2)
    headings = sheet(done.files[0], 2)[0]
    assert headings[headings.index("Deal") : headings.index("KPI name") + 1] == [
        *("Deal", "Customer", "Signing date", "KPI", "KPI name")
    ]
    assert (held["Employee"], held["Customer"], held["KPI name"]) == ("=cmd|calc", "+86 客户", "Leads")
    assert (held["Plan title"], adjusted["Plan title"], adjusted["Customer"]) == ("Sales plan", None, None)
    assert held["Signing date"].date() == date(2026, 10, 5)
    assert (held["Component"], held["Component (component_id)"]) == ("closing commission", "c1")


def test_codes_are_words_and_what_people_wrote_stays(tmp_path: Path) -> None:
    done = write_workbooks(published(tmp_path), tmp_path / "out", languages=["zh"])
    held, adjusted = named(done.files[0], 2)
    assert (held["状态"], held["项目"]) == ("暂扣", "成交提成")
    assert held["原因"] == "过程指标未达标; 客户转单待核实"
    assert adjusted["原因"] == '=HYPERLINK("http://x");手工'
    assert named(done.files[0], 0)[0]["年度评优资格"] == "是"


def test_headings_stay_while_one_scrolls(tmp_path: Path) -> None:
    done = write_workbooks(published(tmp_path), tmp_path / "out", languages=["en"])
    pages = openpyxl.load_workbook(done.files[0]).worksheets
    assert [page.freeze_panes for page in pages] == ["A2"] * 3
    assert [page.auto_filter.ref for page in pages][1] == "A1:E3"


def test_a_month_without_rows_has_its_headings(tmp_path: Path) -> None:
    done = write_workbooks(published(tmp_path), tmp_path / "out", "2026-09", ["en"])
    assert done.rows == {"scorecards": 0, "payouts": 1, "lines": 0}
    assert len(sheet(done.files[0], 2)) == 1


def test_the_same_publication_gives_the_same_bytes(tmp_path: Path) -> None:
    folder = published(tmp_path)
    first, second = (write_workbooks(folder, tmp_path / name).files[0] for name in ("a", "b"))
    assert first.read_bytes() == second.read_bytes()
    created = openpyxl.load_workbook(first).properties.created
    assert created.replace(tzinfo=UTC) == datetime(2026, 10, 31, 16, tzinfo=UTC)


def test_what_does_not_fit_a_cell_is_refused_and_leaves_no_file(tmp_path: Path) -> None:
    long = "update marts.fct_payout_lines set reason = repeat('x', 40000) where line_id = 'L2'"
    with pytest.raises(ServingError, match="row 3 of the sheet Payout lines does not fit"):
        write_workbooks(published(tmp_path, long), tmp_path / "out", languages=["en"])
    assert list((tmp_path / "out" / "2026-10").iterdir()) == []


def test_unknown_months_and_missing_publications_are_named(tmp_path: Path) -> None:
    with pytest.raises(NothingPublishedError):
        write_workbooks(tmp_path / "published", tmp_path / "out")
    with pytest.raises(UnknownPeriodError, match="2026-09 to 2026-10"):
        write_workbooks(published(tmp_path), tmp_path / "out", "2031-01")


def test_every_sheet_names_its_columns(tmp_path: Path) -> None:
    """No column shows its name in SQL: the catalogue has all of them."""
    done = write_workbooks(published(tmp_path), tmp_path / "out")
    for path in done.files:
        for number in range(3):
            assert not [words for words in sheet(path, number)[0] if "_" in words.partition(" (")[0]]
