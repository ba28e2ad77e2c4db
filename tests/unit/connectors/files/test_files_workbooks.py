"""Workbooks as people and programs write them: what the sheet shows is read, what nobody can know is set aside."""

from pathlib import Path

import pytest
import xlsxwriter
from files_support import DEAL_HEADER, Home, validate_delivery
from workbooks import formula, number, text, write_workbook

from connectors.files import ImportReport

HEADER = [text(name) for name in DEAL_HEADER.split(",")]
DAY = 46027  # 2026-01-05


def row(deal_id: str, amount: str = number(100), signed_at: str = number(DAY, 1)) -> list[str]:
    return [text(deal_id), text("C1"), text("E1"), amount, text("CNY"), signed_at, text("signed")]


def set_aside(report: ImportReport) -> list[tuple[str, int, str, str | None]]:
    return [(group.reason, s.line, s.field, s.value) for group in report.quarantine for s in group.samples]


def landed(home: Home, folder: Path, columns: str) -> list[tuple[object, ...]]:
    home.load(folder)
    return home.query(f"select {columns} from raw_files.deals order by deal_id")


@pytest.mark.parametrize(
    ("calculation", "cell", "is_known"),
    [
        ("<calcPr/>", formula("4000*2"), False),
        ("<calcPr/>", formula("4000*2", ""), False),
        ("<calcPr/>", formula("4000*2", "8000"), True),
        ("<calcPr/>", formula("4000*0", "0"), True),
        # programs that write zeros and ask the reader to calculate
        ('<calcPr calcId="124519" fullCalcOnLoad="1"/>', formula("4000*2", "0"), False),
        ('<calcPr fullCalcOnLoad="true"/>', formula("4000*2", "8000"), False),
        ('<calcPr calcCompleted="0"/>', formula("4000*2", "7000"), False),
        # programs that write zeros and do not even ask
        ("", formula("4000*2", "0"), False),
        ("", formula("4000*2", "0.0"), False),
        ("", formula("4000*2", "8000"), True),
    ],
)
def test_a_formula_counts_only_with_a_result_that_a_spreadsheet_stored(
    tmp_path: Path, calculation: str, cell: str, is_known: bool
):
    write_workbook(
        tmp_path / "deals.xlsx",
        {"a": [HEADER, row("D1", cell), row("D2")]},
        formats=[14],
        calculation=calculation,
    )
    report = validate_delivery(tmp_path)
    assert (report.rows_in, report.accepted) == (2, 2 if is_known else 1)
    if not is_known:
        ((reason, line, field, value),) = set_aside(report)
        assert (reason, line, field) == ("formula_without_result", 2, "amount")
        assert value is not None
        assert value.startswith("#FORMULA! =4000*")
        assert "open the workbook in a spreadsheet program, save it there" in report.quarantine[0].advice


def test_a_formula_in_an_optional_column_or_a_date_is_no_empty_cell(tmp_path: Path):
    header = [
        text(name)
        for name in ["employee_id", "name", "department", "hire_date", "termination_date", "bonus_base"]
    ]
    first = [text("E1"), text("Ann"), text("sales"), number(45658, 1), formula("DATE(2026,1,31)"), number(1)]
    second = [text("E2"), text("Bob"), text("sales"), number(45658, 1), "<c/>", formula("4000*2")]
    third = [text("E3"), text("Cai"), text("sales"), number(45658, 1), "<c/>", number(8000)]
    write_workbook(tmp_path / "employees.xlsx", {"a": [header, first, second, third]}, formats=[14])
    report = validate_delivery(tmp_path)
    assert (report.accepted, report.quarantined) == (1, 2)
    assert [(line, field) for _, line, field, _ in set_aside(report)] == [
        (2, "termination_date"),
        (3, "bonus_base"),
    ]


def test_zeros_that_a_writing_library_puts_for_results_are_no_amounts(tmp_path: Path):
    with xlsxwriter.Workbook(str(tmp_path / "deals.xlsx")) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, DEAL_HEADER.split(","))
        sheet.write_row(1, 0, ["D1", "C1", "E1", None, "CNY", "2026-01-05", "signed"])
        sheet.write_formula(1, 3, "=4000*2")
    assert [reason for reason, *_ in set_aside(validate_delivery(tmp_path))] == ["formula_without_result"]


@pytest.mark.parametrize(
    "built_in", [14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58, 71]
)
def test_built_in_date_formats_of_every_language_are_dates(home: Home, tmp_path: Path, built_in: int):
    folder = tmp_path / "d"
    folder.mkdir()
    rows = [HEADER, row("D1"), row("D2", signed_at=number(DAY + 1.4375, 1))]
    write_workbook(folder / "deals.xlsx", {"a": rows}, formats=[built_in])
    assert landed(home, folder, "deal_id, strftime(signed_at + interval 8 hour, '%Y-%m-%d %H:%M')") == [
        ("D1", "2026-01-05 00:00"),
        ("D2", "2026-01-06 10:30"),
    ]


