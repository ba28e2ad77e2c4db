"""Several rows with one key: order lines that are one deal, and one person in two columns."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from files_support import Deliver, Home
from mapping_support import checked, deals_mapping, rows, set_aside

from connectors.files import MappingProblem
from connectors.files.mapping import load_mapping

ORDERS = """\
mapping: orders
sources: {o: {file: orders.csv}}
templates:
  - template: deals
    from: o
    group: {sum: [amount, units]}
    columns:
      deal_id: Order ID
      customer_id: Customer ID
      owner_employee_id: {column: Sales Rep, slug: true}
      amount: {column: Sales, number: {round: 2}}
      units: Quantity
      currency: {constant: USD}
      signed_at: {column: Order Date, date_format: "%m/%d/%Y"}
      status: {constant: signed}
"""
HEADER = "Row ID,Order ID,Order Date,Customer ID,Sales Rep,Product,Sales,Quantity\n"
LINES = (
    "1,CA-1001,11/8/2026,CU-1,Ann,Chair,261.96,2\n"
    "2,CA-1001,11/8/2026,CU-1,Ann,Table,731.94,3\n"
    "3,CA-1002,11/9/2026,CU-2,Ann,Label,14.62,\n"
)


def test_order_lines_are_one_deal_and_every_line_is_named(home: Home, deliver: Deliver, tmp_path: Path):
    mapping = tmp_path / "m.yml"
    mapping.write_text(ORDERS)
    report = home.load(deliver({"orders.csv": HEADER + LINES}), mapping=mapping)
    found = home.query("select deal_id, amount, units, _line, _lines, extra from raw_files.deals order by 1")
    lines = '{"lines":[{"Row ID":"1","Product":"Chair"},{"Row ID":"2","Product":"Table"}]}'
    assert found == [
        ("CA-1001", Decimal("993.90"), Decimal("5.000000"), 2, "2,3", lines),
        ("CA-1002", Decimal("14.62"), None, 4, None, '{"Row ID":"3","Product":"Label"}'),
    ]
    (file,) = report.files
    assert (file.rows_in, file.accepted, file.duplicates, file.quarantined) == (3, 3, 1, 0)


def test_a_sum_is_exact_and_rounded_once(deliver: Deliver):
    lines = "".join(f"{n},A,11/8/2026,C,Ann,P,{amount},1\n" for n, amount in enumerate(["0.334"] * 3))
    columns = "cast(amount as varchar)"
    assert rows(deliver({"orders.csv": HEADER + lines}), ORDERS, columns) == [("1.00",)]
    exact = ORDERS.replace("{column: Sales, number: {round: 2}}", "Sales")
    ((*_, value, reason), *others) = set_aside(deliver({"orders.csv": HEADER + lines}), exact)
    assert (value, reason, len(others)) == ("1.002", "too_precise", 2)


def test_a_discount_line_may_be_below_zero_and_the_sum_may_not(deliver: Deliver):
    discount = "4,CA-1001,11/8/2026,CU-1,Ann,Discount,-93.90,0\n"
    found = rows(deliver({"orders.csv": HEADER + LINES + discount}), ORDERS, "cast(amount as varchar)")
    assert found == [("900.00",), ("14.62",)]
    too_much = "4,CA-1001,11/8/2026,CU-1,Ann,Discount,-1000,0\n"
    found = set_aside(deliver({"orders.csv": HEADER + LINES + too_much}), ORDERS)
    assert found == [(line, "amount", "-6.1", "out_of_range") for line in (2, 3, 5)]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "2,CA-1001,11/8/2026,CU-1",
            "2,CA-1001,11/8/2026,CU-9",
            [(2, "customer_id", "CU-1", "lines_disagree"), (3, "customer_id", "CU-9", "lines_disagree")],
        ),
        (
            "731.94",
            "many",
            [(2, "deal_id", "CA-1001", "group_in_quarantine"), (3, "amount", "many", "not_as_mapped")],
        ),
        (
            "Table,731.94,3",
            "Table,731.94,x",
            [(2, "deal_id", "CA-1001", "group_in_quarantine"), (3, "units", "x", "wrong_type")],
        ),
        ("2,CA-1001,", "2,,", [(3, "deal_id", None, "missing_required")]),
        (
            "731.94",
            "9" * 16,
            [(2, "deal_id", "CA-1001", "group_in_quarantine"), (3, "amount", "9" * 16, "out_of_range")],
        ),
    ],
)
def test_lines_that_disagree_or_cannot_be_read_hold_their_group(
    deliver: Deliver, old: str, new: str, expected: list[tuple[object, ...]]
):
    assert old in LINES
    folder = deliver({"orders.csv": HEADER + LINES.replace(old, new)})
    assert set_aside(folder, ORDERS) == expected
    assert len(rows(folder, ORDERS, "deal_id")) == (
        2 if expected[0][1] == "deal_id" and len(expected) == 1 else 1
    )


def test_what_of_a_line_can_be_read_is_kept_with_it(deliver: Deliver):
    folder = deliver(
        {
            "orders.csv": HEADER
            + LINES.replace("731.94,3", "731.94,x").replace("2,CA-1001,11/8", "2,CA-1001,11/9")
        }
    )
    with checked(folder, ORDERS) as found:
        records = found.connection.execute("select line, record from quarantine order by line").fetchall()
    kept = {line: json.loads(record) for line, record in records}
    assert [kept[line]["deal_id"] for line in (2, 3)] == ["CA-1001", "CA-1001"]
    assert [kept[line]["units"] for line in (2, 3)] == ["2", None]
    assert kept[2]["signed_at"] != kept[3]["signed_at"]


def test_columns_that_differ_may_be_joined_or_taken_from_the_first_line(deliver: Deliver):
    lines = LINES.replace("Ann,Table", "Bob,Table").replace("2,CA-1001,11/8", "2,CA-1001,11/9")
    mapping = ORDERS.replace(
        "sum: [amount, units]", "sum: [amount, units], join: [product], first: [owner_employee_id, signed_at]"
    ).replace("units: Quantity", "units: Quantity\n      product: Product")
    found = rows(deliver({"orders.csv": HEADER + lines}), mapping, "deal_id, product, owner_employee_id")
    assert found == [("CA-1001", "Chair, Table", "ann"), ("CA-1002", "Label", "ann")]


TWO_COLUMNS = """\
mapping: splits
sources: {o: {file: opps.csv}}
templates:
  - template: deal_splits
    from: o
    columns: &columns
      deal_id: Id
      pool: {constant: closing}
      employee_id: Owner
      share: {constant: 0.7}
  - template: deal_splits
    from: o
    where: [{column: Assistant, empty: false}]
    columns: {deal_id: Id, pool: {constant: closing}, employee_id: Assistant, share: {constant: 0.3}}
