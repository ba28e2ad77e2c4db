"""The cells of one worksheet as text: what a person sees in the sheet, or a mark that it cannot be known.

    sheet1.xml → iterate rows → (row number, texts), with #FORMULA! and #MERGED! where a value is not to be trusted

Belongs here: the spelling of cells. Does not belong here: the other parts of a workbook, types and checks.

openpyxl gives a formula or its result, not both at once, so it cannot tell a missing result from an empty cell.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from connectors.files.readers.records import Numbered
from connectors.files.readers.workbook_package import Package, Sheet, text_of
from connectors.files.scratch import FORMULA, MERGED

LAST_COLUMN = 16_384
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_CHUNK = 1 << 20
_LONGEST_TAG = 200
# A spreadsheet calculates with binary numbers and shows 15 digits of them; the rest is noise.
_DIGITS = 15
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
Merge = tuple[int, int, int, int]  # first row, first column, last row, last column


class SheetReader:
    """Reads the rows of one worksheet."""

    def __init__(self, package: Package, sheet: Sheet) -> None:
        self._package = package
        self._sheet = sheet
        self._texts = package.texts
        self._styles = package.styles
        self.hidden_rows = 0
        self.merges = self._merges()

    def rows(self) -> Iterator[Numbered]:
        """Rows that hold a cell, each with its number.

        Raises:
            DeliveryRejected: The worksheet is damaged.
        """
        number = 0
        try:
            with self._package.open(self._sheet.part) as stream:
                for _, node in ET.iterparse(stream):
                    if node.tag.endswith("}row"):
                        number = int(node.get("r", number + 1))
                        self.hidden_rows += node.get("hidden") in ("1", "true")
                        yield number, self._record(node)
                        node.clear()
        except (ET.ParseError, zipfile.BadZipFile, EOFError, zlib.error, ValueError, IndexError) as error:
            raise self._package.damaged() from error

    def _record(self, row: ET.Element) -> list[str | None]:
        record: list[str | None] = []
        for cell in row:
            reference = cell.get("r")
            column = len(record) if reference is None else column_of(reference)
            if column < len(record) or column >= LAST_COLUMN:
                raise ValueError(f"no such column: {reference}")
            record += [None] * (column - len(record))
            record.append(self._text(cell))
        return record

    def _text(self, cell: ET.Element) -> str | None:
        value: str | None = None
        formula: ET.Element | None = None
        inline: ET.Element | None = None
        for part in cell:
            name = part.tag.rpartition("}")[2]
            if name == "v":
                value = part.text
            elif name == "f":
                formula = part
            elif name == "is":
                inline = part
        kind = cell.get("t", "n")
        if formula is not None and not self._is_result(kind, value):
            return f"{FORMULA} ={formula.text or '…'}"
        if inline is not None:
            return unescaped(text_of(inline))
        return None if value is None else self._spelled(kind, value, cell.get("s"))

    def _is_result(self, kind: str, value: str | None) -> bool:
        """Whether a formula's stored value is one that a spreadsheet calculated."""
        match self._package.calculation:
            case "asked for":
                return False
            case "unknown" if kind == "n":
                return value is not None and float(value) != 0
        return value is not None or kind == "str"

    def _spelled(self, kind: str, value: str, style: str | None) -> str:
        match kind:
            case "s":
                return unescaped(self._texts[int(value)])
            case "b":
                return "true" if value.strip() in ("1", "true") else "false"
            case "n":
                shown_as = None if style is None else self._styles.get(int(style))
                if shown_as is None or shown_as.startswith("0"):
                    return with_zeros(number_text(value), shown_as or "")
                return self._moment(value, shown_as)
        return unescaped(value)

    def _moment(self, value: str, shown_as: str) -> str:
        """A day number as a date in ISO 8601; a number that is no day stays a number."""
        from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

        if shown_as == "duration":
            return number_text(value)
        epoch = MAC_EPOCH if self._package.counts_from_1904 else WINDOWS_EPOCH
        try:
            found = from_excel(float(value), epoch)
        except (OverflowError, ValueError):
            return number_text(value)
        return str(found)

    def _merges(self) -> list[Merge]:
        """Ranges of merged cells; they stand behind the rows, so the part is gone through once before."""
        found: set[Merge] = set()
        with self._package.open(self._sheet.part) as stream:
            tail = b""
            try:
                while chunk := stream.read(_CHUNK):
                    for left, top, right, bottom in _MERGE.findall(tail + chunk):
                        found.add(
                            (int(top), column_of(left.decode()), int(bottom), column_of(right.decode()))
                        )
                    tail = chunk[-_LONGEST_TAG:]
            except (zipfile.BadZipFile, EOFError, zlib.error) as error:
                raise self._package.damaged() from error
        return sorted(merge for merge in found if merge[1] <= merge[3])


def column_of(reference: str) -> int:
    """Position of a cell's column: A1 is 0, AA7 is 26."""
    column = 0
    for sign in reference:
        if not "A" <= sign <= "Z":
            break
        column = column * 26 + ord(sign) - 64
    return column - 1


def number_text(value: str) -> str:
    """A number as a spreadsheet shows it with all decimals: 57.699999999999996 is 57.7, 1001.0 is 1001.

    Whole numbers that a program wrote digit by digit stay exact (long ids), unless they end in the zeros that a
    spreadsheet leaves from the 16th digit on; from 15 digits on, a binary number
    no longer knows its last ones, and is written with an exponent, so that it is not taken for an id.
    """
    plain = value.strip()
    if plain.lstrip("+-").isdigit() and not _is_cut(plain):
        return plain
    return f"{float(plain):.{_DIGITS}g}"


def _is_cut(whole: str) -> bool:
    """Whether the last digits of a long number are the zeros that a spreadsheet puts where it keeps 15 digits."""
    return len(whole) > _DIGITS and len(whole.rstrip("0")) <= _DIGITS


def with_zeros(number: str, shown_as: str) -> str:
    """A whole number with the zeros in front that the format 00000 shows: the identifier is 00012, not 12."""
    return number.zfill(len(shown_as)) if number.isdigit() else number


def unescaped(text: str) -> str:
    """A text without the signs XLSX writes as _x000D_."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def marked(records: Iterator[Numbered], merges: list[Merge]) -> Iterator[Numbered]:
    """Records in which cells merged with others say so; only records that hold anything themselves.

    The value of cells merged over several records is nobody's alone (an amount may be that of all of them), so
    each of them is marked. Over one record, the first cell has the value, and the others are marked.
    """
    values: dict[Merge, str | None] = {}
    for line, record in records:
        if any(record):
            for merge in merges:
                if merge[0] <= line <= merge[2]:
                    _mark(record, merge, values)
        yield line, record


def _mark(record: list[str | None], merge: Merge, values: dict[Merge, str | None]) -> None:
    top, left, bottom, right = merge
    record.extend([None] * (right + 1 - len(record)))
    value = values.setdefault(merge, record[left])
    for column in range(left + (top == bottom), right + 1):
        shown = value if column == left and value else ""
        record[column] = f"{MERGED} {shown}".rstrip()
