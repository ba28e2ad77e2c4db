"""CSV files as people and programs write them: delimiters, titles, totals, empty fields, units in headers."""

from pathlib import Path

import pytest
from files_support import DEAL_HEADER, Deliver, Home, deal, deals_csv, validate_delivery

from connectors.files import DeliveryRejected
from connectors.files.readers.records import is_total


@pytest.mark.parametrize("mark", [";", ",", "\t", "|", "^"])
def test_a_first_line_that_names_the_separator_is_obeyed(deliver: Deliver, mark: str):
    text = f"\ufeffsep={mark}\r\n" + deals_csv(deal("D1"), deal("D2", "x")).replace(",", mark).replace(
        "\n", "\r\n"
    )
    report = validate_delivery(deliver({"deals.csv": text}))
    assert (report.accepted, report.quarantined) == (1, 1)
    assert [sample.line for group in report.quarantine for sample in group.samples] == [4]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_shows_the_columns(deliver: Deliver, mark: str):
    other = "," if mark != "," else ";"
    title = f"Deals{other} January{other} 2026{other} all{other} of{other} them{other} final{other} new\n"
    text = title + deals_csv(deal("D1")).replace(",", mark)
    assert validate_delivery(deliver({"deals.csv": text})).accepted == 1


@pytest.mark.parametrize("written", ['="00123"', '"=""00123"""'])
def test_a_text_that_is_protected_from_spreadsheets_is_that_text(
    home: Home, deliver: Deliver, written: str
) -> None:
    home.load(deliver({"deals.csv": f"{DEAL_HEADER}\n{written},C1,E1,5.00,CNY,2026-01-05,signed\n"}))
    assert home.query("select deal_id from raw_files.deals") == [("00123",)]


def test_empty_fields_beyond_the_header_say_nothing(deliver: Deliver):
    text = deals_csv(deal("D1") + ",,,", deal("D2") + ", ,", deal("D3"), deal("D4") + ",,x")
    report = validate_delivery(deliver({"deals.csv": text}))
    assert (report.rows_in, report.accepted, report.quarantined) == (4, 3, 1)
    assert [(g.reason, g.samples[0].line) for g in report.quarantine] == [("wrong_field_count", 5)]


def test_a_header_may_end_in_empty_fields_that_records_lack(deliver: Deliver):
    text = f"{DEAL_HEADER},,\n{deal('D1')}\n{deal('D2')},,\n"
    assert validate_delivery(deliver({"deals.csv": text})).accepted == 2


def test_a_missing_field_is_not_guessed_at(deliver: Deliver):
    text = f"{DEAL_HEADER},product\n{deal('D1')}\n"
    report = validate_delivery(deliver({"deals.csv": text}))
    assert (report.accepted, report.quarantine[0].reason) == (0, "wrong_field_count")


def test_titles_totals_repeated_headers_and_blank_rows_are_no_data_and_said(deliver: Deliver):
    lines = [
        "2026年1月 订单明细,,,,,,",
        "制表人：张三",
        " , ,",
        DEAL_HEADER,
        deal("D1", "60"),
        "小计,,,60,,,",
        ",,,,,,",
        DEAL_HEADER,
        deal("D2", "40.50"),
        '合 计：,2 笔,,"¥100.50",,,',
    ]
    report = validate_delivery(deliver({"deals.csv": "\n".join(lines) + "\n"}))
    assert (report.rows_in, report.accepted) == (2, 2)
    assert report.notes == [
        "deals.csv: 2 rows are no data (above the header), line 1, 2: 2026年1月 订单明细",
        "deals.csv: 2 rows are no data (a total), line 6, 10: 小计 | 60",
        "deals.csv: 1 row is no data (the header again), line 8",
    ]


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (["合计", None, "100"], True),
        (["合计：", "", "￥1,234.50"], True),
        (["合计(元)", "100"], True),
        (["", "总计", "3 笔"], True),
        (["本页小计", "1 234,50 €"], True),
        (["Total", "(1,200.00)"], True),
        (["TOTAL:", "12%"], True),
        (["Grand Total", "100", "-"], True),
        (["Grand Totals (3 records)", "", "13,500.00"], True),
        (["合计（共 3 笔）", "100"], True),
        (["Sum", "5"], True),
        (["*合计*", "#FORMULA! =SUM(D2:D9)"], True),
        (["Total général", None, "12,00 €"], True),
        (["Summe EUR", "", "12"], True),
        (["Zwischensumme", "", "12"], True),
        (["张三 小计", None, "12"], True),
        (["1月汇总", "", "12"], True),
        (["Ann Lee Total", "", "12", ""], True),
        (["Ann Lee Total", "12"], False),  # every field is filled, so it may be a row
        (["Ann Lee Total", "", "Acme"], False),
        (["Total", "Acme", "5"], False),  # a customer may be called so
        (["Total Energies", "5"], False),
        (["合计科技有限公司", "5"], False),
        (["T1", "5"], False),
        (["Summer", "5"], False),
        (["", None], False),
    ],
)
def test_a_total_begins_with_its_word_and_holds_figures_only(record: list[str | None], expected: bool):
    assert is_total(record) is expected


