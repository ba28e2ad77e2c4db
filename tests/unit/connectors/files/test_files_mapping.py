"""The mapping language: what it can do, and how it says what is wrong."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from files_support import Deliver, Home, validate_delivery
from mapping_support import deals_mapping, rows, set_aside

from connectors.files import ImportProblem, MappingProblem
from connectors.files.mapping import load_mapping

CRM = (
    "Deal Name,Rep,Client,Value,Closed,Stage,Region,City\n"
    "A-1,Ann Lee,Acme,10.50,3/1/2017,Won,North,Oslo\n"
    "A-2,Bob Ray,Acme,20,12/31/2017,Won,South,Rome\n"
    "A-3,Ann Lee,Zeta,30,2/30/2017,Won,North,Oslo\n"
    "A-4,Ann Lee,Zeta,,,Open,North,Oslo\n"
)
REPS = "Rep,Boss,Mail\nAnn Lee,Carl Ek,ann@x.com\nBob Ray,,bob@x.com\n"

MAPPING = """\
mapping: small_crm
sources:
  crm: {file: crm.csv}
  reps: {file: reps.csv}
templates:
  - template: deals
    from: crm
    where:
      - {column: Stage, in: [Won]}
    columns:
      deal_id: Deal Name
      customer_id: {column: Client, slug: true, prefix: "c-"}
      owner_employee_id: {lookup: {source: reps, match: {Rep: Rep}, take: Mail}}
      amount: Value
      currency: {constant: USD}
      signed_at: {column: Closed, date_format: "%m/%d/%Y"}
      status: {column: Stage, values: {Won: signed}}
      product: {join: [Region, City], separator: " / "}
      deal_kind: {column: Region, values: {North: nordic}, otherwise: empty, default: other}
  - template: customers
    from: crm
    distinct: true
    columns:
      customer_id: {column: Client, slug: true, prefix: "c-"}
      name: Client
      created_at: {constant: 2016-01-01}
  - template: employees
    from: reps
    columns:
      employee_id: Mail
      name: Rep
      department: {constant: sales}
      team_id: {column: Boss, slug: true}
      hire_date: {constant: 2016-01-01}
"""


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "mapping.yml"
    path.write_text(MAPPING, encoding="utf-8")
    return path


def test_one_file_fills_several_templates_and_rows_are_counted(home: Home, deliver: Deliver, mapping: Path):
    report = home.load(deliver({"crm.csv": CRM, "reps.csv": REPS}), mapping=mapping, timezone="UTC")
    counts = {
        file.entity: (file.rows_read, file.filtered, file.rows_in, file.accepted) for file in report.files
    }
    assert counts == {"deals": (4, 1, 3, 2), "customers": (4, 2, 2, 2), "employees": (2, 0, 2, 2)}
    samples = [(group.reason, group.samples) for group in report.quarantine]
    assert [(reason, s[0].line, s[0].value) for reason, s in samples] == [("wrong_type", 4, "2/30/2017")]
    columns = "deal_id, customer_id, owner_employee_id, currency, cast(signed_at as varchar), status"
    assert home.query(f"select {columns} from raw_files.deals order by 1") == [
        ("A-1", "c-acme", "ann@x.com", "USD", "2017-03-01 00:00:00", "signed"),
        ("A-2", "c-acme", "bob@x.com", "USD", "2017-12-31 00:00:00", "signed"),
    ]
    assert home.query(
        "select product, deal_kind, extra, _file, _line from raw_files.deals order by _line"
    ) == [
        ("North / Oslo", "nordic", None, "crm.csv", 2),
        ("South / Rome", "other", None, "crm.csv", 3),
    ]
    found = home.query("select customer_id, name, extra, _line from raw_files.customers order by 1")
    assert found == [("c-acme", "Acme", None, 2), ("c-zeta", "Zeta", None, 4)]
    assert home.query("select employee_id, team_id from raw_files.employees order by 1") == [
        ("ann@x.com", "carl-ek"),
        ("bob@x.com", None),
    ]
    assert home.query("select mapping from raw_files.loads") == [("small_crm",)]
    assert home.query("select json_extract_string(\"row\", '$.Closed') from raw_files.quarantine") == [
        ("2/30/2017",)
    ]


def test_unused_columns_are_kept_as_extra_unless_dropped(home: Home, deliver: Deliver, mapping: Path):
    text = MAPPING.replace("      team_id: {column: Boss, slug: true}\n", "")
    mapping.write_text(text)
    home.load(deliver({"crm.csv": CRM, "reps.csv": REPS}), mapping=mapping)
    assert home.query("select extra from raw_files.employees order by employee_id") == [
        ('{"Boss":"Carl Ek"}',),
        (None,),
    ]


def test_several_files_fill_one_template(deliver: Deliver, mapping: Path):
    text = MAPPING.split("  - template: deals", maxsplit=1)[0] + """\
  - &people
    template: employees
    from: reps
    columns: &columns
      employee_id: Mail
      name: Rep
      department: {constant: sales}
      hire_date: {constant: 2016-01-01}
  - template: employees
    from: crm
    columns:
      employee_id: Mail
      name: Rep
      department: {constant: support}
      hire_date: {constant: 2016-01-01}
