"""Workbooks that are none, are damaged, or unpack to too much: named and refused."""

import zipfile
from pathlib import Path

import pytest
from files_support import DEAL_HEADER, validate_delivery
from workbooks import MAIN, number, text, write_workbook

from connectors.files import DeliveryRejected

HEADER = [text(name) for name in DEAL_HEADER.split(",")]
DAY = 46027  # 2026-01-05


def row(deal_id: str, amount: str = number(100), signed_at: str = number(DAY, 1)) -> list[str]:
    return [text(deal_id), text("C1"), text("E1"), amount, text("CNY"), signed_at, text("signed")]


def refused(folder: Path) -> str:
    with pytest.raises(DeliveryRejected) as caught:
        validate_delivery(folder)
    return str(caught.value)


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(tmp_path: Path):
    path = write_workbook(tmp_path / "deals.xlsx", {"a": [HEADER, row("D1")]})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/media/zeros.bin", bytes(200 << 20))
    assert "it unpacks to 200 MB" in refused(tmp_path)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"xl/workbook.bin": b"x"}, "a binary workbook (.xlsb)"),
        ({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}, "an OpenDocument file (.ods)"),
        ({"word/document.xml": b"<x/>"}, "a ZIP archive without a workbook"),
        ({"xl/workbook.xml": b"<workbook"}, "no readable XLSX"),
        ({"xl/workbook.xml": f'<workbook xmlns="{MAIN}"/>'.encode()}, "no readable XLSX"),
    ],
)
def test_other_archives_are_named(tmp_path: Path, parts: dict[str, bytes], words: str):
    with zipfile.ZipFile(tmp_path / "deals.xlsx", "w") as book:
        for name, content in parts.items():
            book.writestr(name, content)
    assert words in refused(tmp_path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "the old format of workbooks"),
        (
            b"\xd0\xcf\x11\xe0" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
            "a workbook with a password",
        ),
        (b"<html><table><tr><td>deal_id</td></tr></table></html>", "a web page or XML"),
        (b'<?xml version="1.0"?><Workbook/>', "a web page or XML"),
    ],
)
def test_what_is_no_workbook_is_named(tmp_path: Path, content: bytes, words: str):
    (tmp_path / "deals.xlsx").write_bytes(content)
    assert words in refused(tmp_path)


def test_a_cell_beyond_the_last_column_is_damage_and_no_memory(tmp_path: Path):
    write_workbook(tmp_path / "deals.xlsx", {"a": [HEADER, ['<c r="ZZZZZZZ2"><v>1</v></c>']]})
    assert "damaged" in refused(tmp_path)