def test_a_customer_called_total_is_a_customer(deliver: Deliver):
    text = "customer_id,name,created_at\nTotal,Total,2026-01-01\nSum,合计,2026-01-01\n"
    assert validate_delivery(deliver({"customers.csv": text})).accepted == 2


def test_quoted_line_breaks_and_quotes_are_read(home: Home, deliver: Deliver):
    text = f'{DEAL_HEADER},product\r\n{deal("D1")},"two\r\nlines, ""quoted"""\r\n'
    home.load(deliver({"deals.csv": text}))
    assert home.query("select product from raw_files.deals") == [('two\r\nlines, "quoted"',)]


CHINESE = "订单编号,客户编号,负责人编号,{amount},币种,{signed},状态\nD1,C1,E1,100,CNY,2026-01-05,signed\n"


@pytest.mark.parametrize(
    "amount", ["金额(元)", "金额（元）", "金额 (元)", "金额【必填】", "金额(单位：元)", "amount (required)"]
)
def test_a_unit_that_changes_nothing_is_understood(deliver: Deliver, amount: str):
    text = CHINESE.format(amount=amount, signed="签约时间（必填）")
    assert validate_delivery(deliver({"deals.csv": text})).accepted == 1


def refused(folder: Path) -> str:
    with pytest.raises(DeliveryRejected) as caught:
        validate_delivery(folder)
    return str(caught.value)


@pytest.mark.parametrize("amount", ["金额（万元）", "金额(千元)", "金额(USD)", "amount (k)"])
def test_another_unit_is_refused_and_named(deliver: Deliver, amount: str):
    said = refused(deliver({"deals.csv": CHINESE.format(amount=amount, signed="签约时间")}))
    assert "missing: amount (金额)" in said
    assert amount in said
    assert "a unit or remark that is not understood" in said
    assert "mapping" in said


def test_headers_that_were_not_understood_are_always_listed(deliver: Deliver):
    said = refused(deliver({"deals.csv": CHINESE.format(amount="合同额", signed="签约日期")}))
    assert "'签约日期' (did you mean '签约时间'?)" in said
    assert "'合同额'" in said
    assert "row 1, taken for the header, holds: 订单编号 | 客户编号" in said


def test_an_optional_column_that_was_nearly_understood_is_said(deliver: Deliver):
    text = "employee_id,name,department,hire_date,电子邮箱\nE1,Ann,sales,2025-01-01,x\n"
    (note,) = validate_delivery(deliver({"employees.csv": text})).notes
    assert "'电子邮箱' was not understood" in note


@pytest.mark.parametrize("header", ["奖金基数（万元）", "bonus_base (USD)"])
def test_an_optional_amount_in_a_unit_that_is_not_understood_is_refused(deliver: Deliver, header: str):
    """Kept in `extra`, it would leave everybody without a bonus, and nobody would be told."""
    text = f"employee_id,name,department,hire_date,{header}\nE1,Ann,sales,2025-01-01,1\n"
    assert "write the amounts in full under bonus_base (奖金基数)" in refused(
        deliver({"employees.csv": text})
    )


