"""The empty templates are importable as they are, and carry the Chinese alias row."""

import csv
from pathlib import Path

import openpyxl
import pytest
from files_support import Home, validate_delivery

from connectors.files import TEMPLATES, ImportProblem, entities, write_templates


@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
def test_written_templates_import_with_no_rows(tmp_path: Path, fmt: str):
    paths = write_templates(tmp_path / "new", fmt)  # type: ignore[arg-type]
    assert [path.name for path in paths] == [f"{entity}.{fmt}" for entity in entities()]
    report = validate_delivery(tmp_path / "new")
    assert [file.entity for file in report.files] == list(entities())
    assert report.rows_in == 0


def test_the_second_row_is_the_chinese_alias_row(tmp_path: Path):
    write_templates(tmp_path, "csv")
    rows = list(csv.reader((tmp_path / "deals.csv").open(encoding="utf-8-sig")))
    assert rows[0][:2] == ["deal_id", "customer_id"]
    assert rows[1][:2] == ["订单编号", "客户编号"]
    assert (tmp_path / "deals.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_filled_in_workbook_imports(tmp_path: Path):
    write_templates(tmp_path / "new", "xlsx")
    book = openpyxl.load_workbook(tmp_path / "new" / "courses.xlsx")
    book["courses"].append(["K1", "销售基础", 8])
    (tmp_path / "filled").mkdir()
    book.save(tmp_path / "filled" / "courses.xlsx")
    report = validate_delivery(tmp_path / "filled")
    assert (report.rows_in, report.accepted) == (1, 1)


@pytest.mark.parametrize("entity", list(TEMPLATES))
def test_a_file_with_the_chinese_row_as_its_only_header_is_understood(tmp_path: Path, entity: str):
    header = ",".join(column.zh for column in TEMPLATES[entity].columns)
    (tmp_path / f"{entity}.csv").write_text(header + "\n", encoding="gb18030")
    assert validate_delivery(tmp_path).rows_in == 0


def test_nothing_is_overwritten(tmp_path: Path):
    (tmp_path / "deals.csv").write_text("mine")
    with pytest.raises(ImportProblem, match=r"would overwrite deals\.csv"):
        write_templates(tmp_path)
    assert list(tmp_path.iterdir()) == [tmp_path / "deals.csv"]


def test_an_unknown_format_is_named(tmp_path: Path):
    with pytest.raises(ImportProblem, match="csv or xlsx"):
        write_templates(tmp_path, "ods")  # type: ignore[arg-type]


def test_importing_all_templates_empty_creates_loads_without_rows(home: Home, tmp_path: Path):
    write_templates(tmp_path / "new")
    report = home.load(tmp_path / "new")
    assert report.load_id is not None
    assert home.query("select count(*) from raw_files.load_files") == [(len(TEMPLATES),)]