"""  # fmt: skip
    mapping.write_text(text)
    report = validate_delivery(
        deliver({"reps.csv": REPS, "crm.csv": "Mail,Rep\nann@x.com,Ann\nzoe@x.com,Zoe\n"}), mapping=mapping
    )
    assert [(file.file, file.rows_in, file.accepted) for file in report.files] == [
        ("reps.csv", 2, 1),
        ("crm.csv", 2, 1),
    ]
    assert [(group.reason, group.rows) for group in report.quarantine] == [("conflicting_rows", 2)]


def test_extract_keeps_what_its_group_finds(deliver: Deliver):
    text = deals_mapping("{column: Amount, extract: 'EUR *([0-9.,]+)', number: {decimal: ','}}")
    folder = deliver({"sales.csv": 'No,Amount\n1,"EUR 12,50"\n2,"net EUR 7,00 paid"\n3,USD 5\n4,\n'})
    assert rows(folder, text, "deal_id, amount") == [("1", Decimal("12.50")), ("2", Decimal("7.00"))]
    assert set_aside(folder, text) == [
        (4, "amount", "USD 5", "not_as_mapped"),
        (5, "amount", None, "missing_required"),
    ]


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ("{column: Stage, equals: Won}", 3),
        ("{column: Stage, not_in: [Won]}", 1),
        ("{column: Value, empty: true}", 1),
        ("{column: Value, empty: false}", 3),
        ("{column: Region, in: [South, West]}", 1),
    ],
)
def test_conditions(deliver: Deliver, mapping: Path, condition: str, kept: int):
    mapping.write_text(MAPPING.replace("{column: Stage, in: [Won]}", condition))
    report = validate_delivery(deliver({"crm.csv": CRM, "reps.csv": REPS}), mapping=mapping)
    assert report.files[0].rows_in == kept


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        (
            "from: crm\n    where",
            "form: crm\n    where",
            7,
            ["unknown key", "templates.0.form", "did you mean 'from'"],
        ),
        (
            "deal_id: Deal Name",
            "deal_ident: Deal Name",
            11,
            ["no column 'deal_ident'", "did you mean 'deal_id'"],
        ),
        ("template: deals", "template: deal", 6, ["no template 'deal'", "did you mean 'deals'"]),
        ("from: reps", "from: rep", 28, ["no source 'rep'", "did you mean 'reps'"]),
        ("source: reps", "source: rops", 13, ["no source 'rops'"]),
        (
            "{Won: signed}",
            "{Won: singed}",
            17,
            ["'singed' is not allowed", "did you mean 'signed'", "cancelled"],
        ),
        ("amount: Value", "amount: {column: Value, constant: 5}", 14, ["exactly one of column, constant"]),
        ("amount: Value", "amount: {colum: Value}", 14, ["unknown key", "did you mean 'column'"]),
        ("amount: Value", "amount: {column: Value, date_format: '%m'}", 14, ["holds no date"]),
        ('"%m/%d/%Y"', '"%m/%d/%Q"', 16, ["no date format"]),
        ("amount: Value", "amount: {column: Value, extract: '(.+'}", 14, ["not a regular expression of RE2"]),
        ("amount: Value", "amount: {column: Value, extract: '(a)(?=b)'}", 14, ["regular expression of RE2"]),
        ("amount: Value", "amount: {column: Value, extract: '[0-9]+'}", 14, ["has 0 groups", "exactly one"]),
        ("otherwise: empty", "otherwise: drop", 19, ["'keep' or 'empty'"]),
        ("in: [Won]", "in: Won", 9, ["valid list"]),
        ("      currency: {constant: USD}\n", "", 10, ["required columns are not mapped: currency"]),
        ("    from: crm\n    where", "    where", 6, ["the key 'from' is missing"]),
        ("mapping: small_crm", "mapping: small_crm\nmapping: twice", 2, ["'mapping' is written twice"]),
        ("  reps: {file: reps.csv}", "  reps: {file: reps.csv", 5, ["not valid YAML"]),
    ],
)
def test_mistakes_name_file_line_key_and_what_is_allowed(
    mapping: Path, old: str, new: str, line: int, words: list[str]
):
    assert old in MAPPING
    mapping.write_text(MAPPING.replace(old, new, 1))
    with pytest.raises(MappingProblem) as caught:
        load_mapping(mapping)
    assert caught.value.exit_code == 2
    assert caught.value.where.startswith(f"{mapping}:{line}")
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    ("files", "line", "words"),
    [
        (
            {"crm.csv": CRM.replace("Value", "Worth")},
            14,
            ["crm.csv has no column 'Value'", "Columns: Deal Name"],
        ),
        ({"crm.csv": CRM.replace("City", "value")}, 14, ["crm.csv has several columns 'Value'"]),
        ({"crm.csv": CRM.replace("Stage", "Step")}, 17, ["no column 'Stage'"]),
        (
            {"reps.csv": REPS.replace("Mail", "Email")},
            13,
            ["reps.csv has no column 'Mail'", "did you mean 'Email'"],
        ),
        (
            {"reps.csv": REPS + "Ann Lee,Carl Ek,other@x.com\n"},
            13,
            ["'Ann Lee' has 2 different values of 'Mail'"],
        ),
    ],
)
def test_a_mapping_that_does_not_fit_the_files_is_explained(
    deliver: Deliver, mapping: Path, files: dict[str, Any], line: int, words: list[str]
):
    with pytest.raises(MappingProblem) as caught:
        validate_delivery(deliver({"crm.csv": CRM, "reps.csv": REPS} | files), mapping=mapping)
    assert caught.value.where.startswith(f"{mapping}:{line}")
    for word in words:
        assert word in str(caught.value)


def test_missing_and_unmapped_files_are_named(deliver: Deliver, mapping: Path):
    with pytest.raises(ImportProblem, match=r"needs the file 'reps\.csv'"):
        validate_delivery(deliver({"crm.csv": CRM}), mapping=mapping)
    files: dict[str, str | bytes] = {"crm.csv": CRM, "REPS.CSV": REPS, "more.csv": "x\n"}
    with pytest.raises(ImportProblem, match=r"unknown file 'more\.csv': the mapping does not name it"):
        validate_delivery(deliver(files), mapping=mapping)
    mapping.write_text(MAPPING + "ignore: [More.csv]\n")
    assert validate_delivery(deliver(files), mapping=mapping).accepted == 6


def test_a_missing_mapping_file_is_named(deliver: Deliver, tmp_path: Path):
    with pytest.raises(MappingProblem, match=r"nowhere\.yml: the file cannot be read"):
        validate_delivery(deliver({"crm.csv": CRM}), mapping=tmp_path / "nowhere.yml")
