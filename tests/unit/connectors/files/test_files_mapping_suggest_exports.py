"""Exports of systems of several kinds, from a folder to the right rows without a word changed by hand."""

from decimal import Decimal

import pytest
from files_support import Deliver
from mapping_support import rows
from workbooks import workbook

from connectors.files.mapping.suggest import suggest_mapping

DEALS = "deal_id, customer_id, owner_employee_id, amount, currency, cast(signed_at as date)::varchar"

PIPELINE = {
    "deals-12345.csv": (
        "ID;Title;Value;Currency;Organization;Expected close date;Stage;Status;Owner;Won time\n"
        "101;Rollout;12.345,60;EUR;Müller & Söhne GmbH;10.03.2026;Negotiation;Won;Jürgen Weiß;03.01.2026 10:05\n"
        "102;Renewal;3.400;€;Café Ampère SARL;11.03.2026;Negotiation;Won;Anna Kowalska;04.02.2026 11:05\n"
        "103;Pilot;980,5;EUR;Østergaard A/S;12.03.2026;Negotiation;Lost;Anna Kowalska;\n"
        "104;Idea;7.250,25;EUR;Østergaard A/S;13.03.2026;Proposal;Open;Jürgen Weiß;\n"
    ),
    "users.csv": (
        "ID;Name;Email;Active;Team\n1;Jürgen Weiß;jw@ex.de;Yes;DACH\n2;Anna Kowalska;ak@ex.de;Yes;EAST\n"
    ),
}
ORDERS = [
    ["2026年1-3月 订单明细表"],
    ["导出时间：2026-04-01"],
    ["订单编号", "客户名称", "产品名称", "数量", "单价（万元）", "金额（万元）", "签约日期", "负责人", "生命状态"],
    ["SO-1", "深圳市云帆科技有限公司", "平台", 2, 1.5, 3, "2026年1月5日", "张三(13800138000)", "正常"],
    ["SO-1", "深圳市云帆科技有限公司", "实施", 1, 0.8, 0.8, "2026年1月5日", "张三(13800138000)", "正常"],
    ["SO-2", "杭州远航贸易有限公司", "平台", 1, 1.5, 1.5, "2026年2月11日", "李四（13900139000）", "正常"],
    ["SO-3", "杭州远航贸易有限公司", "培训", 1, 0.25, 0.25, "2026年3月18日", "李四（13900139000）", "作废"],
    ["合计", None, None, 5, None, 5.55],
]  # fmt: skip
STAFF = [
    ["员工花名册"],
    ["工号", "姓名", "手机", "部门", "入职日期"],
    ["W001", "张三", 13800138000, "销售一部", "2024年3月1日"],
    ["W002", "李四", 13900139000, "销售二部", "2023年7月15日"],
]
LINES = "Order ID,Order Date,Customer,Sales Rep,Product,{amount}\n"


def test_a_pipeline_with_stage_status_and_two_dates(deliver: Deliver) -> None:
    folder = deliver(PIPELINE)
    suggestion = suggest_mapping(folder)
    assert rows(folder, suggestion.text, DEALS, zone="UTC") == [
        ("101", "müller-söhne-gmbh", "jürgen-weiß", Decimal("12345.60"), "EUR", "2026-01-03"),
        ("102", "café-ampère-sarl", "anna-kowalska", Decimal("3400.00"), "EUR", "2026-02-04"),
    ]


def test_order_lines_in_ten_thousands_of_people_named_by_their_phone(deliver: Deliver) -> None:
    folder = deliver({"销售订单.xlsx": workbook(ORDERS), "员工.xlsx": workbook(STAFF)})
    suggestion = suggest_mapping(folder)
    assert suggestion.open == []
    assert rows(folder, suggestion.text, DEALS + ", units, product", zone="UTC") == [
        ("SO-1", "深圳市云帆科技有限公司", "13800138000", Decimal("38000.00"), "CNY", "2026-01-05", 3, "实施, 平台"),
        ("SO-2", "杭州远航贸易有限公司", "13900139000", Decimal("15000.00"), "CNY", "2026-02-11", 1, "平台"),
    ]  # fmt: skip
    assert rows(folder, suggestion.text, "employee_id, name, department", "employees") == [
        ("W001", "张三", "sales"),
        ("W002", "李四", "sales"),
    ]
    assert rows(folder, suggestion.text, "source, source_user_id, employee_id", "source_users") == [
        ("files", "13800138000", "W001"),
        ("files", "13900139000", "W002"),
    ]


def test_names_with_ids_and_no_list_of_people(deliver: Deliver) -> None:
    folder = deliver({"销售订单.xlsx": workbook(ORDERS)})
    suggestion = suggest_mapping(folder)
    assert rows(folder, suggestion.text, "employee_id, name", "employees") == [
        ("13800138000", "张三"),
        ("13900139000", "李四"),
    ]


def test_the_unit_of_a_title_counts(deliver: Deliver) -> None:
    titled = [["单位：万元"], *([cell.replace("（万元）", "") if isinstance(cell, str) else cell for cell in row]
                              for row in ORDERS[2:])]  # fmt: skip
    folder = deliver({"销售订单.xlsx": workbook(titled)})
    suggestion = suggest_mapping(folder)
    assert rows(folder, suggestion.text, "deal_id, amount") == [
        ("SO-1", Decimal("38000.00")),
        ("SO-2", Decimal("15000.00")),
    ]