"""
PEOPLE = "Id,Owner,Assistant\nD1,ann,bob\nD2,ann,ann\nD3,ann,\n"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            "same_key: first",
            [("D1", "ann", "0.7"), ("D2", "ann", "0.7"), ("D3", "ann", "0.7"), ("D1", "bob", "0.3")],
        ),
        (
            "same_key: last",
            [("D1", "ann", "0.7"), ("D3", "ann", "0.7"), ("D1", "bob", "0.3"), ("D2", "ann", "0.3")],
        ),
        ("extra: drop", [("D1", "ann", "0.7"), ("D3", "ann", "0.7"), ("D1", "bob", "0.3")]),
    ],
)
def test_which_row_counts_when_one_person_is_in_two_columns(
    deliver: Deliver, words: str, expected: list[tuple[str, ...]]
):
    mapping = TWO_COLUMNS.replace("    where:", f"    {words}\n    where:")
    columns = "deal_id, employee_id, rtrim(cast(share as varchar), '0')"
    assert rows(deliver({"opps.csv": PEOPLE}), mapping, columns, "deal_splits") == expected


def test_the_shares_of_one_person_can_be_added_up(deliver: Deliver):
    group = "    group: {sum: [share]}\n    columns"
    mapping = TWO_COLUMNS.replace("    columns", group)
    columns = "deal_id, employee_id, rtrim(rtrim(cast(share as varchar), '0'), '.'), _lines"
    assert rows(deliver({"opps.csv": PEOPLE}), mapping, columns, "deal_splits") == [
        ("D1", "ann", "0.7", None), ("D2", "ann", "1", None), ("D3", "ann", "0.7", None), ("D1", "bob", "0.3", None)
    ]  # fmt: skip


def test_the_first_of_several_rows_of_one_file_counts_even_when_it_is_bad(deliver: Deliver):
    mapping = TWO_COLUMNS.split("  - template: deal_splits\n    from: o\n    where", maxsplit=1)[0]
    mapping = mapping.replace("    columns", "    same_key: first\n    columns").replace(
        "{constant: 0.7}", "Share"
    )
    folder = deliver({"opps.csv": "Id,Owner,Share\nD1,ann,x\nD1,ann,0.5\nD2,ann,0.5\nD2,ann,0.6\n"})
    assert rows(folder, mapping, "deal_id, _line", "deal_splits") == [("D2", 4)]
    assert set_aside(folder, mapping) == [(2, "share", "x", "wrong_type")]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("sum: [amount, units]", "sum: [amont]", "'amont' is not mapped here"),
        ("sum: [amount, units]", "sum: [deal_id]", "'deal_id' is part of the key"),
        ("sum: [amount, units]", "sum: [customer_id]", "holds no number"),
        ("sum: [amount, units]", "sum: [amount], first: [amount]", "named twice"),
        ("sum: [amount, units]", "sum: [amount], join: [signed_at]", "holds no free text"),
        ("sum: [amount, units]", "total: [amount]", "Allowed here: sum, join, first"),
        ("    group:", "    same_key: first\n    group:", "group stands alone"),
        ("    group:", "    same_key: frist\n    group:", "same_key"),
    ],
)
def test_mistakes_in_the_words_for_rows(tmp_path: Path, old: str, new: str, words: str):
    path = tmp_path / "m.yml"
    assert old in ORDERS
    path.write_text(ORDERS.replace(old, new, 1))
    with pytest.raises(MappingProblem) as caught:
        load_mapping(path)
    assert words in str(caught.value)


EXAMS = """\
mapping: exams
sources: {e: {file: exams.csv}}
templates:
  - template: course_results
    from: e
    where: [{column: Kind, equals: exam}]
    columns:
      employee_id: Person
      course_id: Course
      attempt: {position: {within: [Person, Course], by: At}}
      exam_score: Score