@pytest.mark.parametrize(
    ("code", "is_date"),
    [
        ("yyyy-mm-dd", True),
        ('yyyy"年"m"月"d"日"', True),
        ('[$-804]yyyy"年"m"月"d"日";@', True),
        ('[DBNum1][$-804]yyyy"年"m"月"d"日"', True),
        ("yyyy/m/d h:mm;@", True),
        ("[$-409]d\\-mmm\\-yy;@", True),
        ("General", False),
        ("G/通用格式", False),
        ("#,##0.00_);[Red](#,##0.00)", False),
        ('"¥"#,##0.00', False),
        ("[$¥-804]#,##0.00", False),
        ('0.00" days"', False),
        ("0.00E+00", False),
        ("@", False),
    ],
)
def test_custom_formats_are_dates_when_they_show_one(tmp_path: Path, code: str, is_date: bool):
    write_workbook(tmp_path / "deals.xlsx", {"a": [HEADER, row("D1")]}, formats=[code])
    report = validate_delivery(tmp_path)
    assert report.accepted == (1 if is_date else 0)
    if not is_date:
        assert set_aside(report) == [("wrong_type", 2, "signed_at", str(DAY))]


def test_a_workbook_that_counts_from_1904_is_read_so(home: Home, tmp_path: Path):
    folder = tmp_path / "d"
    folder.mkdir()
    rows = [HEADER, row("D1", signed_at=number(DAY - 1462, 1))]
    write_workbook(folder / "deals.xlsx", {"a": rows}, formats=[14], properties='<workbookPr date1904="1"/>')
    ((day,),) = landed(home, folder, "cast(signed_at + interval 8 hour as date)::varchar")
    assert day == "2026-01-05"


def test_an_identifier_has_the_zeros_that_its_format_shows(home: Home, tmp_path: Path):
    folder = tmp_path / "d"
    folder.mkdir()
    plain = row("D1")
    rows = [HEADER, [number(12, 2), *plain[1:]], [number(1234567, 2), *plain[1:]], [number(12), *plain[1:]]]
    write_workbook(folder / "deals.xlsx", {"a": rows}, formats=[14, "00000"])
    assert landed(home, folder, "deal_id") == [("00012",), ("12",), ("1234567",)]


def test_amounts_are_what_their_15_digits_say(home: Home, tmp_path: Path):
    folder = tmp_path / "d"
    folder.mkdir()
    stored = [
        "57.699999999999996",
        "300.29999999999995",
        "1234567.8900000001",
        "0.30000000000000004",
        "864.192",
    ]
    rows = [HEADER, *(row(f"D{n}", number(value)) for n, value in enumerate(stored))]
    write_workbook(folder / "deals.xlsx", {"a": rows}, formats=[14])
    assert landed(home, folder, "cast(amount as varchar)") == [
        ("57.70",),
        ("300.30",),
        ("1234567.89",),
        ("0.30",),
    ]
    assert set_aside(validate_delivery(folder)) == [("too_precise", 6, "amount", "864.192")]


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"])
def test_error_cells_are_set_aside_as_what_they_show(tmp_path: Path, error: str):
    cells = [f'<c t="e"><f>A1/0</f><v>{error}</v></c>', f'<c t="e"><v>{error}</v></c>']
    write_workbook(
        tmp_path / "deals.xlsx", {"a": [HEADER, *(row("D1", cell) for cell in cells)]}, formats=[14]
    )
    assert [(reason, value) for reason, *_, value in set_aside(validate_delivery(tmp_path))] == [
        ("wrong_type", error)
    ] * 2


def test_cells_merged_over_rows_belong_to_none_of_them(tmp_path: Path):
    rows = [HEADER, row("D1"), row("D2", "<c/>"), row("D3", "<c/>"), row("D4")]
    write_workbook(
        tmp_path / "deals.xlsx",
        {"a": rows},
        formats=[14],
        after_rows='<mergeCells count="1"><mergeCell ref="D2:D4"/></mergeCells>',
    )
    report = validate_delivery(tmp_path)
    assert (report.accepted, report.quarantined) == (1, 3)
    assert set_aside(report) == [("merged_cells", line, "amount", "#MERGED! 100") for line in (2, 3, 4)]


