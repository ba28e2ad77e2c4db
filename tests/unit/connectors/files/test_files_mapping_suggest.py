"""From a folder of foreign files to a mapping that loads: three exports of different style."""

from decimal import Decimal
from pathlib import Path

import pytest
from files_support import Deliver, Home
from mapping_support import checked, rows

from connectors.files import ImportProblem
from connectors.files.mapping.suggest import suggest_mapping

ROOT = Path(__file__).parents[4]
EXPORT = ROOT / ".." / "shared" / "data" / "crm_sales_opportunities"

CHINESE = {
    "商机导出.csv": (
        "2026年一季度商机明细,,,,,,,\n"
        "商机编号,商机名称,客户名称,负责人,商机金额（元）,销售阶段,结单日期,来源\n"
        'SJ001,一期,杭州云帆科技有限公司,李娜,"¥12,345.60",赢单,2026年1月5日,展会\n'
        'SJ002,二期,杭州云帆科技有限公司,王强,"¥1,000.00",输单,2026年1月8日,官网\n'
        'SJ003,扩容,宁波海川贸易有限公司,李娜,"¥20,000.00",赢单,2026年3月15日,转介绍\n'
        "SJ004,新购,苏州启明电子,王强,¥800.00,方案报价,2026年4月1日,官网\n"
        '合计,,,,"¥34,145.60",,,\n'
    )
}
GERMAN = {
    "deals export.csv": (
        "Deal ID;Deal Name;Account ID;Company name;Deal owner;Amount (EUR);Deal Stage;Close Date\n"
        "101;Server;A-1;Müller GmbH;Jan Berg;12.345,60;Closed Won;05.01.2026\n"
        "102;Rack;A-2;Vogel & Söhne;Eva Holm;1.200,00;Closed Lost;17.02.2026\n"
        "103;Cable;A-1;Müller GmbH;Eva Holm;99,50;Closed Won;28.02.2026\n"
    ),
    "contacts.csv": (
        "Account ID;Company name;Industry;Phone;Create Date\n"
        "A-1;Müller GmbH;Manufacturing;+49 30 901820;03.05.2024\n"
        "A-2;Vogel & Söhne;Retail;+49 30 901821;11.11.2025\n"
    ),
    "users.csv": (
        "User ID;Full name;E-mail;Team;Start date\n"
        "u7;Jan Berg;jan@x.de;North;01.02.2020\n"
        "u8;Eva Holm;eva@x.de;South;15.06.2021\n"
    ),
    "price list.csv": "SKU;Height;Weight\nx;1;2\n",
}
ADDRESSES = {
    "all-deals.csv": (
        "Record ID,Deal Name,Deal Stage,Close Date,Deal owner,Amount,Associated Company IDs,Associated Company\n"
        '1,Seats,Closed Won,2026-09-14 10:22,Jane Doe (jane@x.example),"$12,500.00",77001,Acme Corp\n'
        '2,Renewal,Closed Won,2026-10-02 16:05,Raj Patel (raj@x.example),"$3,200.50",77002,Beta LLC\n'
    ),
    "people.csv": "Name,Email,Department,Created date\nJane Doe,jane@x.example,EMEA Sales,2024-01-15\n"
    "Raj Patel,raj@x.example,Marketing Team,2024-03-01\n",
}
DEALS = "deal_id, customer_id, owner_employee_id, amount, currency, cast(signed_at as date)::varchar"


def test_a_chinese_export_of_opportunities(deliver: Deliver):
    folder = deliver(CHINESE)
    suggestion = suggest_mapping(folder)
    assert suggestion.open == []
    assert rows(folder, suggestion.text, DEALS, zone="UTC") == [
        ("SJ001", "杭州云帆科技有限公司", "李娜", Decimal("12345.60"), "CNY", "2026-01-05"),
        ("SJ003", "宁波海川贸易有限公司", "李娜", Decimal("20000.00"), "CNY", "2026-03-15"),
    ]
    assert rows(folder, suggestion.text, "employee_id, name", "employees") == [
        ("李娜", "李娜"),
        ("王强", "王强"),
    ]
    assert len(rows(folder, suggestion.text, "customer_id", "customers")) == 3
    assert "header_row: 2" in suggestion.text