"""
SITTINGS = (
    "Person,Course,At,Score,Kind\nE1,C1,2026-03-01T07:00:00+08:00,70,exam\nE1,C1,2026-03-01T00:30:00Z,50,exam\n"
    "E1,C1,2026-01-01T00:00:00Z,10,trial\nE1,C2,2026-03-01T00:00:00Z,90,exam\nE2,C1,,80,exam\n"
)


def test_rows_are_numbered_among_those_of_one_kind_that_count(deliver: Deliver):
    columns = "employee_id, course_id, attempt, cast(exam_score as int)"
    assert rows(deliver({"exams.csv": SITTINGS}), EXAMS, columns, "course_results") == [
        ("E1", "C1", 1, 70), ("E1", "C1", 2, 50), ("E1", "C2", 1, 90), ("E2", "C1", 1, 80)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "what", "hint"),
    [
        ("by: At", "by: When", "no column 'When'", "Columns: Person"),
        (", by: At", "", "the key 'by' is missing", "Keys here: within, by"),
        ("by: At", "buy: At", "unknown key", "did you mean 'by'?"),
    ],
)
def test_a_mistake_in_a_position_is_told(deliver: Deliver, old: str, new: str, what: str, hint: str):
    with pytest.raises(MappingProblem, match=what) as caught:
        rows(deliver({"exams.csv": SITTINGS}), EXAMS.replace(old, new), "1", "course_results")
    assert hint in caught.value.hint


def test_of_two_columns_with_one_name_each_can_be_taken(deliver: Deliver) -> None:
    folder = deliver({"sales.csv": "title,,,,\nNo,Name,Amount,name ,Name\nS1,A,5.00,B,C\n"})
    mapping = deals_mapping().replace("customer_id: {constant: C1}", "customer_id: name (2)")
    assert rows(folder, mapping, "customer_id, extra") == [("B", '{"Name":"A","Name (2)":"C"}')]
    with pytest.raises(
        MappingProblem, match=r"(?s)has several columns 'Name'.*'Name \(1\)', 'name \(2\)', 'Name \(3\)'"
    ):
        rows(folder, mapping.replace("name (2)", "Name"), "1")
