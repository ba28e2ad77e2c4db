"""How numbers are written is said in the mapping, and read exactly; what is written otherwise is set aside."""

from decimal import Decimal
from pathlib import Path

import pytest
from files_support import Deliver, Home
from mapping_support import deals_mapping, rows, set_aside

from connectors.files import MappingProblem
from connectors.files.mapping import load_mapping

CHINESE = "{column: Amount, number: {thousands: ',', units: [¥, CNY, 元]}}"
EUROPEAN = "{column: Amount, number: {decimal: ',', thousands: ['.', ' '], units: [€]}}"


def amount_file(*amounts: str) -> dict[str, str]:
    lines = [f'D{number};"{amount}"' for number, amount in enumerate(amounts, start=1)]
    return {"sales.csv": "\n".join(["No;Amount", *lines]) + "\n"}


def test_amounts_as_people_write_them(home: Home, deliver: Deliver, tmp_path: Path):
    written = ("12,345.60", "¥12345.60", "CNY 12,345.60", "12345.60元", "１２３４５.６０", "12,345.6")
    mapping = tmp_path / "m.yml"
    mapping.write_text(deals_mapping(CHINESE))
    report = home.load(deliver(amount_file(*written, "US$ 12,345.60")), mapping=mapping)
    assert home.query("select distinct amount from raw_files.deals") == [(Decimal("12345.60"),)]
    (group,) = report.quarantine
    assert (report.accepted, group.reason, group.rows) == (6, "not_as_mapped", 1)
    assert group.samples[0].value == "US$ 12,345.60"
    assert "1234.50" in group.samples[0].expected
    assert "number" in group.advice


@pytest.mark.parametrize(
    ("number", "written", "value"),
    [
        (EUROPEAN, "12.345,60", "12345.60"),
        (EUROPEAN, "12 345,60 €", "12345.60"),
        (EUROPEAN, "12\u202f345,60\u00a0€", "12345.60"),
        (EUROPEAN, "1.234", "1234.00"),
        (EUROPEAN, "5,-", "5.00"),
        ("{column: Amount, number: {thousands: ''''}}", "1’234’567.80", "1234567.80"),
        (CHINESE, "1,23,45,678.90", "12345678.90"),
        (CHINESE, "¥ 100.-", "100.00"),
        (
            "{column: Amount, number: {units: {¥: 1, 万: 10000, 万元: 10000, 亿: 100000000}}}",
            "¥1.2万",
            "12000.00",
        ),
        ("{column: Amount, number: {units: [¥, ￥]}}", "￥5", "5.00"),
        ("{column: Amount, number: {units: {万元: 10000}}}", "0.00012万元", "1.20"),
        ("{column: Amount, number: {units: {k: 1000, m: 1000000}}}", "1.5K", "1500.00"),
        ("{column: Amount, number: {factor: 0.01}}", "1234560", "12345.60"),
        ("{column: Amount, number: {factor: 10000}}", "1.23456", "12345.60"),
        ("{column: Amount, number: {}}", "1.23456E7", "12345600.00"),
        ("{column: Amount, number: {round: 2}}", "261.96000000000004", "261.96"),
        ("{column: Amount, number: {round: 2}}", "0.00499999999999999999999999", "0.00"),
        ("{column: Amount, number: {round: 2}}", "2.345", "2.35"),
    ],
)
def test_ways_to_write_an_amount(deliver: Deliver, number: str, written: str, value: str):
    assert rows(deliver(amount_file(written)), deals_mapping(number), "cast(amount as varchar)") == [(value,)]


TRANSACTIONS = """\
mapping: bank
sources: {s: {file: sales.csv, number: {thousands: ",", units: {¥: 1, CR: -1, DR: 1}}}}
templates:
  - template: transactions
    from: s
    columns:
      transaction_id: No
      deal_id: {constant: D1}
      kind: {constant: payment}
      amount: Amount
      currency: {constant: CNY}
      occurred_at: {constant: 2026-01-05}
"""