def test_a_european_export_of_several_files(deliver: Deliver):
    folder = deliver(GERMAN)
    suggestion = suggest_mapping(folder)
    assert rows(folder, suggestion.text, DEALS, zone="UTC") == [
        ("101", "A-1", "jan-berg", Decimal("12345.60"), "EUR", "2026-01-05"),
        ("103", "A-1", "eva-holm", Decimal("99.50"), "EUR", "2026-02-28"),
    ]
    people = rows(folder, suggestion.text, "employee_id, email, hire_date::varchar", "employees")
    assert people == [("u7", "jan@x.de", "2020-02-01"), ("u8", "eva@x.de", "2021-06-15")]
    assert rows(folder, suggestion.text, "source, source_user_id, employee_id", "source_users") == [
        ("files", "jan-berg", "u7"),
        ("files", "eva-holm", "u8"),
    ]
    assert rows(folder, suggestion.text, "customer_id, name, customer_type", "customers") == [
        ("A-1", "Müller GmbH", "Manufacturing"), ("A-2", "Vogel & Söhne", "Retail")
    ]  # fmt: skip
    assert "  - price list.csv   # guess: no template asks for what it holds" in suggestion.text


@pytest.mark.skipif(not EXPORT.exists(), reason="the export lies beside the repository")
def test_the_public_export_gives_the_known_figures():
    suggestion = suggest_mapping(EXPORT)
    with checked(EXPORT, suggestion.text) as found:
        counts = {file.entity: (file.filtered, file.accepted) for file in found.files}
        total = found.connection.execute("select sum(amount), min(currency) from checked_deals").fetchone()
    assert counts == {"employees": (0, 35), "customers": (0, 85), "deals": (4562, 4238)}
    assert total == (Decimal("10005534.00"), "USD")


def test_every_guess_is_marked_and_ambiguous_dates_are_named(deliver: Deliver):
    orders = (
        "Order ID,Order Date,Customer ID,Sales Rep,Sales\nA,11/8/2026,C1,Ann,1.50\nA,11/8/2026,C1,Ann,2\n"
    )
    suggestion = suggest_mapping(deliver({"orders.csv": orders}))
    filled = [line for line in suggestion.text.splitlines() if line.startswith("      ")]
    assert all("# guess: " in line for line in filled)
    assert len(suggestion.guesses) >= len(filled)
    assert "so does %d/%m/%Y: look at a value such as 11/8/2026" in suggestion.text
    assert "group: {sum: [amount]}   # guess: values of 'Order ID' repeat" in suggestion.text
    assert [one for one in suggestion.tried if one["quarantined"]] == []


def test_what_nothing_fills_is_named(deliver: Deliver):
    suggestion = suggest_mapping(
        deliver({"d.csv": "Owner,Amount,Close Date,Account\nAnn,5,2026-01-05,Acme\n"})
    )
    assert suggestion.open == ["deals.deal_id"]
    assert "# deal_id:   # to do: id of the deal" in suggestion.text
    assert suggestion.tried == []


@pytest.mark.parametrize("files", [{"x.csv": "Height,Weight\n1,2\n"}, {"x.pdf": "%PDF"}])
def test_a_folder_of_something_else_is_named(deliver: Deliver, files: dict[str, str | bytes]):
    with pytest.raises(ImportProblem, match="no file looks like deals") as caught:
        suggest_mapping(deliver(files))
    assert "README.md" in caught.value.hint


def test_headers_and_values_cannot_break_out_of_their_line(deliver: Deliver):
    header = '"Deal ID",Owner,"Amount\n# x: y",Account,"Close Date","Stage: {a}"\n'
    values = '1,"Ann: [x]",5,"A ""B"" \n C",2026-01-05,"Won, at last"\n'
    folder = deliver({"d.csv": header + values})
    suggestion = suggest_mapping(folder)
    assert [one["accepted"] for one in suggestion.tried] == [1, 1, 1]


def test_the_suggestion_lands(home: Home, deliver: Deliver, tmp_path: Path):
    folder = deliver(GERMAN)
    mapping = tmp_path / "mapping.yml"
    mapping.write_text(suggest_mapping(folder).text, encoding="utf-8")
    report = home.load(folder, mapping=mapping)
    assert (report.quarantined, report.accepted) == (0, 8)


def test_owners_with_an_address_behind_the_name_are_the_people_of_another_file(deliver: Deliver):
    folder = deliver(ADDRESSES)
    suggestion = suggest_mapping(folder)
    assert suggestion.open == []
    assert rows(folder, suggestion.text, DEALS, zone="UTC") == [
        ("1", "77001", "jane@x.example", Decimal("12500.00"), "USD", "2026-09-14"),
        ("2", "77002", "raj@x.example", Decimal("3200.50"), "USD", "2026-10-02"),
    ]
    assert rows(folder, suggestion.text, "employee_id, name, department", "employees") == [
        ("jane@x.example", "Jane Doe", "sales"),
        ("raj@x.example", "Raj Patel", "marketing"),
    ]
    assert rows(folder, suggestion.text, "customer_id, name", "customers") == [
        ("77001", "Acme Corp"),
        ("77002", "Beta LLC"),
    ]