def test_a_file_for_each_month_is_one_table(deliver: Deliver) -> None:
    header = "商机编号,客户名称,负责人,商机金额,销售阶段,结单日期\n"
    january = f"{header}A1,云帆科技,李娜,100.00,赢单,2026-01-05\nA2,海川贸易,李娜,7.00,输单,2026-01-06\n"
    february = f"{header}B1,云帆科技,王强,200.00,赢单,2026-02-05\n"
    folder = deliver({"1月.csv": january, "2月.csv": february})
    suggestion = suggest_mapping(folder)
    assert rows(folder, suggestion.text, "deal_id, amount") == [
        ("A1", Decimal("100.00")),
        ("B1", Decimal("200.00")),
    ]
    assert rows(folder, suggestion.text, "employee_id", "employees") == [("李娜",), ("王强",)]


def test_the_worksheets_of_one_workbook(deliver: Deliver) -> None:
    sheets = {"说明": [["由系统导出"]], "订单": ORDERS[2:], "员工": STAFF[1:]}
    folder = deliver({"导出.xlsx": workbook(sheets)})
    suggestion = suggest_mapping(folder)
    assert [row[0] for row in rows(folder, suggestion.text, "deal_id")] == ["SO-1", "SO-2"]
    assert [row[0] for row in rows(folder, suggestion.text, "employee_id", "employees")] == ["W001", "W002"]


def test_a_western_encoding_is_a_marked_guess(deliver: Deliver) -> None:
    folder = deliver({name: text.replace("€", "EUR").encode("cp1252") for name, text in PIPELINE.items()})
    suggestion = suggest_mapping(folder)
    assert "encoding: windows-1252}   # guess: it looks like windows-1252" in suggestion.text
    assert rows(folder, suggestion.text, "customer_id") == [("müller-söhne-gmbh",), ("café-ampère-sarl",)]


@pytest.mark.parametrize(
    ("amount", "lines", "expected"),
    [
        ("Amount", ("1.50", "2.00"), Decimal("3.50")),
        ("Order Total", ("3.50", "3.50"), Decimal("3.50")),  # the total of the order on each of its lines
    ],
)
def test_lines_are_added_up_and_totals_are_not(
    deliver: Deliver, amount: str, lines: tuple[str, str], expected: Decimal
) -> None:
    one, other = lines
    orders = f"{LINES.format(amount=amount)}A,2026-01-05,C1,Ann,x,{one}\nA,2026-01-05,C1,Ann,y,{other}\n"
    folder = deliver({"orders.csv": orders})
    suggestion = suggest_mapping(folder)
    assert rows(folder, suggestion.text, "deal_id, amount") == [("A", expected)]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (
            "单据编号,日期,客户,销售员,销售数量,价税合计,单据状态\nX1,2026/1/5,云帆,张三,2,200,已审核\nX2,2026/1/7,远航,李四,1,100,暂存\n",
            [("X1", Decimal("200.00"))],
        ),
        (
            "Référence;Client;Commercial;Montant;Date de signature;Statut\n1;A;Léa;1 234,50 €;25/03/2026;Gagné\n",
            [("1", Decimal("1234.50"))],
        ),
        (
            "Deal ID;Owner;Account;Deal value;Closed date;Status\n1;Ann;A;1.234,5;46027;won\n2;Bob;B;99;46030;won\n",
            [("1", Decimal("1234.50")), ("2", Decimal("99.00"))],
        ),
        (
            "合同编号,甲方,签单人,合同额,签约日期\nH1,云帆,张三,12万,2026.3.5\nH2,远航,李四,3.5万元,2026.3.18\n",
            [("H1", Decimal("120000.00")), ("H2", Decimal("35000.00"))],
        ),
    ],
)  # fmt: skip
def test_exports_of_other_systems(deliver: Deliver, table: str, expected: list[tuple[str, Decimal]]) -> None:
    folder = deliver({"export.csv": table})
    assert rows(folder, suggest_mapping(folder).text, "deal_id, amount") == expected


def test_amounts_written_otherwise_are_given_a_style_even_when_it_is_the_plain_one(deliver: Deliver) -> None:
    orders = "Order No,Date,Customer,Salesperson,Total\nA,2026-01-05,C,Ann,100.00\nB,2026-01-06,C,Ann,5.00-\n"
    suggestion = suggest_mapping(deliver({"orders.csv": orders}))
    assert "amount: {column: Total, number: {}}" in suggestion.text
    assert "out_of_range 1 (line 3, amount: -5.00)" in suggestion.tried[-1]["reasons"]


def test_orders_that_are_called_off_do_not_count(deliver: Deliver) -> None:
    orders = (
        "Order ID,Order Date,Customer,Sales Rep,Total,Status\n"
        "A,2026-01-05,C1,Ann,5.00,Shipped\nB,2026-01-06,C1,Ann,7.00,Cancelled\n"
    )
    folder = deliver({"orders.csv": orders})
    suggestion = suggest_mapping(folder)
    assert rows(folder, suggestion.text, "deal_id, amount") == [("A", Decimal("5.00"))]
    assert "not_in: [Cancelled]" in suggestion.text