@pytest.mark.parametrize(
    "written",
    [
        "-1200",
        "(1,200.00)",
        "1200.00-",
        "−1200.00",
        "－１２００",
        "¥(1,200)",
        "(¥ 1,200.00)",
        "¥-1200",
        "1200 CR",
    ],
)
def test_ways_to_write_what_is_below_zero(deliver: Deliver, written: str):
    found = rows(deliver(amount_file(written)), TRANSACTIONS, "amount", "transactions")
    assert found == [(Decimal("-1200.00"),)]


SPLITS = """\
mapping: splits
sources: {s: {file: sales.csv}}
templates:
  - template: deal_splits
    from: s
    columns: {deal_id: No, pool: {constant: closing}, employee_id: {constant: E1}, share: SHARE}
"""


@pytest.mark.parametrize(
    ("number", "written"),
    [("{units: {'%': 0.01}}", "60%"), ("{units: {'%': 0.01}}", "0.6"), ("{units: ['%'], factor: 0.01}", "60"),
     ("{units: ['%'], factor: 0.01}", "60 ％")],
)  # fmt: skip
def test_percent(deliver: Deliver, number: str, written: str):
    mapping = SPLITS.replace("SHARE", f"{{column: Amount, number: {number}}}")
    assert rows(deliver(amount_file(written)), mapping, "share", "deal_splits") == [(Decimal("0.6"),)]


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (CHINESE, "12,34"),
        (CHINESE, "1,2345.60"),
        (CHINESE, "$5"),
        (CHINESE, "5 EUR"),
        (CHINESE, "--5"),
        (CHINESE, "(5"),
        (CHINESE, "(-5)"),
        (CHINESE, "一万"),
        (EUROPEAN, "12.5"),
        (EUROPEAN, "12,345.60"),
        (EUROPEAN, "1.234 567,00"),
        ("{column: Amount, number: {}}", "12,345"),
        ("{column: Amount, number: {factor: 0.01}}", "0.12345678901234567890"),
    ],
)
def test_what_is_written_otherwise_is_never_guessed_at(deliver: Deliver, number: str, written: str):
    found = set_aside(deliver(amount_file(written)), deals_mapping(number))
    assert found == [(2, "amount", written, "not_as_mapped")]


def test_number_cells_of_a_workbook_need_no_words_and_two_readings_are_none(tmp_path: Path):
    import xlsxwriter

    folder = tmp_path / "d"
    folder.mkdir()
    with xlsxwriter.Workbook(str(folder / "sales.xlsx")) as book:
        sheet = book.add_worksheet()
        for row, values in enumerate([("No", "Amount"), ("D1", 12345.6), ("D2", "12.345,60"), ("D3", 1.234)]):
            sheet.write_row(row, 0, values)
    mapping = deals_mapping(EUROPEAN).replace("sales.csv", "sales.xlsx")
    assert rows(folder, mapping, "deal_id, amount") == [
        ("D1", Decimal("12345.60")),
        ("D2", Decimal("12345.60")),
    ]
    assert set_aside(folder, mapping) == [(4, "amount", "1.234", "not_as_mapped")]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("{decimal: ',', thousands: ','}", "cannot be the decimal sign and the thousands sign"),
        ("{decimal: x}", "amount.number.decimal"),
        ("{units: {doz: 12}}", "the factor 12 is no power of ten"),
        ("{units: {'5': 10}}", "'5' is no unit"),
        ("{units: {k: 1000, K: 1}}", "given twice"),
        ("{factor: 0}", "no power of ten"),
        ("{thousand: ','}", "did you mean 'thousands'"),
        ("{round: 99}", "amount.number.round"),
    ],
)
def test_mistakes_in_the_words_for_numbers(tmp_path: Path, number: str, words: str):
    path = tmp_path / "m.yml"
    path.write_text(deals_mapping(f"{{column: Amount, number: {number}}}"))
    with pytest.raises(MappingProblem) as caught:
        load_mapping(path)
    assert words in str(caught.value)
    assert caught.value.where.startswith(f"{path}:10")


def test_only_columns_of_numbers_have_numbers(tmp_path: Path):
    path = tmp_path / "m.yml"
    path.write_text(deals_mapping().replace("deal_id: No", "deal_id: {column: No, number: {}}"))
    with pytest.raises(MappingProblem, match="the column deal_id holds no number"):
        load_mapping(path)