def test_merged_titles_and_headers_are_understood(tmp_path: Path):
    title = [text("2026年1月 订单明细")]
    groups = [text("deal_id"), text("who"), "<c/>", *HEADER[3:]]
    below = ["<c/>", text("customer_id"), text("owner_employee_id")]
    rows = [title, groups, below, row("D1"), [text("合计"), "<c/>", "<c/>", formula("SUM(D4:D4)")]]
    merged = ["A1:G1", "A2:A3", "B2:C2", "D2:D3", "E2:E3", "F2:F3", "G2:G3", "A5:C5"]
    ranges = "".join(f'<mergeCell ref="{place}"/>' for place in merged)
    write_workbook(
        tmp_path / "deals.xlsx", {"a": rows}, formats=[14], after_rows=f"<mergeCells>{ranges}</mergeCells>"
    )
    report = validate_delivery(tmp_path)
    assert (report.rows_in, report.accepted) == (1, 1)
    assert any("above the header" in note and "2026年1月 订单明细" in note for note in report.notes)
    assert any("a total" in note and "line 5" in note for note in report.notes)


def test_which_worksheet_was_read_and_which_not_is_said(tmp_path: Path):
    sheets = {"封面": [[text("cover")]], "订单": [HEADER, row("D1")], "old": [HEADER, row("D2")]}
    write_workbook(tmp_path / "deals.xlsx", sheets, formats=[14], hidden=["old"])
    report = validate_delivery(tmp_path)
    assert report.accepted == 1
    assert report.notes == ["deals.xlsx: the worksheet '订单' was read; not read: 封面, old (hidden)"]


def test_a_hidden_worksheet_is_not_taken_for_the_first(tmp_path: Path):
    sheets = {"lists": [[text("x")]], "Sheet2": [HEADER, row("D1")]}
    write_workbook(tmp_path / "deals.xlsx", sheets, formats=[14], hidden=["lists"])
    report = validate_delivery(tmp_path)
    assert (report.accepted, report.notes) == (
        1,
        ["deals.xlsx: the worksheet 'Sheet2' was read; not read: lists (hidden)"],
    )


def test_texts_keep_their_runs_and_lose_phonetics_and_escapes(home: Home, tmp_path: Path):
    rich = (
        '<c t="inlineStr"><is><r><t>山</t></r><r><t>田_x000D_&#10;x</t></r><rPh><t>やまだ</t></rPh></is></c>'
    )
    folder = tmp_path / "d"
    folder.mkdir()
    rows = [[*HEADER, text("product")], [*row("D1"), rich]]
    write_workbook(folder / "deals.xlsx", {"a": rows}, formats=[14])
    assert landed(home, folder, "product") == [("山田\r\nx",)]


MAPPING = """
mapping: crm
sources:
  crm: {file: sales.xlsx}
  reps: {file: reps.csv}
templates:
  - template: deals
    from: crm
    where: [{column: Stage, equals: Won}]
    columns:
      deal_id: {join: [Region, No]}
      customer_id: {column: Client, slug: true, prefix: "C-", default: none}
      owner_employee_id: {lookup: {source: reps, match: {Name: Rep}, take: Id}, default: E0}
      amount: {column: Sum, number: {thousands: ","}}
      currency: {constant: CNY}
      signed_at: {column: Day, date_format: "%d/%m/%Y"}
      status: {column: Stage, values: {Won: signed}, otherwise: empty, default: signed}
"""
UNKNOWN = [formula("A1&B1"), '<c t="e"><v>#N/A</v></c>', text("#REF!")]


@pytest.mark.parametrize("cell", UNKNOWN)
@pytest.mark.parametrize("place", range(7))
def test_no_step_of_a_mapping_turns_an_unknown_cell_into_a_value(tmp_path: Path, place: int, cell: str):
    folder = tmp_path / "d"
    folder.mkdir()
    header = [text(name) for name in ("Region", "No", "Client", "Rep", "Sum", "Day", "Stage")]
    good = [text(word) for word in ("N", "1", "Acme", "Ann", "1,000.50", "31/01/2026", "Won")]
    other = [good[0], text("2"), *good[2:]]
    bad = [*other[:place], cell, *other[place + 1 :]]
    write_workbook(folder / "sales.xlsx", {"a": [header, good, bad]})
    (folder / "reps.csv").write_text("Name,Id\nAnn,E1\n", encoding="utf-8")
    (tmp_path / "mapping.yml").write_text(MAPPING, encoding="utf-8")
    report = validate_delivery(folder, mapping=tmp_path / "mapping.yml")
    assert (report.rows_in, report.accepted, report.quarantined) == (2, 1, 1)
    ((reason, line, _, value),) = set_aside(report)
    assert line == 3
    assert value is not None
    assert value.startswith("#")
    assert reason == ("formula_without_result" if "<f>" in cell else reason)