REMARKS = [
    "制表人：张三,,审核：李四,,,,", "制表人：张三", "备注：数据截至2026-01-31", "第1页 共1页,,,,,,", "单位：元,,,,,,",
    "打印时间：2026-02-01 10:00", "Exported on 2026-02-01 by Ann", "Note: closed deals only", "Page 1 of 3,,,,,,",
    ",,,,,,制表日期：2026-02-01",
]  # fmt: skip


@pytest.mark.parametrize("remark", REMARKS)
def test_a_remark_below_the_rows_is_no_data_and_said(deliver: Deliver, remark: str):
    report = validate_delivery(deliver({"deals.csv": deals_csv(deal("D1"), remark)}))
    assert (report.rows_in, report.accepted) == (1, 1)
    assert any("no data (a remark), line 3" in note for note in report.notes)


@pytest.mark.parametrize(
    "row", ["备注：x,C1,E1,5.00,CNY,2026-01-05,signed", "第1单,,,,,,", "E1,备注：x,,,,,"]
)
def test_a_row_with_anything_else_is_no_remark(deliver: Deliver, row: str):
    assert validate_delivery(deliver({"deals.csv": deals_csv(deal("D1"), row)})).rows_in == 2


def test_the_row_with_most_known_names_is_shown_when_none_fits(deliver: Deliver):
    text = "2026年1月 订单明细\n\n订单编号,客户编号,金额\nD1,C1,5\n"
    said = refused(deliver({"deals.csv": text}))
    assert "row 3, taken for the header" in said
    assert "owner_employee_id (负责人编号)" in said


@pytest.mark.parametrize("word", ["RMB", "rmb", "人民币", "元", "人民币元", " CNY "])
def test_words_for_the_yuan_are_its_code(home: Home, deliver: Deliver, word: str):
    home.load(deliver({"deals.csv": deals_csv(deal()).replace("CNY", word)}))
    assert home.query("select currency from raw_files.deals") == [("CNY",)]


@pytest.mark.parametrize("word", ["￥", "¥", "$", "XYZ", "CNH", "美元", "RMBY"])
def test_other_words_are_no_currency(deliver: Deliver, word: str):
    report = validate_delivery(deliver({"deals.csv": deals_csv(deal()).replace("CNY", word)}))
    assert [(g.reason, g.samples[0].field, g.samples[0].value) for g in report.quarantine] == [
        ("not_allowed", "currency", word)
    ]


@pytest.mark.parametrize("code", ["USD", "eur", "HKD", "TWD", "JPY", "DEM", "HRK"])
def test_codes_of_this_century_are_currencies(deliver: Deliver, code: str):
    assert validate_delivery(deliver({"deals.csv": deals_csv(deal()).replace("CNY", code)})).accepted == 1


def mapped(tmp_path: Path, source: str) -> Path:
    columns = "deal_id: No, customer_id: Who, owner_employee_id: Rep, amount: Sum, currency: {constant: CNY}"
    path = tmp_path / "mapping.yml"
    path.write_text(
        f"mapping: crm\nsources:\n  crm: {{file: sales.csv{source}}}\ntemplates:\n  - template: deals\n    from: crm\n"
        f"    columns: {{{columns}, signed_at: Day, status: {{constant: signed}}}}\n",
        encoding="utf-8",
    )
    return path


SALES = "Sales of January\n\nNo;Who;Rep;Sum;Day\nD1;C1;E1;5;2026-01-05\nTotal;;;5;\n"


@pytest.mark.parametrize("source", ["", ", header_row: 3"])
def test_a_mapping_finds_the_header_or_says_where_it_stands(deliver: Deliver, tmp_path: Path, source: str):
    report = validate_delivery(deliver({"sales.csv": SALES}), mapping=mapped(tmp_path, source))
    assert (report.rows_in, report.accepted) == (1, 1)


def test_a_named_header_row_without_anything_is_refused(deliver: Deliver, tmp_path: Path):
    with pytest.raises(DeliveryRejected, match="nothing stands in row 2"):
        validate_delivery(deliver({"sales.csv": SALES}), mapping=mapped(tmp_path, ", header_row: 2"))
