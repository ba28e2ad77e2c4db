"""Two exports of one's own, from a folder to the right rows with the guesses as they are (README, ten minutes)."""

from decimal import Decimal
from pathlib import Path

import xlsxwriter
from files_support import Deliver
from mapping_support import rows, set_aside

from connectors.files.mapping.suggest import suggest_mapping

DEALS = "deal_id, customer_id, owner_employee_id, amount, currency, strftime(signed_at, '%Y-%m-%d %H:%M')"
HUBSPOT = {
    "hubspot-crm-exports-all-deals-2026-04-01.csv": (
        "Record ID;Deal Name;Deal Stage;Close Date;Deal owner;Amount;Currency;Associated Company;"
        "Associated Company IDs;Pipeline;Create Date\n"
        "41001;Halle 3;Closed Won;2026-01-14 15:32;Petra Schmidt;12.500,00;EUR;Müller OHG;9001;Sales;2025-11-03 09:12\n"
        "41002;Wartung;Closed Lost;2026-01-20 10:02;Jan Weber;3.200,50;EUR;Grünbaum KG;9002;Sales;2025-12-01 08:00\n"
        "41003;Dach;Closed Won;2026-02-03 11:45;Jan Weber;48.900,99;EUR;Grünbaum KG;9002;Sales;2025-12-11 08:30\n"
        "41005;Ausbau;Offer;2026-05-01 00:00;Petra Schmidt;22.000,00;EUR;Müller OHG;9001;Sales;2026-03-01 14:00\n"
    ),
    "hubspot-users.csv": (
        "User ID;First name;Last name;Email;Team;Last active\n"
        "501;Petra;Schmidt;petra@solar.example;Nord;2026-03-31\n502;Jan;Weber;jan@solar.example;Süd;2026-03-30\n"
    ),
}
CONTRACTS = [
    ("合同编号", "客户名称", "负责人", "所属部门", "合同金额（万元）", "签约日期", "合同状态", "产品", "回款（万元）"),
    ("HT-001", "上海蓝天环保科技有限公司", "张三(13800138001)", "华东销售部", 12.5, 46030, "已签约", "A型", 12.5),
    ("HT-002", "北京远航贸易有限公司", "李四(13800138002)", "华北销售部", 3.256, 46044, "已签约", "B型", 0),
    ("HT-003", "深圳明德教育咨询有限公司", "张三(13800138001)", "华东销售部", 8, 46067, "已作废", "A型", 0),
]  # fmt: skip
PEOPLE = [
    ("姓名", "手机号", "部门", "岗位", "入职日期"),
    ("张三", "13800138001", "华东销售部", "销售经理", 44621),
    ("李四", "13800138002", "华北销售部", "销售专员", 45122),
]


def _contracts(path: Path) -> None:
    """A merged title, who exported it and a unit above the header; a total and signatures below; two worksheets."""
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": 31})
        sheet = book.add_worksheet("合同明细")
        sheet.merge_range(0, 0, 0, 8, "2026年一季度合同明细表")
        sheet.write_row(
            1, 0, ["导出人：王芳", "", "", "导出时间：2026-04-01 09:30", "", "", "", "单位：万元"]
        )
        for line, row in enumerate(CONTRACTS, 2):
            sheet.write_row(line, 0, row)
            if line > 2:
                sheet.write_number(line, 5, float(str(row[5])), day)
        sheet.write_row(6, 0, ["合计", "", "", "", 23.756, "", "", "", 12.5])
        sheet.write_row(7, 0, ["制表人：王芳", "", "", "审核：赵总"])
        people = book.add_worksheet("人员")
        for line, row in enumerate(PEOPLE):
            people.write_row(line, 0, row)
            if line:
                people.write_number(line, 4, float(str(row[4])), day)


def test_deals_of_a_western_crm_with_german_numbers(deliver: Deliver) -> None:
    folder = deliver(HUBSPOT)
    text = suggest_mapping(folder).text
    assert rows(folder, text, DEALS, zone="Europe/Berlin") == [
        ("41001", "9001", "petra-schmidt", Decimal("12500.00"), "EUR", "2026-01-14 14:32"),
        ("41003", "9002", "jan-weber", Decimal("48900.99"), "EUR", "2026-02-03 10:45"),
    ]
    assert rows(folder, text, "employee_id, name", "employees") == [
        ("501", "Petra Schmidt"),
        ("502", "Jan Weber"),
    ]
    assert rows(folder, text, "source_user_id, employee_id", "source_users") == [
        ("petra-schmidt", "501"),
        ("jan-weber", "502"),
    ]
    assert rows(folder, text, "name", "customers") == [("Müller OHG",), ("Grünbaum KG",)]


def test_contracts_of_a_chinese_crm_in_ten_thousands(deliver: Deliver) -> None:
    folder = deliver({})
    _contracts(folder / "销售易-合同明细.xlsx")
    text = suggest_mapping(folder).text
    assert set_aside(folder, text) == []
    assert rows(folder, text, DEALS) == [
        (
            "HT-001",
            "上海蓝天环保科技有限公司",
            "13800138001",
            Decimal("125000.00"),
            "CNY",
            "2026-01-07 16:00",
        ),
        ("HT-002", "北京远航贸易有限公司", "13800138002", Decimal("32560.00"), "CNY", "2026-01-21 16:00"),
    ]
    people = "employee_id, name, department, cast(hire_date as varchar)"
    assert rows(folder, text, people, "employees") == [
        ("13800138001", "张三", "sales", "2022-03-01"),
        ("13800138002", "李四", "sales", "2023-07-15"),
    ]
